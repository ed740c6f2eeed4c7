"""Logging in and out."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk import accounts
from desk.desk import RefusedError
from web import cookies
from web.visit import Posted, render, site_of, within

router = APIRouter()


@router.get("/log-in")
def log_in_form(request: Request) -> Response:
    return _form(request, request.query_params.get("next", "/"))


@router.post("/log-in")
def log_in(request: Request, form: Posted) -> Response:
    site, name, wanted = site_of(request), str(form.get("name", "")).strip(), str(form.get("next", "/"))
    address = request.client.host if request.client else ""
    try:
        token = accounts.log_in(site.desk, name, str(form.get("password", "")), address, site.now())
    except RefusedError as refused:
        return _form(request, wanted, name=name, refused=refused.sentence)
    answer = RedirectResponse(within(wanted), HTTPStatus.SEE_OTHER)
    cookies.keep(answer, site, cookies.SESSION, token)
    cookies.drop(answer, site, cookies.BEFORE)
    return answer


@router.post("/log-out")
def log_out(request: Request) -> Response:
    site = site_of(request)
    accounts.log_out(site.desk, request.cookies.get(cookies.SESSION, ""))
    answer = RedirectResponse("/log-in", HTTPStatus.SEE_OTHER)
    cookies.drop(answer, site, cookies.SESSION)
    return answer


def _form(request: Request, wanted: str, name: str = "", refused: str = "") -> Response:
    text = render(request, "log_in.html.j2", next=within(wanted), name=name, refused=refused)
    answer = HTMLResponse(text, HTTPStatus.FORBIDDEN if refused else HTTPStatus.OK)
    cookies.keep_before(request, answer, site_of(request))
    return answer
