"""How the chart's objects fit together: selectors, ports, rules, volumes, what an upgrade must not touch."""
import json
import shutil
import subprocess
import tarfile

import pytest
import yaml

import chart

RULES = yaml.safe_load((chart.CHART / "rules/loadline.yaml").read_text())
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"] if "alert" in rule]
SERVING = [row for row in chart.ROWS if not row.startswith("cronjob")]


def selects(labels, pod_or_object):
    return labels.items() <= pod_or_object["metadata"]["labels"].items()


@pytest.mark.parametrize("row", SERVING)
def test_selectors_find_the_daemons_pods_and_no_others(row):
    documents = chart.objects(row)
    daemon = chart.workload(documents)
    [checking] = [pod for kind, pod in chart.pods(documents) if kind == "Pod"]
    finders = [chart.one(documents, "Service")["spec"]["selector"]]
    finders += [document["spec"]["selector"]["matchLabels"] for document in documents
                if document["kind"] in ("Deployment", "StatefulSet", "PodDisruptionBudget", "PodMonitor")]
    assert len(finders) >= 2
    for labels in finders:
        assert selects(labels, daemon) and not selects(labels, checking), labels


@pytest.mark.parametrize("row", ["sharded", "hardened", "everything"])
def test_the_monitor_finds_the_service_and_honors_its_labels(row):
    documents = chart.objects(row)
    monitor = chart.one(documents, "ServiceMonitor")["spec"]
    service = chart.one(documents, "Service")
    assert selects(monitor["selector"]["matchLabels"], service)
    assert monitor["namespaceSelector"] == {"matchNames": [service["metadata"]["namespace"]]}
    [endpoint] = monitor["endpoints"]
    assert endpoint["port"] == service["spec"]["ports"][0]["name"]
    assert endpoint["honorLabels"] is True


def test_two_releases_do_not_meet():
    code, out, error = chart.run("template", "eu", chart.CHART, "--values", chart.values_of("default"))
    assert code == 0, error
    ours, others = chart.objects("default"), chart.parse(out)
    assert chart.one(others, "Deployment")["metadata"]["name"] == "eu-loadline"
    for here, there in ((ours, others), (others, ours)):
        assert not selects(chart.one(here, "Service")["spec"]["selector"], chart.workload(there))


