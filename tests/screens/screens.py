"""Takes a picture of every page at the width of a desk and of a phone, from the sample, into var/screens.

Each page is shown to the first person of the sample who may see it. A page that nobody can see, or that does not
fit its width, is named at the end and makes the run fail.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from chromium import start
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from live import Live, served
from playwright.sync_api import Page, sync_playwright
from routes import every_route
from sqlalchemy import text

from config.settings import Settings
from desk.accounts import log_in
from xiaohao.bootstrap import House, build
from xiaohao.cli.common import instant_of
from xiaohao.demo.sample import Sample
from xiaohao.serving import application, moved_clock
from xiaohao.worker import beating

WIDTHS = {"desk": (1366, 900), "phone": (390, 844)}
COOKIE = "xiaohao_session"
FILE = re.compile(r"/(file|pdf|word|attachment)$|\.\w+$")
# What stands in the other blanks, and behind the question mark of pages that ask for something.
BLANKS = {"action": "comment", "kind": "milestone"}
QUERIES = {"/new": "/new?kind=inspection"}
# Whose eyes a page is made for; others are asked after them.
MADE_FOR = {"/reviews": "you_shen", "/look-backs": "you_shen", "/leads": "zhu_wu", "/inspections/": "zhang_ping"}
# Of these the newest tells most.
NEWEST_FIRST = ("inspection", "look_back_campaign", "review")
MOST_TRIED = 40  # cases of a kind, until somebody sees the page of one


@dataclass(frozen=True)
class Shot:
    """One page to take: its path with real numbers in it, and who looks."""

    route: str
    path: str
    who: str

    @property
    def name(self) -> str:
        return re.sub(r"\W+", "_", f"{self.route.strip('/') or 'start'}-{self.who}").strip("_")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, required=True, help="the data folder of a sample with accounts")
    parser.add_argument("--at", required=True, help="where its clock stands, as in 2025-10-20T09:00")
    parser.add_argument("--out", type=Path, default=Path("var/screens"))
    parser.add_argument("--only", default="", help="take only routes that contain this")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    house = build(Settings(data=options.dir, database=""))
    now = moved_clock(instant_of(options.at))
    with beating(house, now):
        return _take(house, application(house, now, moved=True), options.out, options.only)


def _take(house: House, app: FastAPI, out: Path, only: str) -> int:
    accounts = Sample().accounts
    shots, unseen = _shots(house, app, only)
    faults = [f"nobody of the sample sees {route}" for route in unseen]
    with sync_playwright() as playwright, served(app) as url:
        live = Live(url, start(playwright))
        for who in dict.fromkeys(shot.who for shot in shots):
            mine = [shot for shot in shots if shot.who == who]
            for label, (width, _) in WIDTHS.items():
                page = live.page_as(who, password=accounts["password"], width=width)
                faults += [fault for shot in mine for fault in _picture(page, shot, out, label)]
        live.browser.close()
    print("\n".join([f"{len(shots)} pages in {out}", *faults]))
    return 1 if faults else 0


def _picture(page: Page, shot: Shot, out: Path, label: str) -> Iterator[str]:
    page.goto(shot.path)
    page.screenshot(path=out / f"{shot.name}-{label}.png", full_page=True)
    if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        yield f"{shot.path} is wider than the {label} ({shot.who})"


def _shots(house: House, app: FastAPI, only: str) -> tuple[list[Shot], list[str]]:
    """Every page for whoever sees it first, and the start page for everybody; and the routes that nobody sees."""
    sample = Sample().accounts
    clients = {one["person"]: _client(house, app, one["person"], sample["password"]) for one in sample["accounts"]}
    numbers = _numbers(house)
    shots = [Shot("/", "/", who) for who in clients] if only in "/" else []
    unseen = []
    for route in sorted({one.path for one in _pages(app) if only in one.path} - {"/"}):
        found = next(_seen(route, clients, numbers), None)
        if found is None:
            unseen.append(route)
        else:
            shots.append(found)
    return shots, unseen


def _pages(app: FastAPI) -> Iterator[APIRoute]:
    """What is looked at; what answers with a file is no page."""
    return (one for one in every_route(app) if "GET" in one.methods and not FILE.search(one.path))


def _seen(route: str, clients: dict[str, TestClient], numbers: dict[str, list[str]]) -> Iterator[Shot]:
    first = [who for start, who in MADE_FOR.items() if route.startswith(start)]
    for who in dict.fromkeys([*first, *clients]):
        for path in _paths(route, numbers):
            answer = clients[who].get(path)
            if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                yield Shot(route, path, who)


def _paths(route: str, numbers: dict[str, list[str]]) -> Iterator[str]:
    """The route with something real in its blanks: of the kind it is named after, else of any."""
    if "{" not in route:
        yield QUERIES.get(route, route)
        return
    named = [ids for kind, ids in numbers.items() if route.startswith(f"/{kind}")]
    for ids in named or numbers.values():
        for one in ids[:MOST_TRIED]:
            yield route.format_map({**BLANKS, "case_id": one, "message_id": one, "person_id": one})


def _numbers(house: House) -> dict[str, list[str]]:
    """The ids of the cases by kind, live ones first and of these the newest; of messages and people too."""
    with house.database.read() as tx:
        rows = tx.connection.execute(text("SELECT kind, id FROM cases ORDER BY live DESC, id DESC")).all()
        inbox = text("SELECT id FROM envelope WHERE channel = 'inbox' ORDER BY packed_at DESC")
        found = {"inbox": [quote(one) for one in tx.connection.scalars(inbox)]}
        found["people"] = [str(one) for one in tx.connection.scalars(text("SELECT id FROM person ORDER BY id"))]
    for kind, case_id in rows:
        found.setdefault(kind, []).append(str(case_id))
    return {kind: ids[::-1] if kind in NEWEST_FIRST else ids for kind, ids in found.items()}


def _client(house: House, app: FastAPI, who: str, password: str) -> TestClient:
    client = TestClient(app, follow_redirects=False)
    client.cookies.set(COOKIE, log_in(house.desk, who, password, "screens", app.state.site.now()))
    return client


if __name__ == "__main__":
    sys.exit(main())
