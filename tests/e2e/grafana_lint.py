"""What Grafana's dashboard-linter asks of a dashboard, stated again for ours: each rule yields what is wrong, one line
each. Not taken over: template-job and target-job want the name of a job in every query; it is the user's to choose, and
loadline's series are told by their names."""
import itertools
import re

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
UNITS = {"none", "short", "bytes", "percentunit", "s", "reqps", "cps"}
WITH_UNITS = {"stat", "timeseries", "table", "bargauge"}
COUNTER = re.compile(r"\b\w+(?:_total|_bucket|_sum|_count)\b")
RANGE = re.compile(r"\[([^\]]*)\]")
SELECTOR = re.compile(r'\b\w+\{((?:[^{}"]|"[^"]*")*)\}')


def without_strings(expression):
    return re.sub(r'"[^"]*"', '""', expression)


def panels(dashboard):
    """All panels, those of collapsed rows too, and no rows."""
    for panel in dashboard["panels"]:
        yield from panel.get("panels", [])
        if panel["type"] != "row":
            yield panel


def queries(dashboard):
    """(panel, target) of each."""
    return [(panel, target) for panel in panels(dashboard) for target in panel.get("targets", [])]


def _variables(dashboard):
    return {variable["name"]: variable for variable in dashboard["templating"]["list"]}


def template_datasource(dashboard):
    sources = [variable for variable in _variables(dashboard).values() if variable["type"] == "datasource"]
    told = [(source["name"], source["label"], source["query"]) for source in sources]
    if told != [("datasource", "Data source", "prometheus")]:
        yield "there is one variable for the data source: datasource, labelled Data source"


def template_instance(dashboard):
    variable = _variables(dashboard).get("instance", {})
    if not (variable.get("multi") and variable.get("includeAll") and variable.get("allValue")):
        yield "the variable instance takes any number of values, and all"


def template_on_time_change_reload(dashboard):
    for variable in _variables(dashboard).values():
        if variable["type"] == "query" and variable["refresh"] != 2:
            yield f"{variable['name']} is not asked for again when the time range changes"


def template_uneditable(dashboard):
    if dashboard["editable"]:
        yield "what a file provides cannot be edited in Grafana"


def panel_datasource(dashboard):
    for panel in panels(dashboard):
        for place in [panel, *panel["targets"]]:
            if place["datasource"] != DATASOURCE:
                yield f"{panel['title']}: another data source than the variable's"
    for variable in _variables(dashboard).values():
        if variable["type"] == "query" and variable["datasource"] != DATASOURCE:
            yield f"variable {variable['name']}: another data source than the variable's"


def panel_title_description(dashboard):
    for panel in panels(dashboard):
        if not panel.get("title") or not panel.get("description", "").endswith("."):
            yield f"panel {panel['id']} has no title, or no description that is a sentence"


def panel_units(dashboard):
    for panel in panels(dashboard):
        units = [panel["fieldConfig"]["defaults"].get("unit")]
        units += [entry["value"] for other in panel["fieldConfig"]["overrides"] for entry in other["properties"]
                  if entry["id"] == "unit"]
        if panel["type"] in WITH_UNITS and not set(units) <= UNITS:
            yield f"{panel['title']}: {units}"


def panel_no_targets(dashboard):
    for panel in panels(dashboard):
        if not panel.get("targets"):
            yield f"{panel['title']} asks for nothing"


def target_rate_interval(dashboard):
    for panel, target in queries(dashboard):
        if set(RANGE.findall(without_strings(target["expr"]))) - {"$__rate_interval"}:
            yield f"{panel['title']}: a range other than $__rate_interval"


def target_counter_agg(dashboard):
    """A counter stands in rate() or increase(), which this dashboard writes as `function(counter{...}[range])`."""
    for panel, target in queries(dashboard):
        text = without_strings(target["expr"])
        for counter in COUNTER.finditer(text):
            if not text[:counter.start()].endswith(("rate(", "increase(")):
                yield f"{panel['title']}: {counter[0]} is used without rate"


def target_histogram(dashboard):
    for panel, target in queries(dashboard):
        if "_bucket" in target["expr"] and not target["expr"].startswith("histogram_quantile("):
            yield f"{panel['title']}: buckets outside of histogram_quantile"


def target_instance(dashboard):
    """And target-required-matchers: what is of loadline is chosen by instance, what is of a container by its labels."""
    itself = next(panel["gridPos"]["y"] for panel in dashboard["panels"] if panel["title"] == "loadline itself")
    for panel, target in queries(dashboard):
        wanted = ["instance"] if panel["gridPos"]["y"] > itself else ["cluster", "namespace", "container"]
        for selector in SELECTOR.findall(target["expr"]):
            for label in wanted:
                if f'{label}=~"${label}"' not in selector:
                    yield f"{panel['title']}: {{{selector}}} does not heed {label}"


def target_job(dashboard):
    for panel, target in queries(dashboard):
        if re.search(r"\bjob\b", target["expr"]):
            yield f"{panel['title']} depends on the name of a job"


def layout(dashboard):
    """Not the linter's: ids are unique, and no two panels lie on one another."""
    ids = [panel["id"] for panel in dashboard["panels"]]
    if len(set(ids)) != len(ids):
        yield "two panels have one id"
    taken = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        columns = range(place["x"], place["x"] + place["w"])
        for cell in itertools.product(columns, range(place["y"], place["y"] + place["h"])):
            if cell[0] >= 24 or cell in taken:
                yield f"{panel['title']} lies on {taken.get(cell, 'the edge')}"
                break
            taken[cell] = panel["title"]


RULES = [template_datasource, template_instance, template_on_time_change_reload, template_uneditable, panel_datasource,
         panel_title_description, panel_units, panel_no_targets, target_rate_interval, target_counter_agg, target_histogram,
         target_instance, target_job, layout]
