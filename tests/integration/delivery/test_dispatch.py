"""Dispatch: no crash loses an envelope or gives it a second id, and a failing one never holds up the others."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from notifications.channels.base import Refused, Retry, Sent
from notifications.delivery import Delivery

FRIDAY = "2026-06-12"


@pytest.fixture
def packed(world: Any, delivery: Delivery) -> Any:
    """One envelope to person 1 on each channel, queued at half past eight."""
    world.add_line(1, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", delivery)
    return world


def _remote(world: Any) -> Any:
    [row] = [row for row in world.rows("envelope") if row.channel == "remote"]
    return row


def test_a_sent_envelope_is_marked_and_not_sent_again(packed: Any, delivery: Delivery, remote: Any) -> None:
    done = packed.dispatch(f"{FRIDAY} 08:31", delivery)

    assert {(one.channel, one.state) for one in done} == {("inbox", "sent"), ("remote", "sent")}
    assert _remote(packed).sent_at == packed.at(f"{FRIDAY} 08:31")
    assert packed.dispatch(f"{FRIDAY} 12:00", delivery) == []
    assert len(remote.taken) == 1


@pytest.mark.row(3)
def test_what_fails_three_times_goes_out_at_the_fourth_under_one_id(
    packed: Any, delivery: Delivery, remote: Any
) -> None:
    remote.answers = [Retry("server_busy", "451 later")] * 3

    states = []
    for hour in ("09", "10", "11", "12"):
        [state] = [one.state for one in packed.dispatch(f"{FRIDAY} {hour}:00", delivery) if one.channel == "remote"]
        states.append(state)

    assert states == ["queued", "queued", "queued", "sent"]
    assert [envelope.id for envelope in remote.taken] == [_remote(packed).id]
    assert _remote(packed).error is None


def test_waits_double_and_keep_the_last_error(packed: Any, delivery: Delivery, remote: Any) -> None:
    remote.answers = [Retry("server_busy", "451 later")] * 2

    packed.dispatch(f"{FRIDAY} 09:00", delivery)
    assert _remote(packed).next_try == packed.at(f"{FRIDAY} 09:01")
    assert packed.dispatch(f"{FRIDAY} 09:00", delivery) == []
    packed.dispatch(f"{FRIDAY} 09:01", delivery)

    assert _remote(packed).next_try == packed.at(f"{FRIDAY} 09:03")
    assert _remote(packed).error == "server_busy: 451 later"


def test_after_the_last_attempt_it_is_dead_and_says_why(packed: Any, delivery: Delivery, remote: Any) -> None:
    remote.answers = [Retry("server_busy", "451 later")] * 9

    for hour in ("09", "10", "11", "12", "13"):
        packed.dispatch(f"{FRIDAY} {hour}:00", delivery)

    row = _remote(packed)
    assert (row.state, row.attempts, row.error) == ("dead", 4, "too_many_attempts: server_busy: 451 later")


def test_a_refusal_is_final_at_once(packed: Any, delivery: Delivery, remote: Any) -> None:
    remote.answers = [Refused("address_refused", "550 no such user")]

    packed.dispatch(f"{FRIDAY} 09:00", delivery)

    assert (_remote(packed).state, _remote(packed).error) == ("dead", "address_refused: 550 no such user")
    assert packed.dispatch(f"{FRIDAY} 17:00", delivery) == []


@pytest.mark.row(5)
def test_a_kill_between_the_servers_ok_and_our_mark_repeats_the_same_id_and_bytes(
    packed: Any, delivery: Delivery, remote: Any, power_cut: BaseException
) -> None:
    remote.answers = [power_cut]
    with pytest.raises(type(power_cut)):
        packed.dispatch(f"{FRIDAY} 09:00", delivery)

    assert packed.dispatch(f"{FRIDAY} 09:01", delivery) == [], "the lease still holds"
    packed.dispatch(f"{FRIDAY} 09:15", delivery)

    first, again = remote.taken
    assert (first.id, first.subject, first.body) == (again.id, again.subject, again.body)
    assert _remote(packed).state == "sent"


@pytest.mark.parametrize(("answer", "state"), [(Sent(), "sent"), (Retry("server_busy"), "queued")])
@pytest.mark.row(7)
def test_a_worker_paused_beyond_its_lease_marks_nothing(
    packed: Any, delivery: Delivery, remote: Any, answer: Any, state: str
) -> None:
    """The second worker sends while the first one sleeps inside its own send."""

    dispatched: list[Any] = []

    class Sleeper:
        address_of, brief, per_minute = remote.address_of, remote.brief, remote.per_minute

        def send(self, _envelope: Any) -> Any:
            remote.answers = [answer]
            dispatched.extend(packed.dispatch(f"{FRIDAY} 09:15", delivery))
            return Refused("message_refused", "a late verdict")

    slow = replace(delivery, channels={**delivery.channels, "remote": Sleeper()})
    done = packed.dispatch(f"{FRIDAY} 09:00", slow)

    assert [one.state for one in dispatched if one.channel == "remote"] == [state]
    assert [(one.state, one.error) for one in done if one.channel == "remote"] == [("late", "lease_lost")]
    assert (_remote(packed).state, _remote(packed).attempts) == (state, 1)


@pytest.mark.row(9)
def test_a_channel_that_raises_steps_aside(world: Any, delivery: Delivery, remote: Any) -> None:
    for person in (1, 2):
        world.add_line(person, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", delivery)
    remote.answers = [RuntimeError("a fault of the channel")]

    done = world.dispatch(f"{FRIDAY} 09:00", delivery)

    assert sorted(one.state for one in done) == ["queued", "sent", "sent", "sent"]
    [failed] = [one for one in done if one.error]
    assert failed.error == "channel_failed: RuntimeError('a fault of the channel')"


def test_a_channel_that_is_down_is_asked_once_per_pass(world: Any, delivery: Delivery, remote: Any) -> None:
    for person in (1, 2):
        world.add_line(person, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", delivery)
    remote.answers = [Retry("channel_down", "connection refused", channel_down=True)] * 2

    world.dispatch(f"{FRIDAY} 09:00", delivery)

    assert len(remote.answers) == 1
    rows = [row for row in world.rows("envelope") if row.channel == "remote"]
    assert sorted(row.attempts for row in rows) == [0, 1]
    assert {row.next_try for row in rows} == {world.at(f"{FRIDAY} 09:01")}


def test_an_envelope_of_a_channel_that_was_removed_waits_with_its_reason(packed: Any, delivery: Delivery) -> None:
    inbox_only = replace(delivery, channels={"inbox": delivery.channels["inbox"]})

    packed.dispatch(f"{FRIDAY} 09:00", inbox_only)

    assert (_remote(packed).state, _remote(packed).error) == ("queued", "channel_missing: remote")


@pytest.mark.row(6)
def test_two_workers_send_each_envelope_once(world: Any, delivery: Delivery, remote: Any) -> None:
    for day in range(1, 31):
        world.add_line(1, f"2026-06-{day:02} 08:00")
        world.pack(f"2026-06-{day:02} 08:30", delivery)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        while world.dispatch("2026-06-30 09:00", delivery, limit=3):
            pass

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    ids = [envelope.id for envelope in remote.taken]
    assert len(ids) == len(set(ids)) == 22
    assert {row.state for row in world.rows("envelope")} == {"sent"}


def test_no_more_than_the_limit_is_claimed(world: Any, delivery: Delivery) -> None:
    for person in (1, 2, 3):
        world.add_line(person, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", delivery)

    assert [len(world.dispatch(f"{FRIDAY} 09:00", delivery, limit=2)) for _ in range(4)] == [2, 2, 1, 0]


def test_no_transaction_is_open_while_sending(packed: Any, delivery: Delivery, remote: Any) -> None:
    class Writer:
        address_of, brief, per_minute = remote.address_of, remote.brief, remote.per_minute

        def send(self, _envelope: Any) -> Any:
            packed.change_person(1, rank_order=7)  # would wait for ever inside an open write
            return Sent()

    done = packed.dispatch(f"{FRIDAY} 09:00", replace(delivery, channels={**delivery.channels, "remote": Writer()}))

    assert {one.state for one in done} == {"sent"}
