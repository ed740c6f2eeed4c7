"""Due days: what each unit counts, how pauses and rolls move them, and when a date is only provisional."""

import calendar as months
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.deadlines import (
    DueDate,
    Extension,
    Pause,
    Policy,
    add_months,
    days_left,
    due,
    is_overdue,
    months_between,
    punctuality,
)
from engine.working_days import WorkingCalendar

DAY = timedelta(days=1)
MONDAY = date(2026, 3, 2)


def counted(amount: int, unit: str, roll: str = "none") -> Policy:
    return Policy("assigned", amount, unit, roll)  # type: ignore[arg-type]


def plain(start: date, policy: Policy, calendar: WorkingCalendar, *pauses: Pause) -> date:
    return due(start, policy, calendar, pauses).on


class TestUnits:
    def test_the_start_day_does_not_count(self, calendar: WorkingCalendar) -> None:
        assert plain(MONDAY, counted(7, "day"), calendar) == date(2026, 3, 9)
        assert plain(MONDAY, counted(5, "workday"), calendar) == date(2026, 3, 9)
        assert plain(MONDAY, counted(0, "day"), calendar) == MONDAY

    def test_ten_working_days_over_national_day_know_the_make_up_day(self, calendar: WorkingCalendar) -> None:
        assert plain(date(2026, 9, 30), counted(3, "workday"), calendar) == date(2026, 10, 10)

    @pytest.mark.parametrize(
        ("start", "amount", "expected"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2026, 1, 31), 2, date(2026, 3, 31)),
            (date(2026, 10, 31), 1, date(2026, 11, 30)),
            (date(2026, 10, 31), 2, date(2026, 12, 31)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
        ],
    )
    def test_months_are_calendar_months(
        self, calendar: WorkingCalendar, start: date, amount: int, expected: date
    ) -> None:
        assert plain(start, counted(amount, "month"), calendar) == expected

    @pytest.mark.parametrize(
        ("wrong", "fault"),
        [
            ({"anchor": ""}, "without an anchor"),
            ({"unit": "hour"}, "unknown unit 'hour'"),
            ({"roll": "up"}, "unknown roll 'up'"),
            ({"amount": -1}, "-1 days"),
            ({"amount": True}, "True days"),
            ({"amount": 1.5}, "1.5 days"),
            ({"amount": 3661}, "up to 3660"),
            ({"amount": 2601, "unit": "workday"}, "up to 2600"),
            ({"amount": 121, "unit": "month"}, "up to 120"),
        ],
    )
    def test_a_policy_that_means_nothing_is_refused(self, wrong: dict[str, object], fault: str) -> None:
        right: dict[str, object] = {"anchor": "assigned", "amount": 1, "unit": "day", "roll": "none"}
        with pytest.raises(ValueError, match=fault):
            Policy(**(right | wrong))  # type: ignore[arg-type]


class TestRolls:
    SATURDAY = date(2026, 3, 7)

    def test_a_saturday_stays_moves_on_or_moves_back_as_the_policy_says(self, calendar: WorkingCalendar) -> None:
        assert plain(MONDAY, counted(5, "day"), calendar) == self.SATURDAY
        assert plain(MONDAY, counted(5, "day", "forward"), calendar) == date(2026, 3, 9)
        assert plain(MONDAY, counted(5, "day", "backward"), calendar) == date(2026, 3, 6)

    def test_a_make_up_saturday_is_not_rolled(self, calendar: WorkingCalendar) -> None:
        assert plain(date(2026, 10, 9), counted(1, "day", "forward"), calendar) == date(2026, 10, 10)

    def test_rolling_back_never_ends_before_the_start(self, calendar: WorkingCalendar) -> None:
        assert plain(self.SATURDAY, counted(1, "day", "backward"), calendar) == date(2026, 3, 9)

    def test_rolling_back_may_end_on_the_start_itself(self, calendar: WorkingCalendar) -> None:
        friday = date(2026, 3, 6)
        assert plain(friday, counted(1, "day", "backward"), calendar) == friday

    def test_a_weekly_return_due_on_a_holiday_moves_to_the_second_worked_day_after(
        self, calendar: WorkingCalendar
    ) -> None:
        """Due on Tuesdays: 6 October 2026 is a holiday, work begins again on Thursday the 8th."""
        weekly = counted(7, "day", "second_workday")
        assert plain(date(2026, 9, 29), weekly, calendar) == date(2026, 10, 9)
        assert plain(date(2026, 10, 6), weekly, calendar) == date(2026, 10, 13)

    def test_rolling_does_not_stop_on_a_paused_day(self, calendar: WorkingCalendar) -> None:
        waiting = Pause(date(2026, 3, 9), date(2026, 3, 10))
        assert plain(MONDAY, counted(5, "day", "forward"), calendar, waiting) == date(2026, 3, 11)


