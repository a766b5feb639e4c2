"""The rows of single containers: all of them in tables, and one of them in full."""
import promql
from grafana import (BLUE, GREEN, ORANGE, RED, fixed, lines, override, override_matching, shades, stat, table,
                     thresholds)
from promql import IDENTITY, of_containers, total, verdicts
from words import ANY_IS_RISK, COUNTED, LABELS, NAMES, ONE_CONTAINER, TOO_LITTLE, UNITS

COLORED = {"type": "color-background", "mode": "basic"}
DASHED = {"fill": "dash", "dash": [10, 10]}


def _table(title, description, columns, chosen, *, overrides, sort_by, hidden=()):
    """A table of the containers that `chosen` gives; its first query brings the verdict."""
    columns = [("Value", verdicts(), "short"), *columns]
    of_chosen = [(name, f"({expr}) and on ({IDENTITY}) {chosen}", unit) for name, expr, unit in columns]
    links = [override(name, links=ONE_CONTAINER) for name in ("Workload", "Container")]
    return table(title, description, of_chosen, labels={**LABELS, "verdict": "Verdict", "reasons": "Reasons"},
                 overrides=links + overrides, sort_by=sort_by, hidden=["Value", *hidden])


def _side_by_side(resource):
    name, unit = NAMES[resource], UNITS[resource]
    current = of_containers("loadline_current_request", resource)
    recommended = of_containers("loadline_recommendation_request", resource)
    return [(f"{name} request", current, unit), (f"{name} recommended", recommended, unit),
            (f"{name} of recommended", f"{current} / {recommended}", "percentunit"),
            (f"{name} limit", of_containers("loadline_current_limit", resource), unit),
            (f"{name} limit recommended", of_containers("loadline_recommendation_limit", resource), unit)]


def _compared():
    pods = ("Pods", of_containers("loadline_container_replicas"), "short")
    colored = [override(f"{name} of recommended", custom_cellOptions=COLORED, thresholds=TOO_LITTLE, decimals=0)
               for name in NAMES.values()]
    return _table(
        "Current against recommended",
        "The containers whose requests are farthest off over all their pods, as many as the variable Rows says; values of one "
        "pod, CPU in cores. Red: asks for too little. Orange: for more than three times what it needs. A name leads to the row "
        "below, and to loadline's page, which says why.",
        [*_side_by_side("cpu"), *_side_by_side("memory"), pods], promql.farthest_off("$rows"), hidden=["Reasons"],
        overrides=colored, sort_by="CPU of recommended")


def _at_risk():
    of_limit = f"{of_containers('loadline_usage_max', 'memory')} / {of_containers('loadline_current_limit', 'memory')}"
    columns = [("OOM kills", of_containers("loadline_container_oom_kills"), "short"),
               ("Memory max of limit", of_limit, "percentunit")]
    colored = override("Memory max of limit", custom_cellOptions=COLORED, thresholds=thresholds((0.9, ORANGE), (1, RED)))
    return _table(
        "At risk",
        "Containers that today's values can hurt, with the codes of the reasons. Memory max: the most that a replica used, of "
        "today's limit.",
        columns, verdicts(promql.AT_RISK), overrides=[colored], sort_by="Memory max of limit")


def _usage(resource):
    """Everything that is known of one resource, in one picture. With many containers chosen it shows the largest."""
    series = {"request": "current_request", "limit": "current_limit", "recommended request": "recommendation_request",
              "recommended limit": "recommendation_limit", "max": "usage_max"}
    queries = [(f"topk(8, {of_containers(f'loadline_{metric}', resource)})", legend) for legend, metric in series.items()]
    queries += [(f"topk(24, {promql.quantiles(resource)})", "p {{quantile}}"),
                (promql.LIVE[resource], "now: {{pod}}")]
    colors = [override("request", color=fixed(ORANGE), custom_lineWidth=2),
              override("limit", color=fixed(RED), custom_lineWidth=2),
              override("recommended request", color=fixed(ORANGE), custom_lineWidth=2, custom_lineStyle=DASHED),
              override("recommended limit", color=fixed(RED), custom_lineWidth=2, custom_lineStyle=DASHED),
              override("max", color=fixed("purple"), custom_lineStyle=DASHED),
              override_matching("^p .*", color=shades(BLUE)), override_matching("^now: .*", color=shades(GREEN))]
    return lines(f"{NAMES[resource]}: today's values, the recommended ones, usage",
                 f"Of one pod, {COUNTED[resource]}. p and max: over the window. now: of each pod, as the kubelets tell it; "
                 "static pods have no such line.",
                 queries, UNITS[resource], overrides=colors, interval="2m")


def _evidence():
    """(panel, width)."""
    levels = {0: ("low", ORANGE), 1: ("medium", BLUE), 2: ("high", GREEN)}
    return [
        (stat("Verdict",
              "What loadline says of it, and the codes of its reasons. loadline's page has sentences instead.",
              f"topk(8, {verdicts()})", "none", legend="{{verdict}}: {{reasons}}", show="name"), 14),
        (stat("Coverage", "Scrapes seen of those expected.",
              f"min({of_containers('loadline_profile_coverage_ratio')})", "percentunit",
              steps=thresholds((0.5, ORANGE), (0.9, GREEN), base=RED)), 3),
        (stat("History", "How long it has been profiled.", f"min({of_containers('loadline_profile_age_seconds')})", "s",
              steps=thresholds((3 * 86400, GREEN), base=ORANGE), decimals=1), 3),
        (stat("Confidence", "How far the evidence carries.",
              f"min({of_containers('loadline_recommendation_confidence')})", names=levels), 4),
    ]


def _risk():
    """(panel, width)."""
    days, oom_days, above_request, above_limit = (
        f"loadline_backtest_{word}" for word in ("trials", "oom_trials", "above_request_ratio", "cpu_above_limit_ratio"))
    of_request = [stat(f"{name} above request", "Share of samples above the request in force in the backtest.",
                       f"max({of_containers(above_request, resource)})", "percentunit",
                       steps=thresholds((0.1, ORANGE), (0.25, RED))) for resource, name in NAMES.items()]
    return [
        (stat("Pods", "Pods that run it now.", f"sum({of_containers('loadline_container_replicas')})"), 3),
        (stat("OOM kills", "Known kills inside the window.", total(of_containers("loadline_container_oom_kills")),
              steps=ANY_IS_RISK), 3),
        (stat("Days judged", "Days that the backtest has judged.", f"sum({of_containers(days)})"), 3),
        (stat("OOM days",
              "Judged days on which a replica's memory exceeded the limit that would have been recommended before that day.",
              f"sum({of_containers(oom_days)})", steps=ANY_IS_RISK), 3),
        *((panel, 4) for panel in of_request),
        (stat("CPU above limit",
              "Share of samples above the CPU limit in force in the backtest: the container would have been throttled.",
              f"max({of_containers(above_limit)})", "percentunit", steps=thresholds((0.01, ORANGE), (0.05, RED))), 4),
    ]


def one_container():
    return [*((panel, width, 4) for panel, width in _evidence()),
            *((_usage(resource), 12, 11) for resource in NAMES),
            *((panel, width, 4) for panel, width in _risk())]


ROWS = [("Workloads", [(_compared(), 24, 10), (_at_risk(), 24, 8)]),
        ("One container: $namespace $kind/$workload $container", one_container())]
