"""Commands, exit codes and outputs of the binary."""
import csv
import io
import json
import re

import pytest
import yaml

import world
from fault_server import FakePrometheus, steady_history

USAGE_ERRORS = [
    ["--no-such-flag"], ["no-such-command"], ["report", "--no-such-flag"],
    ["report", "--prometheus", "http://127.0.0.1:1", "--output", "no-such-format"],
    ["report", "--prometheus", "http://127.0.0.1:1", "--window", "fortnight"],
    ["report", "--prometheus", "http://127.0.0.1:1", "--read-path", "telepathy"],
    ["report", "--prometheus", "http://127.0.0.1:1", "--sort", "luck"],
    ["report", "--prometheus", "http://127.0.0.1:1", "--only", "nonsense"],
    ["report", "--prometheus", "http://127.0.0.1:1", "--config", "/no/such/file.yaml"],
    ["report", "--prometheus", "ftp://127.0.0.1"],
    ["report"],
]


@pytest.mark.sanitized
@pytest.mark.parametrize("arguments", USAGE_ERRORS, ids=lambda arguments: " ".join(arguments)[-40:] or "-")
def test_a_usage_error_exits_with_2_and_says_what_to_mend(arguments):
    done = world.loadline(*arguments)
    assert done.code == 2, (done.code, done.err)
    assert done.out == "" and done.err.strip()


@pytest.mark.sanitized
@pytest.mark.parametrize("command", [[], ["report"], ["check"], ["config"], ["version"]])
def test_help_is_on_stdout_and_exits_with_0(command):
    done = world.loadline(*command, "--help")
    assert done.code == 0
    assert "--help" in done.out and done.err == ""


def test_version_tells_a_number():
    done = world.loadline("version")
    assert done.code == 0 and re.search(r"\d+\.\d+\.\d+", done.out)


def test_an_unknown_variable_is_a_usage_error():
    done = world.loadline("config", env={"LOADLINE_PROMETHEUS_URLL": "x"})
    assert done.code == 2 and "LOADLINE_PROMETHEUS_URL" in done.err


def test_an_unknown_key_is_told_with_its_line(tmp_path):
    config = tmp_path / "loadline.yaml"
    config.write_text("prometheus:\n  url: http://127.0.0.1:1\n  tiemouts: {}\n")
    done = world.loadline("config", "--config", config)
    assert done.code == 2
    assert "tiemouts" in done.err and "loadline.yaml:3" in done.err


def test_config_prints_what_is_in_force_and_no_secret(tmp_path):
    config = tmp_path / "loadline.yaml"
    config.write_text("prometheus:\n  url: http://from-file:9090\n  headers: {X-Scope-OrgID: s3cr3t}\n")
    done = world.loadline("config", "--config", config, "--prometheus", "http://from-flag:9090",
                          env={"LOADLINE_WINDOW": "7d"})
    assert done.code == 0, done.err
    effective = yaml.safe_load(done.out)
    assert effective["prometheus"]["url"] == "http://from-flag:9090"
    assert effective["window"] == "7d"
    assert "s3cr3t" not in done.out + done.err


def test_the_printed_config_is_accepted_again(tmp_path):
    again = tmp_path / "again.yaml"
    again.write_text(world.loadline("config", "--prometheus", "http://x:9090").out)
    done = world.loadline("config", "--config", again)
    assert done.code == 0, done.err
    assert done.out == again.read_text()


def outputs(server, output, *more):
    done = world.loadline("report", "--prometheus", server.url, "--output", output, *more)
    assert done.code == 0, done.err
    return done.out


def test_every_output_shows_every_row(prometheus, report_by):
    rows = report_by(prometheus, "remote-read")["recommendations"]
    for output in ("table", "wide", "csv", "markdown", "html", "yaml"):
        text = outputs(prometheus, output)
        missing = [row["workload"] for row in rows if row["workload"] not in text]
        assert not missing, (output, missing)


def test_yaml_holds_what_json_holds(prometheus):
    as_json = json.loads(outputs(prometheus, "json"))
    as_yaml = yaml.safe_load(outputs(prometheus, "yaml"))
    assert as_yaml["schema"] == as_json["schema"] == "loadline/report.v1"
    assert [world.identity(row) for row in as_yaml["recommendations"]] == [
        world.identity(row) for row in as_json["recommendations"]]


