"""Writes what the door has planned: rows, history, lines and numbers, in one go and in one transaction."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update

from engine import statements as sql
from engine.canonical import dumps
from engine.cases import BEARERS, COLUMNS, SIGNATURES, CaseState, StoredValues, stored_values
from engine.chain import Entry
from engine.commands import Bearer, Signed
from engine.database import Params, StaleError, Statement, Tx
from engine.view import View

NumberKey = tuple[int, str, int]
BEARER_COLUMNS = ("role", "person_id", "department_id", "from_on", "to_on")
# What is read back and compared before it is written; most steps change none of it.
SELDOM = frozenset({"definition_id", BEARERS, SIGNATURES})


@dataclass
class Plan:
    """What a batch wants written. Nothing of it has touched the database yet. `woken` are organisations."""

    entries: list[Entry] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[NumberKey, int] = field(default_factory=dict)
    woken: list[int] = field(default_factory=list)


class _Writes:
    """Statements to be sent together: those of one text at once, in the order in which each text came first, or,
    where it is all the same, as one."""

    def __init__(self, *, in_order: bool) -> None:
        self._in_order = in_order
        self._rows: dict[Statement, list[Params]] = {}
        self._judges: set[Statement] = set()

    def add(self, statement: Statement, row: Params) -> None:
        rows = self._rows.get(statement)
        if rows is None:
            self._rows[statement] = [row]
        else:
            rows.append(row)

    def judge(self, statement: Statement, row: Params) -> None:
        """A compare-and-set: it must find its row, or another transaction was faster."""
        self._judges.add(statement)
        self.add(statement, row)

    def send(self, tx: Tx) -> None:
        """Raises StaleError; nothing waits afterwards."""
        batches = list(self._rows.items())
        touched = tx.run_batches(batches, in_order=self._in_order)
        for (statement, rows), found in zip(batches, touched, strict=True):
            if statement in self._judges and found != len(rows):
                raise StaleError("a case was changed by another transaction")
        self._rows = {}


def write(view: View, plan: Plan) -> None:
    """All of it, or an exception: StaleError when another transaction was faster on one of the cases."""
    changed = [case for case in view.known() if case.touched]
    touched = frozenset().union(*[case.touched for case in changed])
    # Where a round begins, parts come first: theirs is still open.
    writes = _Writes(in_order="round" in touched)
    for case in changed:
        if case.is_new:
            _insert_case(view, case, writes)
    for case in sorted(changed, key=_is_root):
        if not case.is_new:
            _update_case(view, case, writes)
    if not SELDOM.isdisjoint(touched):
        writes.send(view.tx)
        for case in changed:
            _write_parts(view.tx, case)
    for entry in plan.entries:
        writes.add(sql.INSERT_HISTORY, entry)
    for row in plan.lines:
        writes.add(sql.INSERT_LINE, row)
    _send_chained(writes, view.tx)
    if plan.numbers:
        _write_numbers(view.tx, plan.numbers)


def wake(tx: Tx, organization_id: int, now: int) -> int:
    """Look at every live case of an organisation again: its ladder, calendar or people have changed."""
    found = tx.connection.execute(
        update(sql.cases)
        .where(sql.cases.c.organization_id == organization_id, sql.cases.c.live == 1)
        .values(next_alert_at=now)
    )
    return int(found.rowcount)


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


def _insert_case(view: View, case: CaseState, writes: _Writes) -> None:
    store = view.workflow(case).store
    row = {name: getattr(case, name) for name in COLUMNS if name not in ("fired", "data")}
    writes.add(sql.INSERT_CASE, row | {"fired": dumps(case.fired), "data": "{}" if store else dumps(case.fields)})
    if store:
        writes.add(*store.inserting(case.id, case.organization_id, case.fields or {}))


def _update_case(view: View, case: CaseState, writes: _Writes) -> None:
    statement, values, fields = _split(frozenset(case.touched))
    writes.judge(statement, values(case))
    store = view.workflow(case).store if fields else None
    if store:
        known = view.fields(case)
        writes.add(*store.updating(case.id, {name: known[name] for name in fields}))


@lru_cache(maxsize=1024)
def _split(touched: frozenset[str]) -> tuple[Statement, StoredValues, tuple[str, ...]]:
    """Of what changed: the statement that sets the columns of the case's row that every step may set, what takes
    its parameters out of the case, and the declared fields."""
    columns = tuple(name for name in COLUMNS[6:] if name in touched)
    statement, values = sql.update_case(columns), stored_values((*columns, "id", "stored_seq"))
    return statement, values, tuple(sorted(touched - {*COLUMNS, *SELDOM}))


def _is_root(case: CaseState) -> bool:
    return bool(case.id == case.root_id)


def _write_parts(tx: Tx, case: CaseState) -> None:
    if "definition_id" in case.touched:
        _repin(tx, case)
    if BEARERS in case.touched:
        _write_bearers(tx, case)
    if SIGNATURES in case.touched:
        _write_signatures(tx, case)


def _repin(tx: Tx, case: CaseState) -> None:
    """Apart from the statement of every step: a foreign key costs each time, and migrations are rare."""
    if not case.is_new:
        moved = update(sql.cases).where(sql.cases.c.id == case.id)
        tx.connection.execute(moved.values(definition_id=case.definition_id))


def _write_bearers(tx: Tx, case: CaseState) -> None:
    # Counted, not a set: who gets a role, loses it and gets it back on one day has the same row twice.
    stored = Counter(Bearer(*row[1:]) for row in tx.run(sql.GET_BEARERS.one, {"case_id": case.id}))
    wanted = Counter(case.bearers or ())
    gone, new = list((stored - wanted).elements()), list((wanted - stored).elements())
    for one in gone:
        moved = next((other for other in new if other.row()[:-1] == one.row()[:-1]), None)
        _change_bearer(tx, case.id, one, moved)
        if moved is not None:
            new.remove(moved)
    for one in new:
        row = dict(zip(BEARER_COLUMNS, one.row(), strict=True))
        tx.connection.execute(insert(sql.assignment).values(case_id=case.id, **row))


def _change_bearer(tx: Tx, case_id: int, one: Bearer, moved: Bearer | None) -> None:
    """One row with these values gets another end, or goes, where it had not begun: the history tells what was."""
    table = sql.assignment
    values = zip(BEARER_COLUMNS, one.row(), strict=True)
    same = (table.c[name].is_not_distinct_from(value) for name, value in values)
    first = table.c.id == select(func.min(table.c.id)).where(table.c.case_id == case_id, *same).scalar_subquery()
    change = delete(table) if moved is None else update(table).values(to_on=moved.to_on)
    tx.connection.execute(change.where(first))


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


def _send_chained(writes: _Writes, tx: Tx) -> None:
    """The history's key (root, seq) is the other judge of who was faster."""
    try:
        writes.send(tx)
    except Exception as error:
        if _is_history_clash(error):
            raise StaleError("another transaction appended to the same dossier") from error
        raise


def _is_history_clash(error: Exception) -> bool:
    """Only of the history's own key: what another table refuses, it would refuse again for ever."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return "IntegrityError" in names and "history" in str(error)


def _write_numbers(tx: Tx, numbers: Mapping[NumberKey, int]) -> None:
    table = sql.number
    for (organization_id, series, year), value in numbers.items():
        tx.connection.execute(
            update(table)
            .where(table.c.organization_id == organization_id, table.c.series == series, table.c.year == year)
            .values(value=value)
        )
