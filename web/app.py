"""Builds the application: the guard, the pages with their locks, and what is said when something goes wrong."""

from http import HTTPStatus
from typing import cast

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from documents.wall_chart_pdf import MissingFontError
from web import cookies, pages
from web.guard import Guard
from web.installation import Site
from web.rendering import STATIC
from web.visit import (
    PASSWORD_PAGE,
    NotLoggedInError,
    PageError,
    PasswordDueError,
    own_form,
    render,
    site_of,
    visit,
)

# What stands before every route: denied unless it is listed as public.
LOCKED = [Depends(visit), Depends(own_form)]
OPEN = [Depends(own_form)]
WORDS = {
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not_found",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}
AS_LONG_AS_IT_IS_THE_SAME = "public, max-age=31536000, immutable"


def create_app(site: Site) -> FastAPI:
    """The pages of one installation, as an ASGI application."""
    app = FastAPI(title="Xiaohao", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    app.add_middleware(Guard, largest_body=site.settings.largest_body)
    app.mount("/static", _Static(directory=STATIC), name="static")
    for page in pages.PUBLIC:
        app.include_router(page.router, dependencies=[Depends(_refused_by_guard), *OPEN])
    for page in pages.PAGES:
        app.include_router(page.router, dependencies=[Depends(_refused_by_guard), *LOCKED])
    app.add_exception_handler(NotLoggedInError, _to_log_in)
    app.add_exception_handler(PasswordDueError, _to_password)
    app.add_exception_handler(PageError, _page_error)
    app.add_exception_handler(MissingFontError, _no_typeface)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_address)
    app.add_exception_handler(Exception, _breakdown)
    return app


class _Static(StaticFiles):
    """Addresses carry a hash of the content, so that browsers may keep what they have."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = AS_LONG_AS_IT_IS_THE_SAME
        return response


async def _refused_by_guard(request: Request) -> None:
    """What the guard saw becomes a page like every other error."""
    status = request.scope.get("xiaohao.refused")
    if status is not None:
        raise PageError(status, WORDS[status] if status != HTTPStatus.FORBIDDEN else "other_site")


def _to_log_in(request: Request, _error: Exception) -> Response:
    """Back to where they wanted to go once they are logged in; a form that was sent is not sent again."""
    wanted = request.url.path if request.method == "GET" else "/"
    answer = RedirectResponse("/log-in" if wanted == "/" else f"/log-in?next={wanted}", HTTPStatus.SEE_OTHER)
    cookies.drop(answer, site_of(request), cookies.SESSION)
    return answer


def _to_password(_request: Request, _error: Exception) -> Response:
    return RedirectResponse(PASSWORD_PAGE, HTTPStatus.SEE_OTHER)


def _page_error(request: Request, error: Exception) -> Response:
    found = cast(PageError, error)
    return _error_page(request, found.status, found.word)


def _no_typeface(request: Request, _error: Exception) -> Response:
    return _error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR, "no_typeface")


def _http_error(request: Request, error: Exception) -> Response:
    status = HTTPStatus(cast(HTTPException, error).status_code)
    return _error_page(request, status, WORDS.get(status, "bad_request"))


def _bad_address(request: Request, _error: Exception) -> Response:
    """Forms are read by their own readers: what FastAPI cannot read is a blank of an address."""
    return _error_page(request, HTTPStatus.NOT_FOUND, "not_found")


def _breakdown(request: Request, _error: Exception) -> Response:
    """The error itself is raised again after this, and stands in the log."""
    return _error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR, "breakdown")


def _error_page(request: Request, status: HTTPStatus, word: str) -> Response:
    return HTMLResponse(render(request, "error.html.j2", status=status, word=word), status)
