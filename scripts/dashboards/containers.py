"""The rows about containers: the fleet, namespaces, workloads, one container."""
import promql
from grafana import (BLUE, GREEN, ORANGE, RED, bars, data_link, lines, override, override_matching, stat, table,
                     thresholds)
from promql import IDENTITY, of_containers, total, total_by, verdicts

UNITS = {"cpu": "short", "memory": "bytes"}
NAMES = {"cpu": "CPU", "memory": "Memory"}
COUNTS_AS = {"cpu": "in cores", "memory": "in bytes"}
LABELS = {"cluster": "Cluster", "namespace": "Namespace", "target_kind": "Kind", "target_name": "Workload",
          "container": "Container"}

HERE = "/d/loadline?${datasource:queryparam}&${cluster:queryparam}&${loadline_url:queryparam}&${__url_time_range}"
FIELD = "${{__data.fields.{}:percentencode}}"
ONE_NAMESPACE = HERE + "&var-namespace=" + FIELD.format("namespace")
NAMESPACE_OF_BAR = data_link("Show this namespace alone", HERE + "&var-namespace=${__field.labels.namespace:percentencode}",
                             in_new_tab=False)
ONE_CONTAINER = (ONE_NAMESPACE + "&var-kind=" + FIELD.format("target_kind") + "&var-workload=" + FIELD.format("target_name") +
                 "&var-container=" + FIELD.format("container"))
ITS_PAGE = ("${loadline_url}/?namespace=" + FIELD.format("namespace") + "&workload=" + FIELD.format("target_kind") + "/" +
            FIELD.format("target_name") + "&container=" + FIELD.format("container"))
TO_CONTAINER = [data_link("Show this container below", ONE_CONTAINER, in_new_tab=False),
                data_link("Why these values (loadline's page)", ITS_PAGE)]

LOW_CONFIDENCE = {0: ("low", ORANGE), 1: ("medium", BLUE), 2: ("high", GREEN)}
# Of the request in force against the recommended one: too little is a risk, too much is waste.
TOO_LITTLE = thresholds((0.9, GREEN), (1.1, BLUE), (3, ORANGE), base=RED)
ANY_IS_RISK = thresholds((1, RED))


def fleet_stats(resource):
    name, unit = NAMES[resource], UNITS[resource]
    counted = f"{COUNTS_AS[resource]}, of the chosen containers over all their pods"
    return [
        stat(f"{name} requested", f"What pods request today, {counted}. Init containers count as others do.",
             total(promql.requested(resource)), unit),
        stat(f"{name} used, p95", f"95th percentile of the usage of each container, {counted}.",
             total(promql.used(resource)), unit),
        stat(f"{name} recommended", f"Requests if every change were made, {counted}.",
             total(promql.recommended(resource)), unit),
        stat(f"{name} reclaimable", f"What is requested beyond the recommendation where the verdict is change, {counted}.",
             total(promql.reclaimable(resource)), unit, steps=thresholds(base=BLUE)),
        stat(f"{name} missing", f"What is requested too little where the verdict is change, {counted}; all of it where "
             "nothing is requested.", total(promql.missing(resource)), unit, steps=thresholds((1e-9, ORANGE))),
    ]


def fleet_lines(resource):
    name = NAMES[resource]
    queries = [(total(promql.requested(resource)), "requested"), (total(promql.recommended(resource)), "recommended"),
               (total(promql.used(resource)), "used, p95")]
    return lines(f"{name}: requested, recommended, used",
                 f"Totals of the chosen containers over all their pods, {COUNTS_AS[resource]}. Where the first two meet, "
                 "nothing is left to change.", queries, UNITS[resource], interval="5m",
                 overrides=[override("requested", color=_fixed(ORANGE)), override("recommended", color=_fixed(GREEN)),
                            override("used, p95", color=_fixed(BLUE))])


def _fixed(color):
    return {"mode": "fixed", "fixedColor": color}


def fleet():
    oom_days = of_containers("loadline_backtest_oom_days")
    days = of_containers("loadline_backtest_days")
    cpu, memory = fleet_stats("cpu"), fleet_stats("memory")
    at_risk = stat("At risk", "Containers that today's values can hurt: no request or one too low, a limit that was reached or "
                   "is too low, throttling, OOM kills.", promql.how_many(verdicts(promql.AT_RISK)), steps=ANY_IS_RISK)
    containers = stat("Containers", "Containers of workloads that loadline knows.", promql.how_many(of_containers("loadline_container_replicas")))
    return [
        *((panel, 4, 4) for panel in [*cpu, at_risk, *memory, containers]),
        (fleet_lines("cpu"), 12, 8), (fleet_lines("memory"), 12, 8),
        (bars("Verdicts", "change: take the recommendation. keep: today's values are right. profiling: too little history yet. "
              "no_data: no usage seen. excluded: by policy.", f"count by (verdict) ({verdicts()})", "{{verdict}}"), 8, 6),
        (bars("Namespaces at risk", "Containers at risk of the ten namespaces that have most of them.",
              f"topk(10, count by (cluster, namespace) ({verdicts(promql.AT_RISK)}))", "{{namespace}}",
              steps=thresholds(base=ORANGE), link_to=NAMESPACE_OF_BAR), 8, 6),
        (stat("OOM days in the backtest", "Days on which a replica's memory exceeded the limit that would have been recommended "
              "before that day, of a hundred days judged.", f"100 * sum({oom_days}) / sum({days})",
              steps=thresholds((1, ORANGE), (5, RED)), decimals=2), 4, 6),
        (stat("Days judged", "Days of containers that the backtest has judged.", f"sum({days})"), 4, 6),
    ]


