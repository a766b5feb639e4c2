"""The report against the truth: every number of every container, on real servers, by every way of
reading.

The truth comes from the generator, which counts by sorting and shares no code with the sketches.
"""
import pytest

import world

PATHS = [("prometheus", "remote-read"), ("prometheus", "remote-read-samples"), ("prometheus", "query"),
         ("victoria_metrics", "export"), ("victoria_metrics", "query")]
BOUND = 0.01  # relative error of a quantile, before rounding
UNITS = [("cpu", "cores"), ("memory", "bytes")]


@pytest.fixture(params=PATHS, ids=lambda pair: "-".join(pair))
def report(request, servers, report_by):
    server, path = request.param
    return report_by(servers(server), path)


@pytest.fixture
def truth(report, cluster):
    window = report["window"]
    return cluster.truth(world.milliseconds(window["start"]), world.milliseconds(window["end"]))


def rows_of(report):
    return {world.identity(row): row for row in report["recommendations"]}


def pairs(report, truth):
    """(name, what is reported, what is true) for each resource of each container."""
    rows = rows_of(report)
    for key, true in truth.items():
        for resource, unit in UNITS:
            if true[resource]["samples"]:
                yield "/".join(key) + " " + resource, unit, rows[key][resource], true[resource]


def test_every_container_that_left_a_sample_is_there_and_no_other(report, truth):
    expected = {key for key, true in truth.items()
                if true["cpu"]["samples"] + true["memory"]["samples"]}
    assert set(rows_of(report)) == expected


def test_every_quantile_is_within_one_percent_of_the_exact_one(report, truth):
    wrong = []
    for name, unit, reported, true in pairs(report, truth):
        for quantile in ("p50", "p95", "p99"):
            got, exact = reported[f"{quantile}_{unit}"], true[f"{quantile}_{unit}"]
            if abs(got - exact) > BOUND * exact:
                wrong.append((name, quantile, got, exact))
    assert not wrong


def test_the_maximum_is_exact(report, truth):
    wrong = [(name, reported[f"max_{unit}"], true[f"max_{unit}"])
             for name, unit, reported, true in pairs(report, truth)
             if reported[f"max_{unit}"] != pytest.approx(true[f"max_{unit}"], rel=1e-9)]
    assert not wrong


def test_every_sample_is_counted_once(report, truth):
    wrong = [(name, reported["samples"], true["samples"])
             for name, _, reported, true in pairs(report, truth)
             if reported["samples"] != true["samples"]]
    assert not wrong


def test_kind_type_and_replicas_are_those_of_the_cluster(report, truth):
    wrong = []
    for key, row in rows_of(report).items():
        true = truth[key]
        # A job's pod may have ended within the last scrape of kube-state-metrics.
        replicas_known = true["kind"] not in ("CronJob", "Job")
        if (row["container_type"], row["owner_inferred"]) != (true["container_type"],
                                                              true["owner_inferred"]):
            wrong.append((key, row["container_type"], row["owner_inferred"]))
        if replicas_known and row["replicas"] != true["replicas"]:
            wrong.append((key, row["replicas"], true["replicas"]))
    assert not wrong


def test_current_requests_and_limits_are_those_of_the_newest_pod(report, truth):
    wrong = [(name, reported["current"], true["current"])
             for name, _, reported, true in pairs(report, truth)
             if reported["current"] != true["current"]]
    assert not wrong


GUARDS = {"observed_max", "oom_killed", "in_use", "censored", "throttled", "growing", "autoscaled", "node_capacity",
          "limit_range", "ceiling", "fixed"}


def guarded(row, resource):
    return any(reason["code"] in GUARDS and reason["resource"] == resource for reason in row["reasons"])


def test_guards_are_the_exception(report):
    rows = report["recommendations"]
    for resource in ("cpu", "memory"):
        assert sum(guarded(row, resource) for row in rows) < len(rows) / 3


def test_the_recommendation_is_p95_and_twice_p95_rounded_up(report):
    wrong = []
    for row in report["recommendations"]:
        if row["verdict"] == "no_data":
            continue
        for resource, unit, floor in (("cpu", "cores", 0.01), ("memory", "bytes", 32 * 2**20)):
            advice = row[resource]
            request, limit = (advice["recommended"][f"{name}_{unit}"] for name in ("request", "limit"))
            if request is None or guarded(row, resource):
                continue
            p95 = advice[f"p95_{unit}"]
            step = 0.05 if resource == "cpu" else 16 * 2**20  # the coarsest step of the grid
            if not (max(p95, floor) <= request * (1 + 1e-9) <= max(p95, floor) + step
                    and max(2 * p95, floor) <= limit * (1 + 1e-9) <= max(2 * p95, floor) + step):
                wrong.append((world.identity(row), resource, p95, request, limit))
    assert not wrong


