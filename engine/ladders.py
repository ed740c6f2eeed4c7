"""Who hears of a deadline, when and how loudly: ladders as data, and the pure plan of what is due now."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from engine.deadlines import add_months, months_between
from engine.working_days import WorkingCalendar, local_day, start_of

Lane = Literal["digest", "urgent"]
Reason = Literal["higher_step", "later_step", "newer_occurrence"]

DAY_BEGINS = time(8, 30)
LENGTHS = {"day": 1, "week": 7}


class Occurrence(NamedTuple):
    """The nth time (from 1) a trigger comes; `day` is a proleptic ordinal, which is quicker to reckon with."""

    nth: int
    day: int


class Span(NamedTuple):
    """The time a case has, both days included, as proleptic ordinals."""

    start: int
    due: int
    calendar: WorkingCalendar


class Once(ABC):
    """A trigger with one occurrence, which stays true from its day on."""

    __slots__ = ()

    @abstractmethod
    def day(self, span: Span) -> int: ...

    def next(self, fired: int, since: int, span: Span) -> Occurrence | None:
        """The first occurrence not fired; for who listens only `since` a later day it comes on that day."""
        return None if fired else Occurrence(1, max(self.day(span), since))

    def latest(self, today: int, span: Span) -> Occurrence:  # noqa: ARG002  asked of every trigger
        """The last occurrence on or before the day; asked only when there is one."""
        return Occurrence(1, self.day(span))


@dataclass(frozen=True, slots=True)
class Days(Once):
    """Once, `offset` days or working days after the due day: negative before it, 0 on it, positive when overdue."""

    offset: int
    unit: Literal["day", "workday"] = "day"

    def day(self, span: Span) -> int:
        return self.after(span.due, span.calendar)

    def after(self, day: int, calendar: WorkingCalendar) -> int:
        """The ordinal so many days or working days after another."""
        if self.unit == "workday":
            return calendar.add_workdays(date.fromordinal(day), self.offset).toordinal()
        return day + self.offset


@dataclass(frozen=True, slots=True)
class ShareLeft(Once):
    """Once, when the share of the whole time that is left has sunk to `share` (0 to 1)."""

    share: float

    def day(self, span: Span) -> int:
        # 0.29 * 100 is a hair under 29 in floating point, and would warn a day late.
        return span.due - int(self.share * (span.due - span.start) + 1e-9)


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, from `first` to `last` days after the due day (negative: before it).

    `first` None begins one unit after the start of work; `last` None never ends. Months are calendar months.
    `on` ties the beats of all cases to one day: of the week (0 is Monday) or of the month (1 to 28).
    """

    unit: Literal["day", "week", "month"]
    first: int | None = None
    last: int | None = None
    on: int | None = None

    def next(self, fired: int, since: int, span: Span) -> Occurrence | None:
        """The first occurrence not fired, on `since` or later: a beat nobody listened to is not made up for."""
        origin = self._origin(span)
        nth = max(fired, self._count(since - 1, origin)) + 1
        day = self._day(nth, origin)
        return None if self.last is not None and day > span.due + self.last else Occurrence(nth, day)

    def latest(self, today: int, span: Span) -> Occurrence:
        """The last occurrence on or before the day; asked only when there is one."""
        origin = self._origin(span)
        nth = self._count(today if self.last is None else min(today, span.due + self.last), origin)
        return Occurrence(nth, self._day(nth, origin))

    def _origin(self, span: Span) -> int:
        origin = span.start if self.first is None else span.due + self.first
        if self.on is None:
            return origin
        return _next_on(self.unit, self.on, origin + 1 if self.first is None else origin)

    @property
    def _is_counted_from_start(self) -> bool:
        """Whether the origin itself is no beat but the start of work."""
        return self.first is None and self.on is None

    def _day(self, nth: int, origin: int) -> int:
        units = nth if self._is_counted_from_start else nth - 1
        if self.unit == "month":
            return add_months(date.fromordinal(origin), units).toordinal()
        return origin + units * LENGTHS[self.unit]

    def _count(self, until: int, origin: int) -> int:
        """How many occurrences lie on or before the day, were there no last one."""
        if self.unit == "month":
            units = months_between(date.fromordinal(origin), date.fromordinal(until))
        else:
            units = (until - origin) // LENGTHS[self.unit]
        return max(0, units if self._is_counted_from_start else units + 1)


def _next_on(unit: str, on: int, day: int) -> int:
    """The first such day of the week or of the month on a day or after it."""
    if unit == "week":
        return day + (on - date.fromordinal(day).weekday()) % 7
    found = date.fromordinal(day).replace(day=on)
    return (found if found.toordinal() >= day else add_months(found, 1)).toordinal()


