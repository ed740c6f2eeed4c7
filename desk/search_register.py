"""The register by page: filtered, in an order, a page at a time; what is not on the page is not read."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal_column, or_, select, tuple_

from desk.desk import Desk
from desk.figures import Figures, joined, late_counts, past_due
from desk.finding import Inspection
from desk.make_register import COLUMNS, Register, Spec, register_of
from engine import statements as sql
from engine.database import Statement
from engine.view import View
from workflows.rectification.facts import DONE_STATES, OUT_STATES
from workflows.rectification.register import ProblemRow, rows_of
from workflows.rectification.tables import TABLES

Order = Literal["document", "deadline", "newest"]
ORDERS: tuple[Order, ...] = ("document", "deadline", "newest")
PAGE_ROWS = 50
# A workbook of more is neither read nor printed: the filter must say what is wanted.
MOST_EXPORTED = 5000
LONGEST_TEXT = 50
DEPARTMENT_ROLES = ("lead_department", "supporting_department")
NARROW = ("number", "title", "lead_official", "lead_department", "due_on", "standing", "close_out")

case, problem = sql.cases, TABLES["problem"]
# Literal as in the index: with a bound value SQLite does not see that its partial index would do.
LIVE = case.c.live == literal_column("1")
GET_AREAS = Statement(
    select(problem.c.area)
    .where(problem.c.inspection_id == bindparam("inspection_id"), problem.c.area.is_not(None))
    .group_by(problem.c.area)
    .order_by(func.min(problem.c.case_id))
)


@dataclass(frozen=True, slots=True)
class Search:
    """What a person asked the register for; what is None or empty asks nothing.

    `after` names the last row of the page before, as `Page.following` gives it; one that is not sound is the first
    page. `text` is looked for in title and number.
    """

    area: str = ""
    department: int | None = None
    official: int | None = None
    officer: int | None = None
    state: str = ""
    done: bool | None = None
    overdue: bool = False
    key_problem: bool = False
    long_term: bool = False
    text: str = ""
    order: Order = "document"
    after: str = ""


@dataclass(frozen=True)
class Page:
    """One page of the register, and where the next one begins; empty at the end."""

    register: Register
    following: str


def search_register(
    desk: Desk, view: View, inspection: Inspection, search: Search, today: date, size: int = PAGE_ROWS
) -> Page:
    """The rows after `search.after`, at most `size` of them."""
    rows: list[ProblemRow] = []
    for row in _rows(view, inspection, search, today, size):
        if len(rows) == size:
            return Page(register_of(desk, view, inspection, today, rows), _place(search, rows[-1]))
        rows.append(row)
    return Page(register_of(desk, view, inspection, today, rows), "")


def found_figures(view: View, inspection: Inspection, search: Search, today: date) -> Figures:
    """How many the search finds in all, whatever the page."""
    wanted = _wanted(inspection, search)
    late = late_counts(view, wanted, today).total()
    if search.overdue:
        return Figures(total=late, overdue=late)
    counted = view.tx.connection.execute(
        joined(case.c.state, func.count()).where(wanted).group_by(case.c.state)
    ).all()
    done = sum(count for state, count in counted if state in DONE_STATES)
    return Figures(sum(count for _, count in counted), done, late)


def exported(desk: Desk, view: View, inspection: Inspection, search: Search, today: date) -> Register | None:
    """Every row that the search finds, as one register; None where there are more than a workbook should hold."""
    found = search_register(desk, view, inspection, replace(search, after=""), today, MOST_EXPORTED)
    return None if found.following else found.register


def chosen_columns(keys: Sequence[str]) -> tuple[Spec, ...]:
    """The columns of these keys, in the order of the register; the narrow ones where none is known."""
    return tuple(one for one in COLUMNS if one.key in keys) or chosen_columns(NARROW)


def areas(view: View, inspection: Inspection) -> list[str]:
    """The areas of an inspection in the order of the document."""
    return [row[0] for row in view.tx.run(GET_AREAS, {"inspection_id": inspection.id})]


def _rows(view: View, inspection: Inspection, search: Search, today: date, size: int) -> Iterator[ProblemRow]:
    """Row by row, read in handfuls: whether one is overdue is only known when its measures are."""
    handful = min(size + 1, 500)
    place = search.after
    while True:
        ids = _ids(view, inspection, replace(search, after=place), today, handful)
        rows = rows_of(view, ids)
        yield from (row for row in rows if not search.overdue or row.is_overdue(today))
        if len(ids) < handful:
            return
        place = _place(search, rows[-1])


def _ids(view: View, inspection: Inspection, search: Search, today: date, size: int) -> list[int]:
    """The next ids, each part of the order by its own index, never by skipping rows."""
    found: list[int] = []
    for query in _queries(inspection, search, today):
        if len(found) < size:
            found += view.tx.connection.scalars(query.limit(size - len(found)))
    return found


def _queries(inspection: Inspection, search: Search, today: date) -> list[Select[Any]]:
    wanted = [_wanted(inspection, search), *([past_due(today)] if search.overdue else [])]
    part, day, last = _read_place(search.after)
    query = joined(problem.c.case_id).where(*wanted)
    if search.order == "newest":
        before = [problem.c.case_id < last] if search.after else []
        return [query.where(*before).order_by(problem.c.case_id.desc())]
    if search.order == "document":
        return [query.where(problem.c.case_id > last).order_by(problem.c.case_id)]
    return _by_deadline(query, inspection, (part, day, last))


def _by_deadline(query: Select[Any], inspection: Inspection, place: tuple[str, str, int]) -> list[Select[Any]]:
    """First what is in work, the nearest deadline first; then the rest in the order of the document."""
    part, day, last = place
    running = and_(case.c.organization_id == inspection.organization_id, case.c.kind == "problem", LIVE)
    dated = query.where(running, tuple_(case.c.due_on, case.c.id) > tuple_(day, last))
    rest = query.where(or_(case.c.live == 0, case.c.due_on.is_(None))).order_by(problem.c.case_id)
    first = [dated.order_by(case.c.due_on, case.c.id)] if part != "rest" else []
    return [*first, rest.where(problem.c.case_id > (last if part == "rest" else 0))]


def _place(search: Search, row: ProblemRow) -> str:
    """Where the page after this row begins."""
    if search.order != "deadline":
        return str(row.id)
    return f"{row.due_on}.{row.id}" if row.live and row.due_on else f"rest.{row.id}"


def _read_place(after: str) -> tuple[str, str, int]:
    """The part of the order, the deadline and the id that a place names."""
    part, _, last = after.rpartition(".")
    if not last.isdecimal() or len(last) > 18:
        return "", "", 0
    return ("rest", "", int(last)) if part == "rest" else ("", part, int(last))


def _wanted(inspection: Inspection, search: Search) -> ColumnElement[bool]:
    """What every row of a search fulfils, but for being overdue."""
    # Made only when asked for: a clause costs more than most rows.
    asked: tuple[tuple[object, Callable[[], ColumnElement[bool]]], ...] = (
        (search.area, lambda: problem.c.area == search.area),
        (search.state, lambda: case.c.state == search.state),
        (search.done is True, lambda: case.c.state.in_(DONE_STATES)),
        (search.done is False, lambda: case.c.state.not_in(DONE_STATES)),
        (search.key_problem, lambda: problem.c.key_problem == 1),
        (search.long_term, lambda: problem.c.long_term == 1),
        (search.department, lambda: _borne(DEPARTMENT_ROLES, sql.assignment.c.department_id, search.department)),
        (search.official, lambda: _borne(("lead_official",), sql.assignment.c.person_id, search.official)),
        (search.officer, lambda: _borne(("officer",), sql.assignment.c.person_id, search.officer)),
        (search.text.strip(), lambda: _holds_text(search.text)),
    )
    of_these = (problem.c.inspection_id == inspection.id, case.c.state.not_in(OUT_STATES))
    return and_(*of_these, *(clause() for given, clause in asked if given))


def _borne(roles: Sequence[str], column: ColumnElement[int], who: int | None) -> ColumnElement[bool]:
    """Somebody has the problem now, in one of these roles."""
    bearer = sql.assignment
    mine = (bearer.c.case_id == problem.c.case_id, bearer.c.role.in_(roles), bearer.c.to_on.is_(None))
    return exists().where(*mine, column == who)


def _holds_text(text: str) -> ColumnElement[bool]:
    """In whatever width it was typed: the source writes （６） and people look for 6."""
    folded = unicodedata.normalize("NFKC", text).strip()[:LONGEST_TEXT]
    typed = text.strip()[:LONGEST_TEXT]
    places = (problem.c.title, problem.c.number, problem.c.heading)
    return or_(*(place.contains(one, autoescape=True) for place in places for one in {folded, typed}))
