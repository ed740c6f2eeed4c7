"""What will be sent in the coming days if nobody acts: planned by the door, packed as always, not written."""

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from desk.people import borne, handing_over
from engine import statements as sql
from engine.alerting import wake_at
from engine.canonical import loads
from engine.cases import CaseState
from engine.commands import ALERT, Command
from engine.database import Tx
from engine.door import Door
from engine.organizations import Settings, organization, parse_settings
from engine.recording import Recorder
from engine.runtime import Runtime
from engine.sweep import SWEEPER
from engine.terms import lasting_pause
from engine.view import View
from engine.working_days import local_day, start_of
from engine.writing import NumberKey, Plan
from notifications.addressing import key_for, who_hears
from notifications.delivery import Delivery, WaitingLine
from notifications.waiting import ENVELOPE, LINE, PERSON
from workflows.rectification.facts import is_waiting

DAY = timedelta(days=1)
# Ids from here on belong to cases that are only imagined; behind all others, as new ones are.
IMAGINED = 2**62
Facts = Mapping[str, Any]
Describing = Callable[[Sequence[WaitingLine]], Mapping[str, Facts | None]]


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing a message will speak of. `facts` are what its text is made from, `key` is its line's."""

    key: str
    case_id: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Expected:
    """One message to come: who, on which local day, on which lane."""

    person_id: int
    lane: str
    day: date
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Lapse:
    """A deadline that passes unmet; `day` is the first local day on which the case is overdue."""

    case_id: int
    root_id: int
    day: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """Up to an instant: the messages and the lapses in their order, and the cases nobody can plan for."""

    messages: tuple[Expected, ...]
    lapses: tuple[Lapse, ...]
    aside: tuple[int, ...] = ()


def moments(tx: Tx, now: int, until: int) -> list[int]:
    """The instants (epoch seconds UTC) at which anything can happen by itself: now, and whenever an office opens.

    Steps are due and windows open at an office's opening, so beats in between find nothing more.
    """
    offices = {parse_settings(text) for text in tx.connection.execute(select(organization.c.settings)).scalars()}
    return sorted({now, *(at for one in offices for at in _openings(one, now, until))})


def _openings(office: Settings, now: int, until: int) -> Iterable[int]:
    day, last = local_day(now, office.zone), local_day(until, office.zone)
    while day <= last:
        at = start_of(day, office.zone, office.opens)
        if now < at <= until:
            yield at
        day += DAY


def forecast(tx: Tx, runtime: Runtime, delivery: Delivery, now: int, until: int) -> Forecast:
    """What nobody's doing anything brings from `now` to `until` (epoch seconds UTC). Writes nothing."""
    future = _Future(tx, runtime.view(tx))
    post = _Post.of(tx, delivery, lambda lines: future.described(lines, delivery))
    messages: list[Expected] = []
    for at in moments(tx, now, until):
        post.take(future.beat(at))
        post.readdress(future.view, at)
        messages += post.pack(at)
    return Forecast(tuple(messages), tuple(_lapses(tx, future.view, now, until)), tuple(future.aside))


def only(found: Forecast, person_id: int) -> Forecast:
    """What concerns one person: their messages, and the lapses of what these speak of."""
    messages = tuple(one for one in found.messages if one.person_id == person_id)
    mine = {matter.case_id for one in messages for matter in one.matters}
    return Forecast(messages, tuple(one for one in found.lapses if one.case_id in mine), found.aside)


def of_organizations(view: View, found: Forecast, ids: Collection[int]) -> Forecast:
    """What concerns these organisations: messages to their people, lapses of their cases."""
    query = select(PERSON.c.id).where(PERSON.c.organization_id.in_(ids))
    people = set(view.tx.connection.scalars(query))
    return Forecast(
        tuple(one for one in found.messages if one.person_id in people),
        tuple(one for one in found.lapses if view.case(one.case_id).organization_id in ids),
        tuple(one for one in found.aside if view.case(one).organization_id in ids),
    )


def _lapses(tx: Tx, view: View, now: int, until: int) -> list[Lapse]:
    """Deadlines of live cases that pass unmet; what only waits for its signatures is not late."""
    ids = tx.connection.execute(
        select(sql.cases.c.id).where(sql.cases.c.live == 1, sql.cases.c.due_on.is_not(None))
    )
    view.load_read_only(found := list(ids.scalars()))
    lapses = [_lapse(view, view.case(one), now, until) for one in found]
    return sorted((one for one in lapses if one), key=lambda one: (one.day, one.root_id, one.case_id))


