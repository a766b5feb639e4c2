"""Workloads whose history is written here, line by line, because the answer must be known beforehand:
one that exceeds twice its p95, and one with a single hot replica. Debian's promtool makes the blocks."""
import subprocess
import time

import pytest

import serving
import world

DAYS, STEP = 5, 60
MI = 2**20
COLD, HOT, REPLICAS = 0.1, 0.8, 25
SPOT = tuple(f"{i:05d}" for i in range(10))  # ends of names of pods on the cheap pool
HOTTEST = ["--set", "policy.aggregation=hottest"]


def labels(**pairs):
    return "{" + ",".join(f'{name}="{value}"' for name, value in pairs.items()) + "}"


def of_pod(workload, pod):
    own = {"namespace": "shop", "pod": pod}
    return [("kube_pod_owner", labels(**own, owner_kind="ReplicaSet", owner_name=f"{workload}-5d4f8c7b9d",
                                      owner_is_controller="true")),
            ("kube_pod_info", labels(**own, node="node-spot" if pod.endswith(SPOT) else "node-a", created_by_kind="ReplicaSet", created_by_name=f"{workload}-5d4f8c7b9d")),
            ("kube_pod_status_phase", labels(**own, phase="Running"))]


def of_workload(workload):
    return [("kube_replicaset_owner", labels(namespace="shop", replicaset=f"{workload}-5d4f8c7b9d",
                                             owner_kind="Deployment", owner_name=workload, owner_is_controller="true"))]


def usage(metric, pod):
    more = {"cpu": "total"} if "cpu" in metric else {}
    return metric, labels(namespace="shop", pod=pod, container="app", image="app:1", id=f"/pods/{pod}", **more)


def times(now):
    return range(now - DAYS * 86400, now + 1, STEP)


def spiky_memory(t):
    """100Mi, and 350Mi in one of a hundred minutes: p95 is 100Mi, twice that is not enough."""
    return 350 * MI if t // STEP % 100 == 0 else 100 * MI


def series(now):
    """(metric, labels, value of t), a metric's series side by side as OpenMetrics wants them."""
    pods = {"uneven": [f"uneven-5d4f8c7b9d-{i:05d}" for i in range(REPLICAS)], "spiky": ["spiky-5d4f8c7b9d-00000"]}
    told = [(*one, lambda t: 1) for name, own in pods.items() for one in of_workload(name)]
    told += [("kube_node_labels", labels(node=node, label_pool=pool), lambda t: 1)
             for node, pool in (("node-a", "standard"), ("node-spot", "spot"))]
    told += [("kube_pod_container_resource_requests", labels(namespace="shop", pod=pod, container="app",
                                                             resource=resource, unit=unit), lambda t, asked=asked: asked)
             for own in pods.values() for pod in own
             for resource, unit, asked in (("cpu", "core", 1), ("memory", "byte", 2**30))]
    told += [(*one, lambda t: 1) for name, own in pods.items() for pod in own for one in of_pod(name, pod)]
    told += [(*usage("container_memory_working_set_bytes", pod), lambda t: 64 * MI) for pod in pods["uneven"]]
    told += [(*usage("container_memory_working_set_bytes", pods["spiky"][0]), spiky_memory)]
    rates = {pod: COLD for pod in pods["uneven"][1:] + pods["spiky"]} | {pods["uneven"][0]: HOT}
    told += [(*usage("container_cpu_usage_seconds_total", pod), lambda t, rate=rate: rate * (t - now + DAYS * 86400))
             for pod, rate in rates.items()]
    return sorted(told, key=lambda one: one[0])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("own")
    now = int(time.time()) // STEP * STEP
    with open(scratch / "history.om", "w") as out:
        for metric, own, value in series(now):
            out.writelines(f"{metric}{own} {value(t)} {t}\n" for t in times(now))
        out.write("# EOF\n")
    subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", str(scratch / "history.om"),
                    str(scratch / "tsdb")], check=True, capture_output=True, timeout=300)

    class Blocks:
        tsdb = staticmethod(lambda: scratch / "tsdb")
    with world.prometheus(Blocks, scratch) as running:
        yield running


def rows_of(document):
    return {row["workload"]: row for row in document["recommendations"]}


def report(server, *flags):
    done = world.loadline("report", "--prometheus", server.url, "--output", "json", *flags)
    assert done.code in (0, 3), done.err
    return rows_of(done.json())


def test_memory_that_exceeds_twice_its_p95_gets_a_raised_limit_and_says_why(server):
    memory = report(server)["spiky"]["memory"]
    assert memory["p95_bytes"] == pytest.approx(100 * MI, rel=0.01)
    assert memory["max_bytes"] == 350 * MI
    assert memory["recommended"]["limit_bytes"] == 420 * MI  # 1.2 x 350Mi, not 2 x 100Mi
    reasons = {reason["code"]: reason["sentence"] for reason in report(server)["spiky"]["reasons"]}
    assert "1.2x the observed maximum of 350Mi" in reasons["observed_max"]


