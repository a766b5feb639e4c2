"""`loadline serve` on real servers: its numbers are those of a report, whatever happens on the way."""
import json
import re
import shutil
import signal
import subprocess
import time
import urllib.request

import pytest

import world
from serving import Serve

MINUTE = 60_000


def rows_of(report):
    return {world.identity(row): row for row in report["recommendations"]}


def comparable(report):
    """The rows, but for the replicas of jobs: a report counts them at the end of its window, the
    service minutes later."""
    rows = {key: dict(row) for key, row in rows_of(report).items()}
    for (_, kind, _, _), row in rows.items():
        if kind in ("CronJob", "Job"):
            del row["replicas"]
    return rows


def report_at(url, end, *arguments):
    done = world.loadline("report", "--prometheus", url, "--now", end, "--output", "json", *arguments)
    assert done.code in (0, 3), done.err
    return done.json()


def same_as_report(served, url, *arguments):
    """The API's rows are those of a report whose window ends where the served one does."""
    report = report_at(url, served["window"]["end"], *arguments)
    assert served["window"] == report["window"]
    assert comparable(served) == comparable(report)
    assert len(rows_of(report)) > 10
    return True


def ago(**units):
    """Some time ago, as --now takes it: the clusters' data ends after now."""
    seconds = 60 * units.get("minutes", 0) + 3600 * units.get("hours", 0) + 86400 * units.get("days", 0)
    return world.rfc3339(int(time.time() - seconds) * 1000)


def end_of(serve):
    return serve.json("/api/v1/recommendations")["window"]["end"]


def test_the_api_says_what_a_report_says(prometheus, tmp_path):
    with Serve(prometheus.url, tmp_path / "state") as serve:
        serve.wait_ready()
        assert same_as_report(serve.json("/api/v1/recommendations"), prometheus.url)
        status = serve.json("/api/v1/status")
        assert (status["phase"], status["ready"]) == ("steady", True)
        assert serve.term()[0] == 0


@pytest.mark.parametrize("server, path", [("prometheus", "remote-read"), ("prometheus", "query"),
                                          ("prometheus", "remote-read-samples"),
                                          ("victoria_metrics", "export")])
def test_cycles_read_on_and_still_say_what_a_report_says(servers, server, path, tmp_path):
    """Cycles of a clock that runs 300 times as fast: five simulated minutes a second."""
    url = servers(server).url
    with Serve(url, tmp_path / "state", "--read-path", path, "--now", ago(hours=3), "--clock-speed", 300,
               "--interval", "5m") as serve:
        serve.wait_ready()
        first = serve.metrics()["loadline_samples_read_total"]
        begin = end_of(serve)
        serve.wait_cycles(6)
        served = serve.json("/api/v1/recommendations")
        assert world.milliseconds(served["window"]["end"]) >= world.milliseconds(begin) + 15 * MINUTE
        read_on = serve.metrics()["loadline_samples_read_total"] - first
        assert 0 < read_on < first / 20
        assert same_as_report(served, url, "--read-path", path)


def test_a_restart_is_ready_from_its_store_and_reads_only_what_is_new(prometheus, tmp_path):
    with Serve(prometheus.url, tmp_path / "state", "--now", ago(minutes=20)) as serve:
        serve.wait_ready()
        whole = serve.metrics()["loadline_samples_read_total"]
        assert serve.term()[0] == 0
    with Serve(prometheus.url, tmp_path / "state", "--now", ago(minutes=5)) as serve:
        serve.wait_ready()
        serve.wait_cycles(1)
        assert serve.events("stored profiles published")
        assert 0 < serve.metrics()["loadline_samples_read_total"] < whole / 20
        assert same_as_report(serve.json("/api/v1/recommendations"), prometheus.url)


def test_a_restart_is_ready_while_prometheus_is_away(prometheus, tmp_path):
    with Serve(prometheus.url, tmp_path / "state") as serve:
        serve.wait_ready()
        before = rows_of(serve.json("/api/v1/recommendations"))
        serve.term()
    url = f"http://127.0.0.1:{world.free_port()}"
    # Another URL is another state, so the store is told that it is the same server that moved away.
    with Serve(prometheus.url, tmp_path / "state", "--proxy", url, "--set", "prometheus.max_retries=0",
               "--interval", "1s") as serve:
        serve.wait_ready()
        assert rows_of(serve.json("/api/v1/recommendations")) == before
        serve.wait_for(lambda _: serve.metrics()['loadline_cycles_total{outcome="failed"}'] >= 2)
        status = serve.json("/api/v1/status")
        assert status["cycles"]["failures_in_a_row"] >= 2
        assert "127.0.0.1" in status["cycles"]["last_error"]
        assert serve.get("/healthz")[0] == 200


