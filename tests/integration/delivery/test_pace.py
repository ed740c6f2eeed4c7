"""A channel's far side takes so many messages a minute; two workers together keep to it, and nobody else waits."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlmodel import SQLModel

from engine.tables import Person
from notifications.channels.base import Retry
from notifications.delivery import Delivery

FRIDAY = "2026-06-12"
ENVELOPE = SQLModel.metadata.tables["envelope"]
PERSON = SQLModel.metadata.tables["person"]


@pytest.fixture
def fifty(world: Any, delivery: Delivery, remote: Any) -> Any:
    """Fifty people with an envelope each over a channel that takes 20 a minute, and one each in the inbox."""
    remote.per_minute = 20
    ids = range(101, 151)
    rows = [
        Person(id=one, organization_id=1, key=f"p{one}", name=f"某{one}", email=f"p{one}@street.test")
        for one in ids
    ]
    world.write(insert(PERSON).values([row.model_dump() for row in rows]))
    for person in ids:
        world.add_line(person, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", delivery)
    return world


def _send_all(world: Any, local: str, delivery: Delivery) -> None:
    while world.dispatch(local, delivery):
        pass


def test_no_more_than_twenty_go_out_in_a_minute(fifty: Any, delivery: Delivery, remote: Any) -> None:
    sent = []
    for second in ("08:31:00", "08:31:30", "08:31:59", "08:32:00", "08:32:59", "08:33:00", "08:34:00"):
        _send_all(fifty, f"{FRIDAY} {second}", delivery)
        sent.append(len(remote.taken))

    assert sent == [20, 20, 20, 40, 40, 50, 50]
    assert len({envelope.id for envelope in remote.taken}) == 50


def test_a_full_channel_keeps_nobody_else_waiting(fifty: Any, delivery: Delivery) -> None:
    _send_all(fifty, f"{FRIDAY} 08:31", delivery)

    states = [(row.channel, row.state) for row in fifty.rows("envelope")]
    assert states.count(("inbox", "sent")) == 50
    assert states.count(("remote", "queued")) == 30


def test_two_workers_together_keep_to_it(fifty: Any, delivery: Delivery, remote: Any) -> None:
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        _send_all(fifty, f"{FRIDAY} 08:31", delivery)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(remote.taken) == len({envelope.id for envelope in remote.taken}) == 20


@pytest.mark.row(8)
def test_what_a_dead_worker_had_claimed_is_counted_until_its_lease_ends(
    fifty: Any, delivery: Delivery, remote: Any, power_cut: BaseException
) -> None:
    """It may have been sent: nobody knows before the lease ends."""
    remote.answers = [power_cut]
    with pytest.raises(type(power_cut)):
        _send_all(fifty, f"{FRIDAY} 08:31", delivery)
    on_their_way = sum(row.lease_until > 0 for row in fifty.rows("envelope") if row.channel == "remote")

    _send_all(fifty, f"{FRIDAY} 08:32", delivery)
    assert len(remote.taken) == 1 + 20 - on_their_way

    for minute in range(46, 50):
        _send_all(fifty, f"{FRIDAY} 08:{minute}", delivery)
    assert {row.state for row in fifty.rows("envelope")} == {"sent"}
    assert len(remote.taken) == 51


def test_what_was_not_delivered_does_not_count(fifty: Any, delivery: Delivery, remote: Any) -> None:
    remote.answers = [Retry("server_busy")] * 20
    _send_all(fifty, f"{FRIDAY} 08:31", delivery)

    assert len(remote.taken) == 20


def test_a_channel_without_a_limit_sends_all(fifty: Any, delivery: Delivery, remote: Any) -> None:
    remote.per_minute = None
    _send_all(fifty, f"{FRIDAY} 08:31", replace(delivery))

    assert len(remote.taken) == 50


def test_a_sending_in_the_next_minute_is_not_counted_in_this_one(
    fifty: Any, delivery: Delivery, remote: Any
) -> None:
    _send_all(fifty, f"{FRIDAY} 08:31", delivery)
    fifty.write(update(ENVELOPE).where(ENVELOPE.c.state == "sent").values(sent_at=fifty.at(f"{FRIDAY} 08:30")))

    _send_all(fifty, f"{FRIDAY} 08:31", delivery)

    assert len(remote.taken) == 40
