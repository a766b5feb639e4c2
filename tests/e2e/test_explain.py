"""`loadline explain` through the real binary on a real server: the same numbers as the report's, and
the way to them."""
import time

import pytest

import world


# With the limit at the p95 itself the maxima of this history lie above the rule's limit.
# All runs look at one moment, however long they take.
TIGHT = ["--set", "policy.memory.limit_factor=1", "--now", world.rfc3339(int(time.time()) * 1000)]


@pytest.fixture(scope="module")
def report(servers):
    done = world.loadline("report", "--prometheus", servers("prometheus").url, "--output", "json", *TIGHT)
    assert done.code == 0, done.err
    return done.json()


@pytest.fixture(scope="module")
def row(report):
    """A container whose memory exceeded what the rule gives: the guard sets its limit."""
    for row in report["recommendations"]:
        codes = {(reason["code"], reason["resource"]) for reason in row["reasons"]}
        if ("observed_max", "memory") in codes:
            return row
    pytest.fail("the history holds no container that exceeded the rule's limit")


def explain(servers, row, *flags):
    path = "/".join([row["namespace"], row["kind"], row["workload"], row["container"]])
    return world.loadline("explain", "--prometheus", servers("prometheus").url, path, *TIGHT, *flags)


def test_a_workload_that_exceeds_the_rule_gets_a_raised_limit_and_says_why(row):
    memory = row["memory"]
    limit = memory["recommended"]["limit_bytes"]
    assert memory["max_bytes"] > memory["p95_bytes"] / 1.2
    assert limit >= 1.2 * memory["max_bytes"]
    assert limit <= 1.2 * memory["max_bytes"] * 1.05 + 16 * 2**20
    sentence = next(r["sentence"] for r in row["reasons"] if r["code"] == "observed_max")
    assert "1.2x the observed maximum" in sentence


def test_every_memory_limit_holds_the_observed_maximum(report):
    low = [world.identity(row) for row in report["recommendations"]
           if row["memory"]["recommended"]["limit_bytes"] is not None
           and not {"autoscaled", "node_capacity", "limit_range"} & {r["code"] for r in row["reasons"]}
           and row["memory"]["recommended"]["limit_bytes"] < 1.2 * row["memory"]["max_bytes"] * (1 - 1e-9)]
    assert not low


def test_explain_ends_at_the_numbers_of_the_report(servers, row):
    done = explain(servers, row, "--output", "json")
    assert done.code == 0, done.err
    told = done.json()
    assert told["schema"] == "loadline/explain.v1"
    [container] = told["containers"]
    for resource, unit in (("cpu", "cores"), ("memory", "bytes")):
        told_row = container["recommendation"][resource]
        assert told_row.pop("replica_spread")["pods"] >= 1  # explain keeps the pods apart, the report does not
        assert told_row == {field: value for field, value in row[resource].items() if field != "replica_spread"}
        last = container[resource]["steps"][-1]
        for value in ("request", "limit"):
            assert last[f"{value}_{unit}"] == row[resource]["recommended"][f"{value}_{unit}"]
        assert sum(bar["share"] for bar in container[resource]["histogram"]) == pytest.approx(1)
        assert sum(day["samples"] for day in container[resource]["days"]) == row[resource]["samples"]
    assert "observed maximum" in [step["step"] for step in container["memory"]["steps"]]


def test_explain_for_people_and_for_a_browser(servers, row):
    text = explain(servers, row)
    assert text.code == 0, text.err
    assert row["workload"] in text.out and "observed maximum" in text.out and "####" in text.out
    page = explain(servers, row, "--output", "html")
    assert page.code == 0 and page.out.startswith("<!DOCTYPE html>") and "observed maximum" in page.out


def test_a_workload_that_is_not_there_is_said(servers):
    done = world.loadline("explain", "--prometheus", servers("prometheus").url, "shop/Deployment/nobody")
    assert done.code == 2
    assert "nothing is known of shop/Deployment/nobody" in done.err


def test_a_rule_changes_one_workload_and_no_other(servers, report, row, tmp_path):
    config = tmp_path / "loadline.yaml"
    config.write_text(f"""policies:
  - match: {{namespace: {row["namespace"]}, kind: {row["kind"]}, name: "{row["workload"]}"}}
    guards: {{max_factor: none, in_use: false, growth: false, oom_factor: none}}
    cpu: {{request: 123m, limit: 1}}
""")
    done = world.loadline("report", "--prometheus", servers("prometheus").url, "--config", str(config),
                          "--output", "json", *TIGHT)
    assert done.code == 0, done.err
    before = {world.identity(r): r for r in report["recommendations"]}
    for after in done.json()["recommendations"]:
        same = before[world.identity(after)]
        if (after["namespace"], after["kind"], after["workload"]) == (
                row["namespace"], row["kind"], row["workload"]):
            assert after["cpu"]["recommended"] == {"request_cores": 0.123, "limit_cores": 1}
            assert after["memory"]["recommended"]["limit_bytes"] <= same["memory"]["recommended"]["limit_bytes"]
        else:
            assert after["cpu"] == same["cpu"] and after["memory"] == same["memory"]