def test_a_gap_that_prometheus_left_is_filled_when_it_is_back(cluster, tmp_path):
    """Down for simulated hours, then back on the same address."""
    with world.prometheus(cluster, tmp_path) as server:
        url = server.url
        arguments = [*server.process.args]
        with Serve(url, tmp_path / "state", "--now", ago(hours=6), "--clock-speed", 1200, "--interval", "5m",
                   "--set", "prometheus.max_retries=0") as serve:
            serve.wait_ready()
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            serve.wait_for(lambda _: serve.metrics()['loadline_cycles_total{outcome="failed"}'] >= 2)
            down = end_of(serve)
            time.sleep(3)  # an hour of the simulated clock
            with world.Server(arguments, url, "/-/ready", tmp_path / "again.log"):
                serve.wait_for(lambda _: world.milliseconds(end_of(serve)) >
                               world.milliseconds(down) + 60 * MINUTE, 60)
                assert same_as_report(serve.json("/api/v1/recommendations"), url)


def write_config(path, url, **settings):
    path.write_text(json.dumps({"prometheus": {"url": url}, **settings}))


def gauge(serve, name):
    return serve.metrics()[name]


@pytest.mark.parametrize("how", ["SIGHUP", "a changed file"])
def test_settings_are_read_again_and_bad_ones_refused(prometheus, tmp_path, how):
    config = tmp_path / "loadline.yaml"

    def change(**settings):
        write_config(config, prometheus.url, **settings)
        if how == "SIGHUP":
            serve.process.send_signal(signal.SIGHUP)

    write_config(config, prometheus.url, serve={"interval": "1s"})
    with Serve(None, tmp_path / "state", "--config", config) as serve:
        serve.wait_ready()
        change(serve={"interval": "1s"}, policy={"cpu": {"quantil": 0.5}})
        serve.wait_for(lambda _: gauge(serve, "loadline_config_last_reload_successful") == 0)
        error = serve.json("/api/v1/status")["config_error"]
        assert "policy.cpu.quantile" in error and "loadline.yaml:1" in error
        assert serve.json("/api/v1/recommendations")["policy"]["cpu"]["quantile"] == 0.95

        change(serve={"interval": "1s"}, policy={"cpu": {"quantile": 0.5}})
        serve.wait_for(lambda _: gauge(serve, "loadline_config_last_reload_successful") == 1)
        serve.wait_for(lambda _: serve.json("/api/v1/recommendations")["policy"]["cpu"]["quantile"] == 0.5)
        assert serve.json("/api/v1/status")["config_error"] is None
        assert same_as_report(serve.json("/api/v1/recommendations"), prometheus.url,
                              "--set", "policy.cpu.quantile=0.5")


def test_a_change_of_what_a_sample_becomes_reads_everything_anew(prometheus, tmp_path):
    with Serve(prometheus.url, tmp_path / "state") as serve:
        serve.wait_ready()
        serve.term()
    with Serve(prometheus.url, tmp_path / "state", "--set", "cpu_window=120s") as serve:
        serve.wait_ready()
        assert serve.events("profiles are read anew")
        assert gauge(serve, "loadline_state_rebuilt_total") == 1
        assert same_as_report(serve.json("/api/v1/recommendations"), prometheus.url, "--set", "cpu_window=120s")


def test_a_longer_window_reads_everything_anew_and_a_shorter_one_drops_days(prometheus, tmp_path):
    for window, anew in [("7d", False), ("3d", False), ("14d", True)]:
        with Serve(prometheus.url, tmp_path / "state", "--window", window, "--interval", "1s") as serve:
            serve.wait_cycles(1)
            serve.wait_ready()
            assert (gauge(serve, "loadline_state_rebuilt_total") == 1) == anew
            assert same_as_report(serve.json("/api/v1/recommendations"), prometheus.url, "--window", window)


def test_the_shards_together_are_the_whole(prometheus, tmp_path):
    now = ago(minutes=10)
    whole = None
    parts = []
    for total in (1, 3):
        for shard in range(total):
            pod = {"POD_NAME": f"loadline-{shard}"}
            with Serve(prometheus.url, tmp_path / f"state-{total}-{shard}", "--now", now, "--clock-speed", 0.001,
                       "--total-shards", total, env=pod) as serve:
                serve.wait_ready()
                rows = rows_of(serve.json("/api/v1/recommendations"))
                if total == 1:
                    whole = rows
                else:
                    assert serve.json("/api/v1/status")["shard"] == {"index": shard, "total": 3}
                    parts.append(rows)
    assert all(len(part) > 3 for part in parts)
    assert sum(len(part) for part in parts) == len(whole)
    assert {key: row for part in parts for key, row in part.items()} == whole


