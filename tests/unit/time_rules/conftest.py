"""The calendar and the ladders as shipped, for the tests of time."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.calendar_years import parse_year
from engine.ladder_files import Audience, parse_ladder
from engine.ladders import AlertFacts, Ladder
from engine.working_days import WorkingCalendar

CONFIG = Path(__file__).parents[3] / "config"
EVERYBODY = frozenset(("officer", "department_head", "lead_official", "head"))


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    files = sorted((CONFIG / "calendars").glob("*.toml"))
    return WorkingCalendar.of(
        [parse_year(tomllib.loads(one.read_text("utf-8")), one.name) for one in files], number=1
    )


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], Ladder]:
    """The ladder of this name from config/ladders."""

    def read(name: str) -> Ladder:
        text = (CONFIG / "ladders" / f"{name}.toml").read_text("utf-8")
        return parse_ladder(tomllib.loads(text), f"{name}.toml", Audience(EVERYBODY | {"coordinator"}), text)

    return read


@pytest.fixture(scope="session")
def shanghai() -> ZoneInfo:
    return ZoneInfo("Asia/Shanghai")


@pytest.fixture
def facts() -> AlertFacts:
    """A case begun on Monday 2 March 2026 and due on Friday 29 May 2026, nothing fired, everybody listening."""
    return AlertFacts(
        state="time_limited_fix",
        started_on=date(2026, 3, 2),
        due_on=date(2026, 5, 29),
        fired={},
        roles=EVERYBODY,
        live=True,
        paused=False,
    )
