"""Changing one's own password."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk import accounts
from desk.desk import RefusedError
from web import cookies
from web.visit import Here, Posted, Visit

router = APIRouter()


@router.get("/password")
def form(here: Here) -> Response:
    return _form(here, {})


@router.post("/password")
def change(here: Here, form: Posted) -> Response:
    """The other browsers of the same person are logged out."""
    errors = _faults(here, form)
    if not errors:
        token = here.request.cookies[cookies.SESSION]
        try:
            accounts.set_password(here.desk, here.visitor.person_id, str(form["new"]), here.now, keep=token)
        except RefusedError as refused:
            errors["new"] = refused.sentence
    if errors:
        return _form(here, errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    return here.go("/", here.words.say("web.password.changed"))


def _faults(here: Visit, form: FormData) -> dict[str, str]:
    """What is wrong, by field."""
    old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
    faults = {}
    if not accounts.check_password(here.desk, here.visitor.person_id, old):
        faults["old"] = here.words.say("web.password.wrong")
    if new == old:
        faults["new"] = here.words.say("web.password.same")
    if new != again:
        faults["again"] = here.words.say("web.password.differs")
    return faults


def _form(here: Visit, errors: dict[str, str], status: HTTPStatus = HTTPStatus.OK) -> Response:
    shown: dict[str, Any] = {"errors": errors, "least": accounts.SHORTEST_PASSWORD}
    return here.page("password.html.j2", status, must_change=here.session.must_change, **shown)
