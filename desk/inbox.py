"""The messages of one person inside the system: what came, what is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select

from desk.desk import Desk
from desk.tables import read_mark
from engine.database import Statement, Tx
from engine.tables import Envelope

envelope = Envelope.__table__  # type: ignore[attr-defined]
INBOX = "inbox"
WITH_MARK = envelope.outerjoin(read_mark, read_mark.c.envelope_id == envelope.c.id)
# Compiled once: every page says how many are unread.
COUNT_UNREAD = Statement(
    select(func.count())
    .select_from(WITH_MARK)
    .where(envelope.c.person_id == bindparam("person_id"), envelope.c.channel == INBOX, read_mark.c.at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the inbox, as it was sent. Instants are epoch seconds; `read_at` None until it is opened."""

    id: str
    subject: str
    body: str
    at: int
    read_at: int | None


def unread(tx: Tx, person_id: int) -> int:
    return int(tx.run(COUNT_UNREAD, {"person_id": person_id})[0][0])


def messages(tx: Tx, person_id: int, limit: int = 100) -> Sequence[Message]:
    """The newest messages of a person, newest first."""
    rows = tx.connection.execute(
        _columns().where(*_of(person_id)).order_by(envelope.c.packed_at.desc(), envelope.c.id).limit(limit)
    )
    return [Message(*row) for row in rows]


def message(tx: Tx, person_id: int, envelope_id: str) -> Message | None:
    """One of theirs by its id; None for what is not there or somebody else's."""
    row = tx.connection.execute(_columns().where(*_of(person_id), envelope.c.id == envelope_id)).first()
    return None if row is None else Message(*row)


def mark_read(desk: Desk, envelope_ids: Sequence[str], person_id: int, now: int) -> None:
    """Note that a person has read these of their messages; what is read already keeps its instant."""
    with desk.database.begin() as tx:
        query = select(envelope.c.id).select_from(WITH_MARK)
        fresh = query.where(*_of(person_id), envelope.c.id.in_(list(envelope_ids)), read_mark.c.at.is_(None))
        rows = [{"envelope_id": one, "at": now} for one in tx.connection.scalars(fresh)]
        if rows:
            tx.connection.execute(insert(read_mark), rows)


def _columns() -> Select[Any]:
    named = (envelope.c.id, envelope.c.subject, envelope.c.body, envelope.c.packed_at, read_mark.c.at)
    return select(*named).select_from(WITH_MARK)


def _of(person_id: int) -> tuple[Any, ...]:
    return envelope.c.person_id == person_id, envelope.c.channel == INBOX
