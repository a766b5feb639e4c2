"""Servers that misbehave: a clear error or the right answer, never a crash, a hang or a wrong number."""
import math
import re
import time

import pytest

import fault_server as fault
import wire
import world
from fault_server import FakePrometheus, STREAMED

pytestmark = pytest.mark.sanitized

QUICK = {"LOADLINE_PROMETHEUS_TIMEOUTS_CONNECT": "2s", "LOADLINE_PROMETHEUS_TIMEOUTS_REQUEST": "2s",
         "LOADLINE_PROMETHEUS_TIMEOUTS_STALL": "2s", "LOADLINE_PROMETHEUS_MAX_RETRIES": "1"}
CRASH = re.compile(r"Sanitizer|runtime error|terminate called|core dumped|Assertion")
FORCED = ("--read-path", "remote-read")


def report(server, *options, env=None):
    done = world.loadline("report", "--prometheus", server.url if hasattr(server, "url") else server,
                          "--output", "json", *options, env={**QUICK, **(env or {})}, timeout=60)
    assert done.code in (0, 1, 2, 3), (done.code, done.err)
    assert not CRASH.search(done.err), done.err
    return done


def assert_clear_error(done, *words):
    """One failure, said on stderr in words; nothing that looks like a result on stdout."""
    assert done.code == 1, (done.code, done.out[:500], done.err)
    assert done.out == ""
    for word in words:
        assert re.search(word, done.err, re.IGNORECASE), (word, done.err)


def assert_complete(done):
    """Complete but for kube-state-metrics, which the fake does not have."""
    assert done.code == 3, (done.code, done.err)
    others = [one for one in done.json()["incomplete"] if "kube-state-metrics" not in one]
    assert not others


def assert_right(done, cores=0.25, memory=200e6):
    assert_complete(done)
    row, = done.json()["recommendations"]
    assert row["cpu"]["p95_cores"] == pytest.approx(cores, rel=0.01)
    assert row["memory"]["p95_bytes"] == pytest.approx(memory, rel=0.01)
    assert row["memory"]["max_bytes"] == memory


def test_the_fake_is_healthy_when_nothing_is_spoiled():
    """Else all the tests below would prove nothing."""
    for streaming, paths in ((True, ["remote-read", "remote-read-samples", "query", "auto"]),
                             (False, ["remote-read-samples", "auto"])):
        with FakePrometheus(fault.steady_history(), streaming=streaming) as server:
            for path in paths:
                done = report(server, "--read-path", path)
                assert_right(done)


# --- the server as a whole ---


def test_a_server_that_is_down():
    assert_clear_error(report(f"http://127.0.0.1:{world.free_port()}"), "127.0.0.1", "connect|refused")


def test_a_host_that_does_not_exist():
    assert_clear_error(report("http://no-such-host.invalid:9090"), "no-such-host.invalid")


@pytest.mark.parametrize("code, words", [
    (401, ["401", "server's own words"]), (403, ["403", "server's own words"]), (404, ["404"]),
    (422, ["server's own words"]), (429, ["429"]), (500, ["500|server's own words"]), (503, ["503"])])
def test_every_request_refused(code, words):
    with FakePrometheus(fault.steady_history(), spoil=fault.status(code)) as server:
        assert_clear_error(report(server), *words)


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_a_passing_trouble_is_waited_for(code):
    headers = [("Retry-After", "0")]
    trouble = fault.only_first(1, fault.status(code, "/api/v1/read", headers=headers))
    with FakePrometheus(fault.steady_history(), spoil=trouble) as server:
        assert_right(report(server, *FORCED))


def test_retry_after_of_an_hour_does_not_hang():
    refuse = fault.status(429, headers=[("Retry-After", "3600")])
    with FakePrometheus(fault.steady_history(), spoil=refuse) as server:
        done = report(server)
    assert_clear_error(done, "429")


def test_silence_ends_by_a_time_out():
    with FakePrometheus(fault.steady_history(), spoil=fault.silence()) as server:
        done = report(server)
    assert_clear_error(done, "time|stall|timed out")
    assert done.seconds < 30


def test_a_stream_that_stands_still_ends_by_a_time_out():
    with FakePrometheus(fault.steady_history(), spoil=fault.silence("/api/v1/read")) as server:
        done = report(server, *FORCED)
    assert_clear_error(done, "time|stall|still")
    assert done.seconds < 30


