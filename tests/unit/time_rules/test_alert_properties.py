"""Plans against a slow oracle that walks the calendar day by day: invented ladders, any pattern of downtime."""

import calendar as months
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.ladders import (
    ALWAYS,
    AfterAlerts,
    AlertFacts,
    Conditions,
    Days,
    DueStep,
    Every,
    Ladder,
    PastAlert,
    ShareLeft,
    Step,
    Superseded,
    Trigger,
    next_wake,
    plan,
)
from engine.working_days import WorkingCalendar, local_day, start_of

DAY = timedelta(days=1)
WEEK_OFF = WorkingCalendar(
    {date(2024, 2, day): "holiday" for day in range(12, 17)} | {date(2024, 2, 18): "workday"}, frozenset({2024})
)
ZONE = ZoneInfo("Europe/Berlin")  # both of its clock changes lie in the months played
MORNING = time(8, 30)
LAST_DAY = date(2024, 8, 31)

offsets = st.integers(-40, 40)


def every(unit: str, first: int | None, length: int | None) -> Every:
    last = None if length is None else (first if first is not None else -30) + length
    return Every(unit, first, last)  # type: ignore[arg-type]


triggers = st.one_of(
    st.builds(Days, offsets, st.just("day")),
    st.builds(Days, st.integers(-15, 15), st.just("workday")),
    st.builds(lambda percent: ShareLeft(percent / 100), st.integers(0, 100)),
    st.builds(
        every, st.sampled_from(["day", "week", "month"]), st.none() | offsets, st.none() | st.integers(0, 50)
    ),
)
conditions = st.just(ALWAYS) | st.builds(
    Conditions, no_progress_since_days=st.integers(1, 40), states=st.sampled_from([frozenset(), frozenset({"fix"})])
)
ROLES = ("officer", "department_head", "lead_official", "head")
roles = st.lists(st.sampled_from(ROLES), min_size=1, max_size=4, unique=True).map(tuple)


def invented(rungs: Sequence[tuple[Trigger, tuple[str, ...], int, Conditions]]) -> Ladder:
    steps = [
        Step(f"s{n}", trigger, heard, None, "digest", level, {}, when)
        for n, (trigger, heard, level, when) in enumerate(rungs)
    ]
    return Ladder("l", {}, tuple(steps), "invented")


ladders = st.lists(st.tuples(triggers, roles, st.integers(1, 4), st.just(ALWAYS)), min_size=1, max_size=5).map(
    invented
)
gated_ladders = st.lists(st.tuples(triggers, roles, st.integers(1, 4), conditions), min_size=1, max_size=5).map(
    invented
)
cases = st.builds(
    lambda started, length, heard, progress: AlertFacts(
        state="fix",
        started_on=started,
        due_on=started + DAY * length,
        fired={},
        roles=heard,
        live=True,
        paused=False,
        last_progress_on=None if progress is None else started + DAY * progress,
    ),
    st.dates(date(2024, 1, 20), date(2024, 3, 10)),
    st.integers(-3, 90),
    st.frozensets(st.sampled_from(ROLES), min_size=1),
    st.none() | st.integers(0, 60),
)
visits = st.lists(st.dates(date(2024, 1, 20), LAST_DAY), min_size=1, max_size=12, unique=True).map(sorted)


def at_nine(day: date) -> int:
    return start_of(day, ZONE, time(9))


