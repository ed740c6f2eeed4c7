"""How pages look to this browser: large type, strong contrast."""

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from web import cookies
from web.visit import LOOKS, Posted, site_of

router = APIRouter()


@router.post("/look")
def look(request: Request, form: Posted) -> Response:
    """Switch one of the looks on or off, and back to the page they came from."""
    asked = str(form.get("look", ""))
    now = {one for one in request.cookies.get(cookies.LOOK, "").split("-") if one in LOOKS}
    chosen = now ^ {asked} if asked in LOOKS else now
    answer = RedirectResponse(urlsplit(request.headers.get("referer", "/")).path or "/", HTTPStatus.SEE_OTHER)
    cookies.keep(answer, site_of(request), cookies.LOOK, "-".join(sorted(chosen)), seconds=cookies.YEAR)
    return answer
