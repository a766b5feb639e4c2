"""The rows that add up: the fleet, and its namespaces."""
import promql
from grafana import BLUE, GREEN, ORANGE, RED, bars, fixed, lines, override, stat, table, thresholds
from promql import of_containers, total, total_by, verdicts
from words import ANY_IS_RISK, COUNTED, NAMES, NAMESPACE_OF_BAR, ONE_NAMESPACE, UNITS

BY_NAMESPACE = "cluster, namespace"


def _totals(resource):
    name, unit = NAMES[resource], UNITS[resource]
    counted = f"{COUNTED[resource]}, of the chosen containers over all their pods"
    return [
        stat(f"{name} requested", f"What pods request today, {counted}. Init containers count as others do.",
             total(promql.requested(resource)), unit),
        stat(f"{name} used, p95", f"95th percentile of the usage of each container, {counted}.",
             total(promql.used(resource)), unit),
        stat(f"{name} recommended", f"Requests if every change were made, {counted}.",
             total(promql.recommended(resource)), unit),
        stat(f"{name} reclaimable",
             f"What is requested beyond the recommendation where the verdict is change, {counted}.",
             total(promql.reclaimable(resource)), unit, steps=thresholds(base=BLUE)),
        stat(f"{name} missing",
             f"What is requested too little where the verdict is change, {counted}; all of it where nothing is requested.",
             total(promql.missing(resource)), unit, steps=thresholds((1e-9, ORANGE))),
    ]


def _over_time(resource):
    name = NAMES[resource]
    queries = [(total(promql.requested(resource)), "requested"),
               (total(promql.recommended(resource)), "recommended"),
               (total(promql.used(resource)), "used, p95")]
    colors = [override("requested", color=fixed(ORANGE)), override("recommended", color=fixed(GREEN)),
              override("used, p95", color=fixed(BLUE))]
    return lines(f"{name}: requested, recommended, used",
                 f"Totals of the chosen containers over all their pods, {COUNTED[resource]}. Where the first two meet, "
                 "nothing is left to change.",
                 queries, UNITS[resource], interval="5m", overrides=colors)


def _counts():
    at_risk = stat("At risk",
                   "Containers that today's values can hurt: no request or one too low, a limit that was reached or is too "
                   "low, throttling, OOM kills.",
                   promql.how_many(verdicts(promql.AT_RISK)), steps=ANY_IS_RISK)
    containers = stat("Containers", "Containers of workloads that loadline knows.",
                      promql.how_many(of_containers("loadline_container_replicas")))
    return at_risk, containers


def _verdicts():
    return bars("Verdicts",
                "change: take the recommendation. keep: today's values are right. profiling: too little history yet. "
                "no_data: no usage seen. excluded: by policy.",
                f"count by (verdict) ({verdicts()})", "{{verdict}}")


def _namespaces_at_risk():
    return bars("Namespaces at risk", "Containers at risk of the ten namespaces that have most of them.",
                f"topk(10, count by ({BY_NAMESPACE}) ({verdicts(promql.AT_RISK)}))", "{{namespace}}",
                steps=thresholds(base=ORANGE), link_to=NAMESPACE_OF_BAR)


def _backtest():
    days, oom_days = (of_containers(f"loadline_backtest_{word}") for word in ("trials", "oom_trials"))
    return [stat("OOM days in the backtest",
                 "Days on which a replica's memory exceeded the limit that would have been recommended before that day, of a "
                 "hundred days judged.",
                 f"100 * sum({oom_days}) / sum({days})", steps=thresholds((1, ORANGE), (5, RED)), decimals=2),
            stat("Days judged", "Days of containers that the backtest has judged.", f"sum({days})")]


def _most_reclaimable(resource):
    name = NAMES[resource]
    return bars(f"{name} reclaimable by namespace",
                f"The ten namespaces with most to give back, {COUNTED[resource]}.",
                f"topk(10, {total_by(BY_NAMESPACE, promql.reclaimable(resource))} > 0)", "{{namespace}}",
                UNITS[resource], link_to=NAMESPACE_OF_BAR)


def _table():
    totals = {"requested": promql.requested, "recommended": promql.recommended, "reclaimable": promql.reclaimable,
              "missing": promql.missing}
    columns = [(f"{name} {word}", total_by(BY_NAMESPACE, value(resource)), UNITS[resource])
               for resource, name in NAMES.items() for word, value in totals.items()]
    columns.append(("At risk", f"count by ({BY_NAMESPACE}) ({verdicts(promql.AT_RISK)})", "short"))
    overrides = [override("Namespace", links=[ONE_NAMESPACE]),
                 override("At risk", custom_cellOptions={"type": "color-text"}, thresholds=ANY_IS_RISK)]
    return table("Namespaces", "Totals over all pods; CPU in cores. A namespace's name shows it alone.", columns,
                 labels={"cluster": "Cluster", "namespace": "Namespace"}, overrides=overrides, sort_by="CPU reclaimable")


def fleet():
    at_risk, containers = _counts()
    numbers = [*_totals("cpu"), at_risk, *_totals("memory"), containers]
    return [*((panel, 4, 4) for panel in numbers),
            *((_over_time(resource), 12, 8) for resource in NAMES),
            (_verdicts(), 8, 6), (_namespaces_at_risk(), 8, 6),
            *((panel, 4, 6) for panel in _backtest())]


def namespaces():
    return [(_table(), 24, 9), *((_most_reclaimable(resource), 12, 7) for resource in NAMES)]


ROWS = [("Fleet", fleet()), ("Namespaces", namespaces())]
