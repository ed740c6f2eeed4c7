"""The register by page: filtered, in an order, a page at a time; what is not on the page is not read."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, tuple_

from desk.desk import Desk
from desk.figures import COUNTED, Figures, Late, joined, late_among, late_counts, past_due
from desk.finding import Inspection
from desk.make_register import COLUMNS, Register, Spec, register_of
from engine import statements as sql
from engine.database import Statement, none_of, one_of
from engine.view import View
from workflows.rectification.facts import DONE_STATES
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
# What a search asks for, by name: searches that ask the same are one statement, whatever the values.
Asked = tuple[str, ...]
MOST_SHAPES = 128
# What is read one after the other: all of an order, or the dated and the rest of it.
Part = Literal["document", "newest", "dated", "rest"]
LARGEST_ID = 2**63 - 1
ESCAPE = "/"
LIKE_SIGNS = re.compile("[%_/]")


def _borne(roles: Sequence[str], by: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody has the problem now, in one of these roles."""
    bearer = sql.assignment
    return exists().where(
        bearer.c.case_id == problem.c.case_id, one_of(bearer.c.role, roles), bearer.c.to_on.is_(None), by
    )


def _holds_text() -> ColumnElement[bool]:
    """In whatever width it was typed: the source writes （６） and people look for 6."""
    places = (problem.c.title, problem.c.number, problem.c.heading)
    return or_(*(place.like(bindparam(one), escape=ESCAPE) for place in places for one in ("folded", "typed")))


CLAUSES: Mapping[str, ColumnElement[bool]] = {
    "area": problem.c.area == bindparam("area"),
    "state": case.c.state == bindparam("state"),
    "done": one_of(case.c.state, DONE_STATES),
    "not_done": none_of(case.c.state, DONE_STATES),
    "key_problem": problem.c.key_problem == 1,
    "long_term": problem.c.long_term == 1,
    "department": _borne(DEPARTMENT_ROLES, sql.assignment.c.department_id == bindparam("department")),
    "official": _borne(("lead_official",), sql.assignment.c.person_id == bindparam("official")),
    "officer": _borne(("officer",), sql.assignment.c.person_id == bindparam("officer")),
    "text": _holds_text(),
}
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
    all_of, late_of = _counting(_asked(search))
    params = _params(inspection, search, today)
    late = late_counts(view, late_of, params, today).total()
    if search.overdue:
        return Figures(total=late, overdue=late)
    counted = view.tx.run(all_of, params)
    done = sum(count for state, count in counted if state in DONE_STATES)
    return Figures(sum(count for _, count in counted), done, late)


@lru_cache(maxsize=MOST_SHAPES)
def _counting(asked: Asked) -> tuple[Statement, Late]:
    """How many of each state, and which of them are overdue."""
    wanted, mine = _wanted(asked), case.c.organization_id == bindparam("organization_id")
    by_state = joined(case.c.state, func.count()).where(wanted).group_by(case.c.state)
    return Statement(by_state), late_among(wanted, mine)


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
    asked = _asked(search)
    params = _params(inspection, search, today)
    for part, place in _parts(search):
        if len(found) < size:
            rows = view.tx.run(page_of(asked, part), {**params, **place, "size": size - len(found)})
            found += [row[0] for row in rows]
    return found


def _parts(search: Search) -> list[tuple[Part, Mapping[str, Any]]]:
    """What is read one after the other, each with the place that it begins behind."""
    part, day, last = _read_place(search.after)
    if search.order == "newest":
        return [("newest", {"last": last if search.after else LARGEST_ID})]
    if search.order == "document":
        return [("document", {"last": last})]
    # First what is in work, the nearest deadline first; then the rest in the order of the document.
    if part == "rest":
        return [("rest", {"last": last})]
    return [("dated", {"day": day, "last": last}), ("rest", {"last": 0})]


@lru_cache(maxsize=MOST_SHAPES)
def page_of(asked: Asked, part: Part) -> Statement:
    """The statement for a page of a search, compiled once for all searches that ask the same."""
    late = [past_due()] if "overdue" in asked else []
    query = joined(problem.c.case_id).where(_wanted(asked), *late).limit(bindparam("size"))
    if part == "newest":
        return Statement(query.where(problem.c.case_id < bindparam("last")).order_by(problem.c.case_id.desc()))
    if part == "dated":
        mine = case.c.organization_id == bindparam("organization_id")
        behind = tuple_(case.c.due_on, case.c.id) > tuple_(bindparam("day"), bindparam("last"))
        running = and_(mine, case.c.kind == "problem", sql.IS_LIVE, behind)
        return Statement(query.where(running).order_by(case.c.due_on, case.c.id))
    left = [or_(case.c.live == 0, case.c.due_on.is_(None))] if part == "rest" else []
    return Statement(query.where(*left, problem.c.case_id > bindparam("last")).order_by(problem.c.case_id))


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


def _asked(search: Search) -> Asked:
    """By name what a search asks for."""
    done = {None: "", True: "done", False: "not_done"}[search.done]
    named = ("area", "state", "key_problem", "long_term", "department", "official", "officer", "overdue")
    return (*(one for one in named if getattr(search, one)), *filter(None, (done, search.text.strip() and "text")))


def _wanted(asked: Asked) -> ColumnElement[bool]:
    """What every row of a search fulfils, but for being overdue."""
    of_these = (problem.c.inspection_id == bindparam("inspection_id"), COUNTED)
    return and_(*of_these, *(CLAUSES[one] for one in asked if one in CLAUSES))


def _params(inspection: Inspection, search: Search, today: date) -> dict[str, Any]:
    """The values of whatever a search may ask for."""
    typed = search.text.strip()[:LONGEST_TEXT]
    folded = unicodedata.normalize("NFKC", search.text).strip()[:LONGEST_TEXT]
    return {
        "inspection_id": inspection.id,
        "organization_id": inspection.organization_id,
        "today": today.isoformat(),
        "area": search.area,
        "state": search.state,
        "department": search.department,
        "official": search.official,
        "officer": search.officer,
        "typed": _pattern(typed),
        "folded": _pattern(folded),
    }


def _pattern(text: str) -> str:
    """What LIKE finds a text by, wherever it stands."""
    escaped = LIKE_SIGNS.sub(ESCAPE + r"\g<0>", text)
    return f"%{escaped}%"
