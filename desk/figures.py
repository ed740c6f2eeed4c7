"""How many problems there are, are done, are overdue: the figures of lists that are too long to be read whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from engine import statements as sql
from engine.view import View
from workflows.rectification.facts import DONE_STATES, OUT_STATES
from workflows.rectification.register import ProblemRow, rows_of
from workflows.rectification.tables import TABLES

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of problems; each problem counts once, whatever round it is in."""

    total: int = 0
    done: int = 0
    overdue: int = 0

    @property
    def left(self) -> int:
        return self.total - self.done


def count(rows: Sequence[ProblemRow], today: date) -> Figures:
    """The figures of problems that are read already."""
    overdue = sum(row.is_overdue(today) for row in rows)
    return Figures(len(rows), sum(row.is_done for row in rows), overdue)


def figures(view: View, inspection_ids: Sequence[int], today: date) -> dict[int, Figures]:
    """The same by inspection; only what is past its deadline is read, to see when its work was done."""
    problem = TABLES["problem"]
    of_these = and_(problem.c.inspection_id.in_(inspection_ids), sql.cases.c.state.not_in(OUT_STATES))
    joined = problem.join(sql.cases, sql.cases.c.id == problem.c.case_id)
    counted = view.tx.connection.execute(
        select(problem.c.inspection_id, sql.cases.c.state, func.count())
        .select_from(joined)
        .where(of_these)
        .group_by(problem.c.inspection_id, sql.cases.c.state)
    ).all()
    past = select(problem.c.inspection_id, problem.c.case_id).select_from(joined).where(of_these, past_due(today))
    late = _late(view, view.tx.connection.execute(past).all(), today)
    return {
        one: Figures(
            total=sum(row[2] for row in counted if row[0] == one),
            done=sum(row[2] for row in counted if row[0] == one and row[1] in DONE_STATES),
            overdue=late.get(one, 0),
        )
        for one in inspection_ids
    }


def past_due(today: date) -> ColumnElement[bool]:
    """Everything that may be overdue: whether it is depends on when its work was done."""
    return (sql.cases.c.live == 1) & (sql.cases.c.due_on < today.isoformat())


def late_among(view: View, ids: Iterable[int], today: date) -> set[int]:
    """Those of these problems that are overdue."""
    wanted = list(ids)
    chunks = (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))
    return {row.id for chunk in chunks for row in rows_of(view, chunk) if row.is_overdue(today)}


def _late(view: View, pairs: Sequence[Sequence[int]], today: date) -> dict[int, int]:
    """How many are overdue, by inspection."""
    late = late_among(view, (case_id for _, case_id in pairs), today)
    found: dict[int, int] = {}
    for inspection_id, case_id in pairs:
        found[inspection_id] = found.get(inspection_id, 0) + (case_id in late)
    return found
