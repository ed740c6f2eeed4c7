"""People, posts and departments, for the administrator: each list in the order that the office sets."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk import staff
from desk.accounts import hand_out_password
from desk.desk import RefusedError
from desk.people import StandIn, end_stand_in, give_post, leave, let_stand_in, order_departments
from engine.kinds import Role
from web.query import day_of
from web.visit import Here, PageError, Posted, Visit, not_found

router = APIRouter()
LONGEST_REASON = 100
KINDS = ("department", "community", "village", "outside")


@router.get("/people")
def people(here: Here) -> Response:
    return _people(here)


@router.get("/departments")
def departments(here: Here) -> Response:
    return _departments(here)


@router.post("/people")
def add_person(here: Here, form: Posted) -> Response:
    place = _place(here)
    given = {name: str(form.get(name, "")) for name in ("key", "name", "email")}
    try:
        staff.add_person(here.desk, place, given["key"].strip(), given["name"], given["email"])
    except RefusedError as refused:
        return _people(here, refused.sentence, given)
    return here.go("/people", here.words.say("web.staff.added", name=given["name"]))


@router.post("/people/posts")
def add_post(here: Here, form: Posted) -> Response:
    role = {one.name: one for one in _roles(here)}.get(str(form.get("role", "")))
    person_id = _colleague(here, form)
    if role is None:
        raise PageError(HTTPStatus.BAD_REQUEST, "bad_request")
    try:
        given = (str(form.get("unit", "")), role, str(form.get("title", "")))
        values = staff.post_values(here.desk, person_id, *given, here.visitor.today)
        give_post(here.desk, person_id, values, here.visitor.actor, here.now)
    except RefusedError as refused:
        return _people(here, refused.sentence)
    return here.go("/people", here.words.say("web.staff.saved"))


@router.post("/people/posts/end")
def end_post(here: Here, form: Posted) -> Response:
    staff.end_post(here.desk, _place(here), _number(form, "post"), here.visitor.today)
    return here.go("/people", here.words.say("web.staff.saved"))


@router.post("/people/stand-ins")
def stand_in(here: Here, form: Posted) -> Response:
    """Somebody acts for a colleague from a day to a day, for a reason."""
    ids = (_colleague(here, form), _colleague(here, form, "stand_in"))
    first, last = (day_of(str(form.get(name, ""))) for name in ("from_on", "to_on"))
    reason = str(form.get("reason", "")).strip()[:LONGEST_REASON]
    if first is None or last is None:
        raise PageError(HTTPStatus.BAD_REQUEST, "bad_request")
    if not reason:
        return _people(here, here.words.say("web.staff.no_reason"))
    one = StandIn(*ids, first.isoformat(), last.isoformat(), reason)
    try:
        let_stand_in(here.desk, one, here.visitor.actor, here.now)
    except RefusedError as refused:
        return _people(here, refused.sentence)
    return here.go("/people", here.words.say("web.staff.saved"))


@router.post("/people/stand-ins/end")
def stand_in_ends(here: Here, form: Posted) -> Response:
    wanted = _number(form, "stand_in")
    with here.look() as tx:
        there = staff.colleagues(tx, _place(here), here.visitor.today)
    if wanted not in {each.id for one in there for each in one.stand_ins}:
        raise not_found()
    end_stand_in(here.desk, wanted, here.visitor.actor, here.now)
    return here.go("/people", here.words.say("web.staff.saved"))


@router.post("/people/password")
def hand_out(here: Here, form: Posted) -> Response:
    """The password stands on this one answer: no address, no log and no table has it in clear."""
    person_id = _colleague(here, form)
    if person_id == here.visitor.person_id:
        return here.go("/password")
    with here.look() as tx:
        found = {one.id: one for one in staff.colleagues(tx, _place(here), here.visitor.today)}[person_id]
    password = hand_out_password(here.desk, person_id, here.now)
    return here.page("password_handed_out.html.j2", one=found, password=password)


@router.post("/people/leave")
def leaves(here: Here, form: Posted) -> Response:
    """Somebody leaves after a day; what they bear goes on to whoever follows."""
    person_id, to = _colleague(here, form), str(form.get("to", ""))
    last_day = day_of(str(form.get("last_day", "")))
    if last_day is None or (to and not to.isdecimal()):
        raise PageError(HTTPStatus.BAD_REQUEST, "bad_request")
    follower = int(to) if to else None
    outcomes = leave(here.desk, person_id, last_day.isoformat(), follower, here.visitor.actor, here.now)
    kept = sum(not one.done for one in outcomes)
    said = here.words.say("web.staff.handed_over", n=len(outcomes) - kept, kept=kept)
    return here.go("/people", said)


@router.post("/people/order")
def order_people(here: Here, form: Posted) -> Response:
    staff.put_in_order(here.desk, _place(here), staff.ranks_of(_pairs(form)))
    return here.go("/people", here.words.say("web.staff.saved"))


@router.post("/departments")
def add_department(here: Here, form: Posted) -> Response:
    kind = str(form.get("kind", ""))
    try:
        name = str(form.get("name", ""))
        staff.add_unit(here.desk, _place(here), name, kind if kind in KINDS else KINDS[0])
    except RefusedError as refused:
        return _departments(here, refused.sentence)
    return here.go("/departments", here.words.say("web.staff.added", name=name))


@router.post("/departments/rename")
def rename(here: Here, form: Posted) -> Response:
    try:
        staff.rename_unit(here.desk, _place(here), _number(form, "department"), str(form.get("name", "")))
    except RefusedError as refused:
        return _departments(here, refused.sentence)
    return here.go("/departments", here.words.say("web.staff.saved"))


@router.post("/departments/order")
def order_units(here: Here, form: Posted) -> Response:
    place, ranks = _place(here), staff.ranks_of(_pairs(form))
    with here.look() as tx:
        known = [one for one in staff.units(tx, place) if one.id in ranks]
    ids = [one.id for one in sorted(known, key=lambda one: (ranks[one.id], one.rank))]
    order_departments(here.desk, ids, here.visitor.actor, here.now)
    return here.go("/departments", here.words.say("web.staff.saved"))


def _people(here: Visit, refused: str = "", given: dict[str, str] | None = None) -> Response:
    place = _place(here)
    with here.look() as tx:
        shown = {
            "people": staff.colleagues(tx, place, here.visitor.today),
            "units": staff.units(tx, place),
            "roles": _roles(here),
        }
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return here.page("people.html.j2", status, refused=refused, given=given or {}, **shown)


def _departments(here: Visit, refused: str = "") -> Response:
    with here.look() as tx:
        units = staff.units(tx, _place(here))
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return here.page("departments.html.j2", status, refused=refused, units=units, kinds=KINDS)


def _roles(here: Visit) -> list[Role]:
    return staff.roles_by_post(here.desk.runtime.registry.roles)


def _place(here: Visit) -> int:
    """The organisation that the visitor administers; for everybody else there is no such page."""
    found = here.visitor.organizations(("administrator",))
    if not found:
        raise not_found()
    return found[0]


def _colleague(here: Visit, form: FormData, name: str = "person") -> int:
    wanted = _number(form, name)
    with here.look() as tx:
        known = {one.id for one in staff.colleagues(tx, _place(here), here.visitor.today)}
    if wanted not in known:
        raise not_found()
    return wanted


def _number(form: FormData, name: str) -> int:
    text = str(form.get(name, ""))
    if not text.isdecimal() or len(text) > 18:
        raise PageError(HTTPStatus.BAD_REQUEST, "bad_request")
    return int(text)


def _pairs(form: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