# ---- the state directory -----------------------------------------------------------------------

def test_a_damaged_state_is_set_aside_and_rebuilt(prometheus, tmp_path):
    with Serve(prometheus.url, tmp_path / "state") as serve:
        serve.wait_ready()
        serve.term()
    database = tmp_path / "state/loadline.db"
    content = bytearray(database.read_bytes())
    for at in range(4096, len(content), 4096):
        content[at:at + 64] = b"\xff" * 64
    database.write_bytes(content)
    with Serve(prometheus.url, tmp_path / "state") as serve:
        serve.wait_ready()
        assert gauge(serve, "loadline_store_set_aside_total") == 1
        assert "damaged" in serve.json("/api/v1/status")["store"]["set_aside"]
        assert same_as_report(serve.json("/api/v1/recommendations"), prometheus.url)
    assert [path for path in (tmp_path / "state").iterdir() if "damaged" in path.name]


def test_without_a_state_directory_everything_is_in_memory(prometheus, tmp_path):
    with Serve(prometheus.url, "", cwd=tmp_path) as serve:
        serve.wait_ready()
        assert serve.json("/api/v1/status")["store"]["directory"] is None
        assert same_as_report(serve.json("/api/v1/recommendations"), prometheus.url)
    assert not list(tmp_path.iterdir())


def refused(url, *arguments, code=2, **options):
    done = world.loadline("serve", *(["--prometheus", url] if url else []), "--set",
                          "serve.listen=127.0.0.1:0", *arguments, timeout=30, **options)
    assert done.code == code, done.err
    assert done.out == ""
    return done.err


def test_a_second_process_on_the_same_state_is_refused(prometheus, tmp_path):
    with Serve(prometheus.url, tmp_path / "state") as serve:
        serve.wait_ready()
        error = refused(prometheus.url, "--state-dir", tmp_path / "state")
        assert "another" in error and str(tmp_path / "state") in error
        assert serve.get("/readyz")[0] == 200


@pytest.mark.sanitized
def test_what_cannot_work_is_said_at_the_start(prometheus, tmp_path):
    url = prometheus.url
    (tmp_path / "file").write_text("")
    taken = re.search(r":(\d+)$", url).group(1)
    for arguments, words in [
            (["--state-dir", tmp_path / "file"], ["file", "--state-dir"]),
            (["--state-dir", "", "--set", f"serve.listen=127.0.0.1:{taken}"], ["serve.listen", taken]),
            (["--state-dir", "", "--set", "serve.listen=nonsense"], ["serve.listen"]),
            (["--state-dir", "", "--shard", "3", "--total-shards", "2"], ["total_shards"]),
            (["--state-dir", "", "--total-shards", "2"], ["POD_NAME"]),
            (["--state-dir", "", "--interval", "0s"], ["serve.interval"]),
            (["--state-dir", "", "--basic-auth-file", tmp_path / "none"], ["basic_auth_file"])]:
        error = refused(url, *arguments, env={"HOSTNAME": "laptop"})
        assert all(word in error for word in words), error
    assert "--prometheus" in refused(None, "--state-dir", "")


# ---- what it shows -----------------------------------------------------------------------------

def test_a_prometheus_scrapes_the_recommendations_back(prometheus, tmp_path):
    """Series in a second Prometheus equal the API's values; workloads that go vanish there."""
    config = tmp_path / "loadline.yaml"
    write_config(config, prometheus.url, serve={"interval": "1s"})
    with Serve(None, tmp_path / "state", "--config", config) as serve:
        serve.wait_ready()
        scraper = tmp_path / "scraper.yml"
        scraper.write_text("scrape_configs:\n- {job_name: loadline, scrape_interval: 1s, honor_labels: true,"
                           f" static_configs: [{{targets: ['127.0.0.1:{serve.port}']}}]}}\n")
        address = f"127.0.0.1:{world.free_port()}"
        with world.Server(["prometheus", f"--config.file={scraper}", f"--storage.tsdb.path={tmp_path / 'tsdb'}",
                           f"--web.listen-address={address}"], "http://" + address, "/-/ready",
                          tmp_path / "scraper.log") as server:

            def values(query):
                answer = server.get("/api/v1/query", query=query)["data"]["result"]
                return {tuple(one["metric"].get(name) for name in
                              ("namespace", "target_kind", "target_name", "container", "resource")):
                        float(one["value"][1]) for one in answer}

            serve.wait_for(lambda _: values("loadline_recommendation_request"), 30)
            rows = rows_of(serve.json("/api/v1/recommendations"))
            for metric, section, field in [("loadline_recommendation_request", "recommended", "request"),
                                           ("loadline_recommendation_limit", "recommended", "limit"),
                                           ("loadline_current_request", "current", "request"),
                                           ("loadline_current_limit", "current", "limit")]:
                expected = {(*key, resource): row[resource][section][f"{field}_{unit}"]
                            for key, row in rows.items()
                            for resource, unit in (("cpu", "cores"), ("memory", "bytes"))}
                expected = {key: value for key, value in expected.items() if value is not None}
                assert values(metric) == pytest.approx(expected), metric
                assert expected
            assert values('loadline_usage_quantile{quantile="0.95",resource="cpu"}') == pytest.approx(
                {(*key, "cpu"): row["cpu"]["p95_cores"] for key, row in rows.items()
                 if row["cpu"]["p95_cores"] is not None})
            assert values("up == 1")

            gone = next(iter(rows))[0]
            write_config(config, prometheus.url, serve={"interval": "1s"}, exclude_namespaces=[gone])
            serve.wait_for(lambda _: not values(f'loadline_recommendation_info{{namespace="{gone}"}}'), 30)
            assert values("loadline_recommendation_info")


