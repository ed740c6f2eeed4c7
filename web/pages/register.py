"""The register: what the filter asks for, a page at a time, in the chosen columns, acted on and taken along."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk.bulk import bulk_actions, take_in_bulk
from desk.choosing import department_groups, inspection_groups, people_groups, state_groups
from desk.inspections import Listed, chosen_inspection, inspections_of
from desk.make_register import COLUMNS, register_workbook
from desk.saved_filters import LAST, forget_filter, save_filter, saved_filters, saved_query
from desk.search_register import ORDERS, PAGE_ROWS, areas, chosen_columns, exported, found_figures, search_register
from engine.view import View
from web.downloads import download
from web.lines import heads_of, lines_of
from web.offers import offer
from web.query import Asked, asked_of, asked_of_text
from web.visit import Here, PageError, Posted, Visit, not_found

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/register")
def show(here: Here) -> Response:
    with here.view() as view:
        asked = _asked(here, view)
        listed = inspections_of(view, here.visitor.organizations())
        chosen = chosen_inspection(listed, asked.value("inspection"))
        shown = _shown(here, view, chosen, asked) if chosen else {}
    inspections = offer(inspection_groups(listed), str(chosen.inspection.id) if chosen else "")
    return here.page(
        "register.html.j2", inspections=inspections, listed=listed, chosen=chosen, asked=asked, **shown
    )


@router.post("/register/search")
def search(here: Here, form: Posted) -> Response:
    """To the address of the search. What was typed does not go into it: it is kept as the person's last search."""
    asked = asked_of((name, value) for name, value in form.multi_items() if isinstance(value, str))
    name = asked.value("save_as")
    if not name and not asked.value("text"):
        return here.go(f"/register?{asked.text}")
    kept = save_filter(here.desk, here.visitor.person_id, name or LAST, asked.text)
    return here.go(f"/register?filter={kept}", here.words.say("web.register.saved", name=name) if name else None)


@router.post("/register/forget")
def forget(here: Here, form: Posted) -> Response:
    wanted = str(form.get("filter", ""))
    if wanted.isdecimal():
        forget_filter(here.desk, here.visitor.person_id, int(wanted))
    return here.go("/register", here.words.say("web.register.forgotten"))


@router.get("/register.xlsx")
def workbook(here: Here) -> Response:
    """Every row of the search in the chosen columns, as a workbook."""
    with here.view() as view:
        asked = _asked(here, view)
        chosen = chosen_inspection(inspections_of(view, here.visitor.organizations()), asked.value("inspection"))
        if chosen is None:
            raise not_found()
        register = exported(here.desk, view, chosen.inspection, asked.search, here.visitor.today)
    if register is None:
        raise PageError(HTTPStatus.CONFLICT, "too_many_rows")
    content = register_workbook(register, chosen_columns(asked.values("column")))
    name = here.words.say("register.title", inspection=register.inspection.name)
    return download(content, f"{name}{here.visitor.day}.xlsx", XLSX)


@router.post("/register/bulk")
def bulk(here: Here, form: Posted) -> Response:
    """One step for every row that was ticked, with an answer for each."""
    ids = [int(one) for one in form.getlist("problem") if isinstance(one, str) and one.isdecimal()]
    with here.view() as view:
        seen = [one for one in ids if here.sees(view, one) and view.case(one).kind == "problem"]
        actions = {one.name: one for one in _actions(here, view, seen)}
    action = actions.get(str(form.get("action", "")))
    if action is None:
        return here.go("/register", here.words.say("web.register.nothing_ticked"))
    answers = take_in_bulk(here.desk, action.name, seen, here.visitor.actor, here.now)
    return here.page("bulk.html.j2", action=action, answers=answers)


def _actions(here: Visit, view: View, ids: Iterable[int]) -> list[Any]:
    first = next(iter(ids), None)
    return [] if first is None else bulk_actions(view.definition(view.case(first)), here.visitor.roles)


def _asked(here: Visit, view: View) -> Asked:
    """From the address, or the kept search that it names; somebody else's is not found."""
    params = here.request.query_params
    wanted = params.get("filter", "")
    if not wanted:
        return asked_of(params.multi_items())
    query = saved_query(view.tx, here.visitor.person_id, int(wanted)) if wanted.isdecimal() else None
    if query is None:
        raise not_found()
    return asked_of_text(query, wanted, params.get("after", ""))


def _shown(here: Visit, view: View, chosen: Listed, asked: Asked) -> Mapping[str, Any]:
    found = search_register(here.desk, view, chosen.inspection, asked.search, here.visitor.today, PAGE_ROWS)
    columns = chosen_columns(asked.values("column"))
    actions = bulk_actions(found.register.definition, here.visitor.roles)
    place = chosen.inspection.organization_id
    people = people_groups(view, place, here.visitor.day)
    return {
        "figures": found_figures(view, chosen.inspection, asked.search, here.visitor.today),
        "heads": heads_of(found.register, columns),
        "lines": lines_of(found.register, columns, ticked=bool(actions)),
        "following": found.following,
        "columns": tuple((one.key, one in columns) for one in COLUMNS),
        "orders": ORDERS,
        "areas": areas(view, chosen.inspection),
        "departments": offer(department_groups(view, place), asked.value("department")),
        "officials": offer(people, asked.value("official")),
        "officers": offer(people, asked.value("officer")),
        "states": offer(state_groups(here.words, found.register.definition), asked.value("state")),
        "saved": saved_filters(view.tx, here.visitor.person_id),
        "actions": actions,
    }
