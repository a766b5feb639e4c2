"""Fourteen days in about a minute: nothing grows but what the window holds."""
import pathlib
import time
from dataclasses import dataclass

import pytest

import serving
import world

HOUR = 3_600_000
DAY = 24 * HOUR
DAYS = 14
SPEED = DAYS * 86_400 // 75
# A short window, so that days leave it all through the replay.
PROFILE = ("--window", "2d", "--set", "policy.min_history=1d")
DAEMON = (*PROFILE, *serving.SETTLE)
MIB = 1 << 20


@dataclass
class Sample:
    """A look at the process from outside."""
    up_to_ms: int  # the simulated time
    rss_bytes: int
    descriptors: int
    threads: int
    file_bytes: int


def look_at(serve, state_dir, now_ms):
    status = dict(line.split(":", 1) for line in
                  pathlib.Path(f"/proc/{serve.pid}/status").read_text().splitlines())
    return Sample(now_ms, int(status["VmRSS"].split()[0]) * 1024,
                  len(list(pathlib.Path(f"/proc/{serve.pid}/fd").iterdir())),
                  int(status["Threads"]),
                  sum(path.stat().st_size for path in state_dir.glob("loadline.db*")))


@dataclass
class Replay:
    """A replay that is over."""
    samples: list
    log: list
    other: list
    metrics: dict
    code: int
    end_ms: int
    state_dir: pathlib.Path


@pytest.fixture(scope="module")
def replay(cluster, prometheus, tmp_path_factory):
    """Days from the cluster's first on; each second somebody scrapes it and reads the report."""
    state_dir = tmp_path_factory.mktemp("soak") / "state"
    start_ms = cluster.end // DAY * DAY - 15 * DAY + 6 * HOUR
    samples = []
    with serving.Serve(prometheus.url, state_dir, *DAEMON, "--now", world.rfc3339(start_ms),
                       "--clock-speed", SPEED, "--interval", "5m") as serve:
        serve.wait_ready()
        # The first request of each of the server's 256 threads makes its stack and heap grow.
        for _ in range(300):
            serve.metrics()
            serving.recommendations(serve)
        now_ms = start_ms
        while now_ms < start_ms + DAYS * DAY:
            time.sleep(1)
            metrics = serve.metrics()
            serving.recommendations(serve)
            now_ms = start_ms + round((time.monotonic() - serve.began) * SPEED * 1000)
            samples.append(look_at(serve, state_dir, now_ms))
        code, _ = serve.term()
        # No cycle begins after this.
        end_ms = world.milliseconds(serve.events("stopping")[0]["time"])
        return Replay(samples, serve.lines, serve.other, metrics, code, end_ms, state_dir)


def worst(samples, what):
    return max(getattr(sample, what) for sample in samples)


def least(samples, what):
    return min(getattr(sample, what) for sample in samples)


def thirds(replay):
    """The first and the last third of what came after three days of warm-up: the window is full."""
    steady = [sample for sample in replay.samples
              if sample.up_to_ms >= replay.samples[0].up_to_ms + 3 * DAY]
    third = len(steady) // 3
    return steady[:third], steady[-third:]


def test_every_cycle_succeeds_and_days_leave_the_window(replay):
    cycles = [line for line in replay.log if line["event"] == "cycle done"]
    dropped = [line for line in replay.log
               if line["event"] == "days that left the window are dropped"]
    first, last = thirds(replay)
    print(f"{len(cycles)} cycles, RSS {worst(first, 'rss_bytes') / MIB:.1f} -> "
          f"{worst(last, 'rss_bytes') / MIB:.1f} MiB, descriptors {worst(first, 'descriptors')} -> "
          f"{worst(last, 'descriptors')}, file {worst(first, 'file_bytes') / MIB:.1f} -> "
          f"{worst(last, 'file_bytes') / MIB:.1f} MiB")
    assert len(cycles) >= 300
    # The cluster's kube-state-metrics is away now and then: those cycles say that they lack it.
    incomplete = [line for line in cycles if line["complete"] != 1]
    assert len(incomplete) == replay.metrics["loadline_kube_state_metrics_missing_total"]
    assert len(incomplete) < len(cycles) / 20
    assert len(dropped) >= DAYS - 3
    assert [line for line in replay.log if line["level"] not in ("info", "debug")] == []
    assert replay.other == []
    assert replay.code == 0


def test_memory_descriptors_threads_and_file_are_flat(replay):
    first, last = thirds(replay)
    assert worst(last, "rss_bytes") <= 1.05 * worst(first, "rss_bytes") + 2 * MIB
    # Connections and the second reading thread come and go; a leak raises the least.
    for what in ("descriptors", "threads"):
        assert least(last, what) <= least(first, what)
        assert worst(last, what) <= worst(first, what) + 3
    assert worst(last, "file_bytes") <= 1.15 * worst(first, "file_bytes") + MIB


def test_the_end_of_the_replay_equals_a_report_of_that_moment(replay, cluster, prometheus):
    end_ms = -(-replay.end_ms // HOUR) * HOUR
    assert end_ms < cluster.end, "too slow: the replay has run out of the generated days"
    rows, _, log = serving.settled(prometheus.url, replay.state_dir, end_ms, *DAEMON)
    assert [line for line in log if line["level"] not in ("info", "debug")] == []
    reported = serving.as_reported(prometheus.url, end_ms, *PROFILE)
    assert serving.without_replicas(reported) == serving.without_replicas(rows)