Trigger = Days | ShareLeft | Every


@dataclass(frozen=True, slots=True)
class AfterAlerts:
    """The named step of the same ladder has gone out `times` times, if `consecutive` with no other step between."""

    step: str
    times: int = 1
    consecutive: bool = False


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold besides the trigger; all of it. `unanswered_days` is about the latest of `after_alerts`.

    `after_final` names a step that sets a final date: this one waits until that date is past. A state counts
    as held from the start of work: a rhythm that waited for it begins with its latest beat.
    """

    states: frozenset[str] = frozenset()
    no_progress_since_days: int | None = None
    after_alerts: AfterAlerts | None = None
    unanswered_days: int | None = None
    after_final: str | None = None

    @property
    def looks_back(self) -> bool:
        """Whether the case's history has to be read for it."""
        return bool(self.no_progress_since_days is not None or self.after_alerts or self.after_final)


ALWAYS = Conditions()


@dataclass(frozen=True, slots=True)
class Letter:
    """A step's demand for an answer in writing: what the office calls the letter, and until when to answer."""

    form: str
    answer: Days


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: to whom, when, in which colour and lane. Levels compare within one ladder only.

    `letter` goes out with the step's first occurrence; `final` is counted from the day it fires. A final date
    leaves the deadline where it is: what is overdue stays overdue.
    """

    name: str
    trigger: Trigger
    roles: tuple[str, ...]
    colour: str | None
    lane: Lane
    level: int
    label: Mapping[str, str]
    when: Conditions = ALWAYS
    letter: Letter | None = None
    final: Days | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """A checked ladder; `source` says which office's practice it is.

    `relapsed` are its steps from the second round on, where it starts higher then.
    """

    name: str
    label: Mapping[str, str]
    steps: tuple[Step, ...]
    source: str
    relapsed: tuple[Step, ...] = ()
    # Worked out once: every case asks for them.
    looks_back: bool = field(init=False, compare=False, repr=False)
    keyed: tuple[tuple[str, Step], ...] = field(init=False, compare=False, repr=False)
    keyed_again: tuple[tuple[str, Step], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "looks_back", any(step.when.looks_back for step in self.steps))
        object.__setattr__(self, "keyed", tuple((self.key(step.name), step) for step in self.steps))
        again = self.relapsed or self.steps
        object.__setattr__(self, "keyed_again", tuple((self.key(step.name), step) for step in again))

    def steps_in(self, round_: int) -> tuple[tuple[str, Step], ...]:
        """The steps of a round, each with its key."""
        return self.keyed if round_ == 1 else self.keyed_again

    def key(self, step: str) -> str:
        return f"{self.name}.{step}"


@dataclass(frozen=True, slots=True)
class PastAlert:
    """An alert that went out, once however many roles heard it; `key` is "ladder.step".

    `asked_on` is the day from which its answer has been awaited, where that is not the day it went out.
    """

    key: str
    on: date
    answered_on: date | None = None
    asked_on: date | None = None

    @property
    def awaited_since(self) -> date:
        return self.asked_on or self.on


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """What a plan needs to know of a case. `roles` are those that hear of this kind of case.

    `started_on` is the day the present deadline began to count. Who empties `fired`, for an extension or a new
    round, moves it to that day: beats already told would come again.
    `fired` maps "ladder.step" to the ordinal of the last occurrence fired or skipped. `alerts` are the past ones,
    oldest first, and `finals` the final dates that steps have set: only ladders with such conditions read them.
    """

    state: str
    started_on: date
    due_on: date | None
    fired: Mapping[str, int]
    roles: frozenset[str]
    live: bool
    paused: bool
    last_progress_on: date | None = None
    alerts: tuple[PastAlert, ...] = ()
    finals: Mapping[str, date] = field(default_factory=dict)
    round: int = 1


@dataclass(frozen=True, slots=True)
class DueStep:
    """One occurrence of a step, for one role. `on` is the day it became due, perhaps long past."""

    key: str
    nth: int
    role: str
    on: date
    colour: str | None
    lane: Lane
    level: int


@dataclass(frozen=True, slots=True)
class Superseded:
    """Occurrences `first` to `nth` of a step that a role does not get: `by` ("ladder.step") went instead."""

    key: str
    nth: int
    role: str
    reason: Reason
    first: int
    by: str


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """What is due now. Store `fired` as it is: with it, the same instant has nothing due any more.

    `begun` are the steps that fire for the first time, by key, the superseded ones among them: a letter must go
    out and a final date be set even when the office was down for a week. `finals` are the dates set now.
    """

    due: tuple[DueStep, ...]
    superseded: tuple[Superseded, ...]
    fired: Mapping[str, int]
    next_wake: int | None
    begun: Mapping[str, Step] = field(default_factory=dict)
    finals: Mapping[str, date] = field(default_factory=dict)


def plan(
    ladders: Sequence[Ladder],
    facts: AlertFacts,
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    now: int,
    day_begins: time = DAY_BEGINS,
) -> AlertPlan:
    """What each role should hear at `now` (epoch seconds, UTC), and when to look again.

    A step is due from `day_begins` of its local day until it has gone out. Of the steps of one ladder that a role
    missed only the highest goes out (of equal ones the latest); the others are superseded, for that role alone.
    Ladders do not supersede each other: their levels have no common scale.
    A case that is not live, paused or without a deadline has nothing due and nothing to wait for.
    """
    span = _span(facts, calendar)
    if span is None:
        return AlertPlan((), (), dict(facts.fired), None)
    clock = _Clock(zone, now, day_begins)
    today = clock.begun_day()
    missed = [list(_missed(ladder, facts, span, today)) for ladder in ladders]
    due: list[DueStep] = []
    superseded: list[Superseded] = []
    steps = [step for ladder in ladders for _, step in ladder.steps_in(facts.round)]
    for role in dict.fromkeys(role for step in steps for role in step.roles):
        for of_ladder in missed if role in facts.roles else ():
            _decide(role, of_ladder, due, superseded)
    fired = [one for of_ladder in missed for one in of_ladder]
    begun = {one.key: one.step for one in fired if one.key not in facts.fired}
    finals = {key: _final(step.final, today, calendar) for key, step in begun.items() if step.final}
    after = _after(facts, fired, due, finals, today)
    day = _next_day(ladders, after, span)
    wake = None if day is None else wake_on(day, zone, now, day_begins)
    return AlertPlan(tuple(due), tuple(superseded), after.fired, wake, begun, finals)


def _final(length: Days, today: int, calendar: WorkingCalendar) -> date:
    return date.fromordinal(length.after(today, calendar))


def next_wake(
    ladders: Sequence[Ladder],
    facts: AlertFacts,
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    now: int,
    day_begins: time = DAY_BEGINS,
) -> int | None:
    """When to plan again (epoch seconds, UTC): `now` if something is due already, None if nothing can come.

    Never later than the next step, as long as the facts stay as they are; who changes them asks again.
    """
    day = next_day(ladders, facts, calendar)
    return None if day is None else wake_on(day, zone, now, day_begins)


def next_day(ladders: Sequence[Ladder], facts: AlertFacts, calendar: WorkingCalendar) -> int | None:
    """The day (ordinal) on which the next step comes, perhaps long past; None if nothing can come."""
    span = _span(facts, calendar)
    return None if span is None else _next_day(ladders, facts, span)


def wake_on(day: int, zone: ZoneInfo, now: int, day_begins: time) -> int:
    """When a day (ordinal) begins. If it has, now: from here it is measured how far the sweep is behind."""
    return max(now, _begin(day, zone, day_begins))


@lru_cache(maxsize=4096)
def _begin(day: int, zone: ZoneInfo, day_begins: time) -> int:
    """The instant (epoch seconds, UTC) at which a day (ordinal) begins."""
    return start_of(date.fromordinal(day), zone, day_begins)


class _Clock(NamedTuple):
    """An instant (epoch seconds, UTC) and how local days begin."""

    zone: ZoneInfo
    now: int
    day_begins: time

    def begun_day(self) -> int:
        """The last day that has begun."""
        day = local_day(self.now, self.zone).toordinal() + 1
        # Not local_day: a clock set back over midnight shows once more a day that has ended.
        while _begin(day, self.zone, self.day_begins) > self.now:
            day -= 1
        return day


@dataclass(frozen=True, slots=True)
class _Missed:
    """Occurrences `first` to `nth` of a step that have come and not gone out; `on` is the day of the last."""

    key: str
    step: Step
    first: int
    nth: int
    on: date


def _span(facts: AlertFacts, calendar: WorkingCalendar) -> Span | None:
    if facts.due_on is None or facts.paused or not facts.live:
        return None
    return Span(facts.started_on.toordinal(), facts.due_on.toordinal(), calendar)


def _missed(ladder: Ladder, facts: AlertFacts, span: Span, today: int) -> Iterator[_Missed]:
    for step, first in _next_occurrences(ladder, facts, span):
        if first.day <= today:
            latest = step.trigger.latest(today, span)
            on = date.fromordinal(max(first.day, latest.day))
            yield _Missed(ladder.key(step.name), step, first.nth, latest.nth, on)


def _next_day(ladders: Sequence[Ladder], facts: AlertFacts, span: Span) -> int | None:
    return min((one.day for ladder in ladders for _, one in _next_occurrences(ladder, facts, span)), default=None)


def _next_occurrences(ladder: Ladder, facts: AlertFacts, span: Span) -> Iterator[tuple[Step, Occurrence]]:
    """What comes next of each step if nothing changes but the date; it may lie in the past."""
    for key, step in ladder.steps_in(facts.round):
        if facts.roles.isdisjoint(step.roles):
            continue
        opens = span.start if step.when is ALWAYS else _opens_on(ladder, step, facts)
        if opens is not None:
            fired = facts.fired.get(key, 0)
            found = step.trigger.next(fired, opens, span)
            if found is not None:
                yield step, found


def _opens_on(ladder: Ladder, step: Step, facts: AlertFacts) -> int | None:
    """The day from which the step's conditions hold; None when the passing of days alone cannot make them."""
    when = step.when
    opens = facts.started_on.toordinal()
    if when.states and facts.state not in when.states:
        return None
    if when.no_progress_since_days is not None:
        since = facts.last_progress_on or facts.started_on
        opens = max(opens, since.toordinal() + when.no_progress_since_days)
    if when.after_alerts is not None:
        answered = _after_alerts_on(ladder, step, when.after_alerts, when.unanswered_days, facts)
        if answered is None:
            return None
        opens = max(opens, answered)
    return opens if when.after_final is None else _after_final_on(ladder.key(when.after_final), opens, facts)


