"""Working days: make-up days are worked, holidays are not, and counting forth and back agrees."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.working_days import WorkingCalendar

DAY = timedelta(days=1)
days_2026 = st.dates(date(2025, 6, 1), date(2026, 12, 31))


@pytest.fixture(scope="module")
def week_off() -> WorkingCalendar:
    """Monday 5 to Wednesday 7 October 2026 off, Saturday 10 October made up."""
    off = {date(2026, 10, day): "holiday" for day in (5, 6, 7)}
    return WorkingCalendar({**off, date(2026, 10, 10): "workday"}, frozenset({2026}))


def test_a_make_up_saturday_is_worked_and_a_holiday_monday_is_not(week_off: WorkingCalendar) -> None:
    assert week_off.is_workday(date(2026, 10, 10))
    assert not week_off.is_workday(date(2026, 10, 5))
    assert week_off.is_workday(date(2026, 10, 8))
    assert not week_off.is_workday(date(2026, 10, 11))


def test_next_and_previous_stay_on_a_worked_day_and_skip_days_off(week_off: WorkingCalendar) -> None:
    assert week_off.next_workday(date(2026, 10, 8)) == date(2026, 10, 8)
    assert week_off.previous_workday(date(2026, 10, 8)) == date(2026, 10, 8)
    assert week_off.next_workday(date(2026, 10, 3)) == date(2026, 10, 8)
    assert week_off.previous_workday(date(2026, 10, 7)) == date(2026, 10, 2)


def test_the_day_itself_does_not_count(week_off: WorkingCalendar) -> None:
    friday = date(2026, 10, 2)
    assert week_off.add_workdays(friday, 0) == friday
    assert week_off.add_workdays(friday, 1) == date(2026, 10, 8)
    assert week_off.add_workdays(friday, 3) == date(2026, 10, 10)
    assert week_off.add_workdays(date(2026, 10, 12), -1) == date(2026, 10, 10)


@pytest.mark.row(16)
def test_a_working_day_is_one_day_not_twenty_four_hours_of_work(week_off: WorkingCalendar) -> None:
    assert week_off.workdays_between(date(2026, 10, 12), date(2026, 10, 13)) == 1
    assert week_off.add_workdays(date(2026, 10, 12), 5) == date(2026, 10, 19)


@pytest.mark.row(17)
def test_a_year_without_a_list_is_provisional_and_has_weekends_and_statutory_days(
    calendar: WorkingCalendar,
) -> None:
    """A list still to come gives a provisional answer, neither an exception nor a guess at bridges."""
    assert calendar.is_provisional(date(2027, 1, 1))
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert not calendar.is_workday(date(2027, 10, 1))
    assert calendar.is_workday(date(2027, 10, 4))
    assert calendar.is_provisional(date(2035, 10, 1))
    assert calendar.is_workday(date(2035, 10, 1))
    assert not calendar.is_workday(date(2035, 10, 6))


def test_an_unknown_kind_of_day_is_refused() -> None:
    with pytest.raises(ValueError, match="'half' is neither"):
        WorkingCalendar({date(2026, 1, 1): "half"}, frozenset())


@settings(deadline=None, max_examples=100)
@given(day=days_2026, n=st.integers(-60, 60))
def test_counting_days_undoes_adding_them(calendar: WorkingCalendar, day: date, n: int) -> None:
    assert calendar.workdays_between(day, calendar.add_workdays(day, n)) == n


@settings(deadline=None, max_examples=100)
@given(day=days_2026, n=st.integers(1, 60))
def test_the_nth_working_day_is_worked_and_n_lie_on_the_way(calendar: WorkingCalendar, day: date, n: int) -> None:
    reached = calendar.add_workdays(day, n)
    on_the_way = [day + DAY * step for step in range(1, (reached - day).days + 1)]
    assert calendar.is_workday(reached)
    assert sum(map(calendar.is_workday, on_the_way)) == n
