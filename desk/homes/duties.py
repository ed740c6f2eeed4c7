"""What has its day and belongs to no problem: sheets of commitments, milestones of inspections, leads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from desk.homes.department import ROLES
from desk.homes.looking import IS_LIVE, Looking
from desk.homes.matter import MOST_SHOWN, Button, Duty, Section
from desk.seeing import may_see
from engine import statements as sql
from engine.cases import CaseState
from engine.deadlines import days_left
from workflows.rectification.commitments import sheet_of
from workflows.rectification.cycles import last_day, previous_period
from workflows.rectification.wording import cycle_text

# A milestone takes some days to prepare, and so does what the units did in a period.
AHEAD = timedelta(days=14)


def duty_sections(looking: Looking) -> list[Section]:
    """Sheets to be filled, milestones that are near or late, and open leads; each by its day."""
    found = {"sheets": _sheets(looking), "milestones": _milestones(looking), "leads": _leads(looking)}
    return [_section(key, duties) for key, duties in found.items()]


def _section(key: str, duties: Iterable[Duty]) -> Section:
    ordered = sorted(duties, key=lambda one: (one.due_on or "", one.case_id))
    return Section(key, (), max(len(ordered) - MOST_SHOWN, 0), tuple(ordered[:MOST_SHOWN]))


def _sheets(looking: Looking) -> Iterator[Duty]:
    """Of each commitment that the person reports on the period whose sheet is wanted."""
    borne, ours = sql.assignment, looking.departments(*ROLES)
    by_us = _is_borne(borne.c.role == "lead_department", borne.c.department_id.in_(ours))
    for one in _read(looking, _live("commitment").where(or_(by_us, _is_officers(looking)))):
        fields = looking.view.fields(one)
        period = _wanted(fields, looking.today)
        fill = [replace(button, on_page=True) for button in looking.buttons(one, "fill_sheet")]
        if period and fill:
            about = looking.words.say("home.sheet_of", period=cycle_text(period))
            yield _duty(looking, one, fields["text"], about, last_day(period, fields["per"]).isoformat(), fill)


def _wanted(fields: Mapping[str, Any], today: date) -> str | None:
    """The period before where it ended without a sheet, else the running one once its end is near."""
    running, per = fields["period"], fields["per"]
    before = previous_period(running, per)
    if any(one["period"] == before and not one["sheet"] for one in fields["missed"] or []):
        return before
    near = last_day(running, per) <= today + AHEAD
    return running if near and sheet_of(fields, running) is None else None


def _milestones(looking: Looking) -> Iterator[Duty]:
    case, until = sql.cases, (looking.today + AHEAD).isoformat()
    kept = case.c.organization_id.in_(looking.places("coordinator"))
    query = _live("milestone").where(case.c.due_on <= until, or_(kept, _is_officers(looking)))
    for one in _read(looking, query):
        fields, inspection = looking.view.fields(one), looking.view.fields(looking.view.root(one))
        title = fields["title"] or looking.words.say(f"word.{fields['name']}")
        yield _duty(looking, one, title, inspection["name"], one.due_on, looking.buttons(one, "complete"))


def _leads(looking: Looking) -> Iterator[Duty]:
    """Numbers and dates only, for the discipline committee that follows them."""
    case = sql.cases
    query = _live("lead").where(case.c.organization_id.in_(looking.places("discipline")))
    for one in _read(looking, query):
        if may_see(looking.view, one, looking.person_id, looking.day):
            fields = looking.view.fields(one)
            title = looking.words.say("home.lead", number=fields["number"])
            yield _duty(looking, one, title, fields["handling_body"], one.due_on, looking.buttons(one, "complete"))


def _live(kind: str) -> Select[int, int]:
    case = sql.cases
    return select(case.c.id, case.c.root_id).where(case.c.kind == kind, IS_LIVE).order_by(case.c.id)


def _is_officers(looking: Looking) -> ColumnElement[bool]:
    borne = sql.assignment
    return _is_borne(borne.c.role == "officer", borne.c.person_id == looking.person_id)


def _is_borne(*by: ColumnElement[bool]) -> ColumnElement[bool]:
    borne = sql.assignment
    return exists().where(and_(borne.c.case_id == sql.cases.c.id, borne.c.to_on.is_(None), *by))


def _read(looking: Looking, query: Select[int, int]) -> list[CaseState]:
    """The cases, with the dossiers that their guards look at, in a fixed number of queries."""
    rows = looking.tx.connection.execute(query).all()
    looking.view.load_dossiers(row.root_id for row in rows)
    return [looking.view.case(row.id) for row in rows]


def _duty(
    looking: Looking, case: CaseState, title: str, about: str, due_on: str | None, buttons: Iterable[Button]
) -> Duty:
    left = days_left(looking.today, date.fromisoformat(due_on)) if due_on else None
    return Duty(case.id, case.kind, case.root_id, title, about, due_on, left, tuple(buttons))
