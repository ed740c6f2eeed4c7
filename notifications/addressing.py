"""Addresses anew what waits to be told to somebody who has left: to whoever is to hear it now."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from sqlalchemy import Row, delete, insert, select

from engine.canonical import loads
from engine.database import Tx
from engine.kinds import NEXT_SIGNER
from engine.permissions import hearers
from engine.sign_off import eligible, next_step
from engine.view import View
from engine.working_days import local_day
from notifications.packing import Kept
from notifications.waiting import LINE, PERSON

HANDED_OVER = "handed_over"


def readdress(tx: Tx, view: View, now: int) -> list[Kept]:
    """The lines that left their old address. One that nobody can hear keeps it, and waits with its reason."""
    moved = []
    for row in _lines_of_the_gone(tx, view, now):
        with suppress(ValueError, LookupError, TypeError):  # a case that cannot be read keeps its own lines only
            moved += [Kept(row.key, HANDED_OVER)] if _moved(tx, view, row, now) else []
    return moved


def _lines_of_the_gone(tx: Tx, view: View, now: int) -> Iterable[Row[Any]]:
    query = (
        select(LINE, PERSON.c.active_until, PERSON.c.organization_id)
        .join(PERSON, PERSON.c.id == LINE.c.person_id)
        .where(PERSON.c.active_until.is_not(None))
        .order_by(LINE.c.key)
    )
    return [row for row in tx.connection.execute(query).all() if row.active_until < _today(view, row, now)]


def _moved(tx: Tx, view: View, row: Row[Any], now: int) -> bool:
    people = who_hears(view, row.case_id, row.params, _today(view, row, now))
    if not people:
        return False
    tx.connection.execute(delete(LINE).where(LINE.c.key == row.key))
    for person_id in people:
        values = {column.name: getattr(row, column.name) for column in LINE.c}
        key = key_for(row.key, person_id)
        if not tx.connection.execute(select(LINE.c.key).where(LINE.c.key == key)).first():
            tx.connection.execute(insert(LINE).values({**values, "key": key, "person_id": person_id}))
    return True


def key_for(key: str, person_id: int) -> str:
    """The key of the same line when it goes to somebody else."""
    root, seq, _leaver, template = key.split(":", 3)
    return f"{root}:{seq}:{person_id}:{template}"


def who_hears(view: View, case_id: int, params: str, today: str) -> list[int]:
    """Who is to hear on a local day (ISO) what a line of these parameters (JSON) says of a case."""
    case, role = view.case(case_id), loads(params).get("role")
    if role == NEXT_SIGNER:
        step = next_step(view, view.root(case))
        return eligible(view, view.root(case), step, today) if step else []
    if role not in view.registry.roles:
        return []
    return [one.person_id for one in hearers(view, case, role, today)]


def _today(view: View, row: Row[Any], now: int) -> str:
    return local_day(now, view.body(row.organization_id).settings.zone).isoformat()
