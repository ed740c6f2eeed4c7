"""Letters (提醒单, 督办单): the list of one's organisations, one letter with what can be done, and its print."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk.letters import letter_row, letters, printed
from desk.steps import steps_of
from web.downloads import MEDIA, download
from web.visit import Here, Visit, not_found
from workflows.letters import letter_name

router = APIRouter()


@router.get("/letters")
def list_(here: Here) -> Response:
    with here.view() as view:
        rows = [one for one in letters(view, None, here.visitor.today, here.words) if here.sees(view, one.id)]
    waiting = [one for one in rows if one.is_open]
    over = [one for one in rows if not one.is_open]
    return here.page("letters.html.j2", waiting=waiting, over=over)


@router.get("/letters/{case_id}")
def show(here: Here, case_id: int) -> Response:
    with here.view() as view:
        case = view.case(case_id)
        if case.kind not in view.registry.letters:
            raise not_found()
        shown: dict[str, Any] = {
            "letter": letter_row(view, case, here.visitor.today, here.words),
            "fields": view.fields(case),
            "definition": view.definition(case),
            "steps": steps_of(here.desk, view.tx, case_id, here.visitor),
        }
    return here.page("letter.html.j2", **shown)


@router.get("/letters/{case_id}/word")
def word(here: Here, case_id: int) -> Response:
    return _file(here, case_id, ".docx")


@router.get("/letters/{case_id}/pdf")
def pdf(here: Here, case_id: int) -> Response:
    return _file(here, case_id, ".pdf")


def _file(here: Visit, case_id: int, suffix: str) -> Response:
    with here.view() as view:
        case = view.case(case_id)
        if case.kind not in view.registry.letters:
            raise not_found()
        content, name = printed(here.desk, view, case, suffix), letter_name(view.fields(case))
    return download(content, f"{name}{suffix}", MEDIA[suffix])
