"""Keeps when the office beat, so that a silence can be told from a server that was down, a year later too."""

from dataclasses import dataclass

from sqlalchemy import Table, case, func, insert, select, update

from engine.database import Tx
from engine.editions import definition
from engine.tables import Beat

beat: Table = Beat.__table__  # type: ignore[attr-defined]

# Seconds. A longer pause between two beats counts as one in which nothing could be sent.
LONGEST_PAUSE = 15 * 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first to the last beat of a stretch (epoch seconds UTC); `editions` were in force in it."""

    first_at: int
    last_at: int
    editions: int


def record_beat(tx: Tx, now: int) -> None:
    """A beat has come to its end: the stretch it belongs to grows, or a new one begins."""
    editions = newest_edition(tx)
    mine = (beat.c.first_at <= now) & (beat.c.last_at >= now - LONGEST_PAUSE) & (beat.c.editions == editions)
    later = case((beat.c.last_at < now, now), else_=beat.c.last_at)
    if not tx.connection.execute(update(beat).where(mine).values(last_at=later)).rowcount:
        tx.connection.execute(insert(beat).values(first_at=now, last_at=now, editions=editions))


def newest_edition(tx: Tx) -> int:
    """The highest id among the editions in force; 0 before any is published."""
    return int(tx.connection.execute(select(func.coalesce(func.max(definition.c.id), 0))).scalar_one())


def last_beat(tx: Tx, until: int) -> Stretch | None:
    """The stretch of the last beat at `until` or before it; None when there was none yet."""
    query = select(beat.c.first_at, beat.c.last_at, beat.c.editions).where(beat.c.first_at <= until)
    row = tx.connection.execute(query.order_by(beat.c.first_at.desc(), beat.c.id.desc()).limit(1)).first()
    return None if row is None else Stretch(row.first_at, min(row.last_at, until), row.editions)


def next_beat(tx: Tx, since: int) -> int | None:
    """The instant of the first beat at `since` or after it; inside a stretch that is `since` itself."""
    query = select(func.min(beat.c.first_at)).where(beat.c.last_at >= since)
    first = tx.connection.execute(query).scalar_one()
    return None if first is None else max(int(first), since)
