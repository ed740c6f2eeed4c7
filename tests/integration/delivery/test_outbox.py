"""The outbox: what has not gone out is seen with its reason, and sent again under the same id."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from desk.desk import RefusedError
from desk.finding import NotFoundError
from desk.outbox import DEAD, QUEUED, Entry, entries, find_entry, resend
from notifications.channels import build
from notifications.channels.base import Refused
from notifications.delivery import Delivery
from xiaohao.bootstrap import load_words

FRIDAY = "2026-06-12"


def _entries(world: Any, *states: str) -> list[Entry]:
    with world.database.read() as tx:
        return entries(tx, states)


def _resend(world: Any, delivery: Delivery, local: str, handle: str) -> str:
    with world.database.begin() as tx:
        return resend(tx, world.at(local), delivery, find_entry(tx, handle), load_words("zh"))


@pytest.fixture
def dead(world: Any, delivery: Delivery, remote: Any) -> Entry:
    """Person 1's remote envelope, refused for its address."""
    remote.answers = [Refused("address_refused", "550 no such user")]
    world.add_line(1, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", delivery)
    world.dispatch(f"{FRIDAY} 08:31", delivery)
    [entry] = _entries(world, DEAD)
    return entry


def test_a_dead_letter_is_listed_with_its_reason(dead: Entry) -> None:
    assert (dead.person, dead.address, dead.error) == (
        "张伟",
        "zhang@street.test",
        "address_refused: 550 no such user",
    )


@pytest.mark.row(3)
def test_after_the_address_is_mended_it_goes_out_under_the_same_id(
    world: Any, delivery: Delivery, remote: Any, dead: Entry
) -> None:
    world.change_person(1, email="zhang.wei@street.test")

    assert _resend(world, delivery, f"{FRIDAY} 09:00", dead.handle) == "zhang.wei@street.test"
    assert [entry.error for entry in _entries(world, QUEUED)] == [dead.error], "until it is sent, it says why not"
    world.dispatch(f"{FRIDAY} 09:01", delivery)

    [sent] = remote.taken
    assert (sent.id, sent.subject, sent.body) == (dead.id, dead.subject, dead.body)
    assert sent.address == "zhang.wei@street.test"
    assert _entries(world, DEAD, QUEUED) == []


def test_it_is_tried_as_often_as_a_new_one(world: Any, delivery: Delivery, dead: Entry) -> None:
    _resend(world, delivery, f"{FRIDAY} 09:00", dead.handle)

    [queued] = _entries(world, QUEUED)
    assert queued.attempts == 0


def test_what_was_sent_or_waits_is_not_sent_twice(world: Any, delivery: Delivery, remote: Any, dead: Entry) -> None:
    _resend(world, delivery, f"{FRIDAY} 09:00", dead.handle)
    with pytest.raises(RefusedError, match="已发出或正在排队"):
        _resend(world, delivery, f"{FRIDAY} 09:00", dead.handle)

    world.dispatch(f"{FRIDAY} 09:01", delivery)
    with pytest.raises(RefusedError, match="已发出或正在排队"):
        _resend(world, delivery, f"{FRIDAY} 09:02", dead.handle)
    assert len(remote.taken) == 1


@pytest.mark.row(24)
def test_nothing_is_sent_after_somebody_who_has_left(world: Any, delivery: Delivery, dead: Entry) -> None:
    world.change_person(1, active_until="2026-06-11")
    with pytest.raises(RefusedError, match="已离岗"):
        _resend(world, delivery, f"{FRIDAY} 09:00", dead.handle)

    world.change_person(1, active_until=FRIDAY)
    _resend(world, delivery, f"{FRIDAY} 09:00", dead.handle)


def test_without_an_address_or_a_channel_the_reason_is_named(world: Any, delivery: Delivery, dead: Entry) -> None:
    inbox_only = replace(delivery, channels={"inbox": delivery.channels["inbox"]})
    with pytest.raises(RefusedError, match="没有配置“remote”通道"):
        _resend(world, inbox_only, f"{FRIDAY} 09:00", dead.handle)

    world.change_person(1, email=None)
    with pytest.raises(RefusedError, match="没有地址"):
        _resend(world, delivery, f"{FRIDAY} 09:00", dead.handle)
    assert [entry.id for entry in _entries(world, DEAD)] == [dead.id]


@pytest.mark.parametrize("handle", ["", "zzzz", FRIDAY, "%", "_"])
def test_a_handle_means_one_message_or_none(world: Any, dead: Entry, handle: str) -> None:
    with world.database.read() as tx:
        assert find_entry(tx, dead.handle).id == find_entry(tx, dead.id).id == dead.id
        with pytest.raises(NotFoundError):
            find_entry(tx, handle)


@pytest.mark.row(3)
def test_a_mail_server_that_refuses_three_times_then_works_gets_it_once_and_whole(
    world: Any, delivery: Delivery, serve: Callable[..., int]
) -> None:
    class Hesitant:
        """Says 451 three times, then takes what comes."""

        def __init__(self) -> None:
            self.noes, self.taken = 3, []

        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            if self.noes:
                self.noes -= 1
                return "451 try later"
            self.taken.append(envelope.original_content)
            return "250 OK"

    server = Hesitant()
    mail = build("mail", {"host": "127.0.0.1", "port": serve(server), "sender": "office@street.test"})
    over = replace(
        delivery, channels={**delivery.channels, "mail": mail}, remotes_of=lambda _person, _day: ["mail"]
    )
    world.add_line(1, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", over)

    reasons = []
    for hour in ("09", "10", "11"):
        world.dispatch(f"{FRIDAY} {hour}:00", over)
        reasons += [entry.error for entry in _entries(world, QUEUED)]
    world.dispatch(f"{FRIDAY} 12:00", over)

    assert reasons == ["server_busy: 451 try later"] * 3
    [content] = server.taken
    [row] = [row for row in world.rows("envelope") if row.channel == "mail"]
    assert row.id.encode() in content
    assert row.state == "sent"
