"""Anything that lives, for kinds without a page of their own: what it holds, and what can be done."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk.steps import steps_of
from engine.cases import CaseState
from engine.term_steps import lasting_pause
from engine.view import View
from web.facts import facts_of, title_of
from web.visit import Here

router = APIRouter()


@router.get("/cases/{case_id}")
def show(here: Here, case_id: int) -> Response:
    with here.view() as view:
        case = view.case(case_id)
        shown: dict[str, Any] = {
            "case": case,
            "definition": view.definition(case),
            "title": title_of(here.words, view, case),
            "facts": facts_of(here.words, view, case),
            "pause": lasting_pause(case),
            "asks_for_time": _asks_for_time(view, case),
            "steps": steps_of(here.desk, view.tx, case_id, here.visitor),
        }
    return here.page("case.html.j2", **shown)


def _asks_for_time(view: View, case: CaseState) -> bool:
    """Whether more time can be asked for on a case of this kind: it lives and has a deadline of its own."""
    workflow = view.editions.current(view.tx, "extension")
    return bool(workflow and case.kind in workflow.definition.parents and case.live and case.due_on)
