"""A small Prometheus in memory that can be told to misbehave.

It answers what loadline asks: build information, series, label values, instant and range selectors and
remote read, streamed or not. `spoil` sees each request first and may answer it wrongly.
"""
import json
import re
import socket
import struct
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import wire

STREAMED = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse"


@dataclass
class Series:
    labels: dict
    samples: list = field(default_factory=list)  # (ms, value), ascending
    chunks: list = None  # ready chunk messages for streamed reads; made of the samples if None

    def chunk_messages(self):
        if self.chunks is None:
            self.chunks = []
            for at in range(0, len(self.samples), 120):
                piece = self.samples[at:at + 120]
                self.chunks.append(
                    wire.chunk_message(piece[0][0], piece[-1][0], wire.xor_chunk(piece)))
        return self.chunks


def container_series(namespace="default", pod="web-5d4f8c7b6d-x2x4q", container="web", *, cpu, memory,
                     run="1", more=None):
    """The two series of one container; `cpu` and `memory` are lists of samples."""
    labels = {"namespace": namespace, "pod": pod, "container": container, "image": "app:1",
              "id": "/kubepods/pod1/" + run, "name": "k8s_" + run, "job": "kubelet", **(more or {})}
    return [Series({"__name__": "container_cpu_usage_seconds_total", "cpu": "total", **labels}, cpu),
            Series({"__name__": "container_memory_working_set_bytes", **labels}, memory)]


def steady_history(days=4, cores=0.25, bytes_used=200e6, step_ms=60_000):
    """One healthy container: a steady rate, a steady working set. Times end now."""
    now = int(time.time() * 1000)
    times = list(range(now - days * 86_400_000, now, step_ms))
    cpu = [(t, (t - times[0]) / 1000 * cores) for t in times]
    return container_series(cpu=cpu, memory=[(t, bytes_used) for t in times])


def _matches(labels, matchers):
    for name, operator, value in matchers:
        actual = labels.get(name, "")
        if operator in ("=", "!="):
            good = actual == value
        else:
            good = re.fullmatch(value, actual, re.DOTALL) is not None
        if good == operator.startswith("!"):
            return False
    return True


_MATCHER = re.compile(r'([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"')
_RANGE = re.compile(r"\}\[(\d+)ms\]$")


