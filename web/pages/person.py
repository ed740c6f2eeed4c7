"""One person of the office: posts, who acts for them, their account and what was done to it, and their leaving."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response

from desk import staff
from desk.account_record import record_of
from desk.accounts import hand_out_password
from desk.desk import RefusedError
from desk.people import StandIn, end_stand_in, give_post, leave, let_stand_in
from desk.staff import Colleague
from engine.kinds import Role
from web.query import day_of
from web.staffing import KEEPING, administered, number_in, watched
from web.visit import Here, PageError, Posted, Visit, not_found

router = APIRouter()
LONGEST_REASON = 100


@router.get("/people/{person_id}")
def show(here: Here, person_id: int) -> Response:
    return _page(here, person_id)


@router.post("/people/{person_id}/posts")
def add_post(here: Here, person_id: int, form: Posted) -> Response:
    _colleague(here, administered(here), person_id)
    role = {one.name: one for one in _roles(here)}.get(str(form.get("role", "")))
    if role is None:
        raise PageError(HTTPStatus.BAD_REQUEST, "bad_request")
    given = (str(form.get("unit", "")), role, str(form.get("title", "")))

    def give() -> None:
        values = staff.post_values(here.desk, person_id, *given, here.visitor.today)
        give_post(here.desk, person_id, values, here.visitor.actor, here.now)

    return _done(here, person_id, give)


@router.post("/people/{person_id}/posts/end")
def end_post(here: Here, person_id: int, form: Posted) -> Response:
    place = administered(here)
    _colleague(here, place, person_id)
    staff.end_post(here.desk, place, person_id, number_in(form, "post"), here.visitor.today)
    return _back(here, person_id)


@router.post("/people/{person_id}/stand-ins")
def stand_in(here: Here, person_id: int, form: Posted) -> Response:
    """Somebody acts for a colleague from a day to a day, for a reason."""
    place = administered(here)
    who, other = (_colleague(here, place, one) for one in (person_id, number_in(form, "stand_in")))
    first, last = (day_of(str(form.get(name, ""))) for name in ("from_on", "to_on"))
    reason = str(form.get("reason", "")).strip()[:LONGEST_REASON]
    if first is None or last is None:
        raise PageError(HTTPStatus.BAD_REQUEST, "bad_request")
    if not reason:
        return _page(here, person_id, here.words.say("web.staff.no_reason"))
    one = StandIn(who.id, other.id, first.isoformat(), last.isoformat(), reason)
    return _done(here, person_id, lambda: let_stand_in(here.desk, one, here.visitor.actor, here.now))


@router.post("/people/{person_id}/stand-ins/end")
def stand_in_ends(here: Here, person_id: int, form: Posted) -> Response:
    wanted = number_in(form, "stand_in")
    if wanted not in {one.id for one in _colleague(here, administered(here), person_id).stand_ins}:
        raise not_found()
    end_stand_in(here.desk, wanted, here.visitor.actor, here.now)
    return _back(here, person_id)


@router.post("/people/{person_id}/password")
def hand_out(here: Here, person_id: int) -> Response:
    """The password stands on this one answer: no address, no log and no table has it in clear."""
    found = _colleague(here, administered(here), person_id)
    if person_id == here.visitor.person_id:
        return here.go("/password")
    password = hand_out_password(here.desk, person_id, here.visitor.actor, here.now)
    return here.page("password_handed_out.html.j2", one=found, password=password)


@router.post("/people/{person_id}/leave")
def leaves(here: Here, person_id: int, form: Posted) -> Response:
    """Somebody leaves after a day; what they bear goes on to whoever follows."""
    place = administered(here)
    _colleague(here, place, person_id)
    follower = _colleague(here, place, number_in(form, "to")).id if form.get("to") else None
    last_day = day_of(str(form.get("last_day", "")))
    if last_day is None:
        raise PageError(HTTPStatus.BAD_REQUEST, "bad_request")
    outcomes = leave(here.desk, person_id, last_day.isoformat(), follower, here.visitor.actor, here.now)
    kept = sum(not one.done for one in outcomes)
    said = here.words.say("web.staff.handed_over", n=len(outcomes) - kept, kept=kept)
    return here.go(f"/people/{person_id}", said)


def _done(here: Visit, person_id: int, step: Callable[[], None]) -> Response:
    """Back to the person's page; what is refused is said on it."""
    try:
        step()
    except RefusedError as refused:
        return _page(here, person_id, refused.sentence)
    return _back(here, person_id)


def _back(here: Visit, person_id: int) -> Response:
    return here.go(f"/people/{person_id}", here.words.say("web.staff.saved"))


def _page(here: Visit, person_id: int, refused: str = "") -> Response:
    place = watched(here)
    one = _colleague(here, place, person_id)
    keeps = place in here.visitor.organizations(KEEPING)
    with here.look() as tx:
        shown = {
            "units": staff.units(tx, place) if keeps else [],
            "others": [each for each in staff.those_here(tx, place) if each[0] != person_id] if keeps else [],
            "record": record_of(tx, person_id),
            "roles": _roles(here),
        }
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return here.page("person.html.j2", status, one=one, keeps=keeps, refused=refused, **shown)


def _colleague(here: Visit, place: int, person_id: int) -> Colleague:
    """Somebody of the visitor's own organisation; anybody else is not there."""
    with here.look() as tx:
        found = staff.colleague(tx, place, person_id, here.visitor.today)
    if found is None:
        raise not_found()
    return found


def _roles(here: Visit) -> list[Role]:
    return staff.roles_by_post(here.desk.runtime.registry.roles)
