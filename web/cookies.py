"""The three cookies of a site: the session, what a form's token is made of before it, and how pages look."""

import hashlib
import hmac
import secrets

from fastapi import Request, Response

from web.installation import Site

SESSION = "xiaohao_session"
BEFORE = "xiaohao_before"  # stands in for the session on the log-in form
LOOK = "xiaohao_look"
YEAR = 365 * 24 * 3600


def keep(response: Response, site: Site, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=site.settings.secure_cookies
    )


def drop(response: Response, site: Site, name: str) -> None:
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=site.settings.secure_cookies)


def form_token(request: Request) -> str:
    """The token that a form of this browser must send back; before the log-in it hangs on a cookie of its own."""
    return hashlib.sha256(f"form:{_secret(request)}".encode()).hexdigest()[:40]


def is_own_form(request: Request, token: str) -> bool:
    return hmac.compare_digest(form_token(request), token)


def keep_before(request: Request, response: Response, site: Site) -> None:
    """Give a browser that is not logged in the cookie that the token of its forms hangs on."""
    if SESSION not in request.cookies and BEFORE not in request.cookies:
        keep(response, site, BEFORE, _secret(request))


def _secret(request: Request) -> str:
    found = request.cookies.get(SESSION) or request.cookies.get(BEFORE)
    if found is None:
        # Made once a request: the page and its cookie must agree.
        found = getattr(request.state, "secret", None) or secrets.token_urlsafe(24)
        request.state.secret = found
    return found
