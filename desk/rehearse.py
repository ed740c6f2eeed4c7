"""Plays the coming months on a copy with the clock moved: the original is only read, nothing leaves the house."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import delete, insert, make_url, select
from sqlmodel import SQLModel

from desk.desk import Desk
from desk.forecast import moments
from desk.heard import Heard, heard_in
from desk.ladders import choose_for_organization
from engine.canonical import loads
from engine.database import Database, Tx
from engine.organizations import organization
from notifications.delivery import INBOX
from notifications.waiting import ENVELOPE, PERSON

URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One matter in a message: its case, the rule that spoke, and its deadline (ISO), if it has one."""

    case_id: int
    heard: Heard
    due_on: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the rehearsal, as its person got it; an urgent one goes out by itself."""

    day: date
    person: str
    urgent: bool
    spoken: tuple[Spoken, ...]


def copy_sqlite(source: str, target: Path) -> None:
    """The database at an address, byte by byte into a new file, while others may be writing to it.

    The source is opened for reading only: its last reader must not fold its log into it.
    Raises FileNotFoundError when there is none.
    """
    path = Path(make_url(source).database or "")
    if not path.exists():
        raise FileNotFoundError(str(path))
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def copy_rows(source: Database, target: Database) -> None:
    """Every row of one moment into a database that is migrated and not used yet, of whichever make."""
    one_moment = source.engine.connect().execution_options(isolation_level="REPEATABLE READ")
    with one_moment as there, target.begin() as here:
        for table in SQLModel.metadata.sorted_tables:
            here.connection.execute(delete(table))  # a migration may have put a first row there
            query = select(table).order_by(*table.primary_key.columns)
            for rows in there.execute(query).mappings().partitions(500):
                here.connection.execute(insert(table), [dict(row) for row in rows])


def choose_ladder(desk: Desk, name: str, now: int) -> None:
    """Put every organisation of the copy on one ladder. Raises RefusedError: `no_such_ladder`."""
    with desk.database.read() as tx:
        everybody = list(tx.connection.execute(select(organization.c.id)).scalars())
    for one in everybody:
        choose_for_organization(desk, one, name, now)


def play(desk: Desk, beat: Callable[[int], None], now: int, until: int) -> list[Message]:
    """Beat through the time from `now` to `until` (epoch seconds UTC); the messages that arose, in order."""
    with desk.database.read() as tx:
        before = set(tx.connection.execute(select(ENVELOPE.c.id)).scalars())
        instants = moments(tx, now, until)
    for at in instants:
        beat(at)
    with desk.database.read() as tx:
        return _messages(tx, desk, before)


def _messages(tx: Tx, desk: Desk, before: set[str]) -> list[Message]:
    """Everybody has an inbox: what lies there is what each person was told."""
    columns = [ENVELOPE.c[name] for name in ("id", "person_id", "day", "lane", "lines")]
    query = (
        select(*columns, PERSON.c.name)
        .join(PERSON, PERSON.c.id == ENVELOPE.c.person_id)
        .where(ENVELOPE.c.channel == INBOX)
        .order_by(ENVELOPE.c.day, PERSON.c.rank_order, PERSON.c.id, ENVELOPE.c.lane)
    )
    rows = [row for row in tx.connection.execute(query) if row.id not in before]
    return [
        Message(
            date.fromisoformat(row.day),
            row.name,
            row.lane == URGENT,
            tuple(_spoken(tx, desk, loads(row.lines))),
        )
        for row in rows
    ]


def _spoken(tx: Tx, desk: Desk, keys: Sequence[str]) -> Iterable[Spoken]:
    view = desk.runtime.view(tx)
    for key in keys:
        heard = heard_in(view, key)
        yield Spoken(heard.case_id, heard, view.case(heard.case_id).due_on)
