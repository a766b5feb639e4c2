"""What the end-to-end tests run against: the binary, generated clusters, and the servers on them."""
import hashlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timezone

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LOADLINE_BIN", SOURCE / "build/release/loadline"))
GENERATE = pathlib.Path(os.environ.get("LOADLINE_GENERATE", BIN.parent / "tests/loadline-generate"))
CACHE = pathlib.Path(os.environ.get("LOADLINE_E2E_CACHE", BIN.parent / "e2e"))

HOURS = 3600


@dataclass
class Outcome:
    """A finished run of the binary."""
    code: int
    out: str
    err: str
    seconds: float

    def json(self):
        return json.loads(self.out)


def loadline(*arguments, env=None, timeout=120):
    """Runs the binary with nothing of ours in its environment. A run that does not end is a failure."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOADLINE_")}
    began = time.monotonic()
    done = subprocess.run([str(BIN), *map(str, arguments)], env={**clean, **(env or {})},
                          capture_output=True, timeout=timeout, check=False)
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"),
                   time.monotonic() - began)


def milliseconds(rfc3339):
    return round(datetime.fromisoformat(rfc3339.replace("Z", "+00:00")).timestamp() * 1000)


def rfc3339(ms):
    return datetime.fromtimestamp(ms / 1000, timezone.utc).isoformat().replace("+00:00", "Z")


class Cluster:
    """A generated cluster. Its series reach 2.5 hours beyond now, so that the report sees a living
    cluster; it is made anew when little of that is left."""

    def __init__(self, name, **options):
        self.options = {"days": 15, "workloads": 25, **options}
        self.folder = CACHE / name
        self.end = self._end()
        self.arguments = ["--end", rfc3339(self.end)]
        for option, value in self.options.items():
            self.arguments += ["--" + option.replace("_", "-"), str(value)]

    def _end(self):
        digest = hashlib.sha256(GENERATE.read_bytes() + repr(self.options).encode()).hexdigest()
        key = self.folder / "key.json"
        now = int(time.time())
        if key.exists():
            kept = json.loads(key.read_text())
            left = kept["end"] // 1000 - now
            if kept["digest"] == digest and 0.5 * HOURS < left <= 2.5 * HOURS:
                return kept["end"]
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        end = (now + 5 * HOURS // 2) * 1000
        key.write_text(json.dumps({"digest": digest, "end": end}))
        return end

    def _generate(self, *more):
        subprocess.run([GENERATE, *self.arguments, *map(str, more)], check=True, timeout=600,
                       stderr=subprocess.DEVNULL)

    def _made(self, kind, *more):
        folder = self.folder / kind
        if not folder.exists():
            part = self.folder / (kind + ".part")
            shutil.rmtree(part, ignore_errors=True)
            self._generate("--output", part, *more)
            part.rename(folder)
        return folder

    def tsdb(self):
        return self._made("tsdb", "--jobs", 2)

    def import_files(self):
        return sorted(self._made("import", "--format", "victoriametrics").iterdir())

    def truth(self, start_ms, end_ms):
        """The exact answers for the samples in [start, end), by (namespace, kind, workload,
        container)."""
        path = self.folder / f"truth-{start_ms}-{end_ms}.json"
        self._generate("--format", "none", "--truth", path, "--window-start", rfc3339(start_ms),
                       "--window-end", rfc3339(end_ms))
        rows = json.loads(path.read_text())["containers"]
        path.unlink()
        return {identity(row): row for row in rows}


def identity(row):
    return row["namespace"], row["kind"], row["workload"], row["container"]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A database as a child process, stopped at the end of the `with`."""

    def __init__(self, arguments, url, ready, log):
        self.url = url
        with open(log, "wb") as out:
            self.process = subprocess.Popen(arguments, stdout=out, stderr=subprocess.STDOUT)
        for _ in range(300):
            try:
                urllib.request.urlopen(url + ready, timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None, pathlib.Path(log).read_text()
                time.sleep(0.1)
        raise AssertionError(f"{arguments[0]} is not ready after 30 s, see {log}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)

    def get(self, path, **form):
        query = urllib.parse.urlencode(form)
        with urllib.request.urlopen(f"{self.url}{path}?{query}", timeout=60) as answer:
            return json.load(answer)


def prometheus(cluster, scratch):
    """A Prometheus on hard links of the cluster's blocks: it may compact them as it likes."""
    data = scratch / "prometheus"
    shutil.copytree(cluster.tsdb(), data, copy_function=os.link)
    config = scratch / "prometheus.yml"
    config.write_text("global: {}\n")
    address = f"127.0.0.1:{free_port()}"
    return Server(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={data}",
                   "--storage.tsdb.retention.time=10y", f"--web.listen-address={address}"],
                  "http://" + address, "/-/ready", scratch / "prometheus.log")


def victoria_metrics(cluster, scratch):
    """A VictoriaMetrics that has imported the same samples."""
    address = f"127.0.0.1:{free_port()}"
    server = Server(["victoria-metrics", f"-storageDataPath={scratch / 'vm'}", "-retentionPeriod=100y",
                     f"-httpListenAddr={address}"],
                    "http://" + address, "/health", scratch / "victoria-metrics.log")
    for path in cluster.import_files():
        with open(path, "rb") as lines:
            request = urllib.request.Request(server.url + "/api/v1/import", data=lines, method="POST",
                                             headers={"Content-Length": str(path.stat().st_size)})
            urllib.request.urlopen(request, timeout=120).close()
    urllib.request.urlopen(server.url + "/internal/force_flush", timeout=60).close()
    return server
