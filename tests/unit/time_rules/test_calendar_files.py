"""The published holiday lists as shipped, and the faults a list must not have."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar
import pytest

from engine.calendar_years import CalendarYear, parse_year
from engine.faults import FaultsError
from engine.working_days import WorkingCalendar

LIST = """
year = 2026
source = "an invented list"

[[holidays]]
name = "May"
first = "2026-05-01"
last = "2026-05-05"
workdays = ["2026-05-09"]
"""


def days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def parsed(text: str) -> CalendarYear:
    return parse_year(tomllib.loads(text), "2026.toml", text)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_agrees_with_an_independent_list(calendar: WorkingCalendar, year: int) -> None:
    ours = [day for day in days_of(year) if calendar.is_workday(day)]
    assert ours == [day for day in days_of(year) if chinese_calendar.is_workday(day)]
    assert year in calendar.years


def test_a_list_gives_its_days_names_and_source() -> None:
    found = parsed(LIST)
    assert found.source == "an invented list"
    assert sorted(found.days) == [date(2026, 5, day) for day in (1, 2, 3, 4, 5, 9)]
    assert {found.days[day] for day in found.days if day.day < 9} == {"holiday"}
    assert found.days[date(2026, 5, 9)] == "workday"
    assert set(found.names.values()) == {"May"}


def test_a_list_may_reach_into_the_december_before_it_and_then_wins() -> None:
    new_year = LIST.replace(
        'first = "2026-05-01"\nlast = "2026-05-05"', 'first = "2025-12-31"\nlast = "2026-01-02"'
    )
    before = CalendarYear(2025, "", {date(2025, 12, 31): "workday"}, {})
    calendar = WorkingCalendar.of([parsed(new_year), before], number=7)
    assert not calendar.is_workday(date(2025, 12, 31))
    assert calendar.years == {2025, 2026}
    assert calendar.number == 7


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ("year = 2026", "", "year: 0 is not a year"),
        ('source = "an invented list"', "", "source: missing"),
        ('name = "May"', "", "holidays[0].name: missing"),
        ('"2026-05-01"', '"2026-05-32"', "holidays[0].first: '2026-05-32' is not a date"),
        ('"2026-05-05"', '"2026-04-30"', "holidays[0].last: 2026-04-30 is before 2026-05-01"),
        ('"2026-05-05"', '"2027-05-05"', "holidays[0].last: 2027-05-05 is not in 2026"),
        ('"2026-05-09"', '"2025-05-10"', "holidays[0].workdays: 2025-05-10 is not in 2026"),
        ('"2026-05-09"', '"2026-05-08"', "holidays[0].workdays: 2026-05-08 is a weekday, worked anyway"),
        ('"2026-05-09"', '"2026-05-03"', "holidays[0].workdays: 2026-05-03 is listed twice"),
        ('["2026-05-09"]', '["2026-05-09", "2026-05-09"]', "holidays[0].workdays[1]: '2026-05-09' stands twice"),
        ("workdays", "makeup", "holidays[0].makeup: unknown key"),
        ("[[holidays]]", "[[holiday]]", "holidays: lists no day"),
    ],
)
def test_every_fault_of_a_list_names_file_and_key(wrong: str, right: str, fault: str) -> None:
    with pytest.raises(FaultsError) as refused:
        parsed(LIST.replace(wrong, right))
    assert any(str(one).startswith("2026.toml") and fault in str(one) for one in refused.value.faults)


def test_all_faults_are_listed_at_once() -> None:
    text = LIST.replace("year = 2026", "year = 2026\ncolour = 1").replace("2026-05-09", "2026-05-08")
    with pytest.raises(FaultsError) as refused:
        parsed(text)
    assert {one.path for one in refused.value.faults} == {"colour", "holidays[0].workdays"}
