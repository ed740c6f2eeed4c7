"""The office on SQLite, with browsers for its people: pages add nothing that differs between databases."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Browser
from office import Office, house_at


@pytest.fixture
def office(office_template: Callable[[str], str], tmp_path: Path) -> Iterator[Office]:
    path = tmp_path / "xiaohao.db"
    shutil.copyfile(office_template("sqlite").removeprefix("sqlite:///"), path)
    opened = Office(house_at(f"sqlite:///{path}", tmp_path))
    yield opened
    opened.database.dispose()


@pytest.fixture
def browser(office: Office) -> Callable[[str], Browser]:
    """A browser of a person of the office, by key."""
    return lambda who: Browser(office).logged_in(who)


@pytest.fixture
def stranger(office: Office) -> Browser:
    """A browser in which nobody is logged in."""
    return Browser(office)
