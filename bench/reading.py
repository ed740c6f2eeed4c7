"""T8: the first page of a register and the coordinator's home, as a browser gets them from the pages."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import insert, select

from bench.advance import NOW, Size
from bench.office import FIRST_INSPECTION, FIRST_ORGANIZATION, OPENED_ON, Office
from config.settings import Settings
from desk.accounts import log_in, set_password
from engine.organizations import person, post
from web.cookies import SESSION
from xiaohao.bootstrap import House, build
from xiaohao.serving import application

READS = 50
PASSWORD = "一条清清的小溪流过街道"  # noqa: S105  an invented office's
REGISTER = f"/register?inspection={FIRST_INSPECTION + 2}"
HOME = "/"
# A problem's row on a page of the register.
ROW = re.compile(rb'href="/problems/\d+"')
Application = Callable[..., Awaitable[None]]


def pages(office: Office, _size: Size) -> dict[str, float]:
    """Milliseconds for each page, from the request to its last byte; in one process, without a network."""
    folder = Path(office.database.url.removeprefix("sqlite:///")).parent
    house = build(Settings(data=folder, database=office.database.url))
    token = _logged_in_coordinator(house)
    app = application(house, lambda: NOW)
    taken = asyncio.run(_timed(app, token))
    house.database.dispose()
    return taken


def _logged_in_coordinator(house: House) -> str:
    """The token of a coordinator of one of the copies too: a thousand problems in twenty inspections."""
    with house.database.begin() as tx:
        coordinator = int(
            tx.connection.execute(select(person.c.id).where(person.c.key == "coordinator")).scalar_one()
        )
        values = {"organization_id": FIRST_ORGANIZATION + 1, "role": "coordinator", "person_id": coordinator}
        tx.connection.execute(insert(post).values(**values, title="", from_on=OPENED_ON))
    set_password(house.desk, coordinator, PASSWORD, NOW)
    return log_in(house.desk, "coordinator", PASSWORD, "127.0.0.1", NOW)


async def _timed(app: Application, token: str) -> dict[str, float]:
    rows = len(ROW.findall(await _page(app, REGISTER, token)))
    if not rows:
        raise RuntimeError("an empty register")
    taken: dict[str, list[float]] = {REGISTER: [], HOME: []}
    for path in (REGISTER, HOME) * READS:
        start = perf_counter()
        await _page(app, path, token)
        taken[path].append(perf_counter() - start)
    return {"T8": median(taken[REGISTER]) * 1000, "T8b": median(taken[HOME]) * 1000}


async def _page(app: Application, address: str, token: str) -> bytes:
    """What a server would hand to the application and take from it for one page. Raises RuntimeError for any other
    answer than 200."""
    path, _, query = address.partition("?")
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"office.test"), (b"cookie", f"{SESSION}={token}".encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "headers": headers,
        "server": ("office.test", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)
    if sent[0]["status"] != 200:
        raise RuntimeError(f"{address}: {sent[0]['status']}")
    return b"".join(one.get("body", b"") for one in sent)
