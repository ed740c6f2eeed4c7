"""One route for every step of everything that lives: the form, and what the door makes of it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk.steps import Step, step_of
from engine.commands import Command, Refusal
from engine.view import View
from web.facts import title_of
from web.forms.fields import Given, draw, starting_values
from web.forms.reading import ReadForm, read_form
from web.places import place_of
from web.uploads import RefusedFileError, keep_upload, uploaded
from web.visit import Here, Posted, Visit, not_found, within

router = APIRouter()
PATH = "/cases/{case_id}/actions/{action}"
NOTHING_WRONG: dict[str, str] = {}


@router.get(PATH)
def ask(here: Here, case_id: int, action: str) -> Response:
    """The form of a step, or why it cannot be taken now."""
    with here.view() as view:
        step = _step(here, view, case_id, action)
        case = view.case(case_id)
        given = Given(starting_values(view, case, step.action, here.visitor.day), NOTHING_WRONG)
        drawn = _drawn(here, view, step, given, here.request.query_params.get("back", ""))
    status = HTTPStatus.OK if step.is_open else HTTPStatus.CONFLICT
    refused = "" if step.is_open or step.refusal is None else here.explain(step.refusal)
    return here.page("action.html.j2", status, refused=refused, **drawn)


@router.post(PATH)
def act(here: Here, case_id: int, action: str, form: Posted) -> Response:
    """303 when it is done; 422 with the faults of the form; 409 when the door refuses, with what was typed kept."""
    with here.view() as view:
        step = _step(here, view, case_id, action)
        place = place_of(view.case(case_id))
    read = read_form(here.words, step.action, form)
    paper = _paper(here, step, form)
    if not read.is_sound or paper.error:
        return _again(here, step, read, form, paper_error=paper.error)
    refusal = _commit(here, step, read, form, paper)
    if refusal is not None:
        return _again(here, step, read, form, refused=here.explain(refusal))
    said = here.words.say("web.action.done", action=here.words.label(step.action.label))
    return here.go(within(str(form.get("back", "")), place), said)


@dataclass(frozen=True, slots=True)
class _Paper:
    """Somebody else's signature on paper: who signed, and the hash of the scan. All empty for one's own."""

    signer: str | None = None
    basis: str | None = None
    error: str = ""


def _paper(here: Visit, step: Step, form: FormData) -> _Paper:
    signer = str(form.get("signer", ""))
    if not signer or not step.signers:
        return _Paper()
    scan = uploaded(form, "scan")
    if signer not in {str(one.person_id) for one in step.signers}:
        return _Paper(error=here.words.say("web.paper.no_signer"))
    if scan is None:
        return _Paper(error=here.words.say("refusal.no_basis"))
    try:
        return _Paper(signer, keep_upload(here, scan))
    except RefusedFileError as refused:
        return _Paper(error=str(refused))


def _commit(here: Visit, step: Step, read: ReadForm, form: FormData, paper: _Paper) -> Refusal | None:
    revision = str(form.get("revision", ""))
    command = Command(
        action=step.action.name,
        actor=here.visitor.actor,
        case_id=step.case_id,
        params=read.params,
        revision=int(revision) if revision.isdecimal() else None,
        signer=paper.signer,
        basis=paper.basis,
    )
    [outcome] = here.desk.commit([command], here.now)
    return outcome.refusal


def _again(here: Visit, step: Step, read: ReadForm, form: FormData, **said: str) -> Response:
    """The same form with what was typed, from the present revision; 409 where the door refused."""
    status = HTTPStatus.CONFLICT if "refused" in said else HTTPStatus.UNPROCESSABLE_ENTITY
    with here.view() as view:
        drawn = _drawn(here, view, step, read.given, str(form.get("back", "")))
    return here.page("action.html.j2", status, **{"refused": "", **drawn, **said})


def _drawn(here: Visit, view: View, step: Step, given: Given, back: str) -> dict[str, Any]:
    """`back` is where the visitor came from, as the address or the form says; else the page of the case."""
    case = view.case(step.case_id)
    definition = view.definition(case)
    target = definition.states.get(step.action.target)
    return {
        "case": case,
        "definition": definition,
        "title": title_of(here.words, view, case),
        "place": within(back, place_of(case)),
        "step": step,
        "target": target,
        "fields": draw(here.words, view, case, step.action, given, here.visitor.day),
        "paper_error": "",
    }


def _step(here: Visit, view: View, case_id: int, name: str) -> Step:
    step = step_of(here.desk, view.tx, case_id, name, here.visitor)
    if step is None:
        raise not_found()
    return step
