"""Limits hold for all threads, and nobody waits for longer than makes sense."""

from __future__ import annotations

import threading
from email.utils import formatdate

import pytest

from collectors.github.errors import GitHubError
from collectors.github.governor import LONGEST_WAIT, SECONDARY_PAUSE, Governor
from tests.collectors.github.stand_in import NOW, FakeClock


def headers(remaining: int, resets: float, date: float = NOW) -> dict[str, str]:
    return {
        "x-ratelimit-limit": "5000", "x-ratelimit-remaining": str(remaining), "x-ratelimit-reset": str(int(resets)),
        "date": formatdate(date, usegmt=True),
    }  # fmt: skip


def turn(governor: Governor, resource: str = "core") -> None:
    with governor.turn(resource):
        pass


def test_a_used_up_limit_is_waited_out_and_only_where_it_holds() -> None:
    clock = FakeClock()
    governor = Governor(clock)
    governor.saw("core", headers(0, NOW + 900))
    turn(governor, "graphql")
    assert clock.slept == []
    turn(governor)
    assert sum(clock.slept) == pytest.approx(901)
    assert governor.meter.waited == pytest.approx(901)


def test_the_reset_is_told_by_the_servers_clock() -> None:
    clock = FakeClock()
    governor = Governor(clock)
    # Their clock is ten minutes ahead of ours; the window ends in one minute.
    governor.saw("core", headers(0, NOW + 660, date=NOW + 600))
    turn(governor)
    assert sum(clock.slept) == pytest.approx(61)


def test_what_is_left_is_used_without_a_pause() -> None:
    clock = FakeClock()
    governor = Governor(clock)
    governor.saw("core", headers(1, NOW + 900))
    turn(governor)
    assert clock.slept == []


def test_a_pause_holds_for_everything() -> None:
    clock = FakeClock()
    governor = Governor(clock)
    governor.pause(30)
    turn(governor, "graphql")
    turn(governor, "core")
    assert sum(clock.slept) == pytest.approx(30)


def test_pauses_without_a_time_grow_until_something_goes_well() -> None:
    clock = FakeClock()
    governor = Governor(clock)
    for _ in range(3):
        governor.pause(None)
        governor.pause(None)
        turn(governor)
    assert clock.slept == [SECONDARY_PAUSE, 2 * SECONDARY_PAUSE, 4 * SECONDARY_PAUSE]
    governor.went_well()
    governor.pause(None)
    turn(governor)
    assert clock.slept[-1] == SECONDARY_PAUSE


def test_a_longer_wait_than_github_has_windows_is_none() -> None:
    clock = FakeClock()
    governor = Governor(clock)
    governor.pause(LONGEST_WAIT + 1)
    with pytest.raises(GitHubError, match="asks to wait"):
        turn(governor)
    assert clock.slept == []


def test_nothing_is_waited_for_past_the_deadline() -> None:
    clock = FakeClock()
    governor = Governor(clock, deadline=NOW + 60)
    turn(governor)
    governor.pause(61)
    with pytest.raises(GitHubError, match="time given to this collection is over"):
        turn(governor)
    clock.time += 61
    with pytest.raises(GitHubError, match="time given"):
        turn(Governor(clock, deadline=NOW + 60))


def test_a_wait_is_announced() -> None:
    said: list[str] = []
    governor = Governor(FakeClock(), notice=said.append)
    governor.pause(30)
    turn(governor)
    assert said == ["Waiting 30 s: GitHub asked for a pause."]


def test_only_so_many_at_once() -> None:
    governor = Governor(FakeClock(), concurrency=2)
    inside, most, lock = 0, 0, threading.Lock()
    gate = threading.Barrier(2, timeout=5)

    def ask() -> None:
        nonlocal inside, most
        with governor.turn("core"):
            with lock:
                inside += 1
                most = max(most, inside)
            # Two at a time meet here; a third could only come if it were let in.
            gate.wait()
            with lock:
                inside -= 1

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (inside, most) == (0, 2)
