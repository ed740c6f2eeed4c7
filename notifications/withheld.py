"""Keeps the reason for which a line was not packed, so that it can be told when the line itself is gone."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlmodel import SQLModel

from engine import tables
from engine.database import Tx
from notifications.packing import Kept
from notifications.waiting import LINE

WITHHELD = SQLModel.metadata.tables[tables.Withheld.__tablename__]


@dataclass(frozen=True, slots=True)
class Held:
    """A reason as it was kept: since when it holds (epoch seconds UTC)."""

    key: str
    reason: str
    at: int
    detail: str


def remember(tx: Tx, now: int, kept: Iterable[Kept]) -> None:
    """Write each line's reason the first time it is given: a beat that finds nothing new writes nothing."""
    found = {(one.key, one.reason): one for one in kept}
    if not found:
        return
    waiting = select(WITHHELD.c.key, WITHHELD.c.reason).join(LINE, LINE.c.key == WITHHELD.c.key)
    there = {(row.key, row.reason) for row in tx.connection.execute(waiting)}
    rows = [
        {"key": key, "reason": reason, "at": now, "detail": one.detail}
        for (key, reason), one in found.items()
        if (key, reason) not in there
    ]
    if rows:
        tx.connection.execute(insert(WITHHELD), rows)


def held_of(tx: Tx, root_id: int) -> list[Held]:
    """What was kept back of a dossier, in order of time."""
    mine = WITHHELD.c.key.startswith(f"{root_id}:")
    query = select(WITHHELD.c.key, WITHHELD.c.reason, WITHHELD.c.at, WITHHELD.c.detail).where(mine)
    return [Held(*row) for row in tx.connection.execute(query.order_by(WITHHELD.c.at, WITHHELD.c.key))]
