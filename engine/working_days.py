"""Which days are worked, when messages may go out, where a local day begins: dates in rules, instants in clocks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from engine.calendar_years import CalendarYear

HOLIDAY = "holiday"
WORKDAY = "workday"
SATURDAY = 5
MIDNIGHT = time(0)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Plain weekends but for `days`, which holds exceptions only: `holiday` or `workday` (a make-up day, 调休).

    `years` are those whose list is published: outside them dates are provisional. `number` is the edition.
    Raises ValueError for any other word in `days`.
    """

    days: Mapping[date, str]
    years: frozenset[int]
    number: int = 0

    def __post_init__(self) -> None:
        for day, kind in self.days.items():
            if kind not in (HOLIDAY, WORKDAY):
                raise ValueError(f"{day}: {kind!r} is neither {HOLIDAY!r} nor {WORKDAY!r}")

    @classmethod
    def of(cls, lists: Iterable["CalendarYear"], number: int = 0) -> "WorkingCalendar":
        """All lists together; a later year's list may change the last December days of the year before."""
        ordered = sorted(lists, key=lambda one: one.year)
        days = {day: kind for one in ordered for day, kind in one.days.items()}
        return cls(days, frozenset(one.year for one in ordered if not one.provisional), number)

    def is_workday(self, day: date) -> bool:
        kind = self.days.get(day)
        return day.weekday() < SATURDAY if kind is None else kind == WORKDAY

    def is_provisional(self, day: date) -> bool:
        """True when the list of the day's year is not published yet: weekends and statutory days are known."""
        return day.year not in self.years

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked, else the first worked day after it."""
        while not self.is_workday(day):
            day += DAY
        return day

    def previous_workday(self, day: date) -> date:
        """The day itself when it is worked, else the last worked day before it."""
        while not self.is_workday(day):
            day -= DAY
        return day

    def add_workdays(self, day: date, n: int) -> date:
        """The nth worked day after the day (before it when n is negative); the day itself does not count."""
        step = DAY if n > 0 else -DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def workdays_between(self, a: date, b: date) -> int:
        """How many worked days lie after a up to b; negative when b is before a.

        The reverse of add_workdays: workdays_between(a, add_workdays(a, n)) is n.
        """
        if b < a:
            return -sum(self.is_workday(b + timedelta(days=n)) for n in range((a - b).days))
        return sum(self.is_workday(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """From `opens` until before `closes`, local time of `zone`, on working days. Raises ValueError if empty."""

    opens: time
    closes: time
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError(f"the window closes at {self.closes}, not after it opens at {self.opens}")

    def next_open(self, instant: int, calendar: WorkingCalendar) -> int:
        """The instant itself inside the window on a working day, else the next opening (epoch seconds, UTC)."""
        day = local_day(instant, self.zone)
        while True:
            day = calendar.next_workday(day)
            opens = start_of(day, self.zone, self.opens)
            closes = start_of(day, self.zone, self.closes)
            # A window that a clock change swallowed whole is no window that day.
            if max(opens, instant) < closes:
                return max(opens, instant)
            day += DAY


@lru_cache(maxsize=1024)
def local_day(instant: int, zone: ZoneInfo) -> date:
    """The date on the wall of `zone` at an instant (epoch seconds, UTC)."""
    return datetime.fromtimestamp(instant, zone).date()


@lru_cache(maxsize=4096)
def start_of(day: date, zone: ZoneInfo, at: time = MIDNIGHT) -> int:
    """The instant (epoch seconds, UTC) when the wall clock of `zone` reaches `at` on `day`.

    In a doubled hour the first of the two; in a skipped one the first instant that exists after the gap.
    (In a gap the reading with the offset before the change is the later one: that is how it is told.)
    """
    wall = datetime.combine(day, at, zone)
    first, second = int(wall.timestamp()), int(wall.replace(fold=1).timestamp())
    return first if first <= second else _end_of_gap(second, first, zone)


def _end_of_gap(before: int, after: int, zone: ZoneInfo) -> int:
    """The instant of the clock change that lies after `before` and not after `after`."""
    offset = datetime.fromtimestamp(after, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
