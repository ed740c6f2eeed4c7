"""Seals every day by itself: a code over all histories as they stood at midnight, kept where nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Table, func, select, text

from engine import statements as sql
from engine.beats import LONGEST_PAUSE, beat
from engine.database import Tx
from engine.organizations import SHANGHAI
from engine.seal import Head, seal, seal_of
from engine.tables import Seal
from engine.working_days import local_day, start_of

SEALS: Table = Seal.__table__  # type: ignore[attr-defined]
# Seconds after midnight: what was begun before it must have been written.
PATIENCE = 30 * 60
DAY = 24 * 3600


INSERT = "INSERT INTO seal (day, at, code, sealed_at) VALUES (:day, :at, :code, :now) ON CONFLICT (day) DO NOTHING"


@dataclass(frozen=True, slots=True)
class Sealed:
    """The seal of a local day: the last instant it covers (epoch seconds UTC) and its code."""

    day: str
    at: int
    code: str


def seal_day(tx: Tx, now: int) -> Sealed | None:
    """Seal the day before, once; None when that is done already or midnight is too near."""
    yesterday = local_day(now - PATIENCE, SHANGHAI) - timedelta(days=1)
    if (tx.connection.execute(select(func.max(SEALS.c.day))).scalar() or "") >= yesterday.isoformat():
        return None
    at = end_of(yesterday)
    made = Sealed(yesterday.isoformat(), at, seal(tx, at))
    # Two beats at the same midnight make the same seal: the second one is no error.
    stored = tx.connection.execute(text(INSERT), {"day": made.day, "at": at, "code": made.code, "now": now})
    return made if stored.rowcount else None


def end_of(day: date) -> int:
    """The last instant of a local day."""
    return start_of(day + timedelta(days=1), SHANGHAI) - 1


def seals(tx: Tx) -> list[Sealed]:
    """Every daily seal, oldest first."""
    rows = tx.connection.execute(select(SEALS.c.day, SEALS.c.at, SEALS.c.code).order_by(SEALS.c.at))
    return [Sealed(*row) for row in rows]


def lost_seals(tx: Tx) -> list[str]:
    """The days that were sealed while the office beat, of which there is no seal any more.

    A beat seals the day before; where there was none for more than a day, as after a holiday, nothing was sealed.
    """
    sealed = {one.day for one in seals(tx)}
    beats = tx.connection.execute(select(beat.c.first_at, beat.c.last_at)).all()
    return sorted({day for first, last in beats for day in _sealed_between(first, last)} - sealed)


def _sealed_between(first_at: int, last_at: int) -> Iterator[str]:
    """The days before the local days on which there was a beat surely late enough to seal."""
    day = local_day(first_at, SHANGHAI)
    while (begins := start_of(day, SHANGHAI) + PATIENCE) + LONGEST_PAUSE <= last_at:
        if first_at <= begins + DAY - 2 * LONGEST_PAUSE:
            yield (day - timedelta(days=1)).isoformat()
        day += timedelta(days=1)


def broken_seals(tx: Tx) -> Iterator[Sealed]:
    """The daily seals that what is in the database now does not give any more; one pass over all entries."""
    waiting = seals(tx)
    columns = (sql.history.c.at, sql.history.c.root_id, sql.history.c.seq, sql.history.c.hash)
    entries = iter(tx.connection.execute(select(*columns).order_by(*columns[:3])))
    entry = next(entries, None)
    heads: dict[int, Head] = {}
    for one in waiting:
        while entry is not None and entry.at <= one.at:
            if entry.seq > heads.get(entry.root_id, (0, 0, ""))[1]:
                heads[entry.root_id] = (entry.root_id, entry.seq, entry.hash)
            entry = next(entries, None)
        if not _is_of_its_day(one) or seal_of(heads[root] for root in sorted(heads)) != one.code:
            yield one


def _is_of_its_day(one: Sealed) -> bool:
    try:
        return one.at == end_of(date.fromisoformat(one.day))
    except ValueError:
        return False
