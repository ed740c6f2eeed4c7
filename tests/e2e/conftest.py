"""A real browser on a real server: the journeys that an office takes first, a file each."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import PASSWORD
from chromium import NoBrowserError, start
from live import Live, served
from office import Office, house_at
from playwright.sync_api import Browser, Page, sync_playwright

from desk.accounts import set_password
from xiaohao.serving import application


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process; without one they fail, and say what to do."""
    with sync_playwright() as playwright:
        try:
            browser = start(playwright)
        except NoBrowserError as error:
            pytest.fail(str(error), pytrace=False)
        yield browser
        browser.close()


@pytest.fixture
def office(office_template: Callable[[str], str], tmp_path: Path) -> Iterator[Office]:
    """The invented office on SQLite; its clock, which the pages go by, moves only when told."""
    path = tmp_path / "xiaohao.db"
    shutil.copyfile(office_template("sqlite").removeprefix("sqlite:///"), path)
    opened = Office(house_at(f"sqlite:///{path}", tmp_path))
    yield opened
    opened.database.dispose()


@pytest.fixture
def live(office: Office, chromium: Browser) -> Iterator[Live]:
    with served(application(office.house, lambda: office.now)) as url:
        opened = Live(url, chromium)
        yield opened
        opened.close()


@pytest.fixture
def page_as(office: Office, live: Live) -> Callable[..., Page]:
    """A page of somebody of the office by key; `script=False` for a browser without JavaScript."""

    def page(who: str, **rest: Any) -> Page:
        set_password(office.house.desk, office.people[who], PASSWORD, office.now)
        return live.page_as(who, **rest)

    return page


@pytest.fixture
def assert_accessible() -> Callable[..., None]:
    """Fails with what axe finds on a page, but for the rules named."""

    def check(page: Page, but: Sequence[str] = ()) -> None:
        results = Axe().run(page, options={"rules": {one: {"enabled": False} for one in but}})
        assert results.violations_count == 0, results.generate_report()

    return check
