"""Every shipped ladder played day by day, against a table a person has read: what goes out when and to whom."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.deadlines import days_left
from engine.ladders import AlertFacts, AlertPlan, Ladder, PastAlert, plan
from engine.working_days import WorkingCalendar, start_of

DAY = timedelta(days=1)
PRESETS = ("jiangjin", "last_three_days", "ratio_30_15", "red_three_times", "weekly_5_3_1")
BEYOND_THE_DUE_DAY = {"red_three_times": 160}


def played(
    ladder: Ladder, facts: AlertFacts, calendar: WorkingCalendar, zone: ZoneInfo, last: date
) -> Iterator[tuple[date, AlertPlan]]:
    """One sweep each morning while nobody reports, answers or finishes anything."""
    day = facts.started_on
    while day <= last:
        found = plan([ladder], facts, calendar, zone, start_of(day, zone, time(9)))
        yield day, found
        sent = tuple(PastAlert(key, day) for key in dict.fromkeys(due.key for due in found.due))
        facts = replace(facts, fired=found.fired, alerts=facts.alerts + sent)
        day += DAY


def lines(day: date, due_on: date, found: AlertPlan) -> Iterator[str]:
    left = days_left(day, due_on)
    for due in found.due:
        step = f"{due.key.partition('.')[2]} no. {due.nth}"
        yield f"{day} {left:>5}  {due.role:<16} {step:<26} {due.colour or '-':<7} {due.lane}"
    for gone in found.superseded:
        step = f"{gone.key.partition('.')[2]} no. {gone.nth}"
        yield f"{day} {left:>5}  {gone.role:<16} ({step}: {gone.reason} {gone.by.partition('.')[2]})"


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.row(15)
def test_what_goes_out_when_and_to_whom(
    shipped: Callable[[str], Ladder],
    calendar: WorkingCalendar,
    shanghai: ZoneInfo,
    facts: AlertFacts,
    name: str,
) -> None:
    """A setting cannot be silently without effect."""
    assert facts.due_on
    last = facts.due_on + DAY * BEYOND_THE_DUE_DAY.get(name, 45)
    days = played(shipped(name), facts, calendar, shanghai, last)
    table = [
        f"{name}: begun {facts.started_on}, due {facts.due_on}, nobody acts, played until {last}",
        "day         left  role             step                       colour  lane",
        *(line for day, found in days for line in lines(day, facts.due_on, found)),
    ]
    golden = Path(__file__).parent / "tables" / f"{name}.txt"
    assert table == golden.read_text("utf-8").splitlines()