def test_csv_has_one_line_a_row_and_a_header(prometheus, report_by):
    lines = list(csv.reader(io.StringIO(outputs(prometheus, "csv"))))
    assert len({len(line) for line in lines}) == 1
    containers = [line for line in lines if line[0] == "container"]
    assert lines[0][0] == "record"
    assert len(containers) == len(report_by(prometheus, "remote-read")["recommendations"])


def test_a_pipe_gets_no_colours_and_no_progress(prometheus):
    done = world.loadline("report", "--prometheus", prometheus.url)
    assert "\x1b" not in done.out + done.err and "\r" not in done.err


def test_filters_choose_rows(prometheus):
    def rows(*options):
        return json.loads(outputs(prometheus, "json", *options))["recommendations"]

    assert {row["namespace"] for row in rows("--namespace", "shop", "--namespace", "tools")} == {
        "shop", "tools"}
    assert {row["namespace"] for row in rows("--exclude-namespace", "kube-*")} == {"shop", "data", "tools"}
    assert {row["workload"] for row in rows("--workload", "web")} == {"web"}
    assert {row["kind"] for row in rows("--workload", "StatefulSet/web")} == {"StatefulSet"}
    assert {row["container"] for row in rows("--container", "proxy")} == {"proxy"}
    assert {row["verdict"] for row in rows("--only", "keep")} == {"keep"}
    assert "catalog" not in {row["workload"] for row in rows("--min-change", "25%")}


def test_risks_stand_before_savings(prometheus, report_by):
    at_risk = [row["at_risk"] for row in report_by(prometheus, "remote-read")["recommendations"]]
    assert any(at_risk) and at_risk == sorted(at_risk, reverse=True)


def test_totals_are_the_sums_of_the_rows(prometheus, report_by):
    report = report_by(prometheus, "remote-read")
    requested = sum(row["replicas"] * (row["cpu"]["current"]["request_cores"] or 0)
                    for row in report["recommendations"] if row["container_type"] != "init")
    assert report["totals"]["cpu"]["requested_cores"] == pytest.approx(requested, rel=0.02)
    assert report["totals"]["containers"] == len(report["recommendations"])


def test_two_reports_of_the_same_data_are_the_same():
    """On a server whose samples end before now, nothing may depend on the moment of asking."""
    with FakePrometheus(steady_history()) as server:
        first, second = (world.loadline("report", "--prometheus", server.url, "--output", "json").json()
                         for _ in range(2))
    assert first["recommendations"] == second["recommendations"]


@pytest.mark.parametrize("name, flavour", [("prometheus", "Prometheus"),
                                           ("victoria_metrics", "VictoriaMetrics")])
def test_check_finds_a_usable_server(servers, name, flavour):
    done = world.loadline("check", "--prometheus", servers(name).url)
    assert done.code == 0, (done.out, done.err)
    for word in (flavour, "container_cpu_usage_seconds_total", "kube_pod_owner", "30s"):
        assert word in done.out


def test_check_says_what_is_missing():
    with FakePrometheus() as server:
        done = world.loadline("check", "--prometheus", server.url)
    assert done.code in (1, 3)
    assert "container_cpu_usage_seconds_total" in done.out + done.err


def test_without_kube_state_metrics_owners_are_inferred_and_marked():
    with FakePrometheus(steady_history()) as server:
        done = world.loadline("report", "--prometheus", server.url, "--output", "json")
    row, = done.json()["recommendations"]
    assert (row["kind"], row["workload"]) == ("Deployment", "web")
    assert row["owner_inferred"] and not row["current_known"]
    assert row["cpu"]["current"] == {"request_cores": None, "limit_cores": None}


@pytest.mark.sanitized
def test_a_report_of_a_real_server_under_the_sanitizers(prometheus):
    for path in ("remote-read", "query"):
        done = world.loadline("report", "--prometheus", prometheus.url, "--read-path", path,
                              "--output", "json", timeout=600)
        assert done.code == 0, done.err
        assert len(done.json()["recommendations"]) > 25