POD_ENDINGS = {"Deployment": "-[a-z0-9]+-[a-z0-9]{5}", "Rollout": "-[a-z0-9]+-[a-z0-9]{5}",
               "StatefulSet": "-[0-9]+", "DaemonSet": "-[a-z0-9]{5}", "Job": "-[a-z0-9]{5}",
               "CronJob": "-[0-9]+-[a-z0-9]{5}", "Pod": ""}
SHAPES = [  # workload, verdict (None: any), reason that must be there
    (("shop", "Deployment", "catalog", "catalog"), "keep", None),
    (("shop", "Deployment", "beta", "beta"), "profiling", "short_history"),
    (("data", "Job", "backfill", "backfill"), "profiling", "short_history"),
    (("shop", "Deployment", "pricing", "pricing"), "change", "request_too_low"),
    (("shop", "Deployment", "gifts", "gifts"), "change", "request_too_high"),
    (("shop", "Deployment", "legacy", "legacy"), "change", "request_unset"),
    (("shop", "Deployment", "orphan", "orphan"), None, "owner_inferred"),
    (("shop", "Deployment", "orphan", "orphan"), None, "current_unknown"),
    (("data", "Deployment", "importer", "importer"), "change", "max_above_limit"),
    (("tools", "Deployment", "toolbox", "toolbox"), None, "floor"),
    (("data", "CronJob", "nightly-report", "report"), "change", None),
]


@pytest.mark.parametrize("key, verdict, reason", SHAPES, ids=lambda value: str(value))
def test_each_shape_of_workload_gets_its_verdict(prometheus, report_by, key, verdict, reason):
    row = rows_of(report_by(prometheus, "remote-read"))[key]
    assert verdict in (None, row["verdict"])
    assert reason in [None, *(one["code"] for one in row["reasons"])]


def test_the_ways_of_reading_agree(servers, report_by):
    """Between two reports a scrape or two come in: the ranks may move by as much."""
    reference = rows_of(report_by(servers("prometheus"), "remote-read"))
    for server, path in PATHS[1:]:
        rows = rows_of(report_by(servers(server), path))
        assert set(rows) == set(reference)
        for key, row in rows.items():
            for resource, unit in UNITS:
                ours, theirs = (r[key][resource][f"p95_{unit}"] for r in (reference, rows))
                assert (ours is None) == (theirs is None), (path, key)
                assert ours is None or abs(ours - theirs) <= BOUND * ours, (path, key, ours, theirs)


def test_memory_agrees_with_quantile_over_time_where_one_series_holds_all(prometheus, report_by, cluster):
    """Of a container of one series Prometheus can tell quantile, maximum and count itself."""
    report = report_by(prometheus, "remote-read")
    window = {edge: world.milliseconds(report["window"][edge]) for edge in ("start", "end")}
    truth = cluster.truth(window["start"], window["end"])
    compared = 0
    for key, true in truth.items():
        if true["series"] != 1 or not true["memory"]["samples"]:
            continue
        pod = key[2] + POD_ENDINGS[key[1]]
        selector = (f'container_memory_working_set_bytes{{namespace="{key[0]}",pod=~"{pod}",'
                    f'container="{key[3]}",image!=""}}[{window["end"] - window["start"] - 1}ms]')

        def ask(function, selector=selector):
            answer = prometheus.get("/api/v1/query", query=f"{function}{selector})",
                                    time=(window["end"] - 1) / 1000)
            return [float(one["value"][1]) for one in answer["data"]["result"]]

        if ask("min_over_time(") == [0]:
            continue  # zeros of a finished container: loadline drops them, Prometheus counts them
        advice = rows_of(report)[key]["memory"]
        (count,), (largest,), (p95,) = map(
            ask, ("count_over_time(", "max_over_time(", "quantile_over_time(0.95, "))
        assert (advice["samples"], advice["max_bytes"]) == (count, largest), key
        assert abs(advice["p95_bytes"] - p95) <= BOUND * p95, key
        compared += 1
    assert compared >= 5


@pytest.mark.parametrize("timestamps, interval", [("cadvisor", "30s"), ("scrape", "1m")])
def test_other_clocks_of_scraping_are_understood(tmp_path, timestamps, interval):
    """honor_timestamps, where samples bear cAdvisor's own uneven times; and a slower scrape."""
    small = world.Cluster(f"small-{timestamps}-{interval}", days=4, workloads=8, seed=3,
                          timestamps=timestamps, interval=interval)
    with world.prometheus(small, tmp_path) as server:
        done = world.loadline("report", "--prometheus", server.url, "--window", "3d", "--output", "json")
    assert done.code == 0, done.err
    report = done.json()
    window = report["window"]
    true = small.truth(world.milliseconds(window["start"]), world.milliseconds(window["end"]))
    test_every_quantile_is_within_one_percent_of_the_exact_one(report, true)
    test_every_sample_is_counted_once(report, true)
