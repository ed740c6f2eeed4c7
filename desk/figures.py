"""How many problems there are, are done, are overdue: the figures of lists that are too long to be read whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from desk.finding import Inspection
from engine import statements as sql
from engine.database import Statement, among, none_of, one_of
from engine.view import View
from workflows.rectification.facts import DONE_STATES, FIX_STATES, OUT_STATES
from workflows.rectification.register import ProblemRow, rows_of
from workflows.rectification.tables import TABLES

CHUNK = 500
_CASE, _PROBLEM = sql.cases, TABLES["problem"]


def joined(*columns: Any) -> Select[Any]:
    """Columns of problems and of their cases."""
    return select(*columns).select_from(_PROBLEM.join(_CASE, _CASE.c.id == _PROBLEM.c.case_id))


def past_due() -> ColumnElement[bool]:
    """Everything that may be overdue on the day `today`: whether it is depends on when its work was done, and on
    pauses."""
    return and_(sql.IS_LIVE, _CASE.c.due_on < bindparam("today"))


class Late(NamedTuple):
    """How many are `certain` to be overdue, by inspection; and with its inspection each that is `doubtful`.

    In a fix state some measure is unfinished, the machine itself sees to it: there the day alone decides, unless
    the clock was ever paused. The others are read and asked like any row.
    """

    certain: Statement
    doubtful: Statement


def late_among(*wanted: ColumnElement[bool]) -> Late:
    """Of problems that fulfil these conditions; where one names the organisation, its index of deadlines serves."""
    never_paused = or_(_CASE.c.term.is_(None), _CASE.c.term.not_like('%"pauses"%'))
    plain = and_(one_of(_CASE.c.state, FIX_STATES), never_paused)
    of_these = and_(_CASE.c.kind == "problem", past_due(), *wanted)
    counts = joined(_PROBLEM.c.inspection_id, func.count()).where(of_these, plain)
    return Late(
        Statement(counts.group_by(_PROBLEM.c.inspection_id)),
        Statement(joined(_PROBLEM.c.inspection_id, _PROBLEM.c.case_id).where(of_these, ~plain)),
    )


COUNTED = none_of(_CASE.c.state, OUT_STATES)
GET_COUNTS = Statement(
    joined(_PROBLEM.c.inspection_id, _CASE.c.state, func.count())
    .where(among(_PROBLEM.c.inspection_id), COUNTED)
    .group_by(_PROBLEM.c.inspection_id, _CASE.c.state)
)
# Of whole organisations, whatever the inspection: what is past its day is little, and found by that day.
LATE_IN = late_among(among(_CASE.c.organization_id, "places"), COUNTED)


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


def figures(view: View, inspections: Sequence[Inspection], today: date) -> dict[int, Figures]:
    """The same by inspection, without reading every problem."""
    if not inspections:
        return {}
    ids = [one.id for one in inspections]
    total: Counter[int] = Counter()
    done: Counter[int] = Counter()
    for inspection_id, state, number in view.tx.run(GET_COUNTS, {"ids": view.tx.many(ids)}):
        total[inspection_id] += number
        done[inspection_id] += number if state in DONE_STATES else 0
    places = view.tx.many({one.organization_id for one in inspections})
    late = late_counts(view, LATE_IN, {"places": places}, today)
    return {one: Figures(total[one], done[one], late[one]) for one in ids}


def late_counts(view: View, late: Late, params: Mapping[str, Any], today: date) -> Counter[int]:
    """How many problems are overdue, by inspection, of those that two statements find with these parameters."""
    asked = {**params, "today": today.isoformat()}
    found: Counter[int] = Counter({row[0]: row[1] for row in view.tx.run(late.certain, asked)})
    doubtful = {case_id: inspection_id for inspection_id, case_id in view.tx.run(late.doubtful, asked)}
    found.update(doubtful[one] for one in _late_among(view, list(doubtful), today))
    return found


def _late_among(view: View, ids: Sequence[int], today: date) -> set[int]:
    """Those of these problems that are overdue."""
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return {row.id for chunk in chunks for row in rows_of(view, chunk) if row.is_overdue(today)}