def walked(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def month_days(origin: date) -> Iterator[date]:
    """The same day of each month from the origin on, or the month's last."""
    year, month = origin.year, origin.month
    while (year, month) <= (LAST_DAY.year, LAST_DAY.month):
        yield date(year, month, min(origin.day, months.monthrange(year, month)[1]))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def falls_on(trigger: Every, facts: AlertFacts) -> list[date]:
    assert facts.due_on
    origin = facts.started_on if trigger.first is None else facts.due_on + DAY * trigger.first
    last = LAST_DAY if trigger.last is None else min(LAST_DAY, facts.due_on + DAY * trigger.last)
    if trigger.unit == "month":
        days = [day for day in month_days(origin) if day <= last]
    else:
        days = list(walked(origin, last))[:: 7 if trigger.unit == "week" else 1]
    return days[1:] if trigger.first is None else days


def single_day(trigger: Days | ShareLeft, facts: AlertFacts) -> date:
    assert facts.due_on
    if isinstance(trigger, ShareLeft):
        share = Fraction(round(trigger.share * 100), 100)
        whole = max((facts.due_on - facts.started_on).days, 0)
        early = facts.due_on - DAY * (whole + 1)
        return next(day for day in walked(early, LAST_DAY) if (facts.due_on - day).days <= share * whole)
    if trigger.unit == "day" or trigger.offset == 0:
        return facts.due_on + DAY * trigger.offset
    step = DAY if trigger.offset > 0 else -DAY
    day, left = facts.due_on, abs(trigger.offset)
    while left:
        day += step
        left -= WEEK_OFF.is_workday(day)
    return day


def occurrences(step: Step, facts: AlertFacts) -> list[tuple[int, date]]:
    """Every (nth, day) of a step that somebody listens to, in order."""
    opens = facts.started_on
    if step.when.no_progress_since_days:
        opens = max(opens, (facts.last_progress_on or opens) + DAY * step.when.no_progress_since_days)
    if not facts.roles & set(step.roles):
        return []
    if isinstance(step.trigger, Every):
        return [(n, day) for n, day in enumerate(falls_on(step.trigger, facts), 1) if day >= opens]
    return [(1, max(single_day(step.trigger, facts), opens))]


class Occurrence(NamedTuple):
    """Sorted as a role would rank what it missed: by level, then by day; of equals the one further up the file."""

    level: int
    day: date
    further_up: int
    name: str
    nth: int
    roles: tuple[str, ...]


class Secretary:
    """Keeps a paper list of what has still to be told, and never looks at `fired`."""

    def __init__(self, ladder: Ladder, facts: AlertFacts) -> None:
        self.roles = facts.roles
        self.open = [
            Occurrence(step.level, day, -place, step.name, nth, step.roles)
            for place, step in enumerate(ladder.steps)
            for nth, day in occurrences(step, facts)
        ]

    def morning(self, today: date) -> tuple[set[tuple[str, int, str, date]], set[tuple[str, int, str]]]:
        """What goes out to whom today, and what is struck off for whom."""
        come = [one for one in self.open if one.day <= today]
        self.open = [one for one in self.open if one.day > today]
        told: set[tuple[str, int, str, date]] = set()
        struck: set[tuple[str, int, str]] = set()
        for role in self.roles:
            mine = sorted(one for one in come if role in one.roles)
            told |= {(one.name, one.nth, role, one.day) for one in mine[-1:]}
            struck |= {(one.name, one.nth, role) for one in mine[:-1]}
        return told, struck


def struck_off(superseded: Sequence[Superseded]) -> set[tuple[str, int, str]]:
    return {(one.key[2:], nth, one.role) for one in superseded for nth in range(one.first, one.nth + 1)}


def told(due: Sequence[DueStep]) -> set[tuple[str, int, str, date]]:
    return {(one.key[2:], one.nth, one.role, one.on) for one in due}


@settings(deadline=None, max_examples=80)
@given(ladder=gated_ladders, facts=cases, days=visits)
@pytest.mark.row(1)
@pytest.mark.row(4)
def test_after_any_downtime_the_plan_says_what_the_oracle_says(
    ladder: Ladder, facts: AlertFacts, days: list[date]
) -> None:
    secretary = Secretary(ladder, facts)
    for day in days:
        found = plan([ladder], facts, WEEK_OFF, ZONE, at_nine(day))
        assert (told(found.due), struck_off(found.superseded)) == secretary.morning(day)
        facts = replace(facts, fired=found.fired)


@settings(deadline=None, max_examples=60)
@given(ladder=gated_ladders, facts=cases, day=st.dates(date(2024, 1, 20), LAST_DAY))
@pytest.mark.row(2)
def test_the_same_instant_again_has_nothing_due(ladder: Ladder, facts: AlertFacts, day: date) -> None:
    first = plan([ladder], facts, WEEK_OFF, ZONE, at_nine(day))
    again = plan([ladder], replace(facts, fired=first.fired), WEEK_OFF, ZONE, at_nine(day))
    assert (again.due, again.superseded, again.fired) == ((), (), first.fired)
    assert again.next_wake == first.next_wake


@settings(deadline=None, max_examples=60)
@given(ladder=ladders, facts=cases, days=visits)
def test_each_role_has_heard_the_highest_level_reached(ladder: Ladder, facts: AlertFacts, days: list[date]) -> None:
    heard: dict[str, int] = {}
    reached: dict[str, int] = {}
    for step in ladder.steps:
        if any(day <= days[-1] for _, day in occurrences(step, facts)):
            for role in facts.roles & set(step.roles):
                reached[role] = max(step.level, reached.get(role, 0))
    for day in days:
        found = plan([ladder], facts, WEEK_OFF, ZONE, at_nine(day))
        facts = replace(facts, fired=found.fired)
        for due in found.due:
            heard[due.role] = max(due.level, heard.get(due.role, 0))
    assert heard == reached


@settings(deadline=None, max_examples=60)
@given(ladder=gated_ladders, facts=cases, days=visits)
def test_the_wake_is_the_morning_of_the_next_step(ladder: Ladder, facts: AlertFacts, days: list[date]) -> None:
    """Invariant: never later than the true next step; and nothing comes before it."""
    for day in days:
        found = plan([ladder], facts, WEEK_OFF, ZONE, at_nine(day))
        facts = replace(facts, fired=found.fired)
        to_come = [on for step in ladder.steps for _, on in occurrences(step, facts) if on > day]
        if to_come:
            assert found.next_wake == start_of(min(to_come), ZONE, MORNING)
        else:
            assert found.next_wake is None or found.next_wake > at_nine(LAST_DAY)
        assert found.next_wake == next_wake([ladder], facts, WEEK_OFF, ZONE, at_nine(day))


@settings(deadline=None, max_examples=60)
@given(ladder=gated_ladders, facts=cases)
def test_before_anything_fired_the_wake_is_now_or_the_first_morning(ladder: Ladder, facts: AlertFacts) -> None:
    now = start_of(facts.started_on, ZONE)
    first = [on for step in ladder.steps for _, on in occurrences(step, facts)]
    assume(first)
    assert next_wake([ladder], facts, WEEK_OFF, ZONE, now) == max(now, start_of(min(first), ZONE, MORNING))


CLIMBING = Conditions(after_alerts=AfterAlerts("s0", times=2))
IN_A_ROW = Conditions(after_alerts=AfterAlerts("s0", times=3, consecutive=True))
UNANSWERED = Conditions(after_alerts=AfterAlerts("s0"), unanswered_days=4)
climbing_ladders = st.tuples(
    st.tuples(triggers, roles, st.integers(1, 4), st.just(ALWAYS)),
    st.tuples(triggers, roles, st.integers(1, 4), st.sampled_from([ALWAYS, CLIMBING, UNANSWERED])),
    st.tuples(triggers, roles, st.integers(1, 4), st.sampled_from([CLIMBING, IN_A_ROW, UNANSWERED])),
).map(invented)


def played(ladder: Ladder, facts: AlertFacts, mornings: Iterator[int] | None) -> list[tuple[int, DueStep]]:
    """All that goes out until the last day: at the given instants, or from wake to wake."""
    sent: list[tuple[int, DueStep]] = []
    now: int | None = start_of(facts.started_on, ZONE, MORNING)
    while now is not None and now <= at_nine(LAST_DAY):
        found = plan([ladder], facts, WEEK_OFF, ZONE, now)
        day = local_day(now, ZONE)
        past = tuple(PastAlert(key, day) for key in dict.fromkeys(due.key for due in found.due))
        sent += [(now, due) for due in found.due]
        facts = replace(facts, fired=found.fired, alerts=facts.alerts + past)
        now = found.next_wake if mornings is None else next(mornings, None)
    return sent


@settings(deadline=None, max_examples=60)
@given(ladder=gated_ladders | climbing_ladders, facts=cases)
def test_sleeping_from_wake_to_wake_sends_what_sweeping_every_morning_sends(
    ladder: Ladder, facts: AlertFacts
) -> None:
    """Nothing is armed: the stored wake alone must bring every step on its day, climbing ones too."""
    every_morning = (start_of(day, ZONE, MORNING) for day in walked(facts.started_on + DAY, LAST_DAY))
    assert played(ladder, facts, None) == played(ladder, facts, every_morning)


@settings(deadline=None, max_examples=60)
@given(ladder=ladders, facts=cases, days=visits, moves=st.lists(st.integers(-10, 30), min_size=12, max_size=12))
def test_a_due_day_that_moves_never_sends_an_occurrence_again(
    ladder: Ladder, facts: AlertFacts, days: list[date], moves: list[int]
) -> None:
    """A provisional date is computed anew when the list comes out; that does not restart the ladder."""
    assert facts.due_on
    sent: list[tuple[str, int, str]] = []
    for day, move in zip(days, moves, strict=False):
        facts = replace(facts, due_on=facts.due_on + DAY * move)
        found = plan([ladder], facts, WEEK_OFF, ZONE, at_nine(day))
        sent += [(due.key, due.nth, due.role) for due in found.due]
        facts = replace(facts, fired=found.fired)
    assert len(sent) == len(set(sent))
