"""Anything that lives, for kinds without a page of their own: what it holds, and what can be done."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk.extensions import may_ask
from desk.letters import letters_about
from desk.steps import steps_of
from engine.terms import lasting_pause
from web.facts import facts_of, title_of
from web.openings import ways_to_open
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
            "asks_for_time": may_ask(view, case, here.visitor.person_id, here.visitor.day),
            "ways": ways_to_open(here, view, case),
            "steps": steps_of(here.desk, view.tx, case_id, here.visitor),
            "letters": letters_about(view, case_id, here.visitor.today, here.words),
        }
    return here.page("case.html.j2", **shown)
