"""Several processes at once, and processes that are killed: nothing twice, nothing lost."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from office import Office, house_at

from engine import sweep as sweeping
from notifications import packing
from notifications.channels.folder import FolderChannel
from xiaohao.run_once import run_once

# Forked: a child that has to import everything anew takes longer than what it is to do here.
FORK = multiprocessing.get_context("fork")
PROCESSES = 4
LEASE = 900


@contextmanager
def _children(office: Office, work: Callable[..., None], how_many: int, *more: Any) -> Iterator[list[Any]]:
    """Processes with an installation of their own on the same database; no connection is shared with them."""
    office.database.dispose()
    given = (office.database.url, office.house.settings.data, office.now, *more)
    started = [FORK.Process(target=work, args=given) for _ in range(how_many)]
    for one in started:
        one.start()
    yield started
    for one in started:
        one.join(60)


def _beat_together(url: str, folder: Any, now: int, barrier: Any) -> None:
    house = house_at(url, folder)
    barrier.wait(30)
    run_once(house, lambda: now)


def _sweep_together(url: str, folder: Any, now: int, barrier: Any) -> None:
    house = house_at(url, folder)
    barrier.wait(30)
    for _ in range(5):
        sweeping.sweep(house.database, house.runtime, now)


def _overdue(office: Office, how_many: int) -> None:
    office.settings(ladder="last_three_days")  # sends no letters, which would be alerted themselves
    office.many_problems(how_many, due="2026-07-01")
    office.beat()
    office.at("2026-07-20 09:00")


def _alerts(office: Office) -> list[tuple[int, int]]:
    """How often each case was reminded of."""
    found: dict[int, int] = {}
    for row in office.rows("history", action="alert"):
        found[row.case_id] = found.get(row.case_id, 0) + 1
    return sorted(found.items())


@pytest.mark.row(6)
def test_four_sweepers_at_once_fire_everything_once(office: Office) -> None:
    _overdue(office, 15)

    with _children(office, _sweep_together, PROCESSES, FORK.Barrier(PROCESSES)) as children:
        pass

    assert [one.exitcode for one in children] == [0] * PROCESSES
    assert [times for _, times in _alerts(office)] == [1] * 30
    assert office.count("line") == 60  # officer and department head of the measure, leader and head of the problem
    assert office.sweep().looked_at == 0
    assert office.breaks() == []


@pytest.mark.row(6)
def test_four_beats_at_the_same_instant_write_one_file_per_envelope(office: Office) -> None:
    _overdue(office, 10)

    with _children(office, _beat_together, PROCESSES, FORK.Barrier(PROCESSES)) as children:
        pass
    office.after(1).beat()

    assert [one.exitcode for one in children] == [0] * PROCESSES
    remote = [row for row in office.rows("envelope") if row.channel == "folder"]
    assert len(office.mails()) == len(remote)
    assert {row.state for row in remote} == {"sent"}
    days = [(row.person_id, row.channel, row.lane, row.day) for row in office.rows("envelope")]
    assert len(days) == len(set(days))
    packed = [key for row in office.inbox() for key in row.lines.strip("[]").split(",")]
    assert len(packed) == len(set(packed))
    assert office.count("line") == 0


def _stop_before(reached: Any, what: Any, name: str) -> None:
    """Make a step of this process tell that it is there, and then hang until it is killed."""

    def hangs(*_args: Any, **_rest: Any) -> None:
        reached.set()
        time.sleep(60)

    setattr(what, name, hangs)


def _stop_after(reached: Any, what: Any, name: str, *, times: int = 1) -> None:
    real, done = getattr(what, name), []

    def hangs(*args: Any, **rest: Any) -> Any:
        result = real(*args, **rest)
        done.append(name)
        if len(done) == times:
            reached.set()
            time.sleep(60)
        return result

    setattr(what, name, hangs)


def _killed_in_sweep(url: str, folder: Any, now: int, reached: Any) -> None:
    sweeping.CHUNK = 8
    _stop_after(reached, sweeping, "_fire", times=2)
    run_once(house_at(url, folder), lambda: now)


def _killed_in_packing(url: str, folder: Any, now: int, reached: Any) -> None:
    _stop_before(reached, packing, "_drop")
    run_once(house_at(url, folder), lambda: now)


def _killed_in_sending(url: str, folder: Any, now: int, reached: Any) -> None:
    _stop_after(reached, FolderChannel, "send")
    run_once(house_at(url, folder), lambda: now)


def _kill_in(office: Office, work: Callable[..., None]) -> None:
    reached = FORK.Event()
    with _children(office, work, 1, reached) as [child]:
        assert reached.wait(30)
        os.kill(child.pid, signal.SIGKILL)
    assert child.exitcode == -signal.SIGKILL


@pytest.mark.row(5)
@pytest.mark.parametrize("where", [_killed_in_sweep, _killed_in_packing, _killed_in_sending])
def test_after_a_kill_the_next_beats_finish_the_work_and_repeat_nothing(
    office: Office, where: Callable[..., None]
) -> None:
    _overdue(office, 10)

    _kill_in(office, where)
    after_kill = _alerts(office)
    office.now += 2 * LEASE
    office.beat()

    assert len(after_kill) == (8 if where is _killed_in_sweep else 20)
    assert [times for _, times in _alerts(office)] == [1] * 20
    assert office.count("line") == 0
    told = [row for row in office.inbox() if row.day == "2026-07-20"]
    assert office.keys_of([row.person_id for row in told]) == ["civil_head", "head", "lead", "officer"]
    assert {row.state for row in office.rows("envelope")} == {"sent"}
    assert len(office.mails()) == len(office.inbox())
    assert office.breaks() == []


def _paused_in_sending(url: str, folder: Any, now: int) -> None:
    """The far side has taken the message over; the worker is stopped before it can say so."""
    real = FolderChannel.send

    def stops(*args: Any) -> Any:
        answer = real(*args)
        FolderChannel.send = real  # type: ignore[method-assign]
        os.kill(os.getpid(), signal.SIGSTOP)
        return answer

    FolderChannel.send = stops  # type: ignore[method-assign]
    run_once(house_at(url, folder), lambda: now)


def _stopped(pid: int) -> bool:
    """Whether a child is stopped within half a minute; it is left to be waited for."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.row(7)
def test_a_process_stopped_beyond_its_lease_and_continued_does_no_harm(office: Office) -> None:
    _overdue(office, 10)
    before = office.mails()

    with _children(office, _paused_in_sending, 1) as [child]:
        assert _stopped(child.pid)
        taken = office.mails()
        office.now += LEASE + 60
        office.beat()
        sent = [(row.id, row.state, row.fence, row.attempts) for row in office.rows("envelope")]
        os.kill(child.pid, signal.SIGCONT)

    assert child.exitcode == 0
    assert len(taken) == len(before) + 1
    assert [(row.id, row.state, row.fence, row.attempts) for row in office.rows("envelope")] == sent
    assert {state for _, state, _, _ in sent} == {"sent"}
    assert len(office.mails()) == len(office.inbox())
    assert [times for _, times in _alerts(office)] == [1] * 20
    assert office.count("line") == 0
    assert office.breaks() == []
