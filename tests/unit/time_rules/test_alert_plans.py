"""Alerts by example: late, never lost, never twice, never silent, and one step per role."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.ladders import (
    AfterAlerts,
    AlertFacts,
    AlertPlan,
    Conditions,
    Days,
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
from engine.working_days import WorkingCalendar, start_of

DAY = timedelta(days=1)
DUE = date(2026, 5, 29)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = time(9)

Shipped = Callable[[str], Ladder]


def step(name: str, trigger: Trigger, *roles: str, level: int = 1, when: Conditions | None = None) -> Step:
    heard = roles or ("officer",)
    return Step(name, trigger, heard, None, "digest", level, {}, *([when] if when else []))


def ladder(*steps: Step, name: str = "test") -> Ladder:
    return Ladder(name, {}, steps, "made up")


def heard(found: AlertPlan) -> list[tuple[str, str, int]]:
    return [(one.role, one.key.partition(".")[2], one.nth) for one in found.due]


@pytest.fixture
def on(calendar: WorkingCalendar) -> Callable[..., AlertPlan]:
    """The plan of a ladder at nine in the morning of a day in Shanghai."""

    def planned(one: Ladder, facts: AlertFacts, day: date, at: time = NINE) -> AlertPlan:
        return plan([one], facts, calendar, SHANGHAI, start_of(day, SHANGHAI, at))

    return planned


On = Callable[..., AlertPlan]


class TestNothingIsLost:
    @pytest.mark.row(1)
    def test_a_step_whose_day_was_missed_still_goes_out(self, on: On, facts: AlertFacts, shipped: Shipped) -> None:
        """Never "exactly today"."""
        facts = replace(facts, fired={"weekly_5_3_1.weekly": 11})
        found = on(shipped("weekly_5_3_1"), facts, DUE - 4 * DAY)
        assert heard(found) == [("officer", "five_days", 1)]
        assert found.due[0].on == DUE - 5 * DAY

    @pytest.mark.row(4)
    def test_ten_days_of_downtime_give_each_role_one_step_and_a_reason_for_the_rest(
        self, on: On, facts: AlertFacts, shipped: Shipped
    ) -> None:
        facts = replace(facts, fired={"weekly_5_3_1.weekly": 11, "weekly_5_3_1.five_days": 1})
        found = on(shipped("weekly_5_3_1"), facts, DUE + 8 * DAY)
        assert heard(found) == [
            ("officer", "overdue_daily", 7),
            ("department_head", "to_department_head", 1),
            ("lead_official", "to_lead_official", 1),
        ]
        assert found.superseded == (
            Superseded("weekly_5_3_1.three_days", 1, "officer", "higher_step", 1, "weekly_5_3_1.overdue_daily"),
            Superseded("weekly_5_3_1.one_day", 1, "officer", "higher_step", 1, "weekly_5_3_1.overdue_daily"),
            Superseded(
                "weekly_5_3_1.overdue_daily",
                6,
                "officer",
                "newer_occurrence",
                1,
                "weekly_5_3_1.overdue_daily",
            ),
        )

    def test_a_late_warning_to_a_leader_does_not_silence_the_officer(self, on: On, facts: AlertFacts) -> None:
        low = step("low", Days(-10), "officer", level=1)
        high = step("high", Days(-5), "head", level=9)
        found = on(ladder(low, high), facts, DUE)
        assert heard(found) == [("officer", "low", 1), ("head", "high", 1)]
        assert found.superseded == ()

    def test_one_step_may_be_superseded_for_one_role_and_go_out_to_another(self, on: On, facts: AlertFacts) -> None:
        low = step("low", Days(-10), "officer", "head", level=1)
        high = step("high", Days(-5), "head", level=2)
        found = on(ladder(low, high), facts, DUE)
        assert heard(found) == [("officer", "low", 1), ("head", "high", 1)]
        assert found.superseded == (Superseded("test.low", 1, "head", "higher_step", 1, "test.high"),)

    def test_of_equal_levels_the_later_goes_out(self, on: On, facts: AlertFacts) -> None:
        found = on(ladder(step("late", Days(-5)), step("early", Days(-10))), facts, DUE)
        assert heard(found) == [("officer", "late", 1)]
        assert [one.reason for one in found.superseded] == ["later_step"]

    def test_ladders_do_not_silence_each_other(self, calendar: WorkingCalendar, facts: AlertFacts) -> None:
        one, other = ladder(step("a", Days(-5), level=1)), ladder(step("a", Days(-5), level=2), name="other")
        found = plan([one, other], facts, calendar, SHANGHAI, start_of(DUE, SHANGHAI, NINE))
        assert [due.key for due in found.due] == ["test.a", "other.a"]
        assert found.fired == {"test.a": 1, "other.a": 1}


class TestNothingIsSentTwice:
    @pytest.mark.row(2)
    def test_fifty_sweeps_of_one_morning_send_once(self, on: On, facts: AlertFacts, shipped: Shipped) -> None:
        sent = 0
        for _ in range(50):
            found = on(shipped("jiangjin"), facts, DUE + DAY)
            sent += len(found.due)
            facts = replace(facts, fired=found.fired)
        assert sent == 4

    def test_a_spurious_call_changes_nothing(self, on: On, facts: AlertFacts) -> None:
        facts = replace(facts, fired={"another.ladder": 3})
        found = on(ladder(step("a", Days(-5))), facts, DUE - 20 * DAY)
        assert (found.due, found.superseded, found.fired) == ((), (), {"another.ladder": 3})

    def test_a_due_day_that_moves_on_does_not_begin_the_ladder_again(self, on: On, facts: AlertFacts) -> None:
        tail = ladder(step("tail", Every("week", first=1)))
        facts = replace(facts, fired={"test.tail": 2}, due_on=DUE + 7 * DAY)
        assert heard(on(tail, facts, DUE + 15 * DAY)) == []
        assert heard(on(tail, facts, DUE + 22 * DAY)) == [("officer", "tail", 3)]

    def test_a_granted_extension_begins_the_ladder_anew_on_its_day_without_repeating_a_beat(
        self, on: On, facts: AlertFacts, shipped: Shipped
    ) -> None:
        granted = DUE - 4 * DAY
        extended = replace(facts, started_on=granted, due_on=DUE + 30 * DAY, fired={})
        quiet = on(shipped("weekly_5_3_1"), extended, granted)
        assert heard(quiet) == []
        assert quiet.next_wake == start_of(granted + 7 * DAY, SHANGHAI, time(8, 30))


class TestNobodyIsForgotten:
    @pytest.mark.parametrize("name", ["weekly_5_3_1", "jiangjin", "ratio_30_15", "last_three_days"])
    @pytest.mark.row(10)
    def test_after_four_hundred_days_each_role_still_hears_every_week(
        self, on: On, facts: AlertFacts, shipped: Shipped, name: str
    ) -> None:
        facts = replace(facts, fired=on(shipped(name), facts, DUE + 399 * DAY).fired)
        roles: list[str] = []
        for day in range(400, 407):
            found = on(shipped(name), facts, DUE + day * DAY)
            facts = replace(facts, fired=found.fired)
            roles += [due.role for due in found.due]
        assert sorted(roles) == sorted(facts.roles)

    def test_who_does_not_hear_of_this_kind_of_case_is_left_out(
        self, on: On, facts: AlertFacts, shipped: Shipped
    ) -> None:
        facts = replace(facts, roles=frozenset({"officer", "department_head"}))
        found = on(shipped("jiangjin"), facts, DUE + DAY)
        assert {due.role for due in found.due} == {"officer", "department_head"}
        assert {one.role for one in found.superseded} == {"officer"}

    def test_a_step_nobody_hears_yet_is_still_there_for_a_role_that_comes_later(
        self, on: On, facts: AlertFacts
    ) -> None:
        to_head = ladder(step("a", Days(-5), "head"))
        nobody = on(to_head, replace(facts, roles=frozenset({"officer"})), DUE)
        assert (nobody.due, nobody.fired, nobody.next_wake) == ((), {}, None)
        assert heard(on(to_head, replace(facts, fired=nobody.fired), DUE)) == [("head", "a", 1)]


class TestSilence:
    @pytest.mark.parametrize("wrong", [{"live": False}, {"paused": True}, {"due_on": None}])
    @pytest.mark.row(18)
    @pytest.mark.row(22)
    @pytest.mark.row(23)
    def test_not_live_paused_or_without_a_deadline_nothing_comes(
        self, calendar: WorkingCalendar, facts: AlertFacts, shipped: Shipped, wrong: dict[str, object]
    ) -> None:
        """No deadline is its own case, not "due today"."""
        silent = replace(facts, fired={"x.y": 1}, **wrong)  # type: ignore[arg-type]
        now = start_of(DUE + 30 * DAY, SHANGHAI)
        ladders = [shipped("weekly_5_3_1")]
        assert plan(ladders, silent, calendar, SHANGHAI, now) == AlertPlan((), (), {"x.y": 1}, None)
        assert next_wake(ladders, silent, calendar, SHANGHAI, now) is None

    def test_after_the_last_step_there_is_nothing_to_wait_for(self, on: On, facts: AlertFacts) -> None:
        found = on(ladder(step("once", Days(1))), facts, DUE + DAY)
        assert heard(found) == [("officer", "once", 1)]
        assert found.next_wake is None

    @pytest.mark.row(21)
    def test_a_ladder_switched_off_wakes_nobody(self, calendar: WorkingCalendar, facts: AlertFacts) -> None:
        assert next_wake([], facts, calendar, SHANGHAI, start_of(DUE, SHANGHAI)) is None


class TestHours:
    @pytest.mark.row(13)
    def test_a_step_waits_for_the_morning_of_its_local_day(self, on: On, facts: AlertFacts) -> None:
        """00:30 in Shanghai is the day before on a UTC server; neither makes it overdue early."""
        overdue = ladder(step("overdue", Days(1)))
        assert heard(on(overdue, facts, DUE + DAY, time(0, 30))) == []
        early = on(overdue, facts, DUE + DAY, time(8, 29))
        assert heard(early) == []
        assert early.next_wake == start_of(DUE + DAY, SHANGHAI, time(8, 30))
        assert heard(on(overdue, facts, DUE + DAY, time(8, 30))) == [("officer", "overdue", 1)]

    @pytest.mark.parametrize(
        ("zone", "day", "at"),
        [
            ("Europe/Berlin", date(2026, 3, 29), time(2, 30)),
            ("Europe/Berlin", date(2026, 10, 25), time(2, 30)),
            ("Pacific/Apia", date(2011, 12, 30), time(8, 30)),
            ("America/St_Johns", date(2010, 11, 7), time(0)),
        ],
    )
    @pytest.mark.row(14)
    def test_a_step_in_a_skipped_or_doubled_hour_goes_out_once(
        self, calendar: WorkingCalendar, facts: AlertFacts, zone: str, day: date, at: time
    ) -> None:
        place = ZoneInfo(zone)
        facts = replace(facts, started_on=day - 30 * DAY, due_on=day)
        ladders, sent = [ladder(step("due", Days(0)))], 0
        for now in range(start_of(day - DAY, place), start_of(day + 2 * DAY, place), 600):
            wake = next_wake(ladders, facts, calendar, place, now, at)
            found = plan(ladders, facts, calendar, place, now, at)
            assert bool(found.due) == (wake == now)
            facts = replace(facts, fired=found.fired)
            sent += len(found.due)
        assert sent == 1

    def test_an_hour_shown_twice_over_midnight_does_not_keep_the_sweep_awake(
        self, calendar: WorkingCalendar, facts: AlertFacts
    ) -> None:
        """At 00:01 the clock goes back to 23:01, and shows the ended day once more."""
        place = ZoneInfo("America/St_Johns")
        new_day = start_of(date(2010, 11, 7), place)
        facts = replace(facts, started_on=date(2010, 10, 1), due_on=date(2010, 11, 6))
        ladders = [ladder(step("tail", Every("day", first=1)))]
        found = plan(ladders, facts, calendar, place, new_day + 1800, time(0))
        assert [due.on for due in found.due] == [date(2010, 11, 7)]
        assert found.next_wake == start_of(date(2010, 11, 8), place)


class TestTriggers:
    def test_a_case_begun_late_hears_at_once_of_what_is_true_already(self, on: On, facts: AlertFacts) -> None:
        facts = replace(facts, started_on=DUE - 2 * DAY)
        found = on(ladder(step("five", Days(-5)), step("month", Every("week", last=-6))), facts, DUE - 2 * DAY)
        assert heard(found) == [("officer", "five", 1)]
        assert found.due[0].on == DUE - 2 * DAY

    def test_beats_before_the_start_of_work_never_were(self, on: On, facts: AlertFacts) -> None:
        facts = replace(facts, started_on=DUE - 2 * DAY)
        found = on(ladder(step("daily", Every("day", first=-30))), facts, DUE - 2 * DAY)
        assert heard(found) == [("officer", "daily", 29)]
        assert found.superseded == ()

    def test_working_days_before_a_due_day_after_the_holiday(self, on: On, facts: AlertFacts) -> None:
        facts = replace(facts, due_on=date(2026, 10, 12))
        three = ladder(step("three", Days(-3, "workday")))
        assert heard(on(three, facts, date(2026, 10, 7))) == []
        assert heard(on(three, facts, date(2026, 10, 8))) == [("officer", "three", 1)]

    @pytest.mark.row(12)
    def test_a_saturday_deadline_is_overdue_on_sunday(self, on: On, facts: AlertFacts) -> None:
        """The message then waits for the sending window."""
        facts = replace(facts, due_on=date(2026, 5, 30))
        overdue = ladder(step("overdue", Days(1)))
        assert heard(on(overdue, facts, date(2026, 5, 30), time(23, 59))) == []
        assert heard(on(overdue, facts, date(2026, 5, 31))) == [("officer", "overdue", 1)]

    def test_months_from_the_thirty_first_keep_to_the_end_of_the_month(self, on: On, facts: AlertFacts) -> None:
        facts = replace(facts, started_on=date(2024, 1, 31), due_on=date(2025, 1, 31))
        monthly, days = ladder(step("monthly", Every("month"))), []
        for day in range(1, 130):
            found = on(monthly, facts, date(2024, 1, 31) + day * DAY)
            facts = replace(facts, fired=found.fired)
            days += [due.on for due in found.due]
        assert days == [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)]

    def test_a_deadline_on_the_leap_day_warns_a_day_before(self, on: On, facts: AlertFacts) -> None:
        facts = replace(facts, started_on=date(2028, 1, 1), due_on=date(2028, 2, 29))
        found = on(ladder(step("one", Days(-1))), facts, date(2028, 2, 28))
        assert [due.on for due in found.due] == [date(2028, 2, 28)]

    def test_a_share_of_the_time_rounds_to_whole_days_without_losing_one(self, on: On, facts: AlertFacts) -> None:
        facts = replace(facts, started_on=DUE - 100 * DAY)
        share = ladder(step("share", ShareLeft(0.29)))
        assert heard(on(share, facts, DUE - 30 * DAY)) == []
        assert heard(on(share, facts, DUE - 29 * DAY)) == [("officer", "share", 1)]


class TestConditions:
    def test_a_step_for_certain_states_waits_for_them(self, on: On, facts: AlertFacts) -> None:
        gated = ladder(step("a", Days(-5), when=Conditions(states=frozenset({"close_out"}))))
        silent = on(gated, facts, DUE)
        assert (silent.due, silent.fired, silent.next_wake) == ((), {}, None)
        assert heard(on(gated, replace(facts, state="close_out"), DUE)) == [("officer", "a", 1)]

    def test_progress_puts_the_step_off_until_it_is_old(self, on: On, facts: AlertFacts) -> None:
        gated = ladder(step("a", ShareLeft(0.3), when=Conditions(no_progress_since_days=15)))
        assert heard(on(gated, facts, DUE - 20 * DAY)) == [("officer", "a", 1)]
        reported = replace(facts, last_progress_on=DUE - 24 * DAY)
        waiting = on(gated, reported, DUE - 20 * DAY)
        assert heard(waiting) == []
        assert waiting.next_wake == start_of(DUE - 9 * DAY, SHANGHAI, time(8, 30))
        found = on(gated, reported, DUE - 9 * DAY)
        assert [due.on for due in found.due] == [DUE - 9 * DAY]

    def test_a_beat_before_its_condition_held_is_not_made_up_for(self, on: On, facts: AlertFacts) -> None:
        gated = ladder(step("a", Every("week"), when=Conditions(no_progress_since_days=10)))
        begun = facts.started_on
        assert heard(on(gated, facts, begun + 10 * DAY)) == []
        assert heard(on(gated, facts, begun + 14 * DAY)) == [("officer", "a", 2)]

    TWICE = ladder(
        step("yellow", Every("month")),
        step("other", Every("week", first=400)),
        step("letter", Days(-200), "head", when=Conditions(after_alerts=AfterAlerts("yellow", times=2))),
    )

    def test_yellow_twice_brings_a_letter_the_day_after(self, on: On, facts: AlertFacts) -> None:
        once = (PastAlert("test.yellow", date(2026, 4, 2)),)
        twice = (*once, PastAlert("test.other", date(2026, 4, 9)), PastAlert("test.yellow", date(2026, 5, 2)))
        facts = replace(facts, fired={"test.yellow": 2})
        assert heard(on(self.TWICE, replace(facts, alerts=once), date(2026, 5, 3))) == []
        assert heard(on(self.TWICE, replace(facts, alerts=twice), date(2026, 5, 2))) == []
        assert heard(on(self.TWICE, replace(facts, alerts=twice), date(2026, 5, 3))) == [("head", "letter", 1)]

    def test_the_second_yellow_sets_the_alarm_for_the_letter(self, on: On, facts: AlertFacts) -> None:
        facts = replace(facts, fired={"test.yellow": 1}, alerts=(PastAlert("test.yellow", date(2026, 4, 2)),))
        found = on(self.TWICE, facts, date(2026, 5, 2))
        assert heard(found) == [("officer", "yellow", 2)]
        assert found.next_wake == start_of(date(2026, 5, 3), SHANGHAI, time(8, 30))

    def test_three_in_a_row_are_broken_by_another_step_but_not_by_another_ladder(
        self, on: On, facts: AlertFacts
    ) -> None:
        row = Conditions(after_alerts=AfterAlerts("red", times=3, consecutive=True))
        judged = ladder(step("red", Days(900)), step("blue", Days(900)), step("talk", Days(-200), "head", when=row))

        def talks(*keys: str) -> bool:
            past = tuple(PastAlert(key, date(2026, 4, 1) + n * DAY) for n, key in enumerate(keys))
            return bool(on(judged, replace(facts, alerts=past), DUE).due)

        assert talks("test.red", "test.red", "test.red")
        assert talks("test.red", "elsewhere.blue", "test.red", "test.red")
        assert not talks("test.red", "test.red", "test.blue", "test.red")
        assert not talks("test.red", "test.red")

    def test_an_alert_left_unanswered_climbs_and_an_answer_stops_it(self, on: On, facts: AlertFacts) -> None:
        unanswered = Conditions(after_alerts=AfterAlerts("yellow"), unanswered_days=5)
        climbing = ladder(step("yellow", Days(-30)), step("orange", Days(-30), "head", when=unanswered))
        sent = PastAlert("test.yellow", DUE - 30 * DAY)
        facts = replace(facts, fired={"test.yellow": 1}, alerts=(sent,))
        waiting = on(climbing, facts, DUE - 26 * DAY)
        assert heard(waiting) == []
        assert waiting.next_wake == start_of(DUE - 25 * DAY, SHANGHAI, time(8, 30))
        assert heard(on(climbing, facts, DUE - 25 * DAY)) == [("head", "orange", 1)]
        answered = replace(facts, alerts=(replace(sent, answered_on=DUE - 27 * DAY),))
        assert heard(on(climbing, answered, DUE)) == []
