"""A meeting's decisions, recorded once for many problems with the scan of its minutes; and the meeting held."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.datastructures import FormData

from desk.agenda import Matter, agenda, chairs
from desk.finding import Inspection
from desk.meeting_sheet import MeetingSheet, meeting_sheet, meetings_about
from desk.record_meeting import Meeting, record_meeting
from documents.attachments import BINARY
from engine.commands import Outcome
from engine.view import View
from web.downloads import attached
from web.uploads import RefusedFileError, check_upload, uploaded, uploaded_bytes
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
PATH = "/inspections/{case_id}/meeting"


@dataclass(frozen=True)
class Typed:
    """What the form holds: texts by field, the problems chosen, and what is wrong by field."""

    values: dict[str, str] = field(default_factory=dict)
    chosen: tuple[int, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)


@router.get(PATH)
def ask(here: Here, case_id: int) -> Response:
    return _form(here, case_id, Typed())


@router.post(PATH)
def record(here: Here, case_id: int, form: Posted) -> Response:
    """One entry with the scan, a decision for each problem; what came of each is said on the meeting's page."""
    with here.view() as view:
        organization_id = _organization(here, view, case_id)
    typed = _typed(here, form)
    if typed.errors:
        return _form(here, case_id, typed)
    meeting = _meeting(typed, form)
    outcomes = record_meeting(here.desk, organization_id, meeting, typed.chosen, here.visitor.actor, here.now)
    return _answer(here, case_id, typed, outcomes)


@router.get("/inspections/{case_id}/meetings")
def list_(here: Here, case_id: int) -> Response:
    with here.view() as view:
        case = view.case(case_id)
        if case.kind != "inspection":
            raise not_found()
        inspection = Inspection(case_id, case.organization_id, view.fields(case)["name"])
        meetings = meetings_about(view, inspection)
    keeps = case.organization_id in here.visitor.organizations(["coordinator"])
    return here.page("meetings.html.j2", inspection=inspection, meetings=meetings, keeps=keeps)


@router.get("/meetings/{case_id}")
def show(here: Here, case_id: int) -> Response:
    return here.page("meeting_held.html.j2", case_id=case_id, sheet=_sheet(here, case_id))


@router.get("/meetings/{case_id}/file")
def minutes(here: Here, case_id: int) -> Response:
    """The scan, as an attachment."""
    sheet = _sheet(here, case_id)
    path = here.desk.files.path(sheet.minutes)
    if not path.exists():
        raise not_found()
    return FileResponse(path, headers=attached(sheet.file_name), media_type=BINARY)


def _sheet(here: Visit, case_id: int) -> MeetingSheet:
    with here.view() as view:
        case = view.case(case_id)
        if case.kind != "meeting":
            raise not_found()
        return meeting_sheet(view, case)


def _meeting(typed: Typed, form: FormData) -> Meeting:
    name, minutes = uploaded_bytes(form, "minutes")
    return Meeting(typed.values["name"], typed.values["held_on"], typed.values["chair"], name, minutes)


def _answer(here: Visit, case_id: int, typed: Typed, outcomes: Sequence[Outcome]) -> Response:
    held, *decisions = outcomes
    if held.refusal is not None:
        errors = {"name": here.explain(held.refusal)}
        return _form(here, case_id, Typed(typed.values, typed.chosen, errors), HTTPStatus.CONFLICT)
    return here.go(f"/meetings/{held.case_id}", _said(here, typed.chosen, decisions))


def _said(here: Visit, chosen: Sequence[int], decisions: Sequence[Outcome]) -> str:
    """A line for each problem: closed, or why not."""
    with here.view() as view:
        titles = {one: view.fields(view.case(one)) for one in chosen}
    done = sum(one.refusal is None for one in decisions)
    lines = [here.words.say("web.meeting.recorded", done=done, n=len(decisions))]
    for problem_id, outcome in zip(chosen, decisions, strict=True):
        name = here.words.say("why.problem", number=titles[problem_id]["number"], title=titles[problem_id]["title"])
        what = here.words.say("web.meeting.closed") if outcome.refusal is None else here.explain(outcome.refusal)
        lines.append(f"{name}：{what}")
    return "\n".join(lines)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _typed(here: Visit, form: FormData) -> Typed:
    values = {name: str(form.get(name, "")).strip() for name in ("name", "held_on", "chair")}
    errors = {name: here.words.say("web.meeting.missing") for name, value in values.items() if not value}
    if values["held_on"] and not _is_day(values["held_on"]):
        errors["held_on"] = here.words.say("web.meeting.no_day")
    chosen = tuple(int(one) for one in form.getlist("problems") if isinstance(one, str) and one.isdecimal())
    if not chosen:
        errors["problems"] = here.words.say("web.meeting.none_chosen")
    try:
        check_upload(here, uploaded(form, "minutes"))
    except RefusedFileError as refused:
        errors["minutes"] = str(refused)
    return Typed(values, chosen, errors)


def _form(here: Visit, case_id: int, typed: Typed, status: HTTPStatus | None = None) -> Response:
    with here.view() as view:
        organization_id = _organization(here, view, case_id)
        matters: list[Matter] = agenda(view, case_id, here.visitor.day)
        people = chairs(view, organization_id, here.visitor.day)
        name = view.fields(view.case(case_id))["name"]
    status = status or (HTTPStatus.UNPROCESSABLE_ENTITY if typed.errors else HTTPStatus.OK)
    return here.page(
        "meeting.html.j2", status, case_id=case_id, inspection=name, matters=matters, chairs=people, typed=typed
    )


def _organization(here: Visit, view: View, case_id: int) -> int:
    """Only who records for the office."""
    case = view.case(case_id)
    if case.kind != "inspection" or case.organization_id not in here.visitor.organizations(["coordinator"]):
        raise not_found()
    organization_id: int = case.organization_id
    return organization_id