_ESCAPE = re.compile(rb"\\(x..|u....|U........|[0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def _unquote(text):
    """Undoes the escapes of a PromQL string, which are Go's."""
    def plain(match):
        escape = match[1]
        if escape[:1] == b"x":
            return bytes([int(escape[1:], 16)])
        if escape[:1] in (b"u", b"U"):
            return chr(int(escape[1:], 16)).encode()
        return bytes([int(escape, 8)]) if escape.isdigit() else _LETTERS.get(escape, escape)
    return _ESCAPE.sub(plain, text.encode()).decode()


def _parse_matchers(selector):
    found = [(name, operator, _unquote(value))
             for name, operator, value in _MATCHER.findall(selector)]
    metric = re.match(r"[a-zA-Z_:][\w:]*(?=\{)", selector)
    return found + ([("__name__", "=", metric.group())] if metric else [])


class FakePrometheus:
    """Use as a context manager: `with FakePrometheus(series) as server: server.url`."""

    def __init__(self, series=(), spoil=None, streaming=True):
        self.series = list(series)
        self.spoil = spoil
        self.streaming = streaming
        self.requests = []  # paths, in order
        self.stopping = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.handle(self, b"")

            def do_POST(self):
                owner.handle(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.http.shutdown()
        self.http.server_close()

    def handle(self, handler, body):
        url = urllib.parse.urlparse(handler.path)
        self.requests.append(url.path)
        try:
            if self.spoil and self.spoil(self, handler, url.path, body):
                return
            self.answer(handler, url, body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client has had enough

    def answer(self, handler, url, body):
        if url.path == "/api/v1/read":
            reply(handler, 200, self.read(body), STREAMED if self.streams(body) else
                  "application/x-protobuf")
            return
        text = body.decode() if handler.command == "POST" else url.query
        form = urllib.parse.parse_qs(text)
        data = self.api(url.path, form)
        if data is None:
            reply(handler, 404, b"404 page not found", "text/plain")
        else:
            reply(handler, 200, json.dumps({"status": "success", "data": data}).encode(),
                  "application/json")

    def api(self, path, form):
        if path == "/api/v1/status/buildinfo":
            return {"version": "2.42.0", "revision": "fake"}
        if path == "/api/v1/query":
            return self.query(form["query"][0], float(form.get("time", [time.time()])[0]) * 1000)
        if path == "/api/v1/series":
            return [one.labels for one in self.selected(_parse_matchers(form["match[]"][0]))]
        label = re.fullmatch(r"/api/v1/label/(\w+)/values", path)
        if label:
            chosen = self.selected(_parse_matchers(form.get("match[]", ["{}"])[0]))
            return sorted({one.labels[label[1]] for one in chosen if label[1] in one.labels})
        return None

    def query(self, promql, at_ms):
        if promql == "vector(1)":
            return {"resultType": "vector", "result": [{"metric": {}, "value": [at_ms / 1000, "1"]}]}
        window = _RANGE.search(promql)
        if not window:
            return {"resultType": "vector", "result": []}
        start = at_ms - int(window[1])
        result = []
        for one in self.selected(_parse_matchers(promql)):
            values = [[t / 1000, prometheus_number(v)] for t, v in one.samples if start <= t <= at_ms]
            if values:
                result.append({"metric": one.labels, "values": values})
        return {"resultType": "matrix", "result": result}

    def selected(self, matchers):
        return [one for one in self.series if _matches(one.labels, matchers)]

    def streams(self, body):
        return self.streaming and 1 in wire.read_request(body)[3]

    def read(self, body):
        matchers, start, end, _ = wire.read_request(body)
        chosen = self.selected(matchers)
        if self.streams(body):
            return b"".join(wire.chunked_response(one.labels, one.chunk_messages())
                            for one in sorted(chosen, key=lambda one: sorted(one.labels.items())))
        return wire.samples_response(
            [(one.labels, [(t, v) for t, v in one.samples if start <= t <= end]) for one in chosen])


def prometheus_number(value):
    if value != value:
        return "NaN"
    return {float("inf"): "+Inf", float("-inf"): "-Inf"}.get(value, repr(float(value)))


def reply(handler, status, body, content_type, headers=()):
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def cut_connection(handler):
    """Ends the connection by a reset, as a killed server or a firewall does."""
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


# --- faults: each gives a function for `spoil`, for the paths that begin with `path` --------------


def status(code, path="/", body=None, headers=()):
    text = body or json.dumps({"status": "error", "errorType": "fault",
                               "error": f"the server's own words for {code}"})

    def spoil(_, handler, asked, __):
        if not asked.startswith(path):
            return False
        reply(handler, code, text.encode(), "application/json", headers)
        return True
    return spoil


def silence(path="/"):
    """Takes the request and never answers."""
    def spoil(server, _, asked, __):
        if not asked.startswith(path):
            return False
        server.stopping.wait(60)
        return True
    return spoil


def body(content, path="/", content_type="application/json"):
    def spoil(_, handler, asked, __):
        if not asked.startswith(path):
            return False
        reply(handler, 200, content, content_type)
        return True
    return spoil


def spoiled_read(change, content_type=STREAMED):
    """Remote read answered by what `change` makes of the right body. Requests that select nothing (the
    probe) are answered rightly."""
    def spoil(server, handler, asked, request):
        if asked != "/api/v1/read":
            return False
        right = server.read(request)
        if not right:
            return False
        reply(handler, 200, change(right), content_type)
        return True
    return spoil


def cut_after(count, path="/api/v1/read", announced=None):
    """Sends the head and `count` bytes of the right answer, then cuts the connection; the length that
    is announced may be longer, or absent (chunked)."""
    def spoil(server, handler, asked, request):
        if asked != path:
            return False
        right = server.read(request)
        if not right:
            return False
        handler.send_response(200)
        handler.send_header("Content-Type", STREAMED)
        if announced:
            handler.send_header("Content-Length", str(len(right)))
        else:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        piece = right[:count]
        handler.wfile.write(piece if announced else b"%x\r\n%s\r\n" % (len(piece), piece))
        cut_connection(handler)
        return True
    return spoil


def only_first(times, fault):
    """The fault for the first `times` requests it applies to; afterwards the server is healthy."""
    left = [times]

    def spoil(server, handler, asked, request):
        if left[0] == 0 or not fault(server, handler, asked, request):
            return False
        left[0] -= 1
        return True
    return spoil
