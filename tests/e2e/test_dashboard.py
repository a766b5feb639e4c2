"""The Grafana dashboard: its form by Grafana's schema and the linter's rules, and each query on a Prometheus that
scrapes a real `loadline serve`."""
import json
import math
import os
import pathlib
import re
import subprocess
import time
import urllib.parse

import pytest

import grafana_lint
import scraping
import world

FILE = world.SOURCE / "helm/loadline/dashboards/loadline.json"
DASHBOARD = json.loads(FILE.read_text())
QUERIES = grafana_lint.queries(DASHBOARD)
VARIABLES = {variable["name"]: variable for variable in DASHBOARD["templating"]["list"]}
SCHEMAS = pathlib.Path(os.environ.get("LOADLINE_SHARED", world.SOURCE.parent / "shared")) / "samples/grafana-jsonschema"
ALL = {name: ".*" for name in ("cluster", "namespace", "kind", "workload", "container", "instance")}
# Uses more than it asks for, up to its limit.
PRICING = {**ALL, "namespace": "shop", "kind": "Deployment", "workload": "pricing", "container": "pricing"}


def ids(queries):
    return [f"{panel['id']}-{panel['title']}-{target['refId']}" for panel, target in queries]


def filled_in(text, variables):
    """A text of the dashboard as Grafana would send it."""
    values = {**variables, "rows": "100", "__rate_interval": "5m"}
    return re.sub(r"\$(\w+)|\$\{(\w+)(?::\w+)?\}", lambda found: values[found[1] or found[2]], text)


def row_of(panel):
    """The title of the row that a panel stands in, up to the first colon."""
    rows = [row for row in DASHBOARD["panels"] if row["type"] == "row" and row["gridPos"]["y"] < panel["gridPos"]["y"]]
    return rows[-1]["title"].split(":")[0]


def asked(scraper, target, variables):
    """The series of a query."""
    expression = filled_in(target["expr"], variables)
    return scraper.over_time(expression) if target["range"] else scraper.instant(expression)


def numbers(series):
    values = series.get("values") or [series["value"]]
    return [number for number in (float(value) for _, value in values) if math.isfinite(number)]