def test_promtool_and_a_strict_openmetrics_parser_find_nothing_wrong(prometheus, tmp_path):
    parser = pytest.importorskip("prometheus_client.openmetrics.parser")
    with Serve(prometheus.url, tmp_path / "state") as serve:
        serve.wait_ready()
        status, headers, body = serve.get("/metrics")
        assert (status, headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
        checked = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True, check=False)
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
        status, headers, body = serve.get("/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0"})
        assert headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
        families = {family.name: family for family in parser.text_string_to_metric_families(body.decode())}
        assert families["loadline_cycles"].type == "counter"
        assert families["loadline_usage_quantile"].type == "unknown"
        assert len(families["loadline_recommendation"].samples) > 10


@pytest.mark.sanitized
def test_every_log_line_is_json_with_the_cycle_and_a_summary_ends_a_cycle(prometheus, tmp_path):
    with Serve(prometheus.url, tmp_path / "state", "--interval", "1s", "--log-level", "debug") as serve:
        serve.wait_cycles(2)
        serve.term()
        assert all({"time", "level", "event"} <= line.keys() for line in serve.lines)
        reading = [line for line in serve.lines if line["event"] in ("group read", "cycle done")]
        assert all(line["cycle"] >= 1 for line in reading)
        done = next(line for line in reading if line["event"] == "cycle done")
        assert {"samples", "bytes", "request_seconds", "seconds", "changes", "containers"} <= done.keys()
        assert done["samples"] > 1000 and done["changes"] == done["containers"] > 10


@pytest.mark.sanitized
def test_it_is_not_ready_and_says_why_until_there_is_a_result(tmp_path):
    url = f"http://127.0.0.1:{world.free_port()}"
    with Serve(url, tmp_path / "state", "--set", "prometheus.max_retries=0") as serve:
        serve.wait_for(lambda _: serve.json("/api/v1/status")["cycles"]["last_error"])
        status, _, body = serve.get("/readyz")
        assert status == 503 and url.encode() in body
        assert serve.get("/healthz")[0] == 200
        assert serve.get("/api/v1/recommendations")[0] == 503
        assert serve.get("/metrics")[0] == 200
        code, seconds = serve.term()
        assert code == 0 and seconds < 5


def test_secrets_are_nowhere_in_what_it_shows(prometheus, tmp_path):
    (tmp_path / "token").write_text("s3cret-bearer-token")
    (tmp_path / "users").write_text("ann:s3cret-password\n")
    with Serve(prometheus.url, tmp_path / "state", "--bearer-token-file", tmp_path / "token", "--header",
               "X-Scope-OrgID: s3cret-tenant", "--basic-auth-file", tmp_path / "users", "--log-level", "debug",
               auth=("ann", "s3cret-password")) as serve:
        serve.wait_ready()
        shown = b"".join(serve.get(path)[2] for path in
                         ("/", "/metrics", "/api/v1/status", "/api/v1/recommendations", "/readyz"))
        with pytest.raises(urllib.error.HTTPError) as refused_request:
            urllib.request.urlopen(f"http://127.0.0.1:{serve.port}/metrics", timeout=10)
        assert refused_request.value.code == 401
        serve.term()
        shown += json.dumps(serve.lines + serve.other).encode()
    assert b"s3cret" not in shown
    assert b"s3cret" not in (tmp_path / "state/loadline.db").read_bytes()
    shutil.rmtree(tmp_path / "state")
