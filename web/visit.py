"""One request of somebody who is logged in: what a route is handed, and how it answers."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from desk.accounts import Session, say_once, session_of
from desk.desk import Desk
from desk.inbox import unread
from desk.seeing import may_see
from desk.wording import dated
from engine.commands import Refusal
from engine.database import Tx
from engine.view import View
from engine.words import Words
from web import cookies
from web.installation import Site
from web.navigation import entries_for
from web.visitor import Visitor, load_visitor

PASSWORD_PAGE = "/password"  # noqa: S105  an address
LOOKS = ("big", "contrast")
LONGEST_ID = 18  # digits that a database's whole numbers hold


class NotLoggedInError(Exception):
    """Nobody is logged in: the browser is sent to the log-in page, and back afterwards."""


class PasswordDueError(Exception):
    """The password was handed out by an administrator: it is changed before any other page is shown."""


class PageError(Exception):
    """A page cannot be shown or a form not taken: the sentence `web.error.WORD` says what to do."""

    def __init__(self, status: HTTPStatus, word: str) -> None:
        super().__init__(word)
        self.status, self.word = status, word


def not_found() -> PageError:
    """The same for what is not there and what is not theirs: an outsider learns nothing."""
    return PageError(HTTPStatus.NOT_FOUND, "not_found")


def within(path: str, otherwise: str = "/") -> str:
    """Only a path of this site: `//elsewhere` would be another."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else otherwise


def site_of(request: Request) -> Site:
    return cast(Site, request.app.state.site)


@dataclass
class Visit:
    """A request with its site and its visitor."""

    request: Request
    site: Site
    session: Session
    visitor: Visitor

    @property
    def desk(self) -> Desk:
        return self.site.desk

    @property
    def words(self) -> Words:
        return self.desk.words

    @property
    def now(self) -> int:
        return self.visitor.now

    @contextmanager
    def look(self) -> Iterator[Tx]:
        """A transaction for reading."""
        with self.desk.database.read() as tx:
            yield tx

    @contextmanager
    def view(self) -> Iterator[View]:
        """What cases look like, in one consistent state."""
        with self.look() as tx:
            yield self.desk.runtime.view(tx)

    def sees(self, view: View, case_id: int) -> bool:
        """Whether there is such a case and the visitor may look at it."""
        try:
            case = view.case(case_id)
        except LookupError:
            return False
        return may_see(view, case, self.visitor.person_id, self.visitor.day)

    def explain(self, refusal: Refusal) -> str:
        return dated(self.words, self.desk.explain(refusal))

    def page(self, template: str, status: HTTPStatus = HTTPStatus.OK, **context: Any) -> HTMLResponse:
        """A page with everything that the layout shows."""
        with self.look() as tx:
            count = unread(tx, self.visitor.person_id)
        if self.session.flash:
            say_once(self.desk, self.session, None)
        layout = {
            "visitor": self.visitor,
            "navigation": entries_for(self.visitor, self.request.url.path),
            "unread": count,
            "flash": self.session.flash,
            "explain": self.explain,
        }
        return HTMLResponse(render(self.request, template, **layout, **context), status)

    def go(self, path: str, said: str | None = None) -> Response:
        """On to another page (303), which says a sentence once."""
        if said:
            say_once(self.desk, self.session, said)
        return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def render(request: Request, template: str, **context: Any) -> str:
    """The text of a page; the layout's own blanks are filled here, with or without somebody logged in."""
    site = site_of(request)
    looks = request.cookies.get(cookies.LOOK, "").split("-")
    common = {
        "form_token": cookies.form_token(request),
        "path": request.url.path,
        "looks": [one for one in LOOKS if one in looks],
        "moved": site.settings.moved,
        "now": site.now(),
    }
    return site.templates.get_template(template).render({"visitor": None, **common, **context})


def visit(request: Request) -> Visit:
    """Who is looking, at what they may see. Raises NotLoggedInError, PasswordDueError, PageError."""
    site = site_of(request)
    now = site.now()
    token = request.cookies.get(cookies.SESSION)
    session = session_of(site.desk, token, now) if token else None
    if session is None:
        raise NotLoggedInError
    if session.must_change and request.url.path != PASSWORD_PAGE:
        raise PasswordDueError
    with site.desk.database.read() as tx:
        view = site.desk.runtime.view(tx)
        here = Visit(request, site, session, load_visitor(view, session.person_id, now))
        _check_case(here, view)
    return here


Here = Annotated[Visit, Depends(visit)]


def _check_case(here: Visit, view: View) -> None:
    """Keeps every route whose path names a case from those who may not see it."""
    named: str | None = here.request.path_params.get("case_id")
    if named is None:
        return
    if not named.isdecimal() or len(named) > LONGEST_ID or not here.sees(view, int(named)):
        raise not_found()


async def posted(request: Request) -> AsyncIterator[FormData]:
    """The form that was sent, checked to be one of ours; its files are closed when the answer is out."""
    form = await request.form(max_part_size=256 * 1024)
    try:
        yield form
    finally:
        await form.close()


Posted = Annotated[FormData, Depends(posted)]


async def own_form(request: Request) -> None:
    """Refuses a form that this site did not draw for this browser. Raises PageError."""
    if request.method in ("GET", "HEAD"):
        return
    form = await request.form(max_part_size=256 * 1024)
    if not cookies.is_own_form(request, str(form.get("form_token", ""))):
        raise PageError(HTTPStatus.FORBIDDEN, "stale_form")
