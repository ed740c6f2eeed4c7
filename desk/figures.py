"""How many problems there are, are done, are overdue: the figures of lists that are too long to be read whole."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from engine import statements as sql
from engine.view import View
from workflows.rectification.facts import DONE_STATES, FIX_STATES, OUT_STATES
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
    """The same by inspection, without reading every problem."""
    problem = TABLES["problem"]
    of_these = and_(problem.c.inspection_id.in_(inspection_ids), sql.cases.c.state.not_in(OUT_STATES))
    counted = view.tx.connection.execute(
        joined(problem.c.inspection_id, sql.cases.c.state, func.count())
        .where(of_these)
        .group_by(problem.c.inspection_id, sql.cases.c.state)
    ).all()
    late = late_counts(view, of_these, today)
    return {
        one: Figures(
            total=sum(row[2] for row in counted if row[0] == one),
            done=sum(row[2] for row in counted if row[0] == one and row[1] in DONE_STATES),
            overdue=late.get(one, 0),
        )
        for one in inspection_ids
    }


def late_counts(view: View, wanted: ColumnElement[bool], today: date) -> Counter[int]:
    """How many of the problems that fulfil a condition are overdue, by inspection.

    In a fix state some measure is unfinished, the machine itself sees to it: there the day alone decides, unless
    the clock was ever paused. The others are read and asked like any row.
    """
    problem, plain = TABLES["problem"], and_(sql.cases.c.state.in_(FIX_STATES), _never_paused())
    past = joined(problem.c.inspection_id, problem.c.case_id).where(wanted, past_due(today))
    certain = (
        joined(problem.c.inspection_id, func.count())
        .where(wanted, past_due(today), plain)
        .group_by(problem.c.inspection_id)
    )
    found: Counter[int] = Counter({row[0]: row[1] for row in view.tx.connection.execute(certain)})
    doubtful: dict[int, int] = dict(row[::-1] for row in view.tx.connection.execute(past.where(~plain)))
    found.update(doubtful[one] for one in _late_among(view, list(doubtful), today))
    return found


def joined(*columns: Any) -> Select[Any]:
    """Columns of problems and of their cases."""
    problem = TABLES["problem"]
    return select(*columns).select_from(problem.join(sql.cases, sql.cases.c.id == problem.c.case_id))


def past_due(today: date) -> ColumnElement[bool]:
    """Everything that may be overdue: whether it is depends on when its work was done, and on pauses."""
    return and_(sql.cases.c.live == 1, sql.cases.c.due_on < today.isoformat())


def _never_paused() -> ColumnElement[bool]:
    return or_(sql.cases.c.term.is_(None), sql.cases.c.term.not_like('%"pauses"%'))


def _late_among(view: View, ids: Sequence[int], today: date) -> set[int]:
    """Those of these problems that are overdue."""
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return {row.id for chunk in chunks for row in rows_of(view, chunk) if row.is_overdue(today)}
