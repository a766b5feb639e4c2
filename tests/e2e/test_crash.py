"""SIGKILL at random moments loses nothing and counts nothing twice; SIGTERM ends soon and saves.

LOADLINE_KILLS says how many kills (200), LOADLINE_KILL_SEED draws other moments."""
import concurrent.futures
import os
import random
import signal
import time
from dataclasses import dataclass

import pytest

import serving
import world

KILLS = int(os.environ.get("LOADLINE_KILLS", "200"))
SEED = int(os.environ.get("LOADLINE_KILL_SEED", "1"))
KILLS_PER_STATE = 25
BACKFILL_KILLS = 8  # of those, the first ones, which hit the first read of the window

HOUR = 3_600_000
DAY = 24 * HOUR
SPEED = 7200
# Two days, so that days leave the window during the replay.
PROFILE = ("--window", "2d", "--set", "policy.min_history=1d")
DAEMON = (*PROFILE, *serving.SETTLE)
REPLAY = (*DAEMON, "--interval", "1m", "--clock-speed", SPEED, "--log-level", "debug")


@dataclass
class Kill:
    """How far a killed daemon had come, by its log."""
    was_complete: bool  # all of the window had been read when it began, or it came to that
    last_event: str
    errors: list


def soon_after(serve, event, count, seconds):
    """Until an event has come so many times, and a little longer; an end of the time is no failure:
    a daemon with nothing left to read says less."""
    end = time.monotonic() + 5
    while len(serve.events(event)) < count and time.monotonic() < end:
        assert serve.process.poll() is None, serve.tail()
        time.sleep(0.001)
    time.sleep(seconds)


def wait_for_moment(serve, chance, is_early):
    early = ["spawn", "open", "group", "group"]
    kind = chance.choice(early if is_early else [*early, "cycle", "cycle", "cycle", "cycle"])
    if kind == "spawn":
        time.sleep(chance.uniform(0, 0.1))
    elif kind == "open":
        soon_after(serve, "listening", 1, chance.uniform(0, 0.1))
    elif kind == "group":
        soon_after(serve, "group read", chance.randint(1, 2 if is_early else 8),
                   chance.uniform(0, 0.02))
    else:
        soon_after(serve, "cycle done", chance.randint(1, 5), chance.uniform(0, 0.08))


def live_and_die(url, state_dir, now_ms, chance, is_early):
    """One life; (what it had come to, the simulated time that has come by its end)."""
    with serving.Serve(url, state_dir, *REPLAY, "--now", world.rfc3339(now_ms)) as serve:
        wait_for_moment(serve, chance, is_early)
        serve.kill()
        come_ms = now_ms + round((time.monotonic() - serve.began) * SPEED * 1000)
        events = [line["event"] for line in serve.lines]
        errors = [line for line in serve.lines if line["level"] == "error"] + serve.other
    is_complete = "cycle done" in events or "stored profiles published" in events
    return Kill(is_complete, events[-1] if events else "", errors), come_ms


def kill_again_and_again(url, state_dir, start_ms, seed, count):
    chance = random.Random(seed)
    kills = []
    now_ms = start_ms
    for number in range(count):
        kill, now_ms = live_and_die(url, state_dir, now_ms, chance, number < BACKFILL_KILLS)
        kill.was_complete |= bool(kills) and kills[-1].was_complete
        kills.append(kill)
    return kills, now_ms


@dataclass
class Ordeal:
    """All kills, the directories they left behind, and a moment after all of them."""
    kills: list
    directories: list
    end_ms: int


