"""The facts that bound a recommendation, as the real binary reads them off real servers: what `serve`
keeps in its file, and what `check` says of their metrics.

| workload | fact |
|---|---|
| data/Deployment/importer | OOM-killed at 512 MiB every 39 hours, restarts |
| shop/Deployment/legacy | a child process OOM-killed once, no limit |
| shop/Deployment/pricing | throttled in 35 % of the periods |
| shop/Deployment/frontend | an autoscaler on CPU |
| namespace tools | a LimitRange |
| namespace data | a quota on requests.cpu |
"""
import time

import pytest

import serving
import world

HOUR = 3_600_000
MINUTE = 60_000
MIB = 1024 * 1024

SERVERS = pytest.mark.parametrize("name", ["prometheus", "victoria_metrics"])


def facts_of(state, namespace, workload, kind="Deployment"):
    return serving.workload_facts(state["workloads"]["", namespace, kind, workload])


def container_of(state, namespace, workload):
    (container,) = facts_of(state, namespace, workload)["containers"].values()
    return container


def now_ms():
    return int(time.time()) * 1000


def state_at(server, state_dir, moment_ms):
    _, state, _ = serving.settled(server.url, state_dir, moment_ms, *serving.SETTLE)
    return state


def kills_told(prometheus, until_ms):
    """The times at which the importer was killed, as the samples themselves say."""
    answer = prometheus.get("/api/v1/query", time=until_ms / 1000, query="max by (pod) ("
                            "kube_pod_container_status_last_terminated_timestamp{container='importer'})[16d:4m]")
    (series,) = answer["data"]["result"]
    return sorted({float(value) * 1000 for _, value in series["values"]})


@SERVERS
def test_what_happened_to_containers_is_known(servers, name, tmp_path):
    state = state_at(servers(name), tmp_path / "state", now_ms())
    importer = container_of(state, "data", "importer")
    assert importer["restarts"] >= importer["kills"] >= 7  # 14 days of 39 hours each
    assert importer["kill_limit_bytes"] == 512 * MIB
    assert 0 < now_ms() - importer["last_kill_ms"] < 40 * HOUR
    legacy = container_of(state, "shop", "legacy")
    assert legacy["kills"] == 1 and "kill_limit_bytes" not in legacy
    assert 68 * HOUR < now_ms() - legacy["last_kill_ms"] < 73 * HOUR
    assert container_of(state, "shop", "pricing")["throttled_ratio"] == pytest.approx(0.35)
    assert "throttled_ratio" not in container_of(state, "shop", "catalog")
    killed = {key for key, row in state["workloads"].items()
              if any("kills" in one for one in serving.workload_facts(row)["containers"].values())}
    assert killed == {("", "data", "Deployment", "importer"), ("", "shop", "Deployment", "legacy")}


@SERVERS
def test_what_bounds_a_recommendation_from_outside_is_known(servers, name, tmp_path):
    state = state_at(servers(name), tmp_path / "state", now_ms())
    frontend = facts_of(state, "shop", "frontend")
    assert (frontend["autoscaler"], frontend["autoscaled"]) == ("frontend", ["cpu"])
    assert "autoscaler" not in facts_of(state, "shop", "web")
    assert state["bounds"] == {
        "namespaces": {
            ("", "data"): {"cpu": {"requests_left": 27.5}, "memory": {}},
            ("", "tools"): {"cpu": {"min": 0.005, "max": 8},
                            "memory": {"min": 8 * MIB, "max": 16 * 1024 * MIB}}},
        "largest_nodes": {"": {"cpu": 15.89, "memory": 61 * 1024 * MIB}}}


def test_kills_are_those_that_the_samples_tell_of(prometheus, tmp_path):
    moment = now_ms()
    state = state_at(prometheus, tmp_path / "state", moment)
    importer = container_of(state, "data", "importer")
    first_ms = state["header"]["first_day"] * 24 * HOUR
    told = [ms for ms in kills_told(prometheus, moment) if ms >= first_ms]
    assert importer["last_kill_ms"] == told[-1]
    # The restart after one may fall into the 40 minutes in which nothing was scraped.
    assert importer["kills"] in (len(told) - 1, len(told))


@SERVERS
def test_kills_read_cycle_by_cycle_are_those_of_one_read(servers, name, tmp_path):
    """Two simulated days in cycles of two hours, a kill and a turn of the day among them."""
    server = servers(name)
    begin = now_ms() - 50 * HOUR
    with serving.Serve(server.url, tmp_path / "cycles", *serving.SETTLE, "--now", world.rfc3339(begin),
                       "--clock-speed", "6000", "--interval", "2h") as serve:
        serve.wait_for(lambda one: one.get("/readyz")[0] == 200 and world.milliseconds(
            one.json("/api/v1/recommendations")["window"]["end"]) > begin + 44 * HOUR)
        assert serve.term()[0] == 0
    cycles = serving.dump_state(tmp_path / "cycles")
    end = cycles["header"]["complete_up_to_ms"] + serving.SETTLE_MS
    whole = state_at(server, tmp_path / "whole", end)
    assert cycles["header"]["first_day"] == whole["header"]["first_day"]
    assert container_of(cycles, "data", "importer")["last_kill_ms"] > begin
    for workload in (("data", "importer"), ("shop", "legacy"), ("shop", "pricing")):
        assert container_of(cycles, *workload) == container_of(whole, *workload)
    assert cycles["bounds"] == whole["bounds"]


@SERVERS
def test_check_says_that_the_metrics_of_the_facts_are_there(servers, name):
    found = {row["name"]: row["found"] for row in
             world.loadline("check", "--prometheus", servers(name).url, "--output", "json").json()["metrics"]}
    for metric in ("kube_pod_container_status_last_terminated_reason",
                   "kube_pod_container_status_last_terminated_timestamp", "container_oom_events_total",
                   "container_cpu_cfs_throttled_periods_total", "kube_horizontalpodautoscaler_info",
                   "kube_limitrange", "kube_resourcequota", "kube_node_status_allocatable"):
        assert found[metric], metric
