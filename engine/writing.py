"""Writes what the door has planned: rows, history, lines and numbers, in one go and in one transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from engine import statements as sql
from engine.canonical import dumps
from engine.cases import BEARERS, COLUMNS, SIGNATURES, CaseState
from engine.chain import Entry
from engine.commands import Bearer, Signed
from engine.database import StaleError, Tx
from engine.view import View

NumberKey = tuple[int, str, int]


@dataclass
class Plan:
    """What a batch wants written. Nothing of it has touched the database yet."""

    entries: list[Entry] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[NumberKey, int] = field(default_factory=dict)


def write(view: View, plan: Plan) -> None:
    """All of it, or an exception: StaleError when another transaction was faster on one of the cases."""
    changed = [case for case in view.known() if case.touched]
    _insert_cases(view, [case for case in changed if case.is_new])
    _update_cases(view.tx, [case for case in changed if not case.is_new])
    for case in changed:
        _write_parts(view, case)
    _append_history(view.tx, plan.entries)
    if plan.lines:
        view.tx.run_many(sql.INSERT_LINE, plan.lines)
    _write_numbers(view.tx, plan.numbers)


def next_case_id(tx: Tx, opened_before: int) -> int:
    """An id for a new case. `opened_before` counts those planned in this transaction and not yet written."""
    if tx.is_sqlite:
        # Safe: this transaction is the only writer, and cases are never deleted.
        highest = tx.connection.execute(select(func.coalesce(func.max(sql.cases.c.id), 0))).scalar_one()
        return int(highest) + opened_before + 1
    return int(tx.connection.execute(text("SELECT nextval('cases_id_seq')")).scalar_one())


def read_number(tx: Tx, key: NumberKey) -> int:
    """The last number given out in a series; the row stays locked until the end of the transaction."""
    organization_id, series, year = key
    params = {"organization_id": organization_id, "series": series, "year": year}
    rows = tx.run(sql.GET_NUMBER, params)
    if rows:
        return int(rows[0][0])
    tx.connection.execute(
        text(
            "INSERT INTO number (organization_id, series, year, value) "
            "VALUES (:organization_id, :series, :year, 0) ON CONFLICT DO NOTHING"
        ),
        params,
    )
    return int(tx.run(sql.GET_NUMBER, params)[0][0])


def _insert_cases(view: View, new: list[CaseState]) -> None:
    if not new:
        return
    view.tx.run_many(sql.INSERT_CASE, [_stored(view, case) for case in new])
    for case in new:
        if store := view.registry.store(view.definition(case)):
            store.insert(view.tx, case.id, case.organization_id, case.fields or {})


def _update_cases(tx: Tx, changed: list[CaseState]) -> None:
    whole = [
        {**_columns(case), "case_id": case.id, "stored_seq": case.stored_seq}
        for case in sorted(changed, key=lambda one: one.is_root)  # parts first: their round is still open
        if case.touched != {"seq"}
    ]
    heads = [
        {"case_id": case.id, "stored_seq": case.stored_seq, "new_seq": case.seq, "new_head": case.head}
        for case in changed
        if case.touched == {"seq"}
    ]
    for statement, rows in ((sql.UPDATE_CASE, whole), (sql.UPDATE_HEAD, heads)):
        if rows and tx.run_many(statement, rows) != len(rows):
            raise StaleError("a case was changed by another transaction")


def _stored(view: View, case: CaseState) -> dict[str, Any]:
    own_table = view.definition(case).table is not None
    row = {name: getattr(case, name) for name in COLUMNS[:6]} | _columns(case)
    return row | {"data": "{}" if own_table else dumps(case.fields)}


def _columns(case: CaseState) -> dict[str, Any]:
    row = {name: getattr(case, name) for name in COLUMNS[6:] if name not in ("fired", "data")}
    return row | {"fired": dumps(case.fired), "data": case.stored_data}


def _write_parts(view: View, case: CaseState) -> None:
    fields = {name: value for name, value in (case.fields or {}).items() if name in case.touched}
    store = view.registry.store(view.definition(case))
    if fields and store and not case.is_new:
        store.update(view.tx, case.id, fields)
    if "definition_id" in case.touched:
        _repin(view.tx, case)
    if BEARERS in case.touched:
        _write_bearers(view.tx, case)
    if SIGNATURES in case.touched:
        _write_signatures(view.tx, case)


def _repin(tx: Tx, case: CaseState) -> None:
    """Apart from the statement of every step: a foreign key costs each time, and migrations are rare."""
    if not case.is_new:
        moved = update(sql.cases).where(sql.cases.c.id == case.id)
        tx.connection.execute(moved.values(definition_id=case.definition_id))


def _write_bearers(tx: Tx, case: CaseState) -> None:
    # Counted, not a set: who gets a role, loses it and gets it back on one day has the same row twice.
    stored = Counter(Bearer(*row) for row in tx.run(sql.GET_BEARERS, {"case_id": case.id}))
    for one in (Counter(case.bearers or ()) - stored).elements():
        still_open = Bearer(one.role, one.person_id, one.department_id, one.from_on)
        if one.to_on is not None and still_open in stored:
            _end_bearer(tx, case.id, one)
        else:
            row = dict(zip(("role", "person_id", "department_id", "from_on", "to_on"), one.row(), strict=True))
            tx.connection.execute(insert(sql.assignment).values(case_id=case.id, **row))


def _end_bearer(tx: Tx, case_id: int, one: Bearer) -> None:
    table = sql.assignment
    tx.connection.execute(
        update(table)
        .where(
            table.c.case_id == case_id,
            table.c.role == one.role,
            table.c.person_id.is_not_distinct_from(one.person_id),
            table.c.department_id.is_not_distinct_from(one.department_id),
            table.c.from_on == one.from_on,
            table.c.to_on.is_(None),
        )
        .values(to_on=one.to_on)
    )


def _write_signatures(tx: Tx, case: CaseState) -> None:
    stored = {Signed(*row) for row in tx.run(sql.GET_SIGNATURES, {"root_id": case.id})}
    keys = {(one.round, one.submission, one.step) for one in stored}
    table = sql.signature
    for one in case.signatures or ():
        key = (one.round, one.submission, one.step)
        if key not in keys:
            values = {name: getattr(one, name) for name in Signed.__slots__}
            tx.connection.execute(insert(table).values(root_id=case.id, **values))
        elif one not in stored:
            where = (table.c.round == key[0], table.c.submission == key[1], table.c.step == key[2])
            tx.connection.execute(
                update(table).where(table.c.root_id == case.id, *where).values(voided_at=one.voided_at)
            )


def _append_history(tx: Tx, entries: Iterable[Entry]) -> None:
    rows = [entry.row() for entry in entries]
    if not rows:
        return
    try:
        tx.run_many(sql.INSERT_HISTORY, rows)
    except Exception as error:
        if _is_key_clash(error):
            raise StaleError("another transaction appended to the same dossier") from error
        raise


def _is_key_clash(error: Exception) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, IntegrityError) or "IntegrityError" in names


def _write_numbers(tx: Tx, numbers: Mapping[NumberKey, int]) -> None:
    table = sql.number
    for (organization_id, series, year), value in numbers.items():
        tx.connection.execute(
            update(table)
            .where(table.c.organization_id == organization_id, table.c.series == series, table.c.year == year)
            .values(value=value)
        )