class TestPauses:
    WAITING = Pause(date(2026, 3, 4), date(2026, 3, 6))

    def test_paused_days_do_not_count_in_any_unit(self, calendar: WorkingCalendar) -> None:
        assert plain(MONDAY, counted(7, "day"), calendar, self.WAITING) == date(2026, 3, 12)
        assert plain(MONDAY, counted(5, "workday"), calendar, self.WAITING) == date(2026, 3, 12)
        assert plain(MONDAY, counted(1, "month"), calendar, self.WAITING) == date(2026, 4, 5)

    @pytest.mark.row(13)
    def test_a_pause_of_one_day_is_one_day_long(self, calendar: WorkingCalendar) -> None:
        """Closed intervals."""
        one_day = Pause(date(2026, 3, 4), date(2026, 3, 4))
        assert plain(MONDAY, counted(7, "day"), calendar, one_day) == date(2026, 3, 10)

    def test_overlapping_pauses_count_once(self, calendar: WorkingCalendar) -> None:
        within = Pause(date(2026, 3, 5), date(2026, 3, 5))
        assert plain(MONDAY, counted(7, "day"), calendar, self.WAITING, within) == date(2026, 3, 12)

    def test_a_pause_before_the_start_or_after_the_due_day_moves_nothing(self, calendar: WorkingCalendar) -> None:
        before, after = Pause(date(2026, 2, 1), MONDAY), Pause(date(2026, 3, 10), date(2026, 3, 20))
        assert plain(MONDAY, counted(7, "day"), calendar, before, after) == date(2026, 3, 9)

    def test_a_pause_that_lasts_moves_nothing_yet(self, calendar: WorkingCalendar) -> None:
        assert plain(MONDAY, counted(7, "day"), calendar, Pause(date(2026, 3, 4), None)) == date(2026, 3, 9)

    def test_a_pause_that_ends_before_it_starts_is_refused(self) -> None:
        with pytest.raises(ValueError, match="cannot end on 2026-03-03"):
            Pause(date(2026, 3, 4), date(2026, 3, 3))


class TestExtensions:
    def test_an_extension_is_taken_as_it_is_even_on_a_sunday(self, calendar: WorkingCalendar) -> None:
        sunday = date(2026, 4, 5)
        extended = due(MONDAY, counted(7, "day", "forward"), calendar, (), [Extension(MONDAY, sunday)])
        assert extended == DueDate(sunday, provisional=False)

    def test_an_extension_to_the_very_day_computed_makes_it_certain(self, calendar: WorkingCalendar) -> None:
        start, policy = date(2026, 12, 1), counted(50, "workday")
        computed = due(start, policy, calendar)
        assert computed.provisional
        extended = due(start, policy, calendar, (), [Extension(start, computed.on)])
        assert extended == DueDate(computed.on, provisional=False)

    def test_an_extension_is_overtaken_only_by_longer_pauses(self, calendar: WorkingCalendar) -> None:
        long = Pause(date(2026, 3, 3), date(2026, 4, 30))
        extension = Extension(date(2026, 5, 1), date(2026, 5, 5))
        assert due(MONDAY, counted(7, "day"), calendar, (long,), [extension]).on == date(2026, 5, 7)

    @pytest.mark.row(18)
    def test_a_pause_after_an_extension_moves_the_extended_date(self, calendar: WorkingCalendar) -> None:
        """Granted until the end of April, then a week of waiting."""
        granted, week = Extension(date(2026, 3, 9), date(2026, 4, 30)), Pause(date(2026, 4, 6), date(2026, 4, 12))
        assert due(MONDAY, counted(7, "day"), calendar, (week,), [granted]).on == date(2026, 5, 7)

    def test_of_several_extensions_the_latest_day_holds(self, calendar: WorkingCalendar) -> None:
        granted = [Extension(MONDAY, date(2026, 4, 1)), Extension(date(2026, 3, 20), date(2026, 4, 20))]
        assert due(MONDAY, counted(7, "day"), calendar, (), granted).on == date(2026, 4, 20)


