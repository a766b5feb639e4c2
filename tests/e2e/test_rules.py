"""The alerts: promtool's tests of each, its runbook, and its expression on a Prometheus that scrapes a loadline."""
import re
import subprocess

import pytest
import yaml

import scraping
import world

TESTS = sorted((world.SOURCE / "tests/rules").glob("*.yaml"))
RUNBOOKS = world.SOURCE / "docs/runbooks"
ALERTS = {rule["alert"]: rule for group in yaml.safe_load(scraping.RULES.read_text())["groups"]
          for rule in group["rules"] if "alert" in rule}


def promtool(*arguments):
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False)


def runbook(alert):
    return (RUNBOOKS / f"{alert}.md").read_text()


def test_promtool_accepts_the_rules():
    done = promtool("check", "rules", scraping.RULES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(ALERTS)} rules found" in done.stdout


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_the_rules_pass_their_own_tests(path):
    done = promtool("test", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_fires_in_a_test_and_stays_quiet_in_another():
    cases = [case for path in TESTS for world_of in yaml.safe_load(path.read_text())["tests"]
             for case in world_of["alert_rule_test"]]
    firing = {case["alertname"] for case in cases if case.get("exp_alerts")}
    quiet = {case["alertname"] for case in cases if not case.get("exp_alerts")}
    assert (firing, quiet) == (set(ALERTS), set(ALERTS))


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_says_what_happened_how_bad_it_is_and_what_to_do(alert):
    rule = ALERTS[alert]
    assert alert.startswith("Loadline")
    assert rule["labels"]["severity"] in ("info", "warning", "critical")
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["runbook_url"] == f"docs/runbooks/{alert}.md"
    assert not re.search(r"\bjob\b", rule["expr"]), "the job label is not ours to choose"
    text = runbook(alert)
    assert text.startswith(f"# {alert}\n")
    assert re.findall("^## (.*)$", text, re.MULTILINE) == ["What it means", "How to check", "What to do"]
    assert f"[{alert}]({alert}.md) | {rule['labels']['severity']} |" in (RUNBOOKS / "README.md").read_text()


def test_each_runbook_belongs_to_an_alert_and_its_links_lead_somewhere():
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == {*ALERTS, "README"}
    for path in RUNBOOKS.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            assert (RUNBOOKS / link).exists(), (path, link)


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_reads_metrics_that_there_are(scraper, alert):
    names = scraping.metric_names(ALERTS[alert]["expr"])
    ours = names - scraping.EVERYBODY_HAS
    assert names and ours <= scraping.documented_metrics()
    assert ours <= scraping.exported_metrics(scraper.serve)
    for name in names:
        assert scraper.instant(f"count({name})"), name
    mentioned = runbook(alert)
    for name in names & scraping.EVERYBODY_HAS:
        assert name in mentioned, f"the runbook does not say that the alert needs {name}"


def test_prometheus_evaluates_the_rules_without_an_error(scraper):
    rules = [rule for group in scraper.get("/api/v1/rules")["data"]["groups"] for rule in group["rules"]]
    assert {rule["name"] for rule in rules} == set(ALERTS)
    assert [(rule["name"], rule["lastError"]) for rule in rules if rule["health"] == "err"] == []


def by(scraper, alert, *labels):
    """The labels of what an alert's expression has found within the last day: usage has its quiet moments."""
    return {tuple(sample["metric"].get(label, "") for label in labels)
            for sample in scraper.over_time(ALERTS[alert]["expr"], seconds=86_400, step=600)}


def test_the_generated_cluster_raises_what_it_should(scraper):
    """shop/pricing uses more than it asks for, up to its limit; shop/gifts asks for ten times what it uses."""
    above = by(scraper, "LoadlineContainerAboveRequest", "namespace", "container", "resource")
    assert {("shop", "pricing", "cpu"), ("shop", "pricing", "memory")} <= above
    assert "gifts" not in {container for _, container, _ in above}
    near = by(scraper, "LoadlineMemoryNearLimit", "namespace", "container")
    assert ("shop", "pricing") in near and ("shop", "gifts") not in near
    too_high = by(scraper, "LoadlineRequestTooHigh", "target_name", "container", "resource")
    assert {("gifts", "gifts", "cpu"), ("gifts", "gifts", "memory")} <= too_high
    assert not {name for name, _, _ in too_high} & {"pricing", "catalog", "beta"}


def test_a_healthy_loadline_raises_nothing(scraper):
    of_containers = {"LoadlineContainerAboveRequest", "LoadlineMemoryNearLimit", "LoadlineRequestTooHigh"}
    for alert in set(ALERTS) - of_containers:
        assert scraper.instant(ALERTS[alert]["expr"]) == [], alert
