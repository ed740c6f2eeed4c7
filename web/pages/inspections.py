"""One inspection: where it stands, what can be done with it as a whole, and its plan as one document."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select

from desk.finding import Inspection
from desk.make_register import Register, load_register
from desk.openings import places_to_open
from desk.show_inspection import milestone_rows
from desk.steps import steps_of
from engine import statements as sql
from engine.cases import CaseState
from engine.view import View
from web.facts import facts_of
from web.openings import ways_to_open
from web.visit import Here, Visit, not_found

router = APIRouter()


@router.get("/inspections")
def list_all(here: Here) -> Response:
    """Those of the organisations that the visitor may look at, newest first."""
    with here.view() as view:
        rows = view.tx.connection.execute(
            select(*sql.CASE_COLUMNS).where(sql.cases.c.kind == "inspection").order_by(sql.cases.c.id.desc())
        )
        cases = [one for one in map(CaseState, rows.all()) if here.sees(view, one.id)]
        shown = [_line(here, view, one) for one in cases]
        places = here.visitor.organizations()
        opens = bool(places_to_open(here.desk, view.tx, "inspection", places, here.visitor))
    return here.page("inspections.html.j2", inspections=shown, opens=opens)


@router.get("/inspections/{case_id}")
def show(here: Here, case_id: int) -> Response:
    with here.view() as view:
        case = _case(view, case_id)
        definition = view.definition(case)
        steps = steps_of(here.desk, view.tx, case_id, here.visitor)
        ways = ways_to_open(here, view, case)
        facts, fields = facts_of(here.words, view, case), view.fields(case)
    register = _register(here, case, fields["name"])
    keeps = case.organization_id in here.visitor.organizations(["coordinator"])
    rows = milestone_rows(here.desk, case_id, here.visitor.today, here.visitor)
    shown: dict[str, Any] = {
        "case": case,
        "definition": definition,
        "steps": steps,
        "facts": facts,
        "fields": fields,
        "ways": ways,
        "milestones": rows,
    }
    return here.page("inspection.html.j2", register=register, keeps=keeps, **shown)


@router.get("/inspections/{case_id}/plan")
def plan(here: Here, case_id: int) -> Response:
    """All problems with their people and measures: what a meeting decides and the office issues."""
    with here.view() as view:
        case = _case(view, case_id)
        fields, steps = view.fields(case), steps_of(here.desk, view.tx, case_id, here.visitor)
        definition = view.definition(case)
    register = _register(here, case, fields["name"])
    wanted = [one for one in steps if one.action.name in ("decide_plan", "issue_plan")]
    shown: dict[str, Any] = {
        "case": case,
        "fields": fields,
        "definition": definition,
        "register": register,
        "steps": wanted,
    }
    return here.page("plan.html.j2", **shown)


def _register(here: Visit, case: CaseState, name: str) -> Register:
    return load_register(here.desk, Inspection(case.id, case.organization_id, name), here.visitor.today)


def _case(view: View, case_id: int) -> CaseState:
    case = view.case(case_id)
    if case.kind != "inspection":
        raise not_found()
    return case


def _line(here: Visit, view: View, case: CaseState) -> dict[str, Any]:
    state = here.words.label(view.definition(case).states[case.state].label)
    body = view.body(case.organization_id).name
    return {"id": case.id, "name": view.fields(case)["name"], "state": state, "organization": body}
