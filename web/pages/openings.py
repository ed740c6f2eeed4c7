"""Opening a case by the form of its kind: a part of another case, or one that stands alone in an organisation."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from desk.openings import places_to_open
from desk.steps import current_definition, may_open
from engine.commands import OPEN, Command, Outcome, Refusal
from engine.database import Tx
from engine.definitions import Action, Definition
from engine.organizations import load_body
from engine.view import View
from web.facts import TECHNICAL, title_of
from web.forms.fields import Given, draw_opening
from web.forms.reading import ReadForm, read_form
from web.places import OPENINGS, place_of
from web.visit import Here, Posted, Visit, not_found, within

router = APIRouter()
PART = "/cases/{case_id}/parts/{kind}"
ALONE = "/new"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the new case will be: a part of `parent_id`, or alone in an organisation.

    `back` is where one returns to: to the new case itself where nothing is said.
    """

    definition: Definition
    organization_id: int
    parent_id: int | None
    title: str
    action: str
    back: str | None
    refusal: Refusal | None

    @property
    def opening(self) -> Action:
        """What an officer is asked: what only programs know is left out."""
        opening = self.definition.opening
        asked = tuple(one for one in opening.params if one.required or one.name not in TECHNICAL)
        return replace(opening, params=asked)


@router.get(PART)
def ask_for_part(here: Here, case_id: int, kind: str) -> Response:
    if kind in OPENINGS:
        return RedirectResponse(OPENINGS[kind].format(id=case_id), HTTPStatus.SEE_OTHER)
    with here.view() as view:
        return _asked(here, view, _part(here, view, case_id, kind))


@router.post(PART)
def open_part(here: Here, case_id: int, kind: str, form: Posted) -> Response:
    with here.view() as view:
        place = _part(here, view, case_id, kind)
    return _opened(here, place, form)


@router.get(ALONE)
def ask(here: Here, kind: str, organization: int | None = None) -> Response:
    """Where somebody may open it in several organisations, they choose one first."""
    with here.view() as view:
        places = _places(here, view.tx, kind)
        if organization is None and len(places) > 1:
            bodies = [(one, load_body(view.tx, one).name) for one in places]
            label = current_definition(here.desk, view.tx, kind).opening.label
            return here.page("opening_place.html.j2", kind=kind, label=label, bodies=bodies)
        return _asked(here, view, _alone(here, view, kind, places[0] if organization is None else organization))


@router.post(ALONE)
def open_alone(here: Here, kind: str, organization: int, form: Posted) -> Response:
    with here.view() as view:
        place = _alone(here, view, kind, organization)
    return _opened(here, place, form)


def _definition(here: Visit, tx: Tx, kind: str) -> Definition:
    try:
        return current_definition(here.desk, tx, kind)
    except LookupError:
        raise not_found() from None


def _part(here: Visit, view: View, case_id: int, kind: str) -> _Place:
    """Raises PageError for a kind that is no part of this case, or has a form of its own."""
    definition, parent = _definition(here, view.tx, kind), view.case(case_id)
    if parent.kind not in definition.parents or kind in OPENINGS:
        raise not_found()
    return _Place(
        definition=definition,
        organization_id=parent.organization_id,
        parent_id=case_id,
        title=title_of(here.words, view, parent),
        action=PART.format(case_id=case_id, kind=kind),
        back=place_of(parent),
        refusal=may_open(here.desk, view.tx, kind, case_id, here.visitor),
    )


def _places(here: Visit, tx: Tx, kind: str) -> list[int]:
    """Raises PageError where the visitor may open it nowhere: they learn nothing of what there is."""
    if kind in OPENINGS or _definition(here, tx, kind).parents:
        raise not_found()
    places = places_to_open(here.desk, tx, kind, here.visitor.organizations(), here.visitor)
    if not places:
        raise not_found()
    return places


def _alone(here: Visit, view: View, kind: str, organization_id: int) -> _Place:
    if organization_id not in _places(here, view.tx, kind):
        raise not_found()
    return _Place(
        definition=_definition(here, view.tx, kind),
        organization_id=organization_id,
        parent_id=None,
        title=load_body(view.tx, organization_id).name,
        action=f"{ALONE}?kind={kind}&organization={organization_id}",
        back=here.request.query_params.get("back"),
        refusal=None,
    )


def _asked(here: Visit, view: View, place: _Place) -> Response:
    """The empty form; what the address says already is filled in."""
    query = here.request.query_params
    given = Given({one.name: query.getlist(one.name) for one in place.opening.params}, {})
    refused = here.explain(place.refusal) if place.refusal else ""
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return _page(here, view, place, given, status=status, refused=refused)


def _opened(here: Visit, place: _Place, form: FormData) -> Response:
    """303 when it is opened; 422 with the faults of the form, 409 where the door refuses, with what was typed."""
    read = read_form(here.words, place.opening, form)
    if not read.is_sound:
        return _again(here, place, read, HTTPStatus.UNPROCESSABLE_ENTITY, "")
    outcome = _commit(here, place, read)
    if outcome.refusal is not None:
        return _again(here, place, read, HTTPStatus.CONFLICT, here.explain(outcome.refusal))
    with here.view() as view:
        new = place_of(view.case(outcome.case_id or 0))
    said = here.words.say("web.action.done", action=here.words.label(place.opening.label))
    return here.go(within(str(form.get("back") or place.back or new)), said)


def _again(here: Visit, place: _Place, read: ReadForm, status: HTTPStatus, refused: str) -> Response:
    with here.view() as view:
        return _page(here, view, place, read.given, status=status, refused=refused)


def _commit(here: Visit, place: _Place, read: ReadForm) -> Outcome:
    command = Command(
        action=OPEN,
        kind=place.definition.kind,
        organization_id=place.organization_id,
        parent_id=place.parent_id,
        actor=here.visitor.actor,
        params=read.params,
    )
    [outcome] = here.desk.commit([command], here.now)
    return outcome


def _page(here: Visit, view: View, place: _Place, given: Given, status: HTTPStatus, **said: Any) -> Response:
    fields = draw_opening(here.words, view, place.organization_id, place.opening, given, here.visitor.day)
    return here.page("opening.html.j2", status, place=place, fields=fields, **said)
