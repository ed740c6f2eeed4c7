"""One problem of a look-back, for a phone on the spot: the check sheet, the hints, and the verdict."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk.desk import RefusedError
from desk.find_signals import find_signals
from desk.problem_sheet import problem_sheet
from desk.record_review import MEANS, Sheet, record_review
from desk.steps import steps_of
from engine.cases import CaseState
from engine.organizations import names
from engine.view import View
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
EMPTY = Sheet()
# What the check sheet of this page takes already.
ON_THE_SHEET = ("begin", "note", "conclude")


@router.get("/reviews/{case_id}")
def show(here: Here, case_id: int) -> Response:
    return _page(here, case_id, EMPTY)


@router.post("/reviews/{case_id}")
def record(here: Here, case_id: int, form: Posted) -> Response:
    """303 when it is kept, 422 or 409 with what was typed."""
    with here.view() as view:
        _review(view, case_id)
    sheet = _read(form)
    if not (sheet.seen or sheet.verdict):
        return _page(here, case_id, sheet, here.words.say("web.review.nothing"))
    if sheet.verdict and not sheet.finding:
        return _page(here, case_id, sheet, here.words.say("web.review.no_finding"))
    try:
        record_review(here.desk, case_id, sheet, here.visitor.actor, here.now)
    except RefusedError as refused:
        return _page(here, case_id, sheet, refused.sentence, HTTPStatus.CONFLICT)
    said = here.words.say("web.review.concluded" if sheet.verdict else "web.review.kept")
    return here.go(f"/reviews/{case_id}", said)


def _read(form: FormData) -> Sheet:
    texts = {one: str(form.get(one, "")).strip() for one in MEANS}
    seen = {one: text for one, text in texts.items() if text}
    return Sheet(seen, str(form.get("verdict", "")), str(form.get("finding", "")).strip())


def _review(view: View, case_id: int) -> CaseState:
    case = view.case(case_id)
    if case.kind != "review":
        raise not_found()
    return case


def _page(
    here: Visit,
    case_id: int,
    typed: Sheet,
    fault: str = "",
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    with here.view() as view:
        shown = _shown(here, view, _review(view, case_id))
    return here.page(
        "review.html.j2", status if fault else HTTPStatus.OK, typed=typed, fault=fault, means=MEANS, **shown
    )


def _shown(here: Visit, view: View, case: CaseState) -> dict[str, Any]:
    fields, definition = view.fields(case), view.definition(case)
    sheet = problem_sheet(here.desk, view.tx, case.root_id, here.visitor)
    steps = {one.action.name: one for one in steps_of(here.desk, view.tx, case.id, here.visitor)}
    looks = fields["sheet"] or []
    conclude = steps["conclude"]
    return {
        "case": case,
        "fields": fields,
        "definition": definition,
        "sheet": sheet,
        "looks": looks,
        "called": {str(number): name for number, name in names(view.tx, [int(one["by"]) for one in looks]).items()},
        "verdicts": conclude.action.params[0].choices,
        # The first look begins a review: who may begin may fill the sheet.
        "checks": any(steps[one].refusal is None for one in ("begin", "note")),
        "barred": steps["begin" if case.state == "drawn" else "note"].refusal,
        "steps": [one for name, one in steps.items() if name not in ON_THE_SHEET],
        "signals": find_signals(view, sheet.fields["inspection_id"], case.root_id),
        "clears": any(one.action.name == "clear_signal" and one.refusal is None for one in sheet.steps),
    }