def _after_final_on(key: str, opens: int, facts: AlertFacts) -> int | None:
    """The day after the final date; None while none is set."""
    final = facts.finals.get(key)
    return None if final is None else max(opens, final.toordinal() + 1)


def _after_alerts_on(
    ladder: Ladder, step: Step, after: AfterAlerts, unanswered_days: int | None, facts: AlertFacts
) -> int | None:
    """The day after the alert that fills the count: what goes out today counts from tomorrow on."""
    wanted = ladder.key(after.step)
    alerts = _run(ladder, step, wanted, facts) if after.consecutive else _all(wanted, facts)
    if len(alerts) < after.times:
        return None
    filled = alerts[after.times - 1].on.toordinal() + 1
    if unanswered_days is None:
        return filled
    last = alerts[-1]
    return None if last.answered_on else max(filled, last.awaited_since.toordinal() + unanswered_days)


def _all(wanted: str, facts: AlertFacts) -> list[PastAlert]:
    return [alert for alert in facts.alerts if alert.key == wanted]


def _run(ladder: Ladder, step: Step, wanted: str, facts: AlertFacts) -> list[PastAlert]:
    """The unbroken run of wanted alerts at the end of this ladder's, the asking step's own left out."""
    run: list[PastAlert] = []
    own = ladder.key(step.name)
    for alert in facts.alerts:
        if alert.key == wanted:
            run.append(alert)
        elif alert.key != own and alert.key.startswith(ladder.key("")):
            run.clear()
    return run


