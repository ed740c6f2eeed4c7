"""The inspection's clock: each milestone has its own date, waits for nobody else, and may be left out."""

from datetime import date, timedelta

from engine.commands import Bearer, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from engine.term_steps import given, recompute
from workflows.rectification import facts
from workflows.rectification.periods import term_given

SKIPPED = "skipped"
DAYS_SPOKEN_OF = 30


def milestone_is_new(context: Context) -> Refusal | None:
    """Each milestone stands once in an inspection; one that was left out may be set again."""
    if context.root.state == "archived":
        return Refusal("no_inspection")
    others = [one for one in context.view.children(context.root, "milestone") if one.id != context.case.id]
    there = {context.view.fields(one)["name"] for one in others if one.state != SKIPPED}
    name = context.params["name"] if "name" in context.params else context.fields["name"]
    return Refusal("milestone_there", {"name": name}) if name in there else None


def open_milestone(context: Context) -> Result:
    officer = context.params["officer"]
    bearers = () if officer is None else (Bearer("officer", officer, None, context.today),)
    term = given(context, term_given(context))
    due_on = term["due_on"]
    return Result({**term, **_spoken_of(context, due_on), "original_due_on": due_on, "bearers": bearers})


def _spoken_of(context: Context, due_on: str) -> dict[str, str]:
    """Its reminders begin a month before: a date a year away is nothing to hear of every week."""
    month_before = date.fromisoformat(due_on) - timedelta(days=DAYS_SPOKEN_OF)
    return {"started_on": max(context.today, month_before.isoformat())}


def move_milestone(context: Context) -> Result:
    due_on = context.params["due_on"]
    return Result({**facts.new_deadline(context, due_on), **_spoken_of(context, due_on)}, said=context.params)


def recompute_milestone(context: Context) -> Result:
    """What a newer calendar makes of its period; a date that nothing has moved yet stays the original one."""
    result = recompute(context)
    due_on = result.values["due_on"]
    unmoved = context.fields["original_due_on"] == context.case.due_on
    original = {"original_due_on": due_on} if unmoved else {}
    return result._replace(values={**result.values, **_spoken_of(context, due_on), **original})


def done_not_in_future(context: Context) -> Refusal | None:
    done_on = context.params["done_on"]
    return Refusal("not_done_yet") if done_on is not None and done_on > context.today else None


def complete_milestone(context: Context) -> Result:
    return Result({name: context.params[name] for name in ("done_on", "paper")})


def reopen_milestone(context: Context) -> Result:
    return Result({"done_on": None, "paper": None}, said=context.params)


def no_milestone_waits(context: Context) -> Refusal | None:
    """An archived inspection would go on alerting about what nobody looks at any more."""
    waiting = [one for one in context.view.children(context.case, "milestone") if one.live]
    return Refusal("milestones_wait", {"left": len(waiting)}) if waiting else None


GUARDS: dict[str, Guard] = {one.__name__: one for one in (done_not_in_future, milestone_is_new, no_milestone_waits)}
OPERATIONS: dict[str, Operation] = {
    one.__name__: one
    for one in (complete_milestone, move_milestone, open_milestone, recompute_milestone, reopen_milestone)
}
