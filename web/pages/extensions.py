"""Asking for more time, and the list of requests that wait for an answer."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk.extensions import waiting_requests
from engine.commands import OPEN, Command
from engine.definitions import Action
from engine.view import View
from web.facts import title_of
from web.forms.fields import Given, draw
from web.forms.reading import read_form
from web.places import place_of
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
KIND = "extension"
ANSWERERS = ("coordinator", "head", "deputy_head", "lead_official")
EMPTY = Given({}, {})


@router.get("/extensions")
def list_requests(here: Here) -> Response:
    if not here.visitor.holds(*ANSWERERS):
        raise not_found()
    with here.view() as view:
        requests = waiting_requests(here.words, view, lambda case_id: here.sees(view, case_id))
    return here.page("extensions.html.j2", requests=requests)


@router.get("/cases/{case_id}/extension")
def ask(here: Here, case_id: int) -> Response:
    with here.view() as view:
        shown = _shown(here, view, case_id, EMPTY)
    return here.page("extension.html.j2", **shown)


@router.post("/cases/{case_id}/extension")
def send(here: Here, case_id: int, form: Posted) -> Response:
    with here.view() as view:
        read = read_form(here.words, _opening(view, case_id), form)
        shown = _shown(here, view, case_id, read.given)
    if not read.is_sound:
        return here.page("extension.html.j2", HTTPStatus.UNPROCESSABLE_ENTITY, **shown)
    asked = Command(action=OPEN, kind=KIND, parent_id=case_id, actor=here.visitor.actor, params=read.params)
    [outcome] = here.desk.commit([asked], here.now)
    if outcome.refusal is not None:
        return here.page(
            "extension.html.j2", HTTPStatus.CONFLICT, **{**shown, "refused": here.explain(outcome.refusal)}
        )
    return here.go(shown["place"], here.words.say("web.extensions.asked"))


def _opening(view: View, case_id: int) -> Action:
    """The form of a request on a case. Raises PageError for what has no deadline to extend."""
    workflow = view.editions.current(view.tx, KIND)
    if workflow is None or view.case(case_id).kind not in workflow.definition.parents:
        raise not_found()
    return workflow.definition.opening


def _shown(here: Visit, view: View, case_id: int, given: Given) -> dict[str, Any]:
    case, opening = view.case(case_id), _opening(view, case_id)
    return {
        "case": case,
        "title": title_of(here.words, view, case),
        "place": place_of(case),
        "opening": opening,
        "fields": draw(here.words, view, case, opening, given, here.visitor.day),
        "refused": "",
    }
