"""Backtests through the real binary: a trace whose numbers are known by hand, the same samples from a
trace and from a real Prometheus, and the ranks of policies on real usage."""
import csv
import io
import json
import lzma
import os
import pathlib
import subprocess
import time

import pytest

import world

MI = 1024 * 1024
DAY = 86400
REAL_TRACE = "traces/operate_first_5m.csv.xz"


def backtest_of(text, *arguments):
    """The outcome of a backtest of this text on standard input."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOADLINE_")}
    done = subprocess.run([str(world.BIN), "backtest", "--trace", "-", *arguments],
                          input=text.encode(), env=clean, capture_output=True, timeout=120, check=False)
    return world.Outcome(done.returncode, done.stdout.decode(), done.stderr.decode(), 0)


def by_name(report):
    return {policy["name"]: policy for policy in report["policies"]}


def trace_by_hand(header="namespace,pod,container,t,cpu,memory", cpu_unit=1, memory_unit=1):
    """Five days of web-0, 100 samples each: 60 at 50m, 20 at 150m, 20 at 250m; 150 MiB, on the fifth
    day 250 MiB."""
    lines = [header]
    for day in range(5):
        memory = (250 if day == 4 else 150) * MI * memory_unit
        for i in range(100):
            cpu = 0.05 if i < 60 else 0.15 if i < 80 else 0.25
            lines.append(f"shop,web-0,app,{(19000 + day) * DAY + 60 * i},{cpu * cpu_unit:g},{memory:.0f}")
    return "\n".join(lines) + "\n"


def test_a_trace_by_hand_gives_the_numbers_by_hand():
    done = backtest_of(trace_by_hand(), "-o", "json")
    assert done.code == 0, done.err
    report = done.json()
    assert report["schema"] == "loadline/backtest.v1"
    assert report["judged_days"] == ["2022-01-11", "2022-01-12"]
    policies = by_name(report)
    assert list(policies) == ["default", "no-guards", "vpa", "krr", "autopilot"]
    assert {policy["pod_days"] for policy in policies.values()} == {2}

    default = policies["default"]  # p95 = 250m and 150 MiB, on days 4 and 5
    assert default["oom_days_per_100_pod_days"] == 0
    assert default["requested_cores"] == pytest.approx(0.25)
    assert default["requested_memory_bytes"] == 150 * MI
    assert default["limit_memory_bytes"] == 300 * MI
    assert default["cpu_above_request_ratio"] == 0
    assert default["relative_slack_cpu"] == pytest.approx(0.5)
    assert default["relative_slack_memory"] == pytest.approx((150 / 300 + 50 / 300) / 2)
    assert default["changes_per_container_day"] == 0
    assert default["coverage_ratio"] == 1

    krr = policies["krr"]  # 150 MiB + 15 % do not hold 250 MiB
    assert krr["oom_days_per_100_pod_days"] == 50
    assert krr["requested_memory_bytes"] == pytest.approx(172.5 * MI)
    assert krr["cpu_above_limit_ratio"] == 0
    assert krr["limit_cores"] is None

    vpa = policies["vpa"]  # the floor of 250 MiB; the edge above 250m is 258.4m
    assert vpa["requested_memory_bytes"] == 250 * MI
    assert vpa["requested_cores"] == pytest.approx(1.15 * 0.2 * (1.05 ** 17 - 1))
    assert vpa["oom_days_per_100_pod_days"] == 0

    autopilot = policies["autopilot"]
    assert autopilot["requested_cores"] == pytest.approx(1.15 * 0.25)
    assert autopilot["oom_days_per_100_pod_days"] == 50

    worst = [row for row in report["worst"] if row["policy"] == "krr"]
    assert [row["workload"] for row in worst] == ["web"]
    assert worst[0]["worst_day"] == {"date": "2022-01-12", "pod": "web-0", "memory_max_bytes": 250 * MI,
                                     "memory_limit_bytes": pytest.approx(172.5 * MI)}


def test_units_in_the_names_of_columns_give_the_same():
    plain = backtest_of(trace_by_hand(), "-o", "json").json()
    named = backtest_of(trace_by_hand("namespace,pod,container,t,cpu_mcores_mean,mem_kib_max", 1000, 1 / 1024),
                        "-o", "json").json()
    assert named["policies"] == plain["policies"]


def test_policies_are_chosen_and_the_configuration_is_one_of_them():
    done = backtest_of(trace_by_hand(), "--policy", "configured", "--policy", "krr", "-o", "json",
                       "--set", "policy.memory.limit_factor=1", "--set", "policy.guards.max_factor=none")
    assert done.code == 0, done.err
    policies = by_name(done.json())
    assert list(policies) == ["configured", "krr"]
    assert policies["configured"]["limit_memory_bytes"] == 150 * MI
    assert policies["configured"]["oom_days"] == 1


@pytest.mark.parametrize("form", ["table", "csv", "markdown", "html"])
def test_every_format_names_policies_and_the_worst(form, tmp_path):
    done = backtest_of(trace_by_hand(), "-o", form, "--output-file", str(tmp_path / "out"))
    assert done.code == 0 and done.out == ""
    text = (tmp_path / "out").read_text()
    assert "autopilot" in text and "web" in text
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["scope"] for row in rows] == ["total"] * 5 + ["container"] * 5


def test_what_is_wrong_with_the_command_is_said_in_one_line(tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("namespace,pod,container,t,cpu\nshop,web,app,soon,1\n")
    for arguments, message in [(["--trace", bad], f"{bad}:2: "),
                               (["--trace", tmp_path / "none"], "cannot open"),
                               (["--trace", bad, "--policy", "vpq"], "there are configured, default")]:
        done = world.loadline("backtest", *arguments)
        assert done.code == 2 and message in done.err and done.out == ""


def test_a_trace_of_nothing_is_incomplete():
    done = backtest_of("namespace,pod,container,t,cpu,memory\n", "-o", "json")
    assert done.code == 3
    assert done.json()["policies"][0]["oom_days_per_100_pod_days"] is None


def memory_trace_of(prometheus, namespace, start_s, end_s):
    """The raw samples of the working set in [start, end), as Prometheus itself gives them."""
    selector = (f'container_memory_working_set_bytes{{namespace="{namespace}",container!="",'
                'container!="POD",image!=""}')
    lines = ["namespace,pod,container,t,memory"]
    for begin in range(start_s, end_s, DAY):
        until = min(begin + DAY, end_s)
        answer = prometheus.get("/api/v1/query", query=f"{selector}[{until - begin}s]", time=f"{until - 0.001:.3f}")
        for series in answer["data"]["result"]:
            labels = series["metric"]
            for t, value in series["values"]:
                if begin <= t < until:
                    lines.append(f"{namespace},{labels['pod']},{labels['container']},{t},{value}")
    return "\n".join(lines) + "\n"


def test_the_same_samples_give_the_same_numbers_from_prometheus_and_from_a_trace(prometheus):
    policies = ["--policy", "default", "--policy", "krr", "--policy", "autopilot", "-o", "json"]
    now = int(time.time())
    fleet = world.loadline("backtest", "-p", prometheus.url, "--now", now, *policies)
    assert fleet.code == 0, fleet.err
    namespace = fleet.json()["by_container"][0]["namespace"]
    read = world.loadline("backtest", "-p", prometheus.url, "--now", now, "-n", namespace, *policies)
    assert read.code == 0, read.err
    start = world.milliseconds(read.json()["window"]["start"]) // 1000
    traced = backtest_of(memory_trace_of(prometheus, namespace, start, now), *policies)
    assert traced.code == 0, traced.err
    names = ["memory_pod_days", "oom_days", "oom_days_per_100_pod_days", "relative_slack_memory",
             "requested_memory_bytes", "limit_memory_bytes"]
    left, right = by_name(read.json()), by_name(traced.json())
    for policy in left:
        assert left[policy]["memory_pod_days"] > 0
        for name in names:
            assert left[policy][name] == pytest.approx(right[policy][name], rel=1e-9), (policy, name)


def test_today_s_limits_tell_what_may_be_censored(prometheus):
    report = world.loadline("backtest", "-p", prometheus.url, "-o", "json").json()
    assert report["source"]["kind"] == "prometheus"
    assert report["censored"]["containers_without_known_limits"] < report["containers"]
    assert any("pressed against today's limit" in note for note in report["notes"])
    assert len({policy["pod_days"] for policy in report["policies"]}) == 1


def test_real_usage_ranks_the_default_before_its_peers():
    shared = pathlib.Path(os.environ.get("LOADLINE_SHARED", world.SOURCE.parent / "shared"))
    if not (shared / REAL_TRACE).exists():
        pytest.skip(f"no {REAL_TRACE} in {shared}: set LOADLINE_SHARED to the folder that has it")
    text = lzma.open(shared / REAL_TRACE, "rt").read()
    done = backtest_of(text, "-o", "json")
    assert done.code == 0, done.err
    policies = by_name(done.json())
    risk = {name: policy["oom_days_per_100_pod_days"] for name, policy in policies.items()}
    memory = {name: policy["requested_memory_bytes"] for name, policy in policies.items()}
    assert risk["default"] < risk["vpa"] and risk["default"] < risk["krr"]
    assert risk["default"] <= risk["no-guards"]
    assert memory["default"] < memory["vpa"] and memory["default"] < memory["krr"]
    assert len({policy["pod_days"] for policy in policies.values()}) == 1
    assert json.loads(done.out) == json.loads(backtest_of(text, "-o", "json").out)
