"""The people of an office: the list in its order, a page at a time or searched, and a new colleague."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk import staff
from desk.desk import RefusedError
from web.query import whole
from web.staffing import KEEPING, administered, pairs, watched
from web.visit import Here, Posted, Visit

router = APIRouter()
LONGEST_TEXT = 60


@router.get("/people")
def people(here: Here) -> Response:
    return _people(here, page=whole(here.request.query_params.get("page", "")) or 1)


@router.post("/people/search")
def search(here: Here, form: Posted) -> Response:
    """Names do not go into an address: what is typed is answered at once, on one page."""
    return _people(here, text=str(form.get("text", "")).strip()[:LONGEST_TEXT])


@router.post("/people")
def add_person(here: Here, form: Posted) -> Response:
    place = administered(here)
    given = {name: str(form.get(name, "")) for name in ("key", "name", "email")}
    try:
        added = staff.add_person(here.desk, place, given["key"].strip(), given["name"], given["email"])
    except RefusedError as refused:
        return _people(here, HTTPStatus.CONFLICT, refused=refused.sentence, given=given)
    return here.go(f"/people/{added}", here.words.say("web.staff.added", name=given["name"]))


@router.post("/people/order")
def order_people(here: Here, form: Posted) -> Response:
    staff.put_in_order(here.desk, administered(here), staff.ranks_of(pairs(form)))
    page = whole(str(form.get("page", ""))) or 1
    return here.go(f"/people?page={page}", here.words.say("web.staff.saved"))


def _people(
    here: Visit, status: HTTPStatus = HTTPStatus.OK, *, text: str = "", page: int = 1, **shown: Any
) -> Response:
    place = watched(here)
    with here.look() as tx:
        found = staff.find_colleagues(tx, place, here.visitor.today, text, page)
    keeps = place in here.visitor.organizations(KEEPING)
    given = {"refused": "", "given": {}, **shown}
    return here.page("people.html.j2", status, found=found, text=text, keeps=keeps, **given)
