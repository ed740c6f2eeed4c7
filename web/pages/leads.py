"""Leads that were handed on: a number, a body and dates, for the head and the discipline committee alone."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select

from desk.openings import places_to_open
from engine import statements as sql
from engine.cases import CaseState
from engine.view import View
from web.visit import Here, Visit, not_found

router = APIRouter()
READERS = ("head", "discipline")


@router.get("/leads")
def list_(here: Here) -> Response:
    """Those that wait first, by their dates."""
    if not here.visitor.holds(*READERS):
        raise not_found()
    with here.view() as view:
        query = select(sql.cases.c.id).where(sql.cases.c.kind == "lead").order_by(sql.cases.c.id)
        ids = view.tx.connection.execute(query).scalars().all()
        rows = [_row(here, view, view.case(one)) for one in ids if here.sees(view, one)]
        places = here.visitor.organizations(["discipline"])
        opens = bool(places_to_open(here.desk, view.tx, "lead", places, here.visitor))
    rows.sort(key=lambda one: (bool(one["fields"]["done_on"]), one["due_on"] or "", one["id"]))
    return here.page("leads.html.j2", rows=rows, opens=opens)


def _row(here: Visit, view: View, case: CaseState) -> dict[str, Any]:
    state = here.words.label(view.definition(case).states[case.state].label)
    return {"id": case.id, "fields": view.fields(case), "due_on": case.due_on, "state": state}
