"""What has its day and belongs to no problem: sheets of commitments, milestones of inspections, leads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select

from desk.homes.department import ROLES
from desk.homes.looking import Looking
from desk.homes.matter import MOST_SHOWN, Button, Duty, Section
from desk.seeing import may_see
from engine import statements as sql
from engine.cases import CaseState
from engine.database import Params, Statement, among
from engine.deadlines import days_left
from workflows.rectification.commitments import sheet_of
from workflows.rectification.cycles import last_day, previous_period
from workflows.rectification.wording import cycle_text

# A milestone takes some days to prepare, and so does what the units did in a period.
AHEAD = timedelta(days=14)
_CASE, _BORNE = sql.cases.c, sql.assignment.c


def _live(kind: str) -> Select[int, int]:
    return select(_CASE.id, _CASE.root_id).where(_CASE.kind == kind, sql.IS_LIVE).order_by(_CASE.id)


def _is_borne(role: str, by: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_BORNE.case_id == _CASE.id, _BORNE.to_on.is_(None), _BORNE.role == role, by)


_IS_OFFICERS = _is_borne("officer", _BORNE.person_id == bindparam("person_id"))
_IS_OURS = _is_borne("lead_department", among(_BORNE.department_id, "ours"))
GET_SHEETS = Statement(_live("commitment").where(or_(_IS_OURS, _IS_OFFICERS)))
GET_MILESTONES = Statement(
    _live("milestone").where(
        _CASE.due_on <= bindparam("until"), or_(among(_CASE.organization_id, "kept"), _IS_OFFICERS)
    )
)
GET_LEADS = Statement(_live("lead").where(among(_CASE.organization_id)))


def duty_sections(looking: Looking) -> list[Section]:
    """Sheets to be filled, milestones that are near or late, and open leads; each by its day."""
    found = {"sheets": _sheets(looking), "milestones": _milestones(looking), "leads": _leads(looking)}
    return [_section(key, duties) for key, duties in found.items()]


def _section(key: str, duties: Iterable[Duty]) -> Section:
    ordered = sorted(duties, key=lambda one: (one.due_on or "", one.case_id))
    return Section(key, (), max(len(ordered) - MOST_SHOWN, 0), tuple(ordered[:MOST_SHOWN]))


def _sheets(looking: Looking) -> Iterator[Duty]:
    """Of each commitment that the person reports on the period whose sheet is wanted."""
    ours = looking.tx.many(looking.departments(*ROLES))
    for one in _read(looking, GET_SHEETS, {"person_id": looking.person_id, "ours": ours}):
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
    until = (looking.today + AHEAD).isoformat()
    kept = looking.tx.many(looking.places("coordinator"))
    for one in _read(looking, GET_MILESTONES, {"until": until, "kept": kept, "person_id": looking.person_id}):
        fields, inspection = looking.view.fields(one), looking.view.fields(looking.view.root(one))
        title = fields["title"] or looking.words.say(f"word.{fields['name']}")
        yield _duty(looking, one, title, inspection["name"], one.due_on, looking.buttons(one, "complete"))


def _leads(looking: Looking) -> Iterator[Duty]:
    """Numbers and dates only, for the discipline committee that follows them."""
    places = looking.places("discipline")
    for one in _read(looking, GET_LEADS, {"ids": looking.tx.many(places)}) if places else ():
        if may_see(looking.view, one, looking.person_id, looking.day):
            fields = looking.view.fields(one)
            title = looking.words.say("home.lead", number=fields["number"])
            yield _duty(looking, one, title, fields["handling_body"], one.due_on, looking.buttons(one, "complete"))


def _read(looking: Looking, statement: Statement, params: Params) -> list[CaseState]:
    """The cases, with the dossiers that their guards look at, in a fixed number of queries."""
    rows = looking.tx.run(statement, params)
    looking.view.load_dossiers(root_id for _case_id, root_id in rows)
    return [looking.view.case(case_id) for case_id, _root_id in rows]


def _duty(
    looking: Looking, case: CaseState, title: str, about: str, due_on: str | None, buttons: Iterable[Button]
) -> Duty:
    left = days_left(looking.today, date.fromisoformat(due_on)) if due_on else None
    return Duty(case.id, case.kind, case.root_id, title, about, due_on, left, tuple(buttons))
