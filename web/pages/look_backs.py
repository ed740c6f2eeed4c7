"""The look-back: samples that anybody can draw again, and their reviews."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response

from desk.desk import RefusedError
from desk.draw_look_back import RATE_PERCENT, draw_look_back
from desk.inspections import Listed, inspections_of
from desk.look_backs import KIND, campaign, campaign_cases
from engine.view import View
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
DRAWERS = ("auditor", "coordinator")


@router.get("/look-backs")
def list_(here: Here) -> Response:
    return _list(here)


@router.post("/look-backs")
def draw(here: Here, form: Posted) -> Response:
    """Freezes the closed problems of an inspection, draws, and opens the reviews."""
    typed = {one: str(form.get(one, "")).strip() for one in ("inspection", "name", "seed")}
    with here.view() as view:
        found = [one.inspection for one in _to_draw(here, view) if str(one.inspection.id) == typed["inspection"]]
    if not found:
        raise not_found()
    if not (typed["name"] and typed["seed"]):
        return _list(here, typed, here.words.say("web.look_backs.missing"))
    try:
        outcomes = draw_look_back(here.desk, found[0], typed["name"], typed["seed"], here.visitor.actor, here.now)
    except RefusedError as refused:
        return _list(here, typed, refused.sentence, HTTPStatus.CONFLICT)
    said = here.words.say("web.look_backs.drawn", n=len(outcomes) - 1)
    return here.go(f"/look-backs/{outcomes[0].case_id}", said)


@router.get("/look-backs/{case_id}")
def show(here: Here, case_id: int) -> Response:
    with here.view() as view:
        case = view.case(case_id)
        if case.kind != KIND:
            raise not_found()
        one = campaign(view, case)
    return here.page("look_back.html.j2", one=one)


def _to_draw(here: Visit, view: View) -> list[Listed]:
    """The inspections that the visitor may draw from: those of the organisations where they hold the post."""
    places = here.visitor.organizations(DRAWERS)
    return [one for one in inspections_of(view, places) if one.inspection.organization_id in places]


def _list(
    here: Visit,
    typed: dict[str, str] | None = None,
    fault: str = "",
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    with here.view() as view:
        campaigns = [campaign(view, one) for one in campaign_cases(view) if here.sees(view, one.id)]
        inspections = _to_draw(here, view)
    return here.page(
        "look_backs.html.j2",
        status if fault else HTTPStatus.OK,
        campaigns=campaigns,
        inspections=inspections,
        typed=typed or {"inspection": "", "name": "", "seed": ""},
        fault=fault,
        rate=RATE_PERCENT,
    )