def namespaces():
    by = "cluster, namespace"
    values = {f"{NAMES[resource]} {word}": (total_by(by, value(resource)), UNITS[resource])
              for resource in NAMES for word, value in [("requested", promql.requested), ("recommended", promql.recommended),
                                                        ("reclaimable", promql.reclaimable), ("missing", promql.missing)]}
    values["At risk"] = (f"count by ({by}) ({verdicts(promql.AT_RISK)})", "short")
    overrides = [override(name, unit=unit) for name, (_, unit) in values.items() if unit != "short"]
    overrides += [override("Namespace", links=[data_link("Show this namespace alone", ONE_NAMESPACE, in_new_tab=False)]),
                  override("At risk", custom_cellOptions={"type": "color-text"}, thresholds=ANY_IS_RISK)]
    return [
        (table("Namespaces", "Totals over all pods; CPU in cores. A namespace's name shows it alone.",
               [expr for expr, _ in values.values()], list(values), labels={"cluster": "Cluster", "namespace": "Namespace"},
               overrides=overrides, sort_by="CPU reclaimable"), 24, 9),
        *((_most_reclaimable(resource), 12, 7) for resource in NAMES),
    ]


def _most_reclaimable(resource):
    name = NAMES[resource]
    return bars(f"{name} reclaimable by namespace", f"The ten namespaces with most to give back, {COUNTS_AS[resource]}.",
                f"topk(10, {total_by('cluster, namespace', promql.reclaimable(resource))} > 0)", "{{namespace}}",
                UNITS[resource], link_to=NAMESPACE_OF_BAR)


def _side_by_side(resource):
    """Columns of one resource: (name, expression, unit)."""
    name, unit = NAMES[resource], UNITS[resource]
    current = of_containers("loadline_current_request", resource)
    recommended = of_containers("loadline_recommendation_request", resource)
    return [(f"{name} request", current, unit), (f"{name} recommended", recommended, unit),
            (f"{name} of recommended", f"{current} / {recommended}", "percentunit"),
            (f"{name} limit", of_containers("loadline_current_limit", resource), unit),
            (f"{name} limit recommended", of_containers("loadline_recommendation_limit", resource), unit)]


TO_CONTAINER_LINKS = [override(name, links=TO_CONTAINER) for name in ("Workload", "Container")]
WITH_VERDICT = {**LABELS, "verdict": "Verdict", "reasons": "Reasons"}
COLORED = {"type": "color-background", "mode": "basic"}


def _container_table(title, description, columns, chosen, *, hidden, **more):
    """Of the containers that `chosen` gives. Columns: (name, expression, unit); the first one brings the verdict."""
    columns = [("Value", verdicts(), "short"), *columns]
    overrides = [override(name, unit=unit) for name, _, unit in columns if unit != "short"]
    overrides += TO_CONTAINER_LINKS + more.pop("overrides")
    return table(title, description, [f"({expr}) and on ({IDENTITY}) {chosen}" for _, expr, _ in columns],
                 [name for name, _, _ in columns], labels=WITH_VERDICT, overrides=overrides, hidden=["Value", *hidden], **more)


def compared():
    columns = [*_side_by_side("cpu"), *_side_by_side("memory"), ("Pods", of_containers("loadline_container_replicas"), "short")]
    colored = [override(f"{name} of recommended", custom_cellOptions=COLORED, thresholds=TOO_LITTLE, decimals=0)
               for name in NAMES.values()]
    return _container_table(
        "Current against recommended",
        "The containers whose requests are farthest off over all their pods, as many as the variable Rows says; values of one pod, "
        "CPU in cores. Red: asks for too little. Orange: for more than three times what it needs. A name leads to the row below, "
        "and to loadline's page, which says why.",
        columns, promql.farthest_off("$rows"), hidden=["Reasons"], overrides=colored, sort_by="CPU of recommended")