def _lapse(view: View, case: CaseState, now: int, until: int) -> Lapse | None:
    zone = view.body(case.organization_id).settings.zone
    due_on = date.fromisoformat(case.due_on or "")
    if not local_day(now, zone) <= due_on < local_day(until, zone):
        return None
    if (
        lasting_pause(case)
        or not view.definition(case).alert_roles
        or (case.kind == "problem" and is_waiting(case, view))
    ):
        return None
    return Lapse(case.id, case.root_id, due_on + DAY)


class _Imagined(Recorder):
    """What only might happen takes no id and no number from the database: its cases have ids of their own."""

    def __init__(self, view: View, now: int, earlier: Plan, ids: Iterator[int]) -> None:
        super().__init__(view, now)
        self._tx, self._ids = view.tx, ids
        self.plan.entries.extend(earlier.entries)
        self.plan.numbers.update(earlier.numbers)

    def next_id(self) -> int:
        return next(self._ids)

    def last_number(self, key: NumberKey) -> int:
        table = sql.number
        mine = (table.c.organization_id, table.c.series, table.c.year)
        query = select(table.c.value).where(*(column == value for column, value in zip(mine, key, strict=True)))
        return self._tx.connection.execute(query).scalar() or 0


class _Future:
    """The cases as they will be: the door plans each alert, and what it planned is what it sees next time."""

    def __init__(self, tx: Tx, view: View) -> None:
        waiting = select(sql.cases.c.id).where(sql.cases.c.next_alert_at.is_not(None)).order_by(sql.cases.c.id)
        ids = list(tx.connection.execute(waiting).scalars())
        view.load_read_only(ids)
        self.watched = [view.case(one) for one in ids]
        self.aside: list[int] = []
        self.view = view
        self._earlier = Plan()
        self._ids = itertools.count(IMAGINED)
        self._leavers = _leavers(tx)
        self._taken_over: set[int] = set()

    def beat(self, at: int) -> list[WaitingLine]:
        """The lines of a beat at an instant: what leavers bore is handed over, then what is due is swept."""
        door = Door(self.view, at, _Imagined(self.view, at, self._earlier, self._ids))
        for one in [one for one in self._leavers if one.last_day < _today(self.view, one.organization_id, at)]:
            self._leavers.remove(one)
            self._hand_over(door, one, at)
        due = [case for case in self.watched if case.next_alert_at is not None and case.next_alert_at <= at]
        for case in sorted(due, key=lambda one: (one.next_alert_at, one.id)):
            self._imagine(door, Command(action=ALERT, actor=SWEEPER, case_id=case.id), case, at)
        self._earlier = door.recorder.plan
        return [WaitingLine(**line) for line in door.recorder.plan.lines]

    def _hand_over(self, door: Door, leaver: "_Leaver", at: int) -> None:
        """As the beat after the last day does it, in every case that will be the leaver's then."""
        found = {*borne(self.view.tx, leaver.person_id, leaver.last_day), *self._taken_over}
        for case_id in sorted(one for one in found if self._bears(one, leaver)):
            case = self.view.case(case_id)
            self._imagine(door, handing_over(case_id, leaver.person_id, leaver.last_day), case, at)
            self._taken_over.add(case_id)

    def _bears(self, case_id: int, leaver: "_Leaver") -> bool:
        case = self.view.case(case_id)
        return bool(case.live) and any(
            one.person_id == leaver.person_id and (one.to_on is None or one.to_on > leaver.last_day)
            for one in self.view.bearers(case)
        )

    def described(self, lines: Sequence[WaitingLine], delivery: Delivery) -> Mapping[str, Facts | None]:
        """What lines say: those of cases that are only imagined are asked of this future, not of the database."""
        there = [line for line in lines if line.case_id < IMAGINED]
        found = dict(delivery.describe(self.view.tx, there))
        for line in lines:
            if line.case_id >= IMAGINED:
                family = self.view.registry.family_of[self.view.case(line.case_id).kind]
                found |= family.describe(self.view, [(line.key, line.case_id, line.rule, loads(line.params))])
        return found

    def _imagine(self, door: Door, command: Command, case: CaseState, at: int) -> None:
        try:
            done = door.take(command)
            for one in (case, *(self.view.case(opened) for opened in done.opened)):
                one.next_alert_at = wake_at(self.view, one, at)
            self.watched += [self.view.case(one) for one in done.opened]
        except Exception:  # the beat would set it aside: the others are forecast all the same
            door.recorder.take_back()
            case.next_alert_at = None
            self.aside.append(case.id)


