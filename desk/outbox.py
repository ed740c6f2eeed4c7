"""The outbox as the administrator sees it: what has not gone out, why, and how it is sent again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, update

from desk.desk import RefusedError
from desk.finding import NotFoundError
from engine.commands import Refusal
from engine.database import Tx
from engine.words import Words
from engine.working_days import local_day
from notifications.channels.base import Recipient
from notifications.delivery import Delivery
from notifications.waiting import ENVELOPE, PERSON

QUEUED, SENT, DEAD = "queued", "sent", "dead"
HANDLE = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One envelope. Instants are epoch seconds, `day` is an ISO local day, `error` as delivery keeps it."""

    id: str
    person_id: int
    channel: str
    day: str
    address: str
    subject: str
    body: str
    state: str
    attempts: int
    next_try: int
    packed_at: int
    sent_at: int | None
    error: str | None
    person: str
    organization_id: int

    @property
    def handle(self) -> str:
        """The end of the id's mark: short enough to type, and what a sheet's file name ends with."""
        return self.id.partition("@")[0][-HANDLE:]


def entries(tx: Tx, states: Iterable[str]) -> list[Entry]:
    """The envelopes in these states, the oldest first."""
    query = _query().where(ENVELOPE.c.state.in_(list(states))).order_by(ENVELOPE.c.packed_at, ENVELOPE.c.id)
    return [Entry(*row) for row in tx.connection.execute(query)]


def find_entry(tx: Tx, handle: str) -> Entry:
    """By the id or any part of it that no other has. Raises NotFoundError."""
    named = ENVELOPE.c.id.contains(handle, autoescape=True)
    found = tx.connection.execute(_query().where(named).limit(2)).all()
    if len(found) != 1 or not handle:
        raise NotFoundError(
            f"编号“{handle}”对应不止一条消息，请多写几位" if found else f"没有编号为“{handle}”的消息"
        )
    return Entry(*found[0])


def resend(tx: Tx, now: int, delivery: Delivery, entry: Entry, words: Words) -> str:
    """Queue a dead envelope again and give the address it goes to; it keeps its id, subject and text.

    The address is taken anew, since a wrong one is the most common cause. Raises RefusedError: `not_dead`,
    `channel_missing`, `person_left`, `no_address`.
    """
    address = _address(tx, now, delivery, entry, words)
    again = {"state": QUEUED, "attempts": 0, "next_try": now, "lease_until": 0, "address": address}
    dead = (ENVELOPE.c.id == entry.id) & (ENVELOPE.c.state == DEAD)
    if not tx.connection.execute(update(ENVELOPE).where(dead).values(again)).rowcount:
        raise _refused(words, Refusal("not_dead", {"person": entry.person}))
    return address


def _query() -> Select[Any]:
    own = [ENVELOPE.c[name] for name in Entry.__dataclass_fields__ if name in ENVELOPE.c]
    return select(*own, PERSON.c.name, PERSON.c.organization_id).join(PERSON, PERSON.c.id == ENVELOPE.c.person_id)


def _address(tx: Tx, now: int, delivery: Delivery, entry: Entry, words: Words) -> str:
    columns = [PERSON.c[name] for name in Recipient.__dataclass_fields__]
    row = tx.connection.execute(select(*columns).where(PERSON.c.id == entry.person_id)).one()
    person, channel = Recipient(*row), delivery.channels.get(entry.channel)
    if channel is None:
        raise _refused(words, Refusal("channel_missing", {"channel": entry.channel}))
    today = local_day(now, delivery.window_of(person.organization_id).zone).isoformat()
    if person.active_until and person.active_until < today:
        raise _refused(words, Refusal("person_left", {"person": person.name}))
    address = channel.address_of(person)
    if address is None:
        raise _refused(words, Refusal("no_address", {"person": person.name}))
    return address


def _refused(words: Words, refusal: Refusal) -> RefusedError:
    return RefusedError(refusal, words.refusal(refusal))
