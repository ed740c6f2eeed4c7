"""What is done to a deadline in every family alike: guards and operations to pause, resume, extend, recompute."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.cases import CaseState
from engine.commands import Refusal, Result
from engine.context import Context
from engine.deadlines import Pause
from engine.kinds import Guard, Operation
from engine.terms import Term, lasting_pause, parse_term


def given(context: Context, term: Term) -> dict[str, Any]:
    """The values of a case that is given a term today: its ladder counts from today, whatever the term's anchor."""
    return {**settled(context, term), "started_on": context.today}


def renewed(context: Context, term: Term) -> dict[str, Any]:
    """The same for a case that had a deadline before: its ladder starts anew."""
    return {**given(context, term), "deadline_no": context.case.deadline_no + 1, "fired": {}}


def settled(context: Context, term: Term) -> dict[str, Any]:
    """The values of a case whose term changed. The ladder goes on: what has been told is not told again."""
    return {"term": term.text(), "due_on": term.due(context.view.calendar()).on.isoformat()}


def at_rest(context: Context) -> dict[str, Any]:
    """What a case must let go of when it comes to rest: a pause that still lasts ends."""
    term = parse_term(context.case.term)
    if term is None or term.lasting is None:
        return {}
    return settled(context, term.resumed(date.fromisoformat(context.today)))


def is_paused(context: Context) -> Refusal | None:
    return None if lasting_pause(context.case) else Refusal("not_paused")


def not_paused(context: Context) -> Refusal | None:
    return paused_refusal(context.case)


def paused_refusal(case: CaseState) -> Refusal | None:
    """With what is waited for and since when, for a case that is paused."""
    pause = lasting_pause(case)
    if pause is None:
        return None
    return Refusal("paused", {"waiting_for": pause.waiting_for, "since": pause.start.isoformat()})


def pause_blanks(pause: Pause) -> dict[str, str]:
    """What a sentence about a pause needs."""
    return {"waiting_for": pause.waiting_for, "reason": pause.reason, "since": pause.start.isoformat()}


def speaks_of_now(case: CaseState, params: Mapping[str, Any]) -> bool:
    """Whether a reminder with these parameters still holds: the same deadline, the same pause or none."""
    pause = lasting_pause(case)
    since = pause.start.isoformat() if pause else None
    return bool(case.live) and (case.due_on, since) == (params["due_on"], params.get("paused_on"))


def has_term(context: Context) -> Refusal | None:
    return None if context.case.due_on and parse_term(context.case.term) else Refusal("no_deadline")


def recomputed_as_shown(context: Context) -> Refusal | None:
    """There is something to recompute, and it is what the person who approves it was shown."""
    shown = context.params["due_on"]
    now = _needed(context).due(context.view.calendar()).on.isoformat()
    if now == context.case.due_on:
        return Refusal("nothing_to_recompute", {"due_on": now})
    return None if shown in (None, now) else Refusal("recomputed_otherwise", {"due_on": now, "shown": shown})


def pause(context: Context) -> Result:
    return _paused(context, with_parent=False)


def pause_with_parent(context: Context) -> Result:
    return _paused(context, with_parent=True)


def _paused(context: Context, *, with_parent: bool) -> Result:
    params = context.params
    began = Pause(
        date.fromisoformat(context.today), None, params["reason"], params["waiting_for"], with_parent=with_parent
    )
    values = {"term": _needed(context).paused(began).text(), "fired": _told_of_no_pause(context)}
    return Result(values, said=params)


def _told_of_no_pause(context: Context) -> dict[str, int]:
    """The steps that have fired, without those of an earlier pause: this one is told of from its own first day."""
    ladder = context.definition.pause_ladder
    return {key: nth for key, nth in context.case.fired.items() if key.partition(".")[0] != ladder}


def resume(context: Context) -> Result:
    """Work goes on today; the deadline has moved by the paused days."""
    term = _needed(context)
    lasted = term.lasting
    values = settled(context, term.resumed(date.fromisoformat(context.today)))
    return Result(values, said={"paused_on": lasted.start.isoformat() if lasted else None})


def extend(context: Context) -> Result:
    """The deadline moves, its ladder starts anew from today, and the original date stays where it is."""
    until = date.fromisoformat(context.params["until"])
    term = _needed(context).extended(date.fromisoformat(context.today), until)
    return Result(renewed(context, term), said=context.params)


def recompute(context: Context) -> Result:
    """The same term under the calendar of today. The ladder does not start anew."""
    said = {"from": context.case.due_on, "calendar": context.view.calendar().number}
    return Result(settled(context, _needed(context)), said=said)


def _needed(context: Context) -> Term:
    term = parse_term(context.case.term)
    if term is None:
        raise LookupError(f"case {context.case.id} has no term")
    return term


GUARDS: dict[str, Guard] = {
    guard.__name__: guard for guard in (has_term, is_paused, not_paused, recomputed_as_shown)
}
OPERATIONS: dict[str, Operation] = {
    operation.__name__: operation for operation in (extend, pause, pause_with_parent, recompute, resume)
}