@dataclass(frozen=True, slots=True)
class _Leaver:
    """Somebody whose last local day (ISO) is known."""

    person_id: int
    organization_id: int
    last_day: str


def _leavers(tx: Tx) -> list[_Leaver]:
    columns = (PERSON.c.id, PERSON.c.organization_id, PERSON.c.active_until)
    rows = tx.connection.execute(select(*columns).where(PERSON.c.active_until.is_not(None)).order_by(PERSON.c.id))
    return [_Leaver(*row) for row in rows]


def _today(view: View, organization_id: int, at: int) -> str:
    return local_day(at, view.body(organization_id).settings.zone).isoformat()


@dataclass
class _Post:
    """What waits and what has gone out: one message a person, lane and day, inside the window."""

    delivery: Delivery
    waiting: list[WaitingLine]
    people: Mapping[int, tuple[int, str | None]]
    describe: Describing
    packed: set[tuple[int, str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, tx: Tx, delivery: Delivery, describe: Describing) -> "_Post":
        lines = tx.connection.execute(select(*(LINE.c[name] for name in WaitingLine._fields)))
        people = tx.connection.execute(select(PERSON.c.id, PERSON.c.organization_id, PERSON.c.active_until))
        packed = tx.connection.execute(select(ENVELOPE.c.person_id, ENVELOPE.c.lane, ENVELOPE.c.day).distinct())
        return cls(
            delivery,
            [WaitingLine(*row) for row in lines],
            {row.id: (row.organization_id, row.active_until) for row in people},
            describe,
            {(row.person_id, row.lane, row.day) for row in packed},
        )

    def take(self, lines: Iterable[WaitingLine]) -> None:
        self.waiting += lines

    def readdress(self, view: View, at: int) -> None:
        """What waits for somebody who has left by then goes to whoever is to hear it; else it waits."""
        moved = (one for line in self.waiting for one in self._readdressed(line, view, at))
        self.waiting = list({one.key: one for one in moved}.values())

    def _readdressed(self, line: WaitingLine, view: View, at: int) -> list[WaitingLine]:
        organization_id, last_day = self.people[line.person_id]
        today = _today(view, organization_id, at)
        if last_day is None or last_day >= today:
            return [line]
        people = who_hears(view, line.case_id, line.params, today)
        return [line._replace(key=key_for(line.key, one), person_id=one) for one in people] or [line]

    def pack(self, at: int) -> list[Expected]:
        """The messages that leave at an instant, in the order of people."""
        batches: dict[tuple[int, str], list[WaitingLine]] = {}
        for line in sorted(self.waiting, key=lambda one: (one.person_id, one.lane, one.not_before, one.key)):
            batches.setdefault((line.person_id, line.lane), []).append(line)
        ready = {who: lines for who, lines in batches.items() if self._may_leave(*who, at)}
        made = [self._message(who, lines, at) for who, lines in ready.items()]
        return [one for one in made if one.matters]

    def _may_leave(self, person_id: int, lane: str, at: int) -> bool:
        organization_id, last_day = self.people[person_id]
        window = self.delivery.window_of(organization_id)
        day = local_day(at, window.zone).isoformat()
        if (last_day and last_day < day) or (person_id, lane, day) in self.packed:
            return False
        return lane in self.delivery.any_time_lanes or window.next_open(at, self.delivery.calendar) == at

    def _message(self, who: tuple[int, str], lines: Sequence[WaitingLine], at: int) -> Expected:
        """All that is still worth telling; what is not is dropped, as packing drops it."""
        person_id, lane = who
        day = local_day(at, self.delivery.window_of(self.people[person_id][0]).zone)
        facts = self.describe(lines)
        told = tuple(Matter(line.key, line.case_id, known) for line in lines if (known := facts[line.key]))
        if told:
            self.packed.add((person_id, lane, day.isoformat()))
        gone = {line.key for line in lines}
        self.waiting = [line for line in self.waiting if line.key not in gone]
        return Expected(person_id, lane, day, tuple(_with_params(one, lines) for one in told))


def _with_params(matter: Matter, lines: Sequence[WaitingLine]) -> Matter:
    """The facts with what the line itself knows: step and colour."""
    params = next(loads(line.params) for line in lines if line.key == matter.key)
    return Matter(matter.key, matter.case_id, {**params, **matter.facts})
