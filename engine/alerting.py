"""Joins a case to the pure ladders: what is due for it now, who hears of it, and when to look again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from engine.canonical import dumps, loads
from engine.cases import CaseState
from engine.commands import ALERT
from engine.deadlines import Pause
from engine.ladders import AlertFacts, AlertPlan, DueStep, Ladder, Letter, PastAlert, Step, next_day, plan, wake_on
from engine.permissions import hearers
from engine.standing import keep
from engine.terms import Term, lasting_pause, parse_term
from engine.view import View
from engine.working_days import local_day, start_of

Ladders = tuple[Ladder, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One person to be told, and what the message must know; `text` is `params` as canonical JSON."""

    person_id: int
    lane: str
    template: str
    params: Mapping[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class LetterAsked:
    """A letter that a step (`ladder.step`) asks for, to be answered by a local day (ISO)."""

    form: str
    step: str
    label: Mapping[str, str]
    answer_by: str
    final_on: str | None


@dataclass(frozen=True, slots=True)
class AlertOutcome:
    """What the ladders ask for: the fired steps, messages, what history shall say (None: nothing), the next wake-up
    once it is done, and letters."""

    fired: Mapping[str, int]
    told: tuple[Told, ...] = ()
    said: Mapping[str, Any] | None = None
    wake_at: int | None = None
    letters: tuple[LetterAsked, ...] = ()


def plan_alerts(view: View, case: CaseState, now: int) -> AlertOutcome:
    """What is due for a case at `now`; calling it again after the outcome is stored gives nothing."""
    if not case.live or case.due_on is None:
        return AlertOutcome(case.fired)
    ladders = view.ladders(case)
    facts = _facts(view, case, ladders)
    if facts is None:
        return AlertOutcome(case.fired)
    planned = _planned(view, case, facts, ladders, now)
    if planned.fired == case.fired:
        return AlertOutcome(case.fired)
    today = local_day(now, view.body(case.organization_id).settings.zone)
    told = tuple(_told(view, case, planned, ladders, today.isoformat()))
    wake = _sooner(planned.next_wake, _own_day_at(view, case, now))
    letters = tuple(_letters(view, case, planned, today))
    return AlertOutcome(planned.fired, told, _said(planned, told), wake, letters)


def wake_at(view: View, case: CaseState, now: int) -> int | None:
    """The next instant at which something may be due, never later than the true one; None when nothing can come."""
    return _sooner(_next_step_at(view, case, now), _own_day_at(view, case, now))


def _sooner(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _next_step_at(view: View, case: CaseState, now: int) -> int | None:
    if not case.live or case.due_on is None:
        return None
    day = _next_day(view, case)
    settings = view.body(case.organization_id).settings
    return None if day is None else wake_on(day, settings.zone, now, settings.opens)


def _next_day(view: View, case: CaseState) -> int | None:
    """Worked out once for all cases that stand alike: in one inspection most of them do."""
    ladders = view.ladders(case)
    names = [ladder.name for ladder in ladders if not ladder.looks_back]
    if len(names) < len(ladders):
        return _worked_out(view, case, ladders)
    asked = (
        case.definition_id, case.state, case.round, case.started_on, case.due_on, case.term,
        *names, *case.fired.items(),
    )  # fmt: skip
    days = view.standing.next_days
    if asked not in days:
        day = _worked_out(view, case, ladders)
        # Asked again: in between the view may have met a change of the house.
        keep(view.standing.next_days, asked, day)
        return day
    return days[asked]


def _worked_out(view: View, case: CaseState, ladders: Ladders) -> int | None:
    facts = _facts(view, case, ladders)
    return None if facts is None else next_day(ladders, facts, view.calendar())


def _planned(view: View, case: CaseState, facts: AlertFacts, ladders: Ladders, now: int) -> AlertPlan:
    """Made once for all cases of a transaction that stand alike."""
    settings = view.body(case.organization_id).settings
    key = (
        settings, tuple(one.name for one in ladders), facts.round, tuple(facts.finals.items()), now,
        facts.state, facts.started_on, facts.due_on, facts.roles, facts.paused,
        facts.last_progress_on, facts.alerts, tuple(facts.fired.items()),
    )  # fmt: skip
    if key not in view.plans:
        view.plans[key] = plan(ladders, facts, view.calendar(), settings.zone, now, settings.opens)
    return view.plans[key]


def _own_day_at(view: View, case: CaseState, now: int) -> int | None:
    """When the day begins on which the kind wants its cases looked at; a day that has begun was looked at."""
    name = view.definition(case).wakes_on
    day = view.fields(case)[name] if name and case.live else None
    if day is None:
        return None
    settings = view.body(case.organization_id).settings
    at = start_of(date.fromisoformat(day), settings.zone, settings.opens)
    return at if at > now else None


def _facts(view: View, case: CaseState, ladders: Ladders) -> AlertFacts | None:
    """What the ladders look at of a live case with a deadline; None where its kind alerts nobody."""
    definition = view.definition(case)
    pause = lasting_pause(case)
    if pause and definition.pause_ladder:
        return None if pause.with_parent else _facts_of_pause(view, case, pause)
    roles = _heard(definition.alert_roles, definition.states[case.state].quiet_for)
    if not roles:
        return None
    due_on = date.fromisoformat(case.due_on)
    looks_back = any(ladder.looks_back for ladder in ladders)
    progress_on, alerts, finals = _past(view, case) if looks_back else (None, (), {})
    facts = AlertFacts(
        state=case.state,
        started_on=date.fromisoformat(case.started_on) if case.started_on else due_on,
        due_on=due_on,
        fired=case.fired,
        roles=roles,
        live=True,
        paused=False,
        last_progress_on=progress_on,
        alerts=alerts,
        finals=finals,
        round=case.round,
    )
    term = parse_term(case.term)
    return _with_pauses(facts, due_on, term) if term and term.pauses else facts


def _facts_of_pause(view: View, case: CaseState, pause: Pause) -> AlertFacts:
    """What is waited for too long comes back to somebody: the first day of the pause stands for the deadline."""
    return AlertFacts(
        state=case.state,
        started_on=pause.start,
        due_on=pause.start,
        fired=case.fired,
        roles=frozenset(view.registry.roles),
        live=True,
        paused=False,
        round=case.round,
    )


def _with_pauses(facts: AlertFacts, due_on: date, term: Term) -> AlertFacts:
    """Paused days are no days: the ladder's rhythm, the share of time left and the silence of work skip them, and
    so does the wait for an answer."""
    waited = timedelta(days=term.paused_days(facts.started_on, due_on))
    worked = [day for day in (facts.last_progress_on, term.resumed_on) if day]
    return replace(
        facts,
        started_on=facts.started_on + waited,
        paused=term.lasting is not None,
        last_progress_on=max(worked, default=None),
        alerts=tuple(_later_by_pauses(one, term) for one in facts.alerts),
    )


def _later_by_pauses(alert: PastAlert, term: Term) -> PastAlert:
    waited = timedelta(days=term.paused_days(alert.awaited_since, date.max))
    return replace(alert, asked_on=alert.awaited_since + waited) if waited else alert


@lru_cache(maxsize=256)
def _heard(alert_roles: tuple[str, ...], quiet_for: tuple[str, ...]) -> frozenset[str]:
    return frozenset(alert_roles) - frozenset(quiet_for)


def _past(view: View, case: CaseState) -> tuple[date | None, tuple[PastAlert, ...], Mapping[str, date]]:
    """The day of the last work on a case; its alerts, oldest first; the final dates that they set.

    Only those since the present deadline began to count. What was asked for in a letter is answered by the letter,
    any other alert by the next work after it.
    """
    zone = view.body(case.organization_id).settings.zone
    worked_on: date | None = None
    alerts: list[PastAlert] = []
    finals: dict[str, date] = {}
    for one in view.entries(case):
        day = local_day(one.at, zone)
        if case.started_on and day.isoformat() < case.started_on:
            break
        if one.work:
            worked_on = day
        elif one.action == ALERT:
            said = loads(one.changes)["said"]
            alerts += [
                PastAlert(key, day, worked_on) for key in reversed(dict.fromkeys(row[0] for row in said["due"]))
            ]
            finals = {key: date.fromisoformat(on) for key, on in said.get("finals", {}).items()} | finals
    last = next((local_day(one.at, zone) for one in view.entries(case) if one.work), None)
    return last, tuple(_as_letters_say(view, case, alerts[::-1])), finals


def _as_letters_say(view: View, case: CaseState, alerts: Sequence[PastAlert]) -> Iterable[PastAlert]:
    """An alert whose step asks for a letter is open while one of its form stands, whatever was done meanwhile."""
    forms = {
        key: step.letter.form for one in view.ladders(case) for key, step in one.steps_in(case.round) if step.letter
    }
    standing = _standing_letters(view, view.root(case)) if forms else {}
    for alert in alerts:
        form = forms.get(alert.key)
        if form is None:
            yield alert
        elif form in standing:
            yield replace(alert, answered_on=None, asked_on=max(alert.on, standing[form]))
        else:
            yield replace(alert, answered_on=alert.answered_on or alert.on)


def _standing_letters(view: View, root: CaseState) -> Mapping[str, date]:
    """The letters of a dossier that are not answered, by their form: since when the answer is awaited."""
    kind = view.definition(root).letter
    live = [one for one in view.children(root, kind) if one.live] if kind else []
    return {view.fields(one)["form"]: date.fromisoformat(one.started_on) for one in live if one.started_on}


def _letters(view: View, case: CaseState, planned: AlertPlan, today: date) -> Iterable[LetterAsked]:
    """The letters of steps that begin, the highest first. One matter, one letter: while one of a form is not
    answered, no part of the dossier asks for another."""
    asking = [one for one in planned.begun.items() if one[1].letter]
    root = view.root(case)
    if not asking or view.definition(root).letter is None or not root.live:
        return
    standing = set(_standing_letters(view, root))
    for key, step in sorted(asking, key=lambda one: -one[1].level):
        if step.letter and step.letter.form not in standing:
            standing.add(step.letter.form)
            yield _asked(key, step, step.letter, view, planned.finals.get(key), today)


def _asked(key: str, step: Step, letter: Letter, view: View, final: date | None, today: date) -> LetterAsked:
    answer_by = date.fromordinal(letter.answer.after(today.toordinal(), view.calendar()))
    return LetterAsked(letter.form, key, step.label, answer_by.isoformat(), final.isoformat() if final else None)


def _told(view: View, case: CaseState, planned: AlertPlan, ladders: Ladders, today: str) -> Iterable[Told]:
    """One message a person, for the highest step that concerns them in any of their roles."""
    found: dict[int, Told] = {}
    template = view.registry.family_of[case.kind].reminder
    for step in sorted(planned.due, key=attrgetter("level"), reverse=True):
        for one in hearers(view, case, step.role, today):
            params, text = _message(view, case, planned, step, ladders)
            found.setdefault(one.person_id, Told(one.person_id, step.lane, template, params, text))
    return found.values()


def _message(
    view: View, case: CaseState, planned: AlertPlan, step: DueStep, ladders: Ladders
) -> tuple[Mapping[str, Any], str]:
    """What a message must know, and its text: the same for all cases of a transaction with the same plan."""
    about = (id(planned), step.key, step.role, case.due_on, case.term)
    if about not in view.messages:
        labels = {key: known.label for ladder in ladders for key, known in ladder.steps_in(case.round)}
        params = _params(case, step, labels[step.key], planned.finals)
        view.messages[about] = params, dumps(params)
    return view.messages[about]


def _params(case: CaseState, step: DueStep, label: Mapping[str, str], finals: Mapping[str, date]) -> dict[str, Any]:
    final_on, pause = finals.get(step.key), lasting_pause(case)
    return {
        "label": dict(label),
        "step": step.key,
        "nth": step.nth,
        "role": step.role,
        "on": step.on.isoformat(),
        "colour": step.colour,
        "level": step.level,
        "due_on": case.due_on,
        "final_on": final_on.isoformat() if final_on else None,
        **({"paused_on": pause.start.isoformat()} if pause else {}),
    }


def _said(planned: AlertPlan, told: tuple[Told, ...]) -> dict[str, Any]:
    """For the history: what fired, for whom, what was passed over and why, and which final dates were set."""
    finals = {key: on.isoformat() for key, on in planned.finals.items()}
    return {
        "due": [[one.key, one.nth, one.role, one.on.isoformat()] for one in planned.due],
        "told": sorted(one.person_id for one in told),
        "superseded": [[one.key, one.first, one.nth, one.role, one.reason, one.by] for one in planned.superseded],
        **({"finals": finals} if finals else {}),
    }
