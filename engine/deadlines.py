"""When something is due: a pure function of start, policy, calendar, pauses and extension, never a stored count."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from engine.working_days import WorkingCalendar

Unit = Literal["day", "workday", "month"]
Roll = Literal["none", "forward", "backward", "second_workday"]
Punctuality = Literal["early", "on_time", "late"]

DAY = timedelta(days=1)
MONTHS = 12
# Ten years: a longer period is a slip of the pen, and would be counted day by day.
LONGEST = {"day": 3660, "workday": 2600, "month": 120}


@dataclass(frozen=True, slots=True)
class Policy:
    """`amount` of `unit` after the `anchor` (the word for the day the period begins: `assigned`, `feedback`…).

    Days, working days and months are three kinds of length: nothing converts one into another. `roll` moves a date
    that falls on a day off: to the next worked day, the one before, or the second worked day after, as a weekly
    return does. Raises ValueError for a word it does not know or an amount out of range.
    """

    anchor: str
    amount: int
    unit: Unit
    roll: Roll = "none"

    def __post_init__(self) -> None:
        if not self.anchor:
            raise ValueError("a policy without an anchor: name the day the period begins")
        if self.unit not in LONGEST:
            raise ValueError(f"unknown unit {self.unit!r}: one of {', '.join(LONGEST)}")
        if self.roll not in get_args(Roll):
            raise ValueError(f"unknown roll {self.roll!r}: one of {', '.join(get_args(Roll))}")
        if type(self.amount) is not int or not 0 <= self.amount <= LONGEST[self.unit]:
            raise ValueError(f"{self.amount!r} {self.unit}s: write a whole number up to {LONGEST[self.unit]}")


@dataclass(frozen=True, slots=True)
class Pause:
    """Waiting on others, both days included; `end` is None while it lasts.

    `with_parent`: it came with the pause of the case above and goes with it. Raises ValueError when it ends before
    it starts.
    """

    start: date
    end: date | None
    reason: str = ""
    waiting_for: str = ""
    with_parent: bool = False

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a pause from {self.start} cannot end on {self.end}")

    def covers(self, day: date) -> bool:
        return self.end is not None and self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Extension:
    """Granted on a day, until a day."""

    granted_on: date
    until: date


@dataclass(frozen=True, slots=True)
class DueDate:
    """A whole local day; `provisional` when a holiday list still to be published may move it."""

    on: date
    provisional: bool


def due(
    start: date,
    rule: Policy | date,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> DueDate:
    """The day by which the work is due.

    The start day does not count, and paused days never count:

    - `day`: the amount-th unpaused day after the start.
    - `workday`: the amount-th day after the start that is worked and unpaused.
    - `month`: the same day of the amount-th month after, or that month's last day (31 January + 1 month is 28 or
      29 February); that many days are then counted as for `day`, so a pause adds its own length.
    - a date instead of a policy was set by a person: it moves by the paused days alone, and is never provisional.

    Overlapping pauses count once. A pause that still lasts moves nothing: its length is not known, alerts are
    silent meanwhile, and closing it computes anew. With a roll, a date on a day off moves to the nearest worked,
    unpaused day in that direction, but never before the start: then it moves forward. An extension is such a date,
    counted from the day it was granted; the latest of all days holds.
    """
    found = _Count(start, rule, calendar, pauses).due()
    for one in extensions:
        until = _Count(one.granted_on, one.until, calendar, pauses).due()
        found = until if until.on >= found.on else found
    return found


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last day when it is shorter."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    _, length = monthrange(year, month + 1)
    return date(year, month + 1, min(day.day, length))


def months_between(start: date, end: date) -> int:
    """Whole months from start to end, negative before it: n from the day add_months(start, n) on."""
    months = (end.year - start.year) * MONTHS + end.month - start.month
    return months - (add_months(start, months) > end)


def days_left(today: date, due_on: date) -> int:
    """Whole days until the due day: 0 on it, negative when overdue."""
    return (due_on - today).days


def is_overdue(today: date, due_on: date) -> bool:
    """The due day is whole: overdue begins with the local day after it."""
    return today > due_on


def punctuality(done_on: date, due_on: date, original_due_on: date) -> Punctuality:
    """`early` is before the original date, `late` after the granted one, `on_time` from the one to the other."""
    if done_on > due_on:
        return "late"
    return "early" if done_on < original_due_on else "on_time"


@dataclass(frozen=True, slots=True)
class _Count:
    """One computation of a due day."""

    start: date
    rule: Policy | date
    calendar: WorkingCalendar
    pauses: Sequence[Pause]

    def due(self) -> DueDate:
        if isinstance(self.rule, date):
            days = (self.rule - self.start).days
            return DueDate(self._after(days, self._is_unpaused) if days > 0 else self.rule, provisional=False)
        reached = self._reached(self.rule)
        rolled = self._rolled(self.rule, reached)
        return DueDate(rolled, self._is_provisional(self.rule, reached, rolled))

    def _reached(self, policy: Policy) -> date:
        """The day the period ends, before any roll."""
        if policy.unit == "workday":
            return self._after(policy.amount, self._is_open)
        return self._after(self._length(policy), self._is_unpaused)

    def _rolled(self, policy: Policy, reached: date) -> date:
        if policy.roll == "none" or self.calendar.is_workday(reached):
            return reached
        if policy.roll == "backward":
            day = reached
            while day >= self.start:
                if self._is_open(day):
                    return day
                day -= DAY
        return self._after(2 if policy.roll == "second_workday" else 1, self._is_open, reached)

    def _is_provisional(self, policy: Policy, reached: date, rolled: date) -> bool:
        """Whether a day that was asked "is it worked?" lies in a year without a list, years in between included."""
        asked: set[int] = set()
        if policy.unit == "workday" and reached > self.start:
            asked.update(range((self.start + DAY).year, reached.year + 1))
        if policy.roll != "none":
            asked.update((reached.year, rolled.year))
        return not asked <= self.calendar.years

    def _length(self, policy: Policy) -> int:
        """Days without pauses."""
        if policy.unit == "month":
            return (add_months(self.start, policy.amount) - self.start).days
        return policy.amount

    def _after(self, amount: int, counts: Callable[[date], bool], day: date | None = None) -> date:
        """The amount-th day that counts after `day` (the start unless told)."""
        day = day or self.start
        if counts == self._is_unpaused and not self.pauses:  # every day counts: no need to ask each of them
            return day + timedelta(days=max(amount, 0))
        while amount > 0:
            day += DAY
            amount -= counts(day)
        return day

    def _is_open(self, day: date) -> bool:
        return self.calendar.is_workday(day) and self._is_unpaused(day)

    def _is_unpaused(self, day: date) -> bool:
        return not any(pause.covers(day) for pause in self.pauses)
