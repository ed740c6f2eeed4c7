"""The working calendar: a year to look at, an edition to put in force, and the deadlines that it moves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from desk.calendars import put_in_force, read_list, with_day, year_sheet
from desk.desk import RefusedError
from desk.recompute import Move, approve, propose
from documents.reading import ReadingError
from engine.calendar_years import CalendarYear
from engine.faults import FaultsError
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
KEEPER, COORDINATOR = "administrator", "coordinator"
KINDS = ("holiday", "workday", "plain")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@router.get("/calendar")
def show(here: Here, year: int | None = None) -> Response:
    return _page(here, year or here.visitor.today.year)


@router.post("/calendar/day")
def set_day(here: Here, form: Posted) -> Response:
    """One day changed: the next edition of its year."""
    _keeps(here)
    wanted = _wanted_day(form)
    if wanted is None:
        said = here.words.say("web.calendar.incomplete")
        return _page(here, here.visitor.today.year, HTTPStatus.UNPROCESSABLE_ENTITY, said)
    with here.look() as tx:
        listed = here.desk.runtime.editions.calendar_year(tx, wanted.day.year)
    there = listed or CalendarYear(wanted.day.year, wanted.source, {}, {}, provisional=True)
    return _put(here, replace(with_day(there, wanted.day, wanted.kind, wanted.name), source=wanted.source))


@dataclass(frozen=True, slots=True)
class _WantedDay:
    """What one day shall become: `kind` is holiday, workday or plain."""

    day: date
    kind: str
    name: str
    source: str


def _wanted_day(form: FormData) -> _WantedDay | None:
    """What the form says; None when something needed is missing."""
    kind, name, source = (str(form.get(key, "")).strip() for key in ("kind", "name", "source"))
    day = _day(str(form.get("day", "")))
    complete = kind in KINDS and source and (name or kind == "plain")
    return _WantedDay(day, kind, name, source) if day and complete else None


@router.post("/calendar/list")
def take_list(here: Here, form: Posted) -> Response:
    """A published list as a file: it takes the place of what was known of its year."""
    _keeps(here)
    file = form.get("list")
    if not isinstance(file, UploadFile) or not file.filename:
        said = here.words.say("web.calendar.no_file")
        return _page(here, here.visitor.today.year, HTTPStatus.UNPROCESSABLE_ENTITY, said)
    try:
        listed = read_list(file.file.read(), file.filename, str(form.get("source", "")).strip())
    except (ReadingError, FaultsError, UnicodeDecodeError) as error:
        return _page(here, here.visitor.today.year, HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    return _put(here, listed)


@router.get("/calendar/moves")
def list_moves(here: Here) -> Response:
    return here.page("calendar_moves.html.j2", moves=_moves(here), results=())


@router.post("/calendar/moves")
def approve_moves(here: Here, form: Posted) -> Response:
    """Each chosen row for itself; what was not done says why and stays in the list."""
    moves = _chosen(_moves(here), form)
    outcomes = approve(here.desk, here.visitor.actor, moves, here.now)
    results = [
        (one, here.explain(outcome.refusal) if outcome.refusal else "")
        for one, outcome in zip(moves, outcomes, strict=True)
    ]
    return here.page("calendar_moves.html.j2", moves=_moves(here), results=results)


def _page(here: Visit, year: int, status: HTTPStatus = HTTPStatus.OK, refused: str = "") -> Response:
    if not here.visitor.holds(KEEPER, COORDINATOR) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise not_found()
    with here.look() as tx:
        sheet = year_sheet(here.desk, tx, year)
    moves = _moves(here) if here.visitor.holds(COORDINATOR) else []
    shown: dict[str, Any] = {"sheet": sheet, "months": sheet.months(), "moves": moves, "refused": refused}
    return here.page("calendar.html.j2", status, keeps=here.visitor.holds(KEEPER), kinds=KINDS, **shown)


def _put(here: Visit, listed: CalendarYear) -> Response:
    try:
        changed = put_in_force(here.desk, here.visitor.actor, listed, here.now)
    except FaultsError as error:
        return _page(here, listed.year, HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    except RefusedError as error:
        return _page(here, listed.year, HTTPStatus.CONFLICT, error.sentence)
    said = here.words.say("web.calendar.in_force" if changed else "calendar.unchanged", year=listed.year)
    return here.go(f"/calendar?year={listed.year}", said)


def _moves(here: Visit) -> list[Move]:
    """What waits for the approval of a coordinator, in all the offices where they are one."""
    if not here.visitor.holds(COORDINATOR):
        raise not_found()
    with here.look() as tx:
        return [
            move
            for organization_id in here.visitor.organizations([COORDINATOR])
            for move in propose(here.desk, tx, organization_id)
        ]


def _chosen(moves: Iterable[Move], form: FormData) -> list[Move]:
    """The rows that were ticked, and only where the date is still the one that was on the page."""
    ticked = {str(one) for one in form.getlist("move")}
    return [one for one in moves if f"{one.case_id}:{one.now}" in ticked]


def _keeps(here: Visit) -> None:
    if not here.visitor.holds(KEEPER):
        raise not_found()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
