"""Why something was or was not sent to a person about a problem on a day, told from what was recorded then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Table, select

from desk.desk import Desk
from desk.heard import Heard, edition_number, heard_in, hears, role_label, step_of
from engine.alerting import plan_alerts, wake_at
from engine.beats import last_beat, next_beat
from engine.canonical import loads
from engine.cases import CaseState
from engine.chain import Entry
from engine.commands import ALERT
from engine.database import Tx
from engine.editions import CALENDAR
from engine.history import entries_of
from engine.organizations import load_body
from engine.past import PastView, view_then
from engine.permissions import hearers
from engine.tables import Quarantine
from engine.term_steps import pause_blanks
from engine.terms import lasting_pause
from engine.words import Words
from engine.working_days import HOLIDAY, local_day, start_of
from notifications.delivery import INBOX
from notifications.waiting import ENVELOPE, LINE, PERSON
from notifications.withheld import Held, held_of
from notifications.words import explain
from notifications.words import load_words as delivery_words

QUARANTINE: Table = Quarantine.__table__  # type: ignore[attr-defined]
MATTER_DONE, ALREADY_TODAY, EARLIER_ROUND = "matter_done", "already_today", "earlier_round"
# Not worth a line where there is something else to say.
OVER = {MATTER_DONE, EARLIER_ROUND}
# How far ahead the next step is looked for, and how often a wake-up may turn out to be for somebody else.
FAR = timedelta(days=400)
MOST_WAKES = 200
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Question:
    """Who, about which problem (its case id), on which local day."""

    person_id: int
    problem_id: int
    day: date


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason: a stable word, its sentence's blanks as text, the case it is about, and the rule behind it."""

    word: str
    case_id: int
    blanks: Mapping[str, str] = field(default_factory=dict)
    heard: Heard | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """Under what the day was judged: the edition of its year's calendar (None before there is one)."""

    day: date
    workday: bool
    edition: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything there is to say; never empty."""

    findings: tuple[Finding, ...]
    basis: Basis


def sentence(words: Words, finding: Finding) -> str:
    return words.say(f"why.{finding.word}", **finding.blanks)


def basis_sentence(words: Words, basis: Basis) -> str:
    """The calendar behind an answer."""
    kind = words.say("why.workday" if basis.workday else "why.day_off")
    if basis.edition is None:
        return words.say("why.provisional", kind=kind, year=basis.day.year)
    return words.say("why.calendar", kind=kind, year=basis.day.year, number=basis.edition)


def why(desk: Desk, question: Question, now: int) -> Answer:
    """The answer as of `now` (epoch seconds UTC). Raises LookupError for a problem that is not there."""
    with desk.database.read() as tx:
        inquiry = _Inquiry(tx, desk, question, now)
        return Answer(tuple(inquiry.findings()), inquiry.basis())


@dataclass
class _Inquiry:
    """One question with what was recorded for it."""

    tx: Tx
    desk: Desk
    ask: Question
    now: int

    @cached_property
    def chain(self) -> list[Entry]:
        return entries_of(self.tx, self.ask.problem_id)

    @cached_property
    def person(self) -> Row[Any]:
        return self.tx.connection.execute(select(PERSON).where(PERSON.c.id == self.ask.person_id)).one()

    @cached_property
    def window(self) -> Any:
        return load_body(self.tx, self.person.organization_id).settings.window

    @cached_property
    def end(self) -> int:
        """The last instant of the day, or now while it lasts."""
        return min(self.now, start_of(self.ask.day + timedelta(days=1), self.window.zone) - 1)

    @cached_property
    def then(self) -> PastView:
        """The dossier at the end of the day."""
        return view_then(self.desk.runtime, self.tx, self.chain, self.end)

    @cached_property
    def held(self) -> list[Held]:
        return [one for one in held_of(self.tx, self.ask.problem_id) if _person_of(one.key) == self.ask.person_id]

    @cached_property
    def envelopes(self) -> dict[str, list[Row[Any]]]:
        """The person's envelopes about this dossier, by the key of each line in them."""
        mine = (ENVELOPE.c.person_id == self.ask.person_id) & ENVELOPE.c.lines.contains(f'"{self.ask.problem_id}:')
        found: dict[str, list[Row[Any]]] = {}
        for row in self.tx.connection.execute(select(ENVELOPE).where(mine).order_by(ENVELOPE.c.day, ENVELOPE.c.id)):
            for key in loads(row.lines):
                if key.startswith(f"{self.ask.problem_id}:"):
                    found.setdefault(key, []).append(row)
        return found

    @cached_property
    def lines(self) -> dict[str, Entry]:
        """Every message there ever was for the person about this dossier, by its line's key."""
        waiting = select(LINE.c.key).where(
            LINE.c.person_id == self.ask.person_id, LINE.c.key.startswith(f"{self.ask.problem_id}:")
        )
        keys = {*self.envelopes, *(one.key for one in self.held), *self.tx.connection.execute(waiting).scalars()}
        by_seq = {one.seq: one for one in self.chain}
        return {key: by_seq[int(key.split(":")[1])] for key in sorted(keys, key=_seq_of)}

    def basis(self) -> Basis:
        day, calendar = self.ask.day, self.then.calendar()
        edition = None if calendar.is_provisional(day) else edition_number(self.then, CALENDAR, str(day.year))
        return Basis(day, calendar.is_workday(day), edition)

    def findings(self) -> list[Finding]:
        if self.ask.day > local_day(self.now, self.window.zone):
            return [self._finding("in_future")]
        told = [one for key, entry in self.lines.items() for one in self._of_line(key, entry)]
        said = told + list(self._superseded())
        silent = self._silence({one.case_id for one in said})
        if said:
            return said + [one for one in silent if one.word not in OVER]
        return silent or [*self._for_others(), self._not_responsible()]

    # --- what became of a message ---

    def _of_line(self, key: str, entry: Entry) -> Iterator[Finding]:
        """What happened on the day to one message; nothing when it was over before or not there yet."""
        if self._day(entry.at) > self.ask.day:
            return
        heard = heard_in(view_then(self.desk.runtime, self.tx, self.chain, entry.at), key, entry)
        ended, rows = self._ended(key)
        if ended is None or ended > self.ask.day:
            yield self._waited(key, entry, heard, self._until(ended, rows))
        elif ended == self.ask.day:
            yield from self._left(heard, rows)

    def _ended(self, key: str) -> tuple[date | None, list[Row[Any]]]:
        """The day a line was packed or dropped, None while it waits; and the envelopes it lies in."""
        if rows := self.envelopes.get(key):
            return date.fromisoformat(rows[0].day), rows
        dropped = (self._day(one.at) for one in self.held if (one.key, one.reason) == (key, MATTER_DONE))
        return next(dropped, None), []

    def _left(self, heard: Heard, rows: Sequence[Row[Any]]) -> Iterator[Finding]:
        if not rows:
            yield self._finding("dropped", heard)
        remote = [row for row in rows if row.channel != INBOX]
        for row in remote or rows:
            yield self._delivered(row, heard)
        if rows and not remote:
            yield self._finding("no_address", heard)

    def _delivered(self, row: Row[Any], heard: Heard) -> Finding:
        at = row.sent_at if row.state == "sent" else row.next_try
        blanks = {
            "subject": row.subject,
            "channel": self.desk.words.say(f"channel.{row.channel}"),
            "n": str(len(loads(row.lines))),
            "at": self._moment(at),
            "error": explain(delivery_words(), row.error) if row.error else self.desk.words.say("why.not_tried"),
            "id": row.id,
        }
        return self._finding(row.state, heard, **blanks)

    def _until(self, ended: date | None, rows: Sequence[Row[Any]]) -> str:
        """What became of a message that was waiting, in words."""
        if ended is None:
            return self.desk.words.say("why.still")
        return self.desk.words.say("why.packed_on" if rows else "why.dropped_on", day=ended.isoformat())

    def _waited(self, key: str, entry: Entry, heard: Heard, until: str) -> Finding:
        """Why a message that was there did not leave on the day."""
        return self._kept(key, heard, until) or self._closed(entry, heard, until)

    def _kept(self, key: str, heard: Heard, until: str) -> Finding | None:
        """What the packer itself wrote down."""
        for one in reversed([held for held in self.held if held.key == key and held.at <= self.end]):
            if one.reason not in (ALREADY_TODAY, MATTER_DONE):
                return self._finding(one.reason, heard, until=until, detail=one.detail)
            if one.reason == ALREADY_TODAY and self._day(one.at) == self.ask.day:
                return self._finding("merged", heard, until=until)
        return None

    def _closed(self, entry: Entry, heard: Heard, until: str) -> Finding:
        """No packer looked at it: the window was closed, or there was none."""
        day, window, calendar = self.ask.day, self.window, self.then.calendar()
        if not calendar.is_workday(day):
            word = "holiday" if calendar.days.get(day) == HOLIDAY else "weekend"
            return self._finding(word, heard, until=until)
        opens, closes = (start_of(day, window.zone, at) for at in (window.opens, window.closes))
        if entry.at >= closes or self.now < opens:
            hours = {"opens": f"{window.opens:%H:%M}", "closes": f"{window.closes:%H:%M}"}
            return self._finding("outside_hours", heard, until=until, **hours)
        return self._down(max(opens, entry.at), closes, heard) or self._finding("unexplained", heard, until=until)

    def _down(self, since: int, until: int, about: Heard | int) -> Finding | None:
        """Whether no beat came from one instant to another."""
        following = next_beat(self.tx, since)
        if following is not None and following <= min(until, self.now):
            return None
        before = last_beat(self.tx, since)
        words = self.desk.words
        blanks = {
            "since": self._moment(before.last_at) if before else words.say("why.never"),
            "until": self._moment(following) if following and following <= self.now else words.say("why.now"),
        }
        return self._finding("server_down", about, **blanks)

    # --- what fired that day without reaching the person ---

    def _alerts(self) -> Iterator[tuple[PastView, Entry]]:
        """The alerts of the day, each with the dossier as it was then."""
        for entry in self.chain:
            if entry.action == ALERT and self._day(entry.at) == self.ask.day:
                yield view_then(self.desk.runtime, self.tx, self.chain, entry.at), entry

    def _superseded(self) -> Iterator[Finding]:
        words, day = self.desk.words, self.ask.day.isoformat()
        for view, entry in self._alerts():
            case = view.case(entry.case_id)
            for key, _first, nth, role, reason, by in loads(entry.changes)["said"]["superseded"]:
                if hears(view, case, role, self.ask.person_id, day):
                    label = step_of(view, case, key).label
                    blanks = {"step": words.label(label), "by": words.label(step_of(view, case, by).label)}
                    heard = Heard(case.id, entry.at, entry.action, key, nth, label, role, day)
                    yield self._finding(reason, heard, **blanks)

    def _for_others(self) -> Iterator[Finding]:
        """What was sent that day for roles that were somebody else's."""
        words, day = self.desk.words, self.ask.day.isoformat()
        for view, entry in self._alerts():
            case = view.case(entry.case_id)
            for key, nth, role, on in loads(entry.changes)["said"]["due"]:
                label = step_of(view, case, key).label
                people = "、".join(one.name for one in hearers(view, case, role, day)) or words.say("why.nobody")
                blanks = {"step": words.label(label), "role": role_label(words, view, role), "names": people}
                heard = Heard(case.id, entry.at, entry.action, key, nth, label, role, on)
                yield self._finding("other_role", heard, **blanks)

    # --- why nothing fired ---

    @cached_property
    def alerting(self) -> list[CaseState]:
        """The cases of the dossier that remind anybody."""
        return [case for case in self.then.known() if self.then.definition(case).alert_roles]

    def _silence(self, spoken: set[int]) -> list[Finding]:
        """Why the other cases said nothing to somebody who would have heard them; empty if there are none."""
        if not self.then.chain:
            return [self._finding("not_opened")]
        if self.person.active_until and self.person.active_until < self.ask.day.isoformat():
            return [self._finding("left_office", day=self.person.active_until)]
        silent = (case for case in self.alerting if case.id not in spoken)
        return [self._quiet(case, roles) for case in silent if (roles := self._roles(case))]

    def _roles(self, case: CaseState) -> list[str]:
        """The roles in which the person would hear of a case that day."""
        day, roles = self.ask.day.isoformat(), self.then.definition(case).alert_roles
        return [role for role in roles if hears(self.then, case, role, self.ask.person_id, day)]

    def _not_responsible(self) -> Finding:
        day, words = self.ask.day.isoformat(), self.desk.words
        held: dict[str, dict[str, None]] = {}
        for case in self.alerting:
            for role in self.then.definition(case).alert_roles:
                people = (one.name for one in hearers(self.then, case, role, day))
                held.setdefault(role_label(words, self.then, role), {}).update(dict.fromkeys(people))
        told = "；".join(f"{role}：{'、'.join(people) or words.say('why.nobody')}" for role, people in held.items())
        return self._finding("not_responsible", holders=told)

    def _quiet(self, case: CaseState, roles: Sequence[str]) -> Finding:
        """Why a case said nothing to somebody who would have heard it."""
        definition_then, words = self.then.definition(case), self.desk.words
        state = definition_then.states[case.state]
        label = words.label(state.label)
        if case.round != self.then.root(case).round:
            return self._finding(EARLIER_ROUND, case.id)
        if not case.live:
            return self._finding(MATTER_DONE, case.id, state=label)
        if case.due_on is None:
            return self._finding("no_deadline", case.id)
        if waiting := lasting_pause(case):
            return self._finding("paused", case.id, **pause_blanks(waiting))
        if set(roles) <= set(state.quiet_for):
            return self._finding("quiet_state", case.id, state=label)
        return self._not_fired(case) or self._no_step(case)

    def _not_fired(self, case: CaseState) -> Finding | None:
        """Something was due and nobody came to send it."""
        planned = plan_alerts(self.then, case, self.end)
        if all(one.person_id != self.ask.person_id for one in planned.told):
            return None
        mine = (QUARANTINE.c.case_id == case.id) & (QUARANTINE.c.at <= self.end)
        query = select(QUARANTINE.c.at, QUARANTINE.c.error).where(mine).order_by(QUARANTINE.c.id.desc())
        aside = self.tx.connection.execute(query).first()
        if aside is not None:
            return self._finding("quarantined", case.id, at=self._moment(aside.at), error=aside.error)
        since = start_of(self.ask.day, self.window.zone, self.window.opens)
        down = self._down(since, self.end, case.id)
        return down or self._finding("unexplained", case.id, until=self.desk.words.say("why.still"))

    def _no_step(self, case: CaseState) -> Finding:
        mine = [(entry, key) for key, entry in self.lines.items() if entry.case_id == case.id]
        before = [one for one in mine if self._day(one[0].at) < self.ask.day]
        after = [one for one in mine if self._day(one[0].at) > self.ask.day]
        words = self.desk.words
        last = self._told_as(*before[-1]) if before else words.say("why.no_last")
        following = self._told_as(*after[0]) if after else self._next(case)
        return self._finding("no_step", case.id, due_on=str(case.due_on), last=last, next=following)

    def _told_as(self, entry: Entry, key: str) -> str:
        view = view_then(self.desk.runtime, self.tx, self.chain, entry.at)
        return self._dated(entry.at, heard_in(view, key, entry).label)

    def _next(self, case: CaseState) -> str:
        """The next step for the person if nobody acts after that day."""
        at: int | None = self.end
        last = self.end + int(FAR.total_seconds())
        for _ in range(MOST_WAKES):
            at = wake_at(self.then, case, at or self.end)
            if at is None or at > last:
                break
            planned = plan_alerts(self.then, case, at)
            case.fired = dict(planned.fired)
            mine = [one for one in planned.told if one.person_id == self.ask.person_id]
            if mine:
                return self._dated(at, mine[0].params["label"])
            at += HOUR
        return self.desk.words.say("why.no_next")

    # --- small things ---

    def _finding(self, word: str, about: Heard | int = 0, /, **blanks: str) -> Finding:
        """About a message, a case, or (0) the whole problem."""
        if isinstance(about, Heard):
            return Finding(word, about.case_id, blanks, about)
        return Finding(word, about or self.ask.problem_id, blanks)

    def _dated(self, at: int, label: Mapping[str, str]) -> str:
        return self.desk.words.say("why.dated", day=self._day(at).isoformat(), step=self.desk.words.label(label))

    def _day(self, at: int) -> date:
        return local_day(at, self.window.zone)

    def _moment(self, at: int) -> str:
        return f"{datetime.fromtimestamp(at, self.window.zone):%Y-%m-%d %H:%M}"


def _person_of(key: str) -> int:
    return int(key.split(":")[2])


def _seq_of(key: str) -> int:
    return int(key.split(":")[1])
