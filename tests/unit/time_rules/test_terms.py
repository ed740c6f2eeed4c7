"""How a deadline came about, stored and read back, and the periods that offices write."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deadlines import Extension, Pause, Policy
from engine.terms import Term, fixed, parse_term
from engine.working_days import WorkingCalendar
from workflows.rectification.periods import parse_period, period_text

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def test_a_term_is_read_back_as_it_was_stored():
    pauses = (
        Pause(MONDAY, MONDAY + DAY, "预算待批", "区财政评审"),
        Pause(date(2026, 4, 1), None, "等", "区", True),
    )
    terms = [
        Term(MONDAY, Policy("feedback", 3, "month", "forward"), pauses, (Extension(MONDAY, date(2026, 8, 1)),)),
        fixed("2026-05-01", "2026-03-02"),
    ]
    for term in terms:
        assert parse_term(term.text()) == term
    assert parse_term(None) is None


def test_a_pause_that_did_not_last_a_day_leaves_no_interval():
    paused = fixed("2026-03-10", "2026-03-02").paused(Pause(MONDAY, None))
    assert paused.resumed(MONDAY).pauses == ()
    assert paused.resumed(MONDAY + DAY).pauses == (Pause(MONDAY, MONDAY),)


def test_the_day_of_resuming_is_a_day_of_work(calendar: WorkingCalendar):
    term = fixed("2026-03-10", "2026-03-02").paused(Pause(date(2026, 3, 4), None)).resumed(date(2026, 3, 7))
    assert term.due(calendar).on == date(2026, 3, 13)
    assert term.resumed_on == date(2026, 3, 7)


@settings(max_examples=60)
@given(
    start=st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    spans=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=4),
    since=st.integers(0, 30),
    until=st.integers(0, 90),
)
def test_paused_days_are_counted_once(start: date, spans: list[tuple[int, int]], since: int, until: int):
    pauses = tuple(Pause(start + DAY * at, start + DAY * (at + long)) for at, long in spans)
    window = [start + DAY * n for n in range(since + 1, until + 1)]
    by_hand = [day for day in window if any(one.start <= day <= one.end for one in pauses if one.end)]
    assert Term(start, start, pauses).paused_days(start + DAY * since, start + DAY * until) == len(by_hand)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("10个工作日", Policy("assigned", 10, "workday")),
        ("反馈之日起3个月", Policy("feedback", 3, "month")),
        ("自反馈之日起三个月内", Policy("feedback", 3, "month")),
        ("方案印发之日起十五个工作日", Policy("plan_issued", 15, "workday")),
        ("三十日，遇节假日顺延", Policy("assigned", 30, "day", "forward")),
        ("7天，遇节假日顺延至节后第二个工作日", Policy("assigned", 7, "day", "second_workday")),
        (" 2 个月 ", Policy("assigned", 2, "month")),
        ("二十五天", Policy("assigned", 25, "day")),
    ],
)
def test_a_period_is_read_as_an_office_writes_it(text: str, policy: Policy):
    assert parse_period(text) == policy
    assert parse_period(period_text(policy)) == policy


@pytest.mark.parametrize("text", ["", "尽快", "3", "10工时", "十十天", "二三天", "9999天", "3个月10天"])
def test_what_is_no_period_is_not_guessed(text: str):
    assert parse_period(text) is None
