"""`loadline serve` as a child process, and what its state file says."""
import base64
import http.client
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import threading
import time

import world

SEAL_BYTES = 4  # of a row's checksum


class Serve:
    """A running daemon, gone at the end of the `with`, however that ends.

    `lines` holds the log's events so far, as dictionaries; `other` the lines that are none, which a
    healthy run does not write. Flags are passed as they are; later ones may repeat earlier ones. No
    `url`: the configuration names it. `auth` is a user's name and password; `command` runs the binary
    where it is not to be run as it is."""

    def __init__(self, url, state_dir, *flags, env=None, cwd=None, auth=None, command=None):
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith("LOADLINE_") and name not in ("POD_NAME", "HOSTNAME")}
        self.lines = []
        self.other = []
        self.headers = {}
        if auth:
            token = base64.b64encode(":".join(auth).encode()).decode()
            self.headers["Authorization"] = "Basic " + token
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*map(str, command or [world.BIN]), "serve", *(["--prometheus", url] if url else []), "--listen", "127.0.0.1:0", "--state-dir",
             str(state_dir), "--log-format", "json", *map(str, flags)],
            env={**clean, **(env or {})}, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            try:
                self.lines.append(json.loads(line))
            except ValueError:
                self.other.append(line.decode(errors="replace").rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.process.stderr.close()

    def events(self, name):
        """The log lines of one event."""
        return [line for line in list(self.lines) if line.get("event") == name]

    def wait_for(self, predicate, seconds=60):
        """The first true value of predicate(self). An end of the process or of the time is a failure
        that shows the last lines of the log."""
        end = time.monotonic() + seconds
        while True:
            is_alive = self.process.poll() is None
            if value := predicate(self):
                return value
            assert is_alive, f"serve ended with {self.process.returncode}: {self.tail()}"
            assert time.monotonic() < end, f"not so within {seconds} s: {self.tail()}"
            time.sleep(0.01)

    def tail(self):
        return "\n".join(map(str, [*self.lines[-10:], *self.other[-5:]]))

    @property
    def port(self):
        return self.wait_for(lambda serve: serve.events("listening"))[0]["port"]

    @property
    def pid(self):
        return self.process.pid

    def get(self, path, method="GET", body=None, headers=None, timeout=30):
        """(status, headers, body) of one request, whatever the status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers={**self.headers, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def json(self, path):
        status, _, body = self.get(path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def metrics(self):
        """Each sample of /metrics by its name with labels as written."""
        status, _, body = self.get("/metrics")
        assert status == 200, (status, body)
        samples = (line.rsplit(" ", 1) for line in body.decode().splitlines()
                   if line and not line.startswith("#"))
        return {name: float(value) for name, value in samples}

    def wait_ready(self, seconds=60):
        self.wait_for(lambda serve: serve.get("/readyz")[0] == 200, seconds)

    def wait_cycles(self, count, seconds=60):
        """Waits for that many successful cycles since the start; the summary of the last of them."""
        return self.wait_for(lambda serve: serve.events("cycle done")[count - 1:], seconds)[0]

    def hup(self):
        self.process.send_signal(signal.SIGHUP)

    def term(self, seconds=30):
        """Asks it to end: (exit code, how many seconds it took)."""
        begin = time.monotonic()
        self.process.terminate()
        code = self.process.wait(seconds)
        spent = time.monotonic() - begin
        self.reader.join(5)
        return code, spent

    def kill(self):
        """SIGKILL; the log is whole afterwards."""
        self.process.kill()
        self.process.wait()
        self.reader.join(5)


# The generated kube-state-metrics is scraped every 4 minutes: only by then is the owner of a new pod
# known. Without this delay a pod's first minutes would go to the workload that its name suggests,
# and it would depend on the moments of the cycles which pods that happens to.
SETTLE_MS = 300_000
SETTLE = ("--set", "serve.settle=5m")
STANDING = ("--clock-speed", "0.001")  # the clock stays within a millisecond of --now for a second


def settled(url, state_dir, now_ms, *flags):
    """One cycle at that moment, then SIGTERM: (rows of the API by identity, dump_state, log)."""
    with Serve(url, state_dir, *flags, "--now", world.rfc3339(now_ms), *STANDING) as serve:
        serve.wait_cycles(1)
        rows = recommendations(serve)
        assert serve.term()[0] == 0, serve.tail()
        return rows, dump_state(state_dir), serve.lines


def recommendations(serve):
    """The rows of the API, by identity."""
    return by_identity(serve.json("/api/v1/recommendations"))


def as_reported(url, end_ms, *flags):
    """What `loadline report` says of the window of a daemon whose cycle began at that moment."""
    done = world.loadline("report", "--prometheus", url, *flags, "--now",
                          world.rfc3339(end_ms - SETTLE_MS), "--output", "json")
    assert done.code == 0, done.err
    return by_identity(done.json())


def without_replicas(rows):
    """The daemon counts pods that live now, a report those at the end of its window."""
    return {key: {name: value for name, value in row.items() if name != "replicas"}
            for key, row in rows.items()}


def by_identity(report):
    return {world.identity(row): row for row in report["recommendations"]}


def _text(value):
    return value.decode("utf-8", "surrogateescape")


class _Row:
    """Reads the data of a row from its front."""

    def __init__(self, data):
        self.data = data

    def take(self, size):
        taken, self.data = self.data[:size], self.data[size:]
        assert len(taken) == size
        return taken

    def varint(self):
        value = shift = 0
        while (byte := self.take(1)[0]) >= 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def text(self):
        return _text(self.take(self.varint()))

    def real(self):
        return struct.unpack("<d", self.take(8))[0]

    def values(self, names):
        """A byte of bits, then a double for each of the names whose bit is set."""
        bits = self.take(1)[0]
        assert bits < 1 << len(names)
        return {name: self.real() for i, name in enumerate(names) if bits >> i & 1}


def _container_facts(row):
    row.take(1)  # the type
    bits = row.take(1)[0]
    asked = ("cpu_request", "cpu_limit", "memory_request", "memory_limit")
    facts = {name: row.real() for i, name in enumerate(asked) if bits >> i & 1}
    more = row.take(1)[0] if bits & 32 else 0
    if more & 1:
        facts["restarts"] = row.varint()
    if more & 2:
        facts["kills"], facts["last_kill_ms"] = row.varint(), row.zigzag()
    if more & 4:
        facts["kill_limit_bytes"] = row.real()
    if more & 8:
        facts["throttled_ratio"] = row.real()
    return facts


def workload_facts(data):
    """Of a value in dump_state's "workloads": what docs/storage_format.md says is in it; what is not
    known is not there."""
    row = _Row(data)
    facts = {"live_pods": row.varint(), "containers": {}}
    for _ in range(row.varint()):
        name = row.text()
        facts["containers"][name] = _container_facts(row)
    if row.data:
        bits = row.take(1)[0]
        facts["autoscaler"] = row.text()
        facts["autoscaled"] = [name for i, name in enumerate(("cpu", "memory")) if bits >> i & 1]
    assert not row.data
    return facts


def _bounds(data):
    """The row "bounds" of meta, by (cluster, namespace) and by cluster."""
    row = _Row(data[:-SEAL_BYTES])
    bounds = {"namespaces": {}, "largest_nodes": {}}
    for _ in range(row.varint()):
        key = row.text(), row.text()
        bounds["namespaces"][key] = {resource: row.values(("min", "max", "ratio", "requests_left", "limits_left"))
                                     for resource in ("cpu", "memory")}
    for _ in range(row.varint()):
        cluster = row.text()
        bounds["largest_nodes"][cluster] = row.values(("cpu", "memory"))
    assert not row.data
    return bounds


def _header(data):
    row = _Row(data)
    return {"scrape_interval_ms": row.zigzag(), "owner_interval_ms": row.zigzag(), "first_day": row.zigzag(),
            "complete_up_to_ms": row.zigzag(), "fingerprint": _text(row.take(row.varint()))}


def _last_of_track(row):
    """The time of the last sample of one resource of a run, None where there was none."""
    parts = row.take(1)[0]
    row.take(8)  # the series
    last_ms = row.zigzag() if parts & 1 else None
    if parts & 2:
        row.zigzag()
    for _ in range(row.varint() if parts & 4 else 0):
        row.zigzag()
        row.take(8)
    return last_ms


def last_sample_ms(run):
    """Of a value in dump_state's "runs"; 0 for a run without any sample."""
    row = _Row(run[1])
    row.take(8)  # the pod
    last = [_last_of_track(row), _last_of_track(row)]
    assert not row.data
    return max(0, *(ms for ms in last if ms is not None))


def _unsealed(data):
    """Without the checksum, which knows the container's number in this file."""
    return bytes(data[:-SEAL_BYTES])


def _dump(db):
    names = {row[0]: tuple(map(_text, row[1:6])) + (row[6],) for row in db.execute(
        "SELECT id, cluster, namespace, kind, workload, container, owner_source FROM container")}
    header = db.execute("SELECT data FROM meta WHERE name = 'header'").fetchone()
    bounds = db.execute("SELECT data FROM meta WHERE name = 'bounds'").fetchone()
    return {
        "header": _header(header[0]) if header else None,
        "bounds": _bounds(bounds[0]) if bounds else None,
        "containers": sorted(names.values()),
        "days": {(key >> 32, names[key & 0xFFFFFFFF]): _unsealed(data)
                 for key, data in db.execute("SELECT key, data FROM usage_day")},
        "runs": {run.hex(): (names[container], _unsealed(data))
                 for run, container, data in db.execute("SELECT id, container_id, data FROM run")},
        "marks": {_text(name): up_to_ms
                  for name, up_to_ms in db.execute("SELECT namespace, up_to_ms FROM mark")},
        "workloads": {tuple(map(_text, row[:4])): _unsealed(row[4]) for row in db.execute(
            "SELECT cluster, namespace, kind, name, data FROM workload")},
        "tally": {(part, day): rows for part, day, rows in db.execute("SELECT * FROM tally")},
    }


def dump_state(state_dir):
    """What the file of a daemon that has ended says: header, bounds, containers, days, runs,
    marks, workloads, tally, by names instead of the file's own numbers. Equal for two files that hold the
    same. The file is read from a copy, so that it stays as it was left."""
    with tempfile.TemporaryDirectory() as copy:
        for path in pathlib.Path(state_dir).glob("loadline.db*"):
            if path.suffix in (".db", ".db-wal"):
                shutil.copy(path, copy)
        db = sqlite3.connect(pathlib.Path(copy) / "loadline.db")
        try:
            return _dump(db)
        finally:
            db.close()
