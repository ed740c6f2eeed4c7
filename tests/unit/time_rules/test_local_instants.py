"""Local days and sending windows as instants: right in any zone and over every clock change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.working_days import SendingWindow, WorkingCalendar, local_day, start_of

PLAIN = WorkingCalendar({}, frozenset())
MINUTE = 60


def instant(text: str) -> int:
    """The epoch second of an ISO text with its offset."""
    return int(datetime.fromisoformat(text).timestamp())


def first_minute_at(day: date, zone: ZoneInfo, at: time) -> int:
    """The slow way: walk minute by minute until the wall clock has reached `at`."""
    wall = datetime.combine(day, at)
    walked = int(wall.replace(tzinfo=UTC).timestamp()) - 30 * 3600
    while datetime.fromtimestamp(walked, zone).replace(tzinfo=None) < wall:
        walked += MINUTE
    return walked


@pytest.mark.row(13)
def test_half_past_midnight_in_shanghai_is_the_new_day_on_a_utc_server() -> None:
    half_past = instant("2026-05-29T00:30+08:00")
    assert datetime.fromtimestamp(half_past, UTC).date() == date(2026, 5, 28)
    assert local_day(half_past, ZoneInfo("Asia/Shanghai")) == date(2026, 5, 29)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Asia/Shanghai", date(2026, 5, 29), time(8, 30), "2026-05-29T08:30+08:00"),
        # 02:00 to 03:00 does not exist
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T03:00+02:00"),
        # 02:00 to 03:00 comes twice
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T02:30+02:00"),
        # the day begins at 01:00
        ("America/Sao_Paulo", date(2018, 11, 4), time(0), "2018-11-04T01:00-02:00"),
        # the whole day is skipped at the date line
        ("Pacific/Apia", date(2011, 12, 30), time(8, 30), "2011-12-31T00:00+14:00"),
        # Shanghai had summer time
        ("Asia/Shanghai", date(1988, 4, 17), time(2, 30), "1988-04-17T03:00+09:00"),
    ],
)
@pytest.mark.row(14)
def test_a_wall_time_becomes_the_first_instant_that_shows_it(zone: str, day: date, at: time, expected: str) -> None:
    assert start_of(day, ZoneInfo(zone), at) == instant(expected)


@settings(deadline=None, max_examples=30)
@given(
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Asia/Shanghai"]),
    day=st.sampled_from([date(2010, 3, 14), date(2010, 11, 7), date(2010, 4, 4), date(2010, 10, 31)])
    | st.dates(date(2009, 1, 1), date(2011, 12, 31)),
    minutes=st.integers(0, 300) | st.integers(0, 1439),
)
@example(zone="Australia/Lord_Howe", day=date(2010, 10, 3), minutes=130)
@example(zone="Europe/Berlin", day=date(2010, 3, 28), minutes=121)
@example(zone="Europe/Berlin", day=date(2010, 3, 28), minutes=140)
@example(zone="Europe/Berlin", day=date(2010, 3, 28), minutes=179)
@example(zone="America/St_Johns", day=date(2010, 11, 7), minutes=0)
def test_the_same_by_walking_minute_by_minute(zone: str, day: date, minutes: int) -> None:
    at = time(minutes // 60, minutes % 60)
    assert start_of(day, ZoneInfo(zone), at) == first_minute_at(day, ZoneInfo(zone), at)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-09-30T08:29+08:00", "2026-09-30T08:30+08:00"),
        ("2026-09-30T08:30+08:00", "2026-09-30T08:30+08:00"),
        ("2026-09-30T17:29+08:00", "2026-09-30T17:29+08:00"),
        # from the evening before National Day to the first working day after it
        ("2026-09-30T17:30+08:00", "2026-10-08T08:30+08:00"),
        ("2026-10-03T12:00+08:00", "2026-10-08T08:30+08:00"),
        # a make-up Saturday is a working day
        ("2026-10-10T00:30+08:00", "2026-10-10T08:30+08:00"),
        ("2026-10-10T18:00+08:00", "2026-10-12T08:30+08:00"),
    ],
)
@pytest.mark.row(12)
def test_nothing_goes_out_at_night_on_weekends_and_on_holidays(
    calendar: WorkingCalendar, shanghai: ZoneInfo, asked: str, expected: str
) -> None:
    window = SendingWindow(time(8, 30), time(17, 30), shanghai)
    assert window.next_open(instant(asked), calendar) == instant(expected)


@pytest.mark.row(14)
def test_a_window_in_the_skipped_hour_opens_when_the_clock_has_jumped() -> None:
    window = SendingWindow(time(2, 30), time(5), ZoneInfo("America/New_York"))
    weekend_worked = WorkingCalendar({date(2026, 3, 8): "workday"}, frozenset())
    asked = instant("2026-03-08T00:00-05:00")
    assert window.next_open(asked, weekend_worked) == instant("2026-03-08T03:00-04:00")


def test_a_window_swallowed_by_a_clock_change_is_no_window_that_day() -> None:
    window = SendingWindow(time(2, 10), time(2, 50), ZoneInfo("America/New_York"))
    weekend_worked = WorkingCalendar({date(2026, 3, 8): "workday"}, frozenset())
    asked = instant("2026-03-08T00:00-05:00")
    assert window.next_open(asked, weekend_worked) == instant("2026-03-09T02:10-04:00")


def test_a_window_that_never_opens_is_refused() -> None:
    for closes in (time(8), time(17)):
        with pytest.raises(ValueError, match="not after it opens"):
            SendingWindow(time(17), closes, ZoneInfo("Asia/Shanghai"))


@settings(deadline=None, max_examples=100)
@given(
    asked=st.integers(instant("2025-12-01T00:00+00:00"), instant("2026-12-30T00:00+00:00")),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
)
def test_what_it_answers_is_inside_the_window_and_never_before_what_was_asked(asked: int, zone: str) -> None:
    window = SendingWindow(time(8, 30), time(17, 30), ZoneInfo(zone))
    found = window.next_open(asked, PLAIN)
    wall = datetime.fromtimestamp(found, ZoneInfo(zone))
    assert found >= asked
    assert wall.weekday() < 5
    assert time(8, 30) <= wall.time() < time(17, 30)
    assert window.next_open(found, PLAIN) == found