def at_risk():
    of_limit = f"{of_containers('loadline_usage_max', 'memory')} / {of_containers('loadline_current_limit', 'memory')}"
    columns = [("OOM kills", of_containers("loadline_container_oom_kills"), "short"),
               ("Memory max of limit", of_limit, "percentunit")]
    colored = override("Memory max of limit", custom_cellOptions=COLORED, thresholds=thresholds((0.9, ORANGE), (1, RED)))
    return _container_table(
        "At risk",
        "Containers that today's values can hurt, with the codes of the reasons. Memory max: the most that a replica used, of today's "
        "limit.",
        columns, verdicts(promql.AT_RISK), hidden=[], overrides=[colored], sort_by="Memory max of limit")


def workloads():
    return [(compared(), 24, 10), (at_risk(), 24, 8)]


def _usage(resource):
    """Everything that is known of one resource of a container, in one picture."""
    name = NAMES[resource]
    series = [("loadline_current_request", "request"), ("loadline_current_limit", "limit"),
              ("loadline_recommendation_request", "recommended request"),
              ("loadline_recommendation_limit", "recommended limit"), ("loadline_usage_max", "max")]
    queries = [(f"topk(8, {of_containers(metric, resource)})", legend) for metric, legend in series]
    quantiles = f"max by ({IDENTITY}, quantile) (loadline_usage_quantile{{{promql.CHOSEN},resource=\"{resource}\"}})"
    queries += [(f"topk(24, {quantiles})", "p {{quantile}}"), (promql.LIVE[resource], "now: {{pod}}")]
    dash = {"fill": "dash", "dash": [10, 10]}
    overrides = [override("request", color=_fixed(ORANGE), custom_lineWidth=2),
                 override("limit", color=_fixed(RED), custom_lineWidth=2),
                 override("recommended request", color=_fixed(ORANGE), custom_lineWidth=2, custom_lineStyle=dash),
                 override("recommended limit", color=_fixed(RED), custom_lineWidth=2, custom_lineStyle=dash),
                 override("max", color=_fixed("purple"), custom_lineStyle=dash),
                 override_matching("^p .*", color={"mode": "shades", "fixedColor": BLUE}),
                 override_matching("^now: .*", color={"mode": "shades", "fixedColor": GREEN})]
    return lines(f"{name}: today's values, the recommended ones, usage",
                 f"Of one pod, {COUNTS_AS[resource]}. p and max: over the window. now: of each pod, as the kubelets tell it; "
                 "static pods have no such line.", queries, UNITS[resource], overrides=overrides, interval="2m")


def container():
    info = f"topk(8, {verdicts()})"
    days, oom_days = (of_containers(f"loadline_backtest_{word}") for word in ("days", "oom_days"))
    above = "loadline_backtest_above_request_ratio"
    ratio = thresholds((0.1, ORANGE), (0.25, RED))
    verdict = stat("Verdict", "What loadline says of it, and the codes of its reasons. loadline's page has sentences instead.",
                   info, "none", legend="{{verdict}}: {{reasons}}", show="name")
    coverage = stat("Coverage", "Scrapes seen of those expected.", f"min({of_containers('loadline_profile_coverage_ratio')})",
                    "percentunit", steps=thresholds((0.5, ORANGE), (0.9, GREEN), base=RED))
    age = stat("History", "How long it has been profiled.", f"min({of_containers('loadline_profile_age_seconds')})", "s",
               steps=thresholds((3 * 86400, GREEN), base=ORANGE), decimals=1)
    confidence = stat("Confidence", "How far the evidence carries.",
                      f"min({of_containers('loadline_recommendation_confidence')})", names=LOW_CONFIDENCE)
    pods = stat("Pods", "Pods that run it now.", f"sum({of_containers('loadline_container_replicas')})")
    kills = stat("OOM kills", "Known kills inside the window.", total(of_containers("loadline_container_oom_kills")),
                 steps=ANY_IS_RISK)
    judged = stat("Days judged", "Days that the backtest has judged.", f"sum({days})")
    oom = stat("OOM days", "Judged days on which a replica's memory exceeded the limit that would have been recommended before that "
               "day.", f"sum({oom_days})", steps=ANY_IS_RISK)
    above_request = [stat(f"{name} above request", "Share of samples above the request in force in the backtest.",
                          f"max({of_containers(above, resource)})", "percentunit", steps=ratio)
                     for resource, name in NAMES.items()]
    throttled = stat("CPU above limit", "Share of samples above the CPU limit in force in the backtest: the container would have been "
                     "throttled.", f"max({of_containers('loadline_backtest_cpu_above_limit_ratio')})", "percentunit",
                     steps=thresholds((0.01, ORANGE), (0.05, RED)))
    return [(verdict, 14, 4), (coverage, 3, 4), (age, 3, 4), (confidence, 4, 4),
            (_usage("cpu"), 12, 11), (_usage("memory"), 12, 11),
            (pods, 3, 4), (kills, 3, 4), (judged, 3, 4), (oom, 3, 4), *((panel, 4, 4) for panel in [*above_request, throttled])]


ROWS = [("Fleet", fleet()), ("Namespaces", namespaces()), ("Workloads", workloads()),
        ("One container: $namespace $kind/$workload $container", container())]
