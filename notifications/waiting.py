"""Reads who has lines waiting and may be told now; the read half of packing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlmodel import SQLModel

from engine import tables
from engine.database import Tx
from engine.working_days import local_day
from notifications.channels.base import Recipient
from notifications.delivery import Delivery, WaitingLine

LINE = SQLModel.metadata.tables[tables.Line.__tablename__]
PERSON = SQLModel.metadata.tables[tables.Person.__tablename__]
ORGANIZATION = SQLModel.metadata.tables[tables.Organization.__tablename__]
ENVELOPE = SQLModel.metadata.tables[tables.Envelope.__tablename__]


@dataclass(frozen=True)
class Office:
    """An organisation as of now: its local day, and whether its sending window is open."""

    id: int
    name: str
    day: date
    is_open: bool


@dataclass(frozen=True)
class Batch:
    """The lines that one person has waiting on one lane, in order of time."""

    person: Recipient
    office: Office
    lane: str
    lines: tuple[WaitingLine, ...]


def batches(tx: Tx, now: int, delivery: Delivery) -> list[Batch]:
    """By person and lane; the lines stay locked (PostgreSQL) so that two packers never hold the same one."""
    offices = _offices(tx, now, delivery)
    rows = tx.connection.execute(_lines(now, offices.values(), delivery.any_time_lanes)).all()
    return [
        _batch(list(group), lane, offices)
        for (_person, lane), group in groupby(rows, key=lambda row: (row.person_id, row.lane))
    ]


def already_packed(tx: Tx, found: Iterable[Batch]) -> set[tuple[int, str, str]]:
    """The (person, lane, day) of today's envelopes of those who have lines waiting."""
    days = {batch.office.day.isoformat() for batch in found}
    same = and_(LINE.c.person_id == ENVELOPE.c.person_id, LINE.c.lane == ENVELOPE.c.lane)
    query = (
        select(ENVELOPE.c.person_id, ENVELOPE.c.lane, ENVELOPE.c.day)
        .join(LINE, same)
        .where(ENVELOPE.c.day.in_(days))
        .distinct()
    )
    return {(row.person_id, row.lane, row.day) for row in tx.connection.execute(query)}


def _offices(tx: Tx, now: int, delivery: Delivery) -> dict[int, Office]:
    query = (
        select(ORGANIZATION.c.id, ORGANIZATION.c.name)
        .join(PERSON, PERSON.c.organization_id == ORGANIZATION.c.id)
        .join(LINE, LINE.c.person_id == PERSON.c.id)
        .where(LINE.c.not_before <= now)
        .distinct()
    )
    return {row.id: _office(row.id, row.name, now, delivery) for row in tx.connection.execute(query)}


def _office(organization_id: int, name: str, now: int, delivery: Delivery) -> Office:
    window = delivery.window_of(organization_id)
    is_open = window.next_open(now, delivery.calendar) == now
    return Office(organization_id, name, local_day(now, window.zone), is_open)


def _lines(now: int, offices: Iterable[Office], any_time_lanes: Iterable[str]) -> Select[Any]:
    is_open = PERSON.c.organization_id.in_([office.id for office in offices if office.is_open])
    return (
        select(
            LINE, PERSON.c.key.label("person_key"), *_columns("name", "email", "active_until", "organization_id")
        )
        .join(PERSON, PERSON.c.id == LINE.c.person_id)
        .where(LINE.c.not_before <= now, or_(is_open, LINE.c.lane.in_(list(any_time_lanes))))
        .order_by(LINE.c.person_id, LINE.c.lane, LINE.c.not_before, LINE.c.key)
        .with_for_update(of=LINE, skip_locked=True)
    )


def _columns(*names: str) -> list[Any]:
    return [PERSON.c[name] for name in names]


def _batch(rows: list[Row[Any]], lane: str, offices: dict[int, Office]) -> Batch:
    first = rows[0]
    person = Recipient(
        id=first.person_id,
        key=first.person_key,
        name=first.name,
        email=first.email,
        active_until=first.active_until,
        organization_id=first.organization_id,
    )
    lines = tuple(WaitingLine(*(getattr(row, name) for name in WaitingLine._fields)) for row in rows)
    return Batch(person, offices[person.organization_id], lane, lines)
