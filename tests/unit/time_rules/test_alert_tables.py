"""Every shipped ladder played day by day, against a table a person has read: what goes out when and to whom."""

import os
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
PRESETS = {
    path.stem: path.read_text("utf-8") for path in (Path(__file__).parents[3] / "config/ladders").glob("*.toml")
}
# Each in the first round; those that start higher after a relapse in the second one, too.
PLAYS = sorted(
    [(name, 1) for name in PRESETS] + [(name, 2) for name in PRESETS if "relapse_start" in PRESETS[name]]
)
BEYOND_THE_DUE_DAY = {"long_pauses": 160, "red_three_times": 160, "guangyuan": 100}
REVIEWED = Path(__file__).parent / "tables"
ACCEPT = "ACCEPT_LADDERS"


def played(
    ladder: Ladder, facts: AlertFacts, calendar: WorkingCalendar, zone: ZoneInfo, last: date
) -> Iterator[tuple[date, AlertPlan]]:
    """One sweep each morning while nobody reports, answers or finishes anything."""
    day = facts.started_on
    while day <= last:
        found = plan([ladder], facts, calendar, zone, start_of(day, zone, time(9)))
        yield day, found
        sent = tuple(PastAlert(key, day) for key in dict.fromkeys(due.key for due in found.due))
        facts = replace(
            facts, fired=found.fired, alerts=facts.alerts + sent, finals={**facts.finals, **found.finals}
        )
        day += DAY


def lines(day: date, due_on: date, found: AlertPlan, calendar: WorkingCalendar) -> Iterator[str]:
    left = days_left(day, due_on)
    for due in found.due:
        step = f"{due.key.partition('.')[2]} no. {due.nth}"
        yield f"{day} {left:>5}  {due.role:<16} {step:<26} {due.colour or '-':<7} {due.lane}"
    for gone in found.superseded:
        step = f"{gone.key.partition('.')[2]} no. {gone.nth}"
        yield f"{day} {left:>5}  {gone.role:<16} ({step}: {gone.reason} {gone.by.partition('.')[2]})"
    for key, step in found.begun.items():
        if step.letter:
            answer = date.fromordinal(step.letter.answer.after(day.toordinal(), calendar))
            yield f"{day} {left:>5}  [{key.partition('.')[2]} asks for {step.letter.form}, answer by {answer}]"
    for key, final_on in found.finals.items():
        yield f"{day} {left:>5}  [{key.partition('.')[2]} sets the final date {final_on}]"


@pytest.mark.row(15)
@pytest.mark.parametrize(("name", "round_"), PLAYS)
def test_what_goes_out_when_and_to_whom(
    shipped: Callable[[str], Ladder],
    calendar: WorkingCalendar,
    shanghai: ZoneInfo,
    facts: AlertFacts,
    name: str,
    round_: int,
) -> None:
    """A setting cannot be silently without effect."""
    facts = replace(facts, round=round_, roles=facts.roles | {"coordinator"})
    assert facts.due_on
    last = facts.due_on + DAY * BEYOND_THE_DUE_DAY.get(name, 45)
    days = played(shipped(name), facts, calendar, shanghai, last)
    begun = f"begun {facts.started_on}, due {facts.due_on}, nobody acts, played until {last}"
    table = [
        f"{name}, round {round_}: {begun}",
        "day         left  role             step                       colour  lane",
        *(line for day, found in days for line in lines(day, facts.due_on, found, calendar)),
    ]
    golden = REVIEWED / (f"{name}.txt" if round_ == 1 else f"{name}.after_relapse.txt")
    if os.environ.get(ACCEPT):
        golden.write_text("\n".join(table) + "\n", "utf-8")
    assert table == golden.read_text("utf-8").splitlines(), f"read it, then accept it with {ACCEPT}=1"
