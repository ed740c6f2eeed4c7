"""Looks whether this program can read the editions that a database lives by, before somebody stumbles over one."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import select

from engine import statements as sql
from engine.database import Tx
from engine.editions import LADDER, WORKFLOW
from engine.faults import Fault, FaultsError
from engine.runtime import Runtime


def unreadable(tx: Tx, runtime: Runtime) -> list[Fault]:
    """What the workflows in force, those that cases are pinned to, and the ladders in force name and this program
    lacks: each by kind, edition, place and missing name."""
    editions = runtime.editions
    in_force = editions.in_force(tx)
    pinned = tx.connection.execute(select(sql.cases.c.definition_id).distinct()).scalars()
    workflows = {*pinned, *(one for (kind, _), one in in_force.items() if kind == WORKFLOW)}
    readings: list[Callable[[], object]] = [
        *(partial(editions.workflow, tx, one) for one in sorted(workflows)),
        *(partial(editions.ladders, tx, name, in_force) for kind, name in sorted(in_force) if kind == LADDER),
    ]
    return [fault for read in readings for fault in _faults(read)]


def _faults(read: Callable[[], object]) -> list[Fault]:
    try:
        read()
    except FaultsError as error:
        return error.faults
    return []