@pytest.mark.parametrize("content, content_type", [
    (b"<html>login</html>", "text/html"), (b"", "application/json"), (b"{", "application/json"),
    (b'{"status":"success"}', "application/json"), (b"[]", "application/json"),
    (b'{"status":"success","data":{"resultType":"vector","result":[{"metric":1}]}}', "application/json"),
    (b"\x00\xff" * 1000, "application/json"), (b"[" * 100_000, "application/json")],
    ids=["login page", "empty", "cut", "no data", "array", "wrong types", "bytes", "deep nesting"])
def test_garbage_for_every_answer(content, content_type):
    with FakePrometheus(fault.steady_history(), spoil=fault.body(content, "/", content_type)) as server:
        assert_clear_error(report(server))


def test_the_inventory_failing_is_an_error_and_not_a_cluster_without_requests():
    with FakePrometheus(fault.steady_history(), spoil=fault.status(422, "/api/v1/series")) as server:
        assert_clear_error(report(server), "server's own words")


# --- remote read ---

NOW = int(time.time() * 1000)
TRUNCATIONS = {"in the first length": 1, "in a CRC": 3, "in a frame": 5_000}
SPOILED = {
    "garbage": lambda right: b"\x17 this is no frame \x00\xff" * 500,
    "wrong CRC": lambda right: right[:3] + bytes([right[3] ^ 1]) + right[4:],
    "a flipped bit in a chunk": lambda right: right[:2000] + bytes([right[2000] ^ 8]) + right[2001:],
    "a length of 2^62": lambda right: wire.uvarint(1 << 62) + right,
    "an endless length": lambda right: b"\xff" * 20,
    "truncated frame": lambda right: right[:len(right) // 2],
    "an error's text after the data": lambda right: right + b"expanding series: context canceled\n",
    "a frame that is no message": lambda right: wire.frame(b"\xff\xff\xff\xff") + right,
    "a chunk that ends too early": lambda right: wire.chunked_response(
        {"__name__": "container_memory_working_set_bytes", "namespace": "default", "pod": "p",
         "container": "c", "id": "/1", "image": "i"},
        [wire.chunk_message(NOW - 1000, NOW - 1, b"\xff\xff\x00")]),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_stream_is_an_error(name):
    with FakePrometheus(fault.steady_history(), spoil=fault.spoiled_read(SPOILED[name])) as server:
        assert_clear_error(report(server, *FORCED))


@pytest.mark.parametrize("name", ["garbage", "wrong CRC", "truncated frame"])
def test_a_stream_spoiled_once_is_read_again_or_an_error_but_never_counted_twice(name):
    once = fault.only_first(1, fault.spoiled_read(SPOILED[name]))
    with FakePrometheus(fault.steady_history(), spoil=once) as server:
        done = report(server, *FORCED)
        whole = report(server, *FORCED)
    assert_right(whole)
    if done.code == 1:
        assert_clear_error(done)
    else:
        assert_right(done)
        sampled, again = (one.json()["recommendations"][0]["memory"]["samples"] for one in (done, whole))
        assert sampled == again


@pytest.mark.parametrize("content_type", ["application/x-protobuf", "text/plain"])
def test_bad_snappy_is_an_error(content_type):
    spoil = fault.spoiled_read(lambda right: b"\xf0\x80\x80 no snappy", content_type)
    with FakePrometheus(fault.steady_history(), spoil=spoil, streaming=False) as server:
        assert_clear_error(report(server, "--read-path", "remote-read-samples"))


def test_snappy_that_claims_four_gigabytes_is_an_error():
    spoil = fault.spoiled_read(lambda right: wire.uvarint((1 << 32) - 1) + b"\x00a",
                               "application/x-protobuf")
    with FakePrometheus(fault.steady_history(), spoil=spoil, streaming=False) as server:
        assert_clear_error(report(server, "--read-path", "remote-read-samples"))


@pytest.mark.parametrize("name", TRUNCATIONS)
@pytest.mark.parametrize("announced", [True, False], ids=["with a length", "chunked"])
def test_a_connection_cut_mid_frame(name, announced):
    cut = fault.cut_after(TRUNCATIONS[name], announced=announced)
    with FakePrometheus(fault.steady_history(), spoil=cut) as server:
        assert_clear_error(report(server, *FORCED))


def test_a_connection_cut_once_is_read_again():
    cut = fault.only_first(1, fault.cut_after(5_000))
    with FakePrometheus(fault.steady_history(), spoil=cut) as server:
        assert_right(report(server, *FORCED))


def test_without_remote_read_the_query_path_serves():
    for code in (404, 405, 501):
        with FakePrometheus(fault.steady_history(), spoil=fault.status(code, "/api/v1/read")) as server:
            done = report(server)
            assert_right(done)
            assert done.json()["source"]["read_path"] == "query"


@pytest.mark.parametrize("message", ["query processing would load too many samples into memory",
                                     "exceeded maximum resolution of 11,000 points"])
def test_a_query_that_is_too_large_is_cut_smaller(message):
    def refuse_long(server, handler, path, body):
        window = re.search(rb"%5D|\]", body) and re.search(rb"(?:%5B|\[)(\d+)ms", body)
        if path != "/api/v1/query" or not window or int(window[1]) <= 6 * 3600_000:
            return False
        return fault.status(422, body='{"status":"error","errorType":"execution","error":"%s"}'
                            % message)(server, handler, path, body)

    with FakePrometheus(fault.steady_history(), spoil=refuse_long) as server:
        assert_right(report(server, "--read-path", "query"))


# --- hostile data ---


def times(count, step_ms=60_000):
    now = int(time.time() * 1000)
    return [now - step_ms * (count - i) for i in range(count)]


def test_no_series_at_all_is_said_and_is_no_table_of_zeros():
    with FakePrometheus() as server:
        done = report(server)
    assert done.code in (1, 3), (done.code, done.out)
    assert re.search("container_cpu_usage_seconds_total|no (series|samples|container)", done.err + done.out,
                     re.IGNORECASE)


@pytest.mark.parametrize("path", ["remote-read", "remote-read-samples", "query"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1.0, 1e300],
                         ids=["NaN", "+Inf", "-Inf", "negative", "1e300"])
def test_impossible_values_are_left_out(path, value):
    series = fault.steady_history()
    for one in series:
        for at in range(100, len(one.samples), 500):
            one.samples[at] = (one.samples[at][0], value)
    with FakePrometheus(series) as server:
        done = report(server, "--read-path", path)
    assert done.code == 3, done.err
    row, = done.json()["recommendations"]
    assert row["cpu"]["p95_cores"] == pytest.approx(0.25, rel=0.01)
    assert row["cpu"]["max_cores"] < 1
    assert (row["memory"]["max_bytes"], row["memory"]["p50_bytes"]) == (200e6, pytest.approx(200e6, rel=0.01))


def test_rows_without_an_image_are_left_out_unless_asked_for():
    series = fault.steady_history()
    slices = fault.container_series(cpu=series[0].samples, memory=[(t, 9e9) for t, _ in series[1].samples],
                                    run="slice", more={"image": ""})
    with FakePrometheus(series + slices) as server:
        assert_right(report(server, *FORCED))
        every = report(server, *FORCED, env={"LOADLINE_REQUIRE_IMAGE": "false"})
    assert every.json()["recommendations"][0]["memory"]["max_bytes"] == 9e9


def test_stale_markers_are_no_samples():
    series = fault.steady_history()
    stale = 0x7FF0000000000002
    whole = len(series[1].samples)
    for one in series:
        for at in range(50, len(one.samples), 100):
            one.samples[at] = (one.samples[at][0], stale)
    with FakePrometheus(series) as server:
        done = report(server, *FORCED)
    assert_right(done)
    seen = done.json()["recommendations"][0]["memory"]["samples"]
    assert whole * 0.98 < seen < whole
    assert done.json()["source"]["invalid_samples"] == 0


@pytest.mark.parametrize("path", ["remote-read", "query"])
def test_labels_a_megabyte_long(path):
    more = {"label_" + "x" * 1000: "y" * 1_000_000, "zone": "\"\\\n\u2028\x00<script>{}"}
    series = fault.steady_history()
    for one in series:
        one.labels.update(more)
    with FakePrometheus(series) as server:
        assert_right(report(server, "--read-path", path))


@pytest.mark.parametrize("output", ["table", "wide", "json", "yaml", "csv", "markdown", "html"])
def test_hostile_names_break_no_format(output):
    hostile = "=cmd|'/C calc'!A0\x1b[31m<script>alert(1)</script>|\"\\\n\u202e,;"
    series = fault.container_series(namespace=hostile, pod=hostile, container=hostile,
                                    cpu=[(t, i * 6.0) for i, t in enumerate(times(6000))],
                                    memory=[(t, 3e8) for t in times(6000)])
    with FakePrometheus(series) as server:
        done = world.loadline("report", "--prometheus", server.url, "--output", output, env=QUICK)
    assert done.code == 3 and not CRASH.search(done.err), done.err
    assert "\x1b[31m" not in done.out and "\x1b[31m" not in done.err
    if output == "html":
        assert "<script>alert(1)" not in done.out
    if output == "csv":
        assert not re.search(r'(^|,)"?=cmd', done.out, re.MULTILINE)


def test_a_series_of_a_million_samples():
    """A sample a second for 12 days: the answer is right and the memory stays small."""
    count, step = 1_000_000, 1000
    first = int(time.time() * 1000) - count * step

    def chunks(value):
        return [wire.chunk_message(first + at * step, first + (min(at + 50_000, count) - 1) * step,
                                   wire.steady_chunk(first + at * step, step, min(50_000, count - at), value))
                for at in range(0, count, 50_000)]

    series = fault.container_series(cpu=[], memory=[])
    series[0].chunks, series[1].chunks = chunks(5.0), chunks(3e8)
    with FakePrometheus(series) as server:
        done = report(server, *FORCED, env={"LOADLINE_SCRAPE_INTERVAL": "1s",
                                            "LOADLINE_PROMETHEUS_TIMEOUTS_STALL": "30s"})
    assert done.code == 3, done.err
    row, = done.json()["recommendations"]
    assert row["memory"]["samples"] == pytest.approx(count, abs=5)
    assert row["memory"]["max_bytes"] == 3e8
    assert row["cpu"]["max_cores"] == 0


def test_chunks_out_of_order_and_repeated_count_once():
    series = fault.steady_history()
    for one in series:
        messages = one.chunk_messages()
        one.chunks = messages[:20] + messages[10:20] + messages[20:]
    with FakePrometheus(series) as server:
        done = report(server, *FORCED)
    assert_right(done)
    assert done.json()["recommendations"][0]["memory"]["samples"] <= len(series[1].samples)


def test_unknown_and_histogram_chunks_are_no_samples():
    series = fault.steady_history()
    for one in series:
        one.chunks = one.chunk_messages() + [wire.chunk_message(0, 1, b"\x00\x01histogram", encoding=2)]
    with FakePrometheus(series) as server:
        done = report(server, *FORCED)
    assert done.code == 3, done.err
    row, = done.json()["recommendations"]
    assert row["memory"]["max_bytes"] == 200e6


def test_warnings_of_a_partial_answer_make_the_result_incomplete():
    """Thanos says in `warnings` that a store did not answer."""
    def partial(server, handler, path, request):
        if path != "/api/v1/query" or b"working_set" not in request:
            return False
        import json
        import urllib.parse
        form = urllib.parse.parse_qs(request.decode())
        data = server.api(path, form)
        answer = {"status": "success", "data": data, "warnings": ["store eu-2 did not answer"]}
        fault.reply(handler, 200, json.dumps(answer).encode(), "application/json")
        return True

    with FakePrometheus(fault.steady_history(), spoil=partial) as server:
        done = report(server, "--read-path", "query")
    assert done.code == 3, done.err
    assert "store eu-2 did not answer" in done.out
    assert not done.json()["complete"]


def test_the_token_is_in_no_message(tmp_path):
    token = tmp_path / "token"
    token.write_text("s3cr3t-t0ken")
    config = tmp_path / "loadline.yaml"
    config.write_text("prometheus:\n  bearer_token_file: %s\n  headers: {X-Scope-OrgID: s3cr3t-tenant}\n"
                      % token)
    with FakePrometheus(spoil=fault.status(401)) as server:
        done = report(server, "--config", config, "--log-level", "debug")
    assert_clear_error(done, "401")
    assert "s3cr3t" not in done.err