@pytest.fixture(scope="module")
def ordeal(cluster, prometheus, tmp_path_factory):
    start_ms = cluster.end // DAY * DAY - 9 * DAY + 12 * HOUR
    states = max(1, round(KILLS / KILLS_PER_STATE))
    directories = [tmp_path_factory.mktemp("killed") for _ in range(states)]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        done = list(pool.map(
            lambda number: kill_again_and_again(prometheus.url, directories[number], start_ms,
                                                f"{SEED}/{number}", -(-KILLS // states)),
            range(states)))
    end_ms = -(-max(come_ms for _, come_ms in done) // HOUR) * HOUR
    assert end_ms < cluster.end, "too slow: the replay has run out of the generated days"
    return Ordeal([kill for kills, _ in done for kill in kills], directories, end_ms)


@pytest.fixture(scope="module")
def undisturbed(ordeal, prometheus, tmp_path_factory):
    """One read of everything from scratch: (rows, state)."""
    return serving.settled(prometheus.url, tmp_path_factory.mktemp("undisturbed"), ordeal.end_ms,
                           *DAEMON)[:2]


def test_kills_hit_the_first_read_and_the_cycles(ordeal):
    kills = ordeal.kills
    in_backfill = [kill for kill in kills if not kill.was_complete]
    # Between "cycle done" and the next event lies a wait and the beginning of the next cycle.
    in_cycle = [kill for kill in kills if kill.was_complete
                and kill.last_event not in ("", "listening", "cycle done")]
    between_groups = [kill for kill in in_cycle if kill.last_event == "group read"]
    print(f"{len(kills)} kills, {len(in_backfill)} before the first read was complete, "
          f"{len(in_cycle)} for certain inside of later cycles, {len(between_groups)} of them "
          f"between two groups; {len(ordeal.directories)} states replayed up to "
          f"{world.rfc3339(ordeal.end_ms)}")
    assert len(kills) >= KILLS
    assert len(in_backfill) >= len(kills) / 10
    assert len(in_cycle) >= len(kills) / 10
    assert between_groups


def test_no_start_after_a_kill_finds_anything_wrong(ordeal):
    assert [error for kill in ordeal.kills for error in kill.errors] == []
    assert [path.name for directory in ordeal.directories for path in directory.iterdir()
            if "damaged" in path.name or "newer" in path.name] == []


def decided_by_samples(state):
    """What two files must agree on exactly. Left out: runs whose last sample lies before the window
    (a first read begins a little before it, a daemon that ran on has dropped them), the row counts,
    which count them, and the fractions of a second in which a start reaches its first cycle."""
    begin_ms = state["header"]["first_day"] * DAY
    return {"header": {**state["header"],
                       "complete_up_to_ms": state["header"]["complete_up_to_ms"] // 1000},
            "containers": state["containers"],
            "days": state["days"],
            "runs": {run: row for run, row in state["runs"].items()
                     if serving.last_sample_ms(row) >= begin_ms},
            "marks": {name: ms // 1000 for name, ms in state["marks"].items()},
            "workloads": state["workloads"]}


def test_killed_daemons_end_with_the_state_of_an_undisturbed_one(ordeal, undisturbed, prometheus):
    rows, state = undisturbed
    expected = decided_by_samples(state)
    assert rows and expected["days"] and expected["runs"]
    for directory in ordeal.directories:
        killed_rows, killed, log = serving.settled(prometheus.url, directory, ordeal.end_ms, *DAEMON)
        assert [line for line in log if line["level"] == "error"] == []
        for part, value in decided_by_samples(killed).items():
            assert value == expected[part], (directory, part)
        assert killed_rows == rows


def test_a_report_of_the_same_moment_says_the_same(ordeal, undisturbed, prometheus):
    rows = serving.as_reported(prometheus.url, ordeal.end_ms, *PROFILE)
    assert serving.without_replicas(rows) == serving.without_replicas(undisturbed[0])


def first_read(url, state_dir, cluster):
    """A daemon that reads the standard window, one namespace after the other."""
    return serving.Serve(url, state_dir, "--now", world.rfc3339(cluster.end - HOUR),
                         *serving.STANDING, "--concurrency", 1)


def stop_in_first_read(cluster, url, scratch, before_stop, after_stop):
    """SIGTERM once a part is read: (its state directory, exit code, seconds). On a busy machine the
    daemon may be done before it is looked at: then another one is started."""
    for attempt in range(5):
        state_dir = scratch / str(attempt)
        with first_read(url, state_dir, cluster) as serve:
            serve.wait_for(lambda serve: serve.events("group read"))
            before_stop()
            try:
                code, seconds = serve.term()
            finally:
                after_stop()
            if not serve.events("cycle done"):
                return state_dir, code, seconds
    raise AssertionError("never caught in its first read: " + serve.tail())


@pytest.mark.parametrize("server", ["answers", "hangs"])
def test_sigterm_in_the_first_read_keeps_what_was_read(cluster, prometheus, tmp_path, server):
    def tell(name):
        return lambda: prometheus.process.send_signal(name) if server == "hangs" else None
    state_dir, code, seconds = stop_in_first_read(
        cluster, prometheus.url, tmp_path, tell(signal.SIGSTOP), tell(signal.SIGCONT))
    assert code == 0
    assert seconds < 5
    state = serving.dump_state(state_dir)
    assert state["header"]["complete_up_to_ms"] == 0
    assert 0 < len(state["marks"]) < 4
    assert {names[1] for _, names in state["days"]} >= set(state["marks"])

    outcomes = []
    for directory in (state_dir, tmp_path / "fresh"):
        with first_read(prometheus.url, directory, cluster) as serve:
            samples = serve.wait_cycles(1)["samples"]
            outcomes.append((samples, serving.recommendations(serve)))
    (samples, rows), (fresh_samples, fresh_rows) = outcomes
    assert samples < fresh_samples
    assert rows == fresh_rows


def test_sigterm_while_prometheus_is_gone_keeps_the_state(cluster, tmp_path):
    now = ("--now", world.rfc3339(cluster.end - 12 * HOUR), "--interval", "1m", "--clock-speed", "600")
    with world.prometheus(cluster, tmp_path) as server:
        with serving.Serve(server.url, tmp_path / "state", *DAEMON, *now) as serve:
            serve.wait_cycles(3)
            server.process.kill()
            serve.wait_for(lambda serve: [line for line in serve.lines if line["level"] != "info"])
            code, seconds = serve.term()
            done = len(serve.events("cycle done"))
    assert (code, done >= 3) == (0, True)
    assert seconds < 5
    state = serving.dump_state(tmp_path / "state")
    assert state["header"]["complete_up_to_ms"] > 0
    assert len(state["marks"]) == 4