def test_the_bare_rule_would_have_had_it_killed_and_its_backtest_says_so(server):
    guarded = report(server)["spiky"]["backtest"]
    bare = report(server, "--set", "policy.preset=no-guards")["spiky"]["backtest"]
    assert bare["days"] == guarded["days"] > 0
    assert bare["oom_days"] == bare["days"]
    assert guarded["oom_days"] == 0
    assert guarded["memory_above_request_ratio"] == pytest.approx(0.01, abs=0.002)


def test_a_hot_replica_hides_in_the_pool_and_not_from_hottest(server):
    pooled = report(server)["uneven"]["cpu"]
    assert pooled["target_cores"] == pytest.approx(COLD, rel=0.01)
    assert pooled["replica_spread"] is None
    hottest = report(server, *HOTTEST)["uneven"]["cpu"]
    assert hottest["target_cores"] == pytest.approx(HOT, rel=0.01)
    assert hottest["p95_cores"] == pooled["p95_cores"]
    assert hottest["recommended"]["request_cores"] == pytest.approx(HOT, rel=0.02)
    assert hottest["replica_spread"]["pods"] == REPLICAS
    assert hottest["replica_spread"]["above_request"] == 0


def test_explain_names_the_hot_replica(server):
    done = world.loadline("explain", "--prometheus", server.url, "shop/Deployment/uneven", "--output", "json")
    [container] = done.json()["containers"]
    spread = container["recommendation"]["cpu"]["replica_spread"]
    assert spread["pods"] == REPLICAS and spread["above_request"] == 1
    assert spread["hottest_cores"] == pytest.approx(HOT, rel=0.01)
    assert container["cpu"]["pods"][0]["pod"] == "uneven-5d4f8c7b9d-00000"
    assert "hot_replica" in {reason["code"] for reason in container["recommendation"]["reasons"]}
    text = world.loadline("explain", "--prometheus", server.url, "shop/Deployment/uneven")
    assert "the hottest of 25 pods; 1 above the recommended request" in text.out


def served(serve):
    serve.wait_cycles(1)
    return rows_of(serve.json("/api/v1/recommendations"))


def test_serve_keeps_the_pods_apart_over_a_restart_and_a_rule_that_goes_reads_anew(server, tmp_path):
    rule = "policies=[{match: {namespace: shop, name: uneven}, aggregation: hottest}]"
    state = tmp_path / "state"
    for _ in range(2):
        with serving.Serve(server.url, state, "--set", rule) as serve:
            rows = served(serve)
        assert rows["uneven"]["cpu"]["replica_spread"]["pods"] == REPLICAS
        assert rows["uneven"]["cpu"]["target_cores"] == pytest.approx(HOT, rel=0.01)
        assert rows["spiky"]["cpu"]["replica_spread"] is None
    with serving.Serve(server.url, state) as serve:
        rows = served(serve)
    assert rows["uneven"]["cpu"]["replica_spread"] is None
    assert rows["uneven"]["cpu"]["target_cores"] == pytest.approx(COLD, rel=0.01)


PRICES = """currency: EUR
core_hour: 0.03
gib_hour: 0.004
pool_label: pool
pools: {spot: {core_hour: 0.01, gib_hour: 0.001}}
"""


@pytest.fixture()
def prices(tmp_path):
    path = tmp_path / "prices.yaml"
    path.write_text(PRICES)
    return path


def hourly(cores, memory_bytes):
    """25 replicas, ten of them on the cheap pool."""
    gib = memory_bytes / 2**30
    standard, spot = 0.03 * cores + 0.004 * gib, 0.01 * cores + 0.001 * gib
    return 15 * standard + 10 * spot


def test_costs_are_by_pool_and_the_fleet_is_the_sum_of_its_rows(server, prices):
    done = world.loadline("report", "--prometheus", server.url, "--output", "json", "--prices", prices)
    told = done.json()
    assert told["prices"] == {"currency": "EUR", "month_hours": 730}
    row = rows_of(told)["uneven"]
    advised = row["cpu"]["recommended"]["request_cores"], row["memory"]["recommended"]["request_bytes"]
    assert row["cost"]["current_per_month"] == pytest.approx(730 * hourly(1, 2**30), abs=1e-3)
    assert row["cost"]["recommended_per_month"] == pytest.approx(730 * hourly(*advised), abs=1e-3)
    for field, value in told["totals"]["cost"].items():
        assert value == pytest.approx(sum(r["cost"][field] for r in told["recommendations"]), abs=1e-3)
    text = world.loadline("report", "--prometheus", server.url, "--prices", prices).out
    assert "cost: EUR" in text and "less, once nodes go away" in text


def test_serve_tells_costs_as_metrics_and_a_bad_price_file_is_refused(server, prices, tmp_path):
    with serving.Serve(server.url, tmp_path / "state", "--prices", str(prices)) as serve:
        serve.wait_cycles(1)
        metrics = serve.metrics()
    [now] = [value for name, value in metrics.items()
             if name.startswith("loadline_cost_current_per_hour{") and 'target_name="uneven"' in name]
    assert now == pytest.approx(hourly(1, 2**30))
    prices.write_text("currency: EUR\ncore: 1\n")
    done = world.loadline("report", "--prometheus", server.url, "--prices", prices)
    assert done.code == 2 and f"{prices}:2: core: unknown key" in done.err
