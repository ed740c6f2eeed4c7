"""The register as it stood at an instant: the rows of today, replayed from the chains of their dossiers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from engine.cases import CaseState
from engine.database import Tx
from engine.history import entries_of
from engine.organizations import department, person
from engine.past import PastView, view_then
from engine.runtime import Runtime
from workflows.rectification.register import ProblemRow, assemble, problem

# A bearer's name and place in the office's order, by (True for a person, id).
Ranked = Mapping[tuple[bool, int], tuple[int, str]]


def rows_then(runtime: Runtime, tx: Tx, inspection_id: int, until: int) -> list[tuple[PastView, ProblemRow]]:
    """Every problem that was there after what had happened up to `until` (epoch seconds UTC), each with the view of
    its dossier; in the order of the document. People are called by their names of today.
    """
    known = _ranked(tx)
    roots = select(problem.c.case_id).where(problem.c.inspection_id == inspection_id).order_by(problem.c.case_id)
    ids = list(tx.connection.scalars(roots))
    return [found for root_id in ids for found in _row(runtime, tx, root_id, until, known)]


def _row(
    runtime: Runtime, tx: Tx, root_id: int, until: int, known: Ranked
) -> Iterator[tuple[PastView, ProblemRow]]:
    """One row, or none where the problem was not there yet."""
    chain = entries_of(tx, root_id)
    if not any(one.at <= until for one in chain):
        return
    view = view_then(runtime, tx, chain, until)
    present = sorted(view.dossier(view.case(root_id)), key=lambda one: one.id)
    fields = {one.id: _fields(view, one) for one in present}
    people = {one.id: _people(one, known) for one in present if one.kind != "evidence"}
    for row in assemble(view, present, fields, people):
        yield view, row


def _fields(view: PastView, case: CaseState) -> Mapping[str, Any]:
    """With those that its kind has got since then: nobody had filled them."""
    return {**dict.fromkeys(view.registry.definitions[case.kind].fields), **view.fields(case)}


def _people(case: CaseState, known: Ranked) -> Mapping[str, tuple[str, ...]]:
    """Names by role, in the office's order, of those who bore it without an end."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for one in case.bearers or ():
        if one.to_on is None:
            found[one.role].append(known[one.person_id is not None, one.person_id or one.department_id or 0])
    return {role: tuple(name for _, name in sorted(named, key=itemgetter(0))) for role, named in found.items()}


def _ranked(tx: Tx) -> Ranked:
    return {
        (table is person, row.id): (row.rank_order, row.name)
        for table in (person, department)
        for row in tx.connection.execute(select(table.c.id, table.c.rank_order, table.c.name))
    }
