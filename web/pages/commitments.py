"""Duties that are kept up: the list, and one with the sheet of the running period or of the one before."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.datastructures import FormData

from desk.commitments import KIND, Commitment, Period, commitment, commitment_cases, commitments
from desk.file_evidence import file_name_of
from desk.steps import Step, steps_of
from engine.commands import Command
from web.downloads import attached
from web.uploads import RefusedFileError, keep_upload, uploaded
from web.visit import Here, Posted, Visit, not_found

router = APIRouter()
OPEN_PERIODS = 2  # The running one and the one before can be filled.


@router.get("/commitments")
def list_(here: Here) -> Response:
    with here.view() as view:
        cases = [one for one in commitment_cases(view) if here.sees(view, one.id)]
        rows = commitments(here.desk, view, cases, here.visitor)
    return here.page("commitments.html.j2", rows=rows)


@router.get("/commitments/{case_id}")
def show(here: Here, case_id: int, period: str = "") -> Response:
    return _page(here, case_id, period)


@router.post("/commitments/{case_id}")
def fill(here: Here, case_id: int, form: Posted) -> Response:
    """The sheet of a period: 303 when it is kept; 422 or 409 with what was typed."""
    one, _ = _found(here, case_id)
    wanted = str(form.get("period", ""))
    typed = [str(form.get(f"count_{place}", "")).strip() for place in range(len(one.units))]
    if not all(text.isdecimal() and len(text) < 5 for text in typed):
        return _page(here, case_id, wanted, typed, here.words.say("web.commitments.no_count"))
    try:
        attachment = _attachment(here, one.period(wanted), form)
    except RefusedFileError as refused:
        return _page(here, case_id, wanted, typed, str(refused))
    note = str(form.get("note", "")).strip() or None
    params = {"counts": typed, "period": wanted or None, "attachment": attachment, "note": note}
    command = Command(action="fill_sheet", actor=here.visitor.actor, case_id=case_id, params=params)
    [outcome] = here.desk.commit([command], here.now)
    if outcome.refusal is not None:
        return _page(here, case_id, wanted, typed, here.explain(outcome.refusal), HTTPStatus.CONFLICT)
    return here.go(f"/commitments/{case_id}", here.words.say("web.commitments.filled"))


@router.get("/commitments/{case_id}/attachment")
def attachment(here: Here, case_id: int, period: str = "") -> Response:
    """The paper of a period's sheet."""
    one, _ = _found(here, case_id)
    found = one.period(period)
    path = here.desk.files.path(found.attachment) if found and found.attachment else None
    if found is None or path is None or not path.exists():
        raise not_found()
    with here.look() as tx:
        name = file_name_of(tx, found.attachment)
    return FileResponse(path, headers=attached(name), media_type="application/octet-stream")


def _attachment(here: Visit, period: Period | None, form: FormData) -> str | None:
    """The hash of the paper that was sent; else of the one that the sheet has already. Raises RefusedFileError."""
    file = uploaded(form, "attachment")
    return keep_upload(here, file) if file else ((period.attachment or None) if period else None)


def _found(here: Visit, case_id: int) -> tuple[Commitment, list[Step]]:
    with here.view() as view:
        case = view.case(case_id)
        if case.kind != KIND:
            raise not_found()
        steps = steps_of(here.desk, view.tx, case_id, here.visitor)
        return commitment(here.desk, view, case, here.visitor), steps


def _page(
    here: Visit,
    case_id: int,
    wanted: str,
    typed: list[str] | None = None,
    fault: str = "",
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    one, steps = _found(here, case_id)
    period = next((each for each in one.periods[:OPEN_PERIODS] if each.name == wanted), one.running)
    known = [str(count) for count in period.counts or [""] * len(one.units)]
    with here.view() as view:
        definition = view.definition(view.case(case_id))
    shown: dict[str, Any] = {
        "one": one,
        "period": period,
        "open_periods": one.periods[:OPEN_PERIODS],
        "counts": known if typed is None else typed,
        "fault": fault,
        "steps": [step for step in steps if step.action.name != "fill_sheet"],
        "definition": definition,
    }
    return here.page("commitment.html.j2", status if fault else HTTPStatus.OK, **shown)