class TestFixedDates:
    def test_a_date_set_by_a_person_stays_and_is_certain(self, calendar: WorkingCalendar) -> None:
        assert due(MONDAY, date(2027, 2, 6), calendar) == DueDate(date(2027, 2, 6), provisional=False)
        assert due(MONDAY, date(2026, 1, 1), calendar) == DueDate(date(2026, 1, 1), provisional=False)

    def test_it_moves_by_the_days_paused_before_it(self, calendar: WorkingCalendar) -> None:
        waits = [Pause(date(2026, 3, 4), date(2026, 3, 6)), Pause(date(2026, 5, 1), date(2026, 5, 9))]
        assert due(MONDAY, date(2026, 3, 10), calendar, waits).on == date(2026, 3, 13)


class TestProvisional:
    @pytest.mark.row(17)
    def test_working_days_into_a_year_without_a_list_are_provisional(self, calendar: WorkingCalendar) -> None:
        """Found in October, due in February."""
        assert due(date(2026, 10, 20), counted(80, "workday"), calendar).provisional
        assert not due(date(2026, 10, 20), counted(40, "workday"), calendar).provisional

    def test_plain_days_and_months_are_certain_unless_they_roll(self, calendar: WorkingCalendar) -> None:
        october = date(2026, 10, 20)
        assert not due(october, counted(120, "day"), calendar).provisional
        assert not due(october, counted(4, "month"), calendar).provisional
        assert due(october, counted(4, "month", "forward"), calendar).provisional
        assert not due(october, counted(2, "month", "forward"), calendar).provisional

    def test_a_roll_over_new_year_is_provisional(self) -> None:
        calendar = WorkingCalendar({date(2026, 12, 31): "holiday"}, frozenset({2026}))
        assert due(date(2026, 12, 1), counted(30, "day", "forward"), calendar) == DueDate(
            date(2027, 1, 1), provisional=True
        )

    def test_only_the_days_after_the_start_are_asked(self, calendar: WorkingCalendar) -> None:
        new_year_eve = date(2023, 12, 31)
        assert not due(new_year_eve, counted(3, "workday"), calendar).provisional
        assert not due(date(2024, 1, 1), counted(3, "workday"), calendar).provisional
        assert not due(date(2027, 1, 4), counted(0, "workday"), calendar).provisional

    def test_years_without_a_list_in_between_count_too(self) -> None:
        gap = WorkingCalendar({}, frozenset({2025, 2027}))
        assert due(date(2025, 12, 1), counted(300, "workday"), gap).provisional
        assert not due(date(2025, 3, 3), counted(20, "workday"), WorkingCalendar({}, frozenset({2025}))).provisional

    def test_once_the_list_is_out_the_date_is_certain_and_may_have_moved(self, calendar: WorkingCalendar) -> None:
        policy = counted(50, "workday")
        before = due(date(2026, 12, 1), policy, calendar)
        spring = {date(2027, 2, day): "holiday" for day in range(5, 12)}
        published = WorkingCalendar({**calendar.days, **spring}, calendar.years | {2027}, number=2)
        after = due(date(2026, 12, 1), policy, published)
        assert before == DueDate(date(2027, 2, 12), provisional=True)
        assert after == DueDate(date(2027, 2, 17), provisional=False)


class TestLateness:
    DUE = date(2026, 3, 7)

    @pytest.mark.row(13)
    def test_the_due_day_is_whole(self) -> None:
        assert not is_overdue(self.DUE, self.DUE)
        assert is_overdue(self.DUE + DAY, self.DUE)
        assert [days_left(self.DUE + DAY * n, self.DUE) for n in (-2, 0, 3)] == [2, 0, -3]

    @pytest.mark.parametrize(
        ("done", "word"),
        [(6, "early"), (7, "on_time"), (8, "on_time"), (9, "on_time"), (10, "late")],
    )
    def test_early_is_before_the_original_date_and_late_after_the_extended_one(self, done: int, word: str) -> None:
        assert punctuality(date(2026, 3, done), date(2026, 3, 9), self.DUE) == word


