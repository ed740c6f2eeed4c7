"""How a case's deadline came about: the day it counts from, its policy or fixed date, its pauses and extensions."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from engine.canonical import dumps, loads
from engine.cases import CaseState
from engine.deadlines import DueDate, Extension, Pause, Policy, due
from engine.working_days import WorkingCalendar

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """What `due_on` is a pure function of, together with the calendar.

    `rule` is a policy, or the date that a person set. `began_on` is the policy's anchor day, or the day the date
    was set. At most one pause lasts: the last one.
    """

    began_on: date
    rule: Policy | date
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def policy(self) -> Policy | None:
        return self.rule if isinstance(self.rule, Policy) else None

    @property
    def lasting(self) -> Pause | None:
        """The pause that still lasts."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None

    @property
    def resumed_on(self) -> date | None:
        """The day work went on after the last pause that ended."""
        ends = [one.end for one in self.pauses if one.end is not None]
        return max(ends) + DAY if ends else None

    def due(self, calendar: WorkingCalendar) -> DueDate:
        return due(self.began_on, self.rule, calendar, self.pauses, self.extensions)

    def is_provisional(self, calendar: WorkingCalendar) -> bool:
        return self.due(calendar).provisional

    def paused_days(self, since: date, until: date) -> int:
        """How many days after `since` up to `until` lie in pauses that have ended; overlapping ones count once."""
        days = {
            one.start + DAY * n
            for one in self.pauses
            if one.end is not None
            for n in range((one.end - one.start).days + 1)
        }
        return sum(since < day <= until for day in days)

    def paused(self, pause: Pause) -> "Term":
        return replace(self, pauses=(*self.pauses, pause))

    def resumed(self, on: date) -> "Term":
        """The lasting pause ended on the day before; one that did not last a day leaves no interval."""
        last = self.lasting
        if last is None:
            return self
        kept = self.pauses[:-1]
        return replace(self, pauses=kept if on <= last.start else (*kept, replace(last, end=on - DAY)))

    def extended(self, granted_on: date, until: date) -> "Term":
        return replace(self, extensions=(*self.extensions, Extension(granted_on, until)))

    def text(self) -> str:
        """The stored form. Its keys and the order of the parts are for ever: history is full of them."""
        stored: dict[str, Any] = {"began_on": self.began_on.isoformat()}
        if isinstance(self.rule, Policy):
            stored["policy"] = [self.rule.anchor, self.rule.amount, self.rule.unit, self.rule.roll]
        else:
            stored["fixed_on"] = self.rule.isoformat()
        if self.pauses:
            stored["pauses"] = [_pause_row(one) for one in self.pauses]
        if self.extensions:
            stored["extensions"] = [[one.granted_on.isoformat(), one.until.isoformat()] for one in self.extensions]
        return dumps(stored)


@lru_cache(maxsize=4096)
def parse_term(text: str | None) -> Term | None:
    """The term of a row's text; None for a case without a deadline. Raises ValueError or KeyError for no term."""
    if text is None:
        return None
    stored = loads(text)
    rule = Policy(*stored["policy"]) if "policy" in stored else date.fromisoformat(stored["fixed_on"])
    return Term(
        date.fromisoformat(stored["began_on"]),
        rule,
        tuple(_pause(row) for row in stored.get("pauses", ())),
        tuple(
            Extension(date.fromisoformat(granted), date.fromisoformat(until))
            for granted, until in stored.get("extensions", ())
        ),
    )


def lasting_pause(case: CaseState) -> Pause | None:
    """The pause of a case that still lasts."""
    term = parse_term(case.term)
    return term.lasting if term and term.pauses else None


def fixed(due_on: str, today: str) -> Term:
    """The term of a date (ISO) that a person sets today (ISO)."""
    return Term(date.fromisoformat(today), date.fromisoformat(due_on))


def _pause_row(one: Pause) -> list[Any]:
    end = one.end.isoformat() if one.end else None
    return [one.start.isoformat(), end, one.reason, one.waiting_for, one.with_parent]


def _pause(row: list[Any]) -> Pause:
    start, end, reason, waiting_for, with_parent = row
    return Pause(
        date.fromisoformat(start), date.fromisoformat(end) if end else None, reason, waiting_for, with_parent
    )