def test_the_file_is_what_its_script_writes():
    done = subprocess.run([world.SOURCE / "scripts/dashboard", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("rule", grafana_lint.RULES, ids=lambda rule: rule.__name__)
def test_a_rule_of_the_linter_holds(rule):
    assert list(rule(DASHBOARD)) == []


def schema(name, reference=None):
    """A schema of Grafana's, or one of its definitions; skips the test where they are not at hand. What Grafana's source
    leaves open (the value of an override, the options of its matcher) came out as an object there."""
    jsonschema = pytest.importorskip("jsonschema")
    path = SCHEMAS / f"{name}.jsonschema.json"
    if not path.exists():
        pytest.skip(f"no {path}: set LOADLINE_SHARED to the folder that has samples/grafana-jsonschema")
    document = json.loads(path.read_text())
    if name == "dashboard":
        document["definitions"]["MatcherConfig"]["properties"]["options"] = {}
        document["definitions"]["DynamicConfigValue"]["properties"]["value"] = {}
    if reference:
        document["$ref"] = f"#/definitions/{reference}"
    return jsonschema.Draft7Validator(document)


def violations(validator, value):
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(value)]


def test_grafana_s_schema_accepts_the_dashboard():
    validator = schema("dashboard")
    assert violations(validator, DASHBOARD) == []
    current = validator.schema["definitions"]["Dashboard"]["properties"]["schemaVersion"]["default"]
    assert (DASHBOARD["uid"], DASHBOARD["schemaVersion"]) == ("loadline", current)
    units = {unit.get("const") for unit in schema("units").schema["definitions"].values()}
    assert grafana_lint.UNITS <= units


@pytest.mark.parametrize("kind", sorted({panel["type"] for panel in grafana_lint.panels(DASHBOARD)}))
def test_grafana_s_schema_accepts_the_options_of_panels(kind):
    options = schema(kind, "Options")
    custom = schema(kind, "FieldConfig") if kind in ("timeseries", "table") else None
    for panel in grafana_lint.panels(DASHBOARD):
        if panel["type"] == kind:
            assert violations(options, panel["options"]) == [], panel["title"]
            if custom:
                assert violations(custom, panel["fieldConfig"]["defaults"]["custom"]) == [], panel["title"]


def test_grafana_s_schema_accepts_the_queries():
    validator = schema("prometheus")
    assert [found for _, target in QUERIES for found in violations(validator, target)] == []


def test_no_metric_is_asked_for_that_is_not_there(scraper):
    names = {name for _, target in QUERIES for name in scraping.metric_names(filled_in(target["expr"], ALL))}
    ours = names - scraping.EVERYBODY_HAS
    assert len(ours) > 30
    assert ours <= scraping.documented_metrics()
    assert ours <= scraping.exported_metrics(scraper.serve)


@pytest.mark.parametrize("panel, target", QUERIES, ids=ids(QUERIES))
def test_a_query_of_the_whole_fleet_has_an_answer(scraper, panel, target):
    series = asked(scraper, target, ALL)
    assert any(numbers(one) for one in series), target["expr"]
    labels = set().union(*(one["metric"] for one in series))
    assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= labels


@pytest.mark.parametrize("panel, target", QUERIES, ids=ids(QUERIES))
def test_a_query_of_one_container_has_an_answer(scraper, panel, target):
    series = asked(scraper, target, PRICING)
    if row_of(panel) == "One container":
        assert any(numbers(one) for one in series), target["expr"]
        assert {one["metric"].get("target_name", "pricing") for one in series} == {"pricing"}


def value_of(scraper, title):
    panel = next(panel for panel in grafana_lint.panels(DASHBOARD) if panel["title"] == title)
    return float(asked(scraper, panel["targets"][0], ALL)[0]["value"][1])


def totals(scraper, name, resource, unit):
    """{what: (what the dashboard says, what the report says)}. The report leaves init containers out of sums, and the
    metrics do not tell them apart: they raise both of the first two."""
    report = scraper.serve.json("/api/v1/recommendations")
    init = sum(row["replicas"] * row[resource]["current"][f"request_{unit}"] for row in report["recommendations"]
               if row["container_type"] == "init")
    assert init > 0
    said = {f"{name} {word}": report["totals"][resource][f"{word}_{unit}"] + more for word, more in
            [("requested", init), ("recommended", init), ("reclaimable", 0), ("missing", 0)]}
    said |= {"At risk": report["totals"]["at_risk"], "Containers": report["totals"]["containers"]}
    return {title: (value_of(scraper, title), pytest.approx(value, rel=1e-3)) for title, value in said.items()}


@pytest.mark.parametrize("name, resource, unit", [("CPU", "cpu", "cores"), ("Memory", "memory", "bytes")])
def test_the_totals_are_those_of_the_report(scraper, name, resource, unit):
    for _ in range(5):  # a pod of a CronJob may begin between scrape and report
        compared = totals(scraper, name, resource, unit)
        if all(shown == said for shown, said in compared.values()):
            return
        time.sleep(1)
    assert {title: shown for title, (shown, _) in compared.items()} == {title: said for title, (_, said) in compared.items()}


TABLES = [panel for panel in grafana_lint.panels(DASHBOARD) if panel["type"] == "table"]


@pytest.mark.parametrize("panel", TABLES, ids=lambda panel: panel["title"])
def test_the_queries_of_a_table_are_one_row_a_container(scraper, panel):
    """Rows are merged where the labels are equal that all queries have: no query may have one twice, or labels that have
    no column."""
    organize = next(step["options"] for step in panel["transformations"] if step["id"] == "organize")
    answers = [asked(scraper, target, ALL) for target in panel["targets"]]
    shared = set.intersection(*(set(one["metric"]) for answer in answers for one in answer))
    rows = set()
    for answer in answers:
        keys = [tuple(one["metric"][label] for label in sorted(shared)) for one in answer]
        assert len(set(keys)) == len(keys)
        rows |= set(keys)
        assert {label for one in answer for label in one["metric"]} <= set(organize["renameByName"])
    assert len(rows) == max(len(answer) for answer in answers)
    columns = set(organize["renameByName"].values())
    overridden = {override["matcher"]["options"] for override in panel["fieldConfig"]["overrides"]}
    assert overridden <= columns
    assert {column["displayName"] for column in panel["options"]["sortBy"]} <= columns


@pytest.mark.parametrize("name", [name for name, variable in VARIABLES.items() if variable["type"] == "query"])
def test_a_variable_has_values(scraper, name):
    selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", VARIABLES[name]["query"]).groups()
    values = {one["metric"].get(label) for one in scraper.instant(f"count by ({label}) ({filled_in(selector, ALL)})")}
    expected = {"cluster": None, "namespace": "shop", "kind": "StatefulSet", "workload": "pricing", "container": "nginx",
                "instance": f"127.0.0.1:{scraper.serve.port}"}
    assert expected[name] in values


def urls():
    """Every URL that the dashboard leads to: (title, url)."""
    links = [*DASHBOARD["links"]]
    for panel in grafana_lint.panels(DASHBOARD):
        for override in panel["fieldConfig"]["overrides"]:
            links += [link for entry in override["properties"] if entry["id"] == "links" for link in entry["value"]]
    return sorted({(link["title"], link["url"]) for link in links})


def test_links_to_loadline_are_answered(scraper):
    fields = {"namespace": "shop", "target_kind": "Deployment", "target_name": "pricing", "container": "pricing"}
    answered = 0
    for title, url in urls():
        if not url.startswith("${loadline_url}"):
            continue
        path = re.sub(r"\$\{__data\.fields\.(\w+):percentencode\}", lambda found: fields[found[1]], url)
        status, _, body = scraper.serve.get(path.removeprefix("${loadline_url}"))
        assert status == 200, (title, path)
        if title.startswith("Why"):
            assert b"pricing" in body and b"gifts" not in body
        answered += 1
    assert answered == 4


def test_links_to_the_dashboard_set_variables_that_it_has():
    inside = [url for _, url in urls() if url.startswith("/d/")]
    assert len(inside) == 3
    for url in inside:
        assert url.startswith(f"/d/{DASHBOARD['uid']}?")
        names = re.findall(r"var-(\w+)=|\$\{(\w+):queryparam\}", urllib.parse.urlsplit(url).query)
        assert {set_ or kept for set_, kept in names} <= set(VARIABLES)