def _decide(role: str, missed: Sequence[_Missed], due: list[DueStep], superseded: list[Superseded]) -> None:
    """Of one ladder's missed steps, the highest for the role is due and the rest is superseded."""
    mine = [one for one in missed if role in one.step.roles]
    if not mine:
        return
    best = max(mine, key=lambda one: (one.step.level, one.on))
    step = best.step
    due.append(DueStep(best.key, best.nth, role, best.on, step.colour, step.lane, step.level))
    superseded.extend(gone for one in mine if (gone := _gone(role, one, best)) is not None)


def _gone(role: str, one: _Missed, best: _Missed) -> Superseded | None:
    if one is not best:
        reason: Reason = "higher_step" if best.step.level > one.step.level else "later_step"
        return Superseded(one.key, one.nth, role, reason, one.first, best.key)
    if one.first < one.nth:
        return Superseded(one.key, one.nth - 1, role, "newer_occurrence", one.first, best.key)
    return None


def _after(
    facts: AlertFacts, missed: Sequence[_Missed], due: Sequence[DueStep], finals: Mapping[str, date], today: int
) -> AlertFacts:
    """The facts once this plan is carried out."""
    fired = {**facts.fired, **{one.key: one.nth for one in missed}}
    gone_out = dict.fromkeys(step.key for step in due)
    alerts = tuple(PastAlert(key, date.fromordinal(today)) for key in gone_out)
    return replace(facts, fired=fired, alerts=facts.alerts + alerts, finals={**facts.finals, **finals})