class TestMonths:
    @settings(deadline=None, max_examples=120)
    @given(start=st.dates(date(2023, 1, 1), date(2028, 12, 31)), end=st.dates(date(2023, 1, 1), date(2028, 12, 31)))
    def test_months_between_is_the_largest_number_that_can_be_added(self, start: date, end: date) -> None:
        whole = months_between(start, end)
        assert add_months(start, whole) <= end < add_months(start, whole + 1)


starts = st.dates(date(2026, 5, 1), date(2027, 1, 31))
policies = st.builds(
    counted,
    st.integers(0, 70),
    st.sampled_from(["day", "workday"]),
    st.sampled_from(["none", "forward", "backward", "second_workday"]),
) | st.builds(
    counted, st.integers(0, 4), st.just("month"), st.sampled_from(["none", "forward", "backward", "second_workday"])
)
pauses = st.lists(
    st.builds(
        lambda first, length: Pause(first, None if length is None else first + DAY * length),
        st.dates(date(2026, 4, 1), date(2027, 4, 30)),
        st.none() | st.integers(0, 25),
    ),
    max_size=4,
)


def by_hand(start: date, policy: Policy, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> date:
    """Tick off the days of a wall calendar, as the docstring of `due` tells it."""
    wall = [start + DAY * n for n in range(1, 320)]
    waiting = {day for pause in pauses if pause.end for day in wall if pause.start <= day <= pause.end}
    free = [day for day in wall if day not in waiting]
    worked = [day for day in free if calendar.is_workday(day)]
    if policy.unit == "workday":
        reached = [start, *worked][policy.amount]
    elif policy.unit == "day":
        reached = [start, *free][policy.amount]
    else:
        month = start.month - 1 + policy.amount
        year, number = start.year + month // 12, month % 12 + 1
        same_day = date(year, number, min(start.day, months.monthrange(year, number)[1]))
        reached = [start, *free][(same_day - start).days]
    if policy.roll == "none" or calendar.is_workday(reached):
        return reached
    earlier = [day for day in worked if day < reached]
    if policy.roll == "backward" and not earlier:
        started_paused = any(pause.end and pause.start <= start <= pause.end for pause in pauses)
        earlier = [start] if calendar.is_workday(start) and not started_paused else []
    if policy.roll == "backward" and earlier:
        return earlier[-1]
    later = [day for day in worked if day > reached]
    return later[1 if policy.roll == "second_workday" else 0]


@settings(deadline=None, max_examples=120)
@given(start=starts, policy=policies, waits=pauses)
@pytest.mark.row(18)
def test_the_due_day_is_what_a_wall_calendar_gives(
    calendar: WorkingCalendar, start: date, policy: Policy, waits: list[Pause]
) -> None:
    """A pure function of start, policy, calendar and pauses."""
    assert due(start, policy, calendar, waits).on == by_hand(start, policy, calendar, waits)


@settings(deadline=None, max_examples=120)
@given(
    start=starts,
    policy=policies,
    waits=pauses,
    published=st.dictionaries(
        st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.sampled_from(["holiday", "workday"]), max_size=60
    ),
)
def test_no_list_still_to_come_moves_a_date_called_certain(
    calendar: WorkingCalendar, start: date, policy: Policy, waits: list[Pause], published: dict[date, str]
) -> None:
    now = due(start, policy, calendar, waits)
    assume(not now.provisional)
    later = WorkingCalendar({**calendar.days, **published}, calendar.years | {2027})
    assert due(start, policy, later, waits) == now


@settings(deadline=None, max_examples=100)
@given(start=starts, policy=policies, waits=pauses, more=pauses)
def test_a_pause_never_brings_the_end_of_the_count_forward(
    calendar: WorkingCalendar, start: date, policy: Policy, waits: list[Pause], more: list[Pause]
) -> None:
    # These two lead from a day off to a day that lies behind, or ahead of, what the next working day rolls to.
    assume(policy.roll not in ("backward", "second_workday"))
    assert due(start, policy, calendar, waits + more).on >= due(start, policy, calendar, waits).on
