"""Reads what signals look at, for all problems of an inspection at once, and says them of one problem."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from desk.signals import DoneMeasure, Dossier, FiledPaper, Signal, signals
from engine import statements as sql
from engine.view import View
from workflows.rectification.register import MeasureRow, ProblemRow, problem_rows
from workflows.rectification.signals import cleared
from workflows.rectification.tables import TABLES
from workflows.rectification.wording import number_text


def find_signals(view: View, inspection_id: int, problem_id: int) -> list[Signal]:
    """The hints about one problem. A fixed number of queries, however many problems there are beside it."""
    rows = problem_rows(view, inspection_id)
    papers, accepted = _papers(view, rows), _accepted_at(view, rows)
    dossiers = {row.id: _dossier(view, row, papers[row.id], accepted) for row in rows}
    own = dossiers.pop(problem_id, None)
    return signals(own, dossiers.values()) if own else []


def _dossier(view: View, row: ProblemRow, papers: list[FiledPaper], accepted: Mapping[int, int]) -> Dossier:
    return Dossier(
        number=number_text(row.fields),
        round=row.round,
        started_on=view.case(row.id).started_on,
        closed_on=row.fields["closed_on"],
        extensions=row.clock.extensions,
        filed=tuple(papers),
        measures=tuple(_measure(one, accepted.get(one.id)) for one in row.measures),
        cleared=cleared(row.fields),
    )


def _measure(row: MeasureRow, accepted_at: int | None) -> DoneMeasure:
    return DoneMeasure(
        text=row.fields["result"] or row.fields["progress"] or "",
        accepted_at=accepted_at,
        accepted_on=row.fields["accepted_on"],
        due_on=row.due_on,
        extensions=row.clock.extensions,
    )


def _papers(view: View, rows: list[ProblemRow]) -> Mapping[int, list[FiledPaper]]:
    """Everything filed under these problems, of all their rounds; what was rejected proves nothing."""
    view.load_read_only(row.id for row in rows)
    evidence, cases = TABLES["evidence"], sql.cases
    found: dict[int, list[FiledPaper]] = defaultdict(list)
    query = (
        select(cases.c.root_id, evidence.c.sha256, evidence.c.title, evidence.c.about_on, cases.c.round)
        .join(cases, cases.c.id == evidence.c.case_id)
        .where(cases.c.root_id.in_([row.id for row in rows]), cases.c.state == "filed")
        .order_by(cases.c.id)
    )
    for root_id, *paper in view.tx.connection.execute(query):
        found[root_id].append(FiledPaper(*paper))
    return found


def _accepted_at(view: View, rows: list[ProblemRow]) -> Mapping[int, int]:
    """When each measure's result was accepted last, by its id (epoch seconds UTC)."""
    table: Any = sql.history
    query = (
        select(table.c.case_id, table.c.at)
        .where(table.c.root_id.in_([row.id for row in rows]), table.c.action == "accept")
        .order_by(table.c.root_id, table.c.seq)
    )
    return {row[0]: row[1] for row in view.tx.connection.execute(query)}
