"""The departments of an office, for the administrator, in the order that the office sets."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response

from desk import staff
from desk.desk import RefusedError
from desk.people import order_departments
from web.staffing import administered, number_in, pairs
from web.visit import Here, Posted, Visit

router = APIRouter()
KINDS = ("department", "community", "village", "outside")


@router.get("/departments")
def departments(here: Here) -> Response:
    return _departments(here)


@router.post("/departments")
def add_department(here: Here, form: Posted) -> Response:
    kind = str(form.get("kind", ""))
    try:
        name = str(form.get("name", ""))
        staff.add_unit(here.desk, administered(here), name, kind if kind in KINDS else KINDS[0])
    except RefusedError as refused:
        return _departments(here, refused.sentence)
    return here.go("/departments", here.words.say("web.staff.added", name=name))


@router.post("/departments/rename")
def rename(here: Here, form: Posted) -> Response:
    place, unit = administered(here), number_in(form, "department")
    try:
        staff.rename_unit(here.desk, place, unit, str(form.get("name", "")))
    except RefusedError as refused:
        return _departments(here, refused.sentence)
    return here.go("/departments", here.words.say("web.staff.saved"))


@router.post("/departments/order")
def order_units(here: Here, form: Posted) -> Response:
    place, ranks = administered(here), staff.ranks_of(pairs(form))
    with here.look() as tx:
        known = [one for one in staff.units(tx, place) if one.id in ranks]
    ids = [one.id for one in sorted(known, key=lambda one: (ranks[one.id], one.rank))]
    order_departments(here.desk, ids, here.visitor.actor, here.now)
    return here.go("/departments", here.words.say("web.staff.saved"))


def _departments(here: Visit, refused: str = "") -> Response:
    with here.look() as tx:
        units = staff.units(tx, administered(here))
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return here.page("departments.html.j2", status, refused=refused, units=units, kinds=KINDS)
