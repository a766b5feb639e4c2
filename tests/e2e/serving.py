"""`loadline serve` as a child process, and what its state file says."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

import world

SEAL_BYTES = 4  # of a row's checksum


class Serve:
    """A running daemon, gone at the end of the `with`, however that ends.

    `lines` holds the log's events so far, as dictionaries; `other` the lines that are none, which a
    healthy run does not write. Flags are passed as they are; later ones may repeat earlier ones."""

    def __init__(self, url, state_dir, *flags, env=None):
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith("LOADLINE_") and name not in ("POD_NAME", "HOSTNAME")}
        self.lines = []
        self.other = []
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [str(world.BIN), "serve", "--prometheus", url, "--listen", "127.0.0.1:0", "--state-dir",
             str(state_dir), "--log-format", "json", *map(str, flags)],
            env={**clean, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
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
            connection.request(method, path, body=body, headers=headers or {})
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


def recommendations(serve):
    """The rows of the API, by identity."""
    return by_identity(serve.json("/api/v1/recommendations"))


def by_identity(report):
    return {world.identity(row): row for row in report["recommendations"]}


def _text(value):
    return value.decode("utf-8", "surrogateescape")


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _header(data):
    numbers, at = [], 0
    for _ in range(3):
        value, at = _varint(data, at)
        numbers.append((value >> 1) ^ -(value & 1))
    size, at = _varint(data, at)
    return {"scrape_interval_ms": numbers[0], "first_day": numbers[1],
            "complete_up_to_ms": numbers[2], "fingerprint": _text(data[at:at + size])}


def _unsealed(data):
    """Without the checksum, which knows the container's number in this file."""
    return bytes(data[:-SEAL_BYTES])


def _dump(db):
    names = {row[0]: tuple(map(_text, row[1:6])) + (row[6],) for row in db.execute(
        "SELECT id, cluster, namespace, kind, workload, container, owner_source FROM container")}
    header = db.execute("SELECT data FROM meta WHERE name = 'header'").fetchone()
    return {
        "header": _header(header[0]) if header else None,
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
    """What the file of a daemon that has ended says: header, containers, days, runs, marks,
    workloads, tally, by names instead of the file's own numbers. Equal for two files that hold the
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