def test_one_pod_has_no_budget_and_shards_have_one():
    """On a single pod a budget would block the drain of its node."""
    assert not [document for document in chart.objects("default") if document["kind"] == "PodDisruptionBudget"]
    assert chart.one(chart.objects("sharded"), "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    off = chart.objects("sharded", "--set=podDisruptionBudget.enabled=false")
    assert not [document for document in off if document["kind"] == "PodDisruptionBudget"]


def test_the_deployment_never_runs_two_pods_on_one_state():
    spec = chart.one(chart.objects("default"), "Deployment")["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


def state_of(row, *flags):
    """The source of the volume for state."""
    [found] = [volume for volume in chart.workload(chart.objects(row, *flags))["spec"]["volumes"] if volume["name"] == "state"]
    return {key: value for key, value in found.items() if key != "name"}


@pytest.mark.parametrize("row, flags, volume", [
    ("default", (), {"persistentVolumeClaim": {"claimName": "loadline"}}),
    ("cronjob-report", (), {"persistentVolumeClaim": {"claimName": "loadline"}}),
    ("cronjob-patch", (), {"persistentVolumeClaim": {"claimName": "patches"}}),
    ("in-memory", (), {"emptyDir": {"sizeLimit": "2Gi"}}),
    ("sharded", ("--set=persistence.enabled=false",), {"emptyDir": {"sizeLimit": "2Gi"}})])
def test_state_is_where_it_is_said_to_be(row, flags, volume):
    assert state_of(row, *flags) == volume
    claims = [document["metadata"]["name"] for document in chart.objects(row, *flags) if document["kind"] == "PersistentVolumeClaim"]
    assert claims == (["loadline"] if volume.get("persistentVolumeClaim", {}).get("claimName") == "loadline" else [])


def test_each_shard_has_a_claim_of_its_own():
    documents = chart.objects("sharded")
    spec = chart.one(documents, "StatefulSet")["spec"]
    assert spec["replicas"] == 3 and spec["podManagementPolicy"] == "Parallel"
    assert [claim["metadata"]["name"] for claim in spec["volumeClaimTemplates"]] == ["state"]
    assert "state" not in [volume["name"] for volume in spec["template"]["spec"]["volumes"]]
    service = chart.one(documents, "Service")
    assert spec["serviceName"] == service["metadata"]["name"] and service["spec"]["clusterIP"] == "None"


def fixed_fields(documents):
    """What Kubernetes refuses to change in an upgrade."""
    for document in documents:
        if document["kind"] in ("Deployment", "StatefulSet"):
            spec = document["spec"]
            yield [document["metadata"]["name"], spec["selector"], spec.get("volumeClaimTemplates"), spec.get("serviceName")]


@pytest.mark.parametrize("row", ["default", "sharded"])
def test_an_upgrade_changes_no_fixed_field_and_restarts_nothing_by_itself(row, tmp_path):
    """Another version of the chart with the same image, and other labels."""
    newer = tmp_path / "loadline"
    shutil.copytree(chart.CHART, newer)
    about = (newer / "Chart.yaml").read_text()
    (newer / "Chart.yaml").write_text(about.replace("version: 0.1.0", "version: 9.9.9", 1))
    code, out, error = chart.run("template", "loadline", newer, "--namespace", "rightsizing", "--values", chart.values_of(row),
                                 *chart.OPERATOR)
    assert code == 0, error
    assert "loadline-9.9.9" in out
    assert chart.workload(chart.parse(out)) == chart.workload(chart.objects(row))
    assert list(fixed_fields(chart.objects(row, "--set=commonLabels.team=a,podLabels.b=c"))) == list(fixed_fields(chart.objects(row)))


def test_names_that_look_like_numbers_stay_text_and_long_ones_are_cut():
    for release, flags in (("1234", ["--namespace=12", "--set-string=nameOverride=123"]), ("a" * 53, ["--set=shards=2", "--set=dashboard.enabled=true"])):
        code, out, error = chart.run("template", release, chart.CHART, "--values", chart.values_of("default"), *flags)
        assert code == 0, error
        for document in chart.parse(out):
            metadata = document["metadata"]
            for text in (metadata["name"], metadata["namespace"], *metadata["labels"].values()):
                assert isinstance(text, str) and len(text) <= 63, document["kind"]
            # A StatefulSet's pods bear its name and a hash in a label.
            assert document["kind"] != "StatefulSet" or len(metadata["name"]) <= 52


def test_it_can_be_part_of_another_chart(tmp_path):
    (tmp_path / "Chart.yaml").write_text("{apiVersion: v2, name: parent, version: 1.0.0, dependencies: [{name: loadline, version: '*', "
                                         "condition: loadline.enabled}]}")
    shutil.copytree(chart.CHART, tmp_path / "charts/loadline")
    flags = ["--set=global.team=a,loadline.enabled=true,loadline.config.prometheus.url=http://prometheus", "--set=loadline.dashboard.enabled=true"]
    code, out, error = chart.run("template", "parent", tmp_path, *flags)
    assert code == 0, error
    assert chart.one(chart.parse(out), "ConfigMap", name="parent-loadline-dashboard")["data"]


def test_the_package_has_what_it_renders_from(tmp_path):
    code, out, error = chart.run("package", chart.CHART, "--destination", tmp_path)
    assert code == 0, error
    [package] = tmp_path.glob("loadline-*.tgz")
    with tarfile.open(package) as files:
        names = {name.removeprefix("loadline/") for name in files.getnames()}
    assert {"values.schema.json", "README.md", "rules/loadline.yaml", "dashboards/loadline.json", "templates/NOTES.txt"} <= names
    assert not [name for name in names if name.startswith("ci/")]


# ---- rules and dashboards ------------------------------------------------------------------------

def rendered_rules(*flags):
    return chart.one(chart.objects("default", "--set=prometheusRule.enabled=true", *flags), "PrometheusRule")["spec"]


def test_the_rules_are_those_of_the_file(tmp_path):
    spec = rendered_rules()
    assert spec == RULES
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump(spec))
    done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("base", ["https://git.example/loadline", "https://git.example/loadline/"])
def test_runbooks_and_labels_are_set_and_the_rest_is_kept(base):
    spec = rendered_rules(f"--set=prometheusRule.runbookBaseUrl={base}", "--set=prometheusRule.alertLabels.team=platform")
    found = [rule for group in spec["groups"] for rule in group["rules"] if "alert" in rule]
    assert [rule["alert"] for rule in found] == [rule["alert"] for rule in ALERTS]
    for rule, source in zip(found, ALERTS):
        expected = {**source, "labels": {**source["labels"], "team": "platform"},
                    "annotations": {**source["annotations"],
                                    "runbook_url": f"https://git.example/loadline/docs/runbooks/{rule['alert']}.md"}}
        assert rule == expected


def test_an_alert_can_be_left_out():
    gone = ALERTS[0]["alert"]
    spec = rendered_rules(f"--set-json=prometheusRule.disabled=[\"{gone}\"]")
    assert [rule["alert"] for group in spec["groups"] for rule in group["rules"] if "alert" in rule] == \
        [rule["alert"] for rule in ALERTS if rule["alert"] != gone]


def test_the_dashboards_are_the_files():
    files = {path.name: path.read_text() for path in (chart.CHART / "dashboards").glob("*.json")}
    assert files
    for flags, labels in (((), {"grafana_dashboard": "1"}),
                          (("--set=dashboard.labels.folder=x",), {"grafana_dashboard": "1", "folder": "x"})):
        found = chart.one(chart.objects("default", "--set=dashboard.enabled=true", *flags), "ConfigMap", name="loadline-dashboard")
        assert labels.items() <= found["metadata"]["labels"].items()
        assert {name: json.loads(text) for name, text in found["data"].items()} == \
            {name: json.loads(text) for name, text in files.items()}
        assert sum(map(len, found["data"].values())) < 900_000  # an object of Kubernetes holds 1 MiB
