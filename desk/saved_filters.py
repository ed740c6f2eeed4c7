"""What a person looks for in the register, kept under a name; the last search stays without one.

A search lives here and not in an address: what people look for is nobody's business who reads a proxy's log.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from desk.desk import Desk
from desk.tables import saved_filter
from engine.database import Statement, Tx

LAST = ""
LONGEST_NAME = 30
MOST_KEPT = 30
# Compiled once: the register asks this.
GET_NAMED = Statement(
    select(saved_filter.c.id, saved_filter.c.name, saved_filter.c.query)
    .where(saved_filter.c.person_id == bindparam("person_id"), saved_filter.c.name != LAST)
    .order_by(saved_filter.c.id)
)


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """One search of one person; `query` is as an address carries it."""

    id: int
    name: str
    query: str


def saved_filters(tx: Tx, person_id: int) -> Sequence[SavedFilter]:
    """Those with a name, in the order of their names' making."""
    return [SavedFilter(*row) for row in tx.run(GET_NAMED, {"person_id": person_id})]


def saved_query(tx: Tx, person_id: int, filter_id: int) -> str | None:
    """One of theirs by its id; None for what is not there or somebody else's."""
    table = saved_filter
    return tx.connection.scalar(
        select(table.c.query).where(table.c.id == filter_id, table.c.person_id == person_id)
    )


def save_filter(desk: Desk, person_id: int, name: str, query: str) -> int:
    """Keep a search under a name, in place of what had it; the id. The oldest goes where there are too many."""
    table, called = saved_filter, name.strip()[:LONGEST_NAME]
    mine = (table.c.person_id == person_id, table.c.name == called)
    with desk.database.begin() as tx:
        found = tx.connection.scalar(select(table.c.id).where(*mine))
        if found is not None:
            tx.connection.execute(update(table).where(*mine).values(query=query))
            return int(found)
        _make_room(tx, person_id)
        made = insert(table).values(person_id=person_id, name=called, query=query).returning(table.c.id)
        return int(tx.connection.execute(made).scalar_one())


def forget_filter(desk: Desk, person_id: int, filter_id: int) -> None:
    table = saved_filter
    with desk.database.begin() as tx:
        tx.connection.execute(delete(table).where(table.c.id == filter_id, table.c.person_id == person_id))


def _make_room(tx: Tx, person_id: int) -> None:
    table = saved_filter
    ids = tx.connection.scalars(
        select(table.c.id).where(table.c.person_id == person_id, table.c.name != LAST).order_by(table.c.id.desc())
    ).all()
    tx.connection.execute(delete(table).where(table.c.id.in_(ids[MOST_KEPT - 1 :])))
