"""The other ways out of a problem: merged, disputed, taken by the level above, done for this stage."""

from typing import Any

from engine.cases import CaseState
from engine.commands import FollowUp, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from engine.view import View
from workflows.letters import lapsing
from workflows.rectification import extensions, facts, letters

SAME_MATTER = "same_matter"
EARLY_SOURCE = "immediate_notice"
NO_STAGE = {"stage_until": None, "stage_reason": None, "stage_by": None}
NO_RAISE = {"raise_reason": None, "raise_by": None}


# --- merge ---


def may_take_it_in(context: Context) -> Refusal | None:
    """What another problem is merged into: a problem of the same inspection that counts, and not itself."""
    into = context.params["into"]
    if into is None:
        return None
    target = context.view.case(into)
    if target.id == context.case.id or not _is_problem_here(context, target):
        return Refusal("not_a_problem_here")
    return None if facts.counts(target.state) else Refusal("already_out", {"state": _label(context.view, target)})


def _is_problem_here(context: Context, target: CaseState) -> bool:
    view = context.view
    same = view.fields(target).get("inspection_id") == context.fields["inspection_id"]
    return bool(target.kind == "problem" and same)


def _label(view: View, case: CaseState) -> Any:
    return view.definition(case).states[case.state].label


def merge(context: Context) -> Result:
    """It goes on in the other problem, which says so too; its own open measures and letters end with it."""
    params = context.params
    taken = FollowUp(params["into"], "take_in", {"problem": context.case.id, "kind": params["kind"]})
    values = {"merged_into": params["into"], "merge_kind": params["kind"]}
    return Result(values, (*_ended(context, params["reason"]), taken), said=params)


def _ended(context: Context, reason: str) -> tuple[FollowUp, ...]:
    view, problem = context.view, context.case
    live = [one.id for one in view.children(problem, "measure") if one.live]
    ended = tuple(FollowUp(one, "end_with_problem", {"reason": reason}) for one in live)
    return (
        *ended,
        *extensions.lapses(view, problem),
        *lapsing(view, letters.letters_and_instructions(view, problem)),
    )


def was_merged_here(context: Context) -> Refusal | None:
    """Only what is merged into this problem is taken in by it, and only what no longer is, is let go."""
    problem = context.params["problem"]
    if problem is None:
        return Refusal("not_merged_here")
    here = context.view.fields(context.view.case(problem)).get("merged_into") == context.case.id
    return None if here is (context.action.name == "take_in") else Refusal("not_merged_here")


def take_in(context: Context) -> Result:
    return _taken_in(context, [*(context.fields["taken_in"] or []), context.params["problem"]])


def let_go(context: Context) -> Result:
    return _taken_in(context, [one for one in context.fields["taken_in"] or [] if one != context.params["problem"]])


def _taken_in(context: Context, problems: list[int]) -> Result:
    """With the mark of what was put right while the inspection was still here."""
    early = any(_is_early(context.view.fields(context.view.case(one))) for one in problems)
    return Result({"taken_in": problems or None, "fixed_early": early}, said=context.params)


def _is_early(fields: dict[str, Any]) -> bool:
    return (fields["source"], fields["merge_kind"]) == (EARLY_SOURCE, SAME_MATTER)


def unmerge(context: Context) -> Result:
    fields = context.fields
    gone = FollowUp(fields["merged_into"], "let_go", {"problem": context.case.id})
    return Result({"merged_into": None, "merge_kind": None}, (gone,), said=context.params)


# --- dispute of facts ---


def dispute(context: Context) -> Result:
    return Result({"dispute_reason": context.params["reason"], "dispute_by": context.signer})


def dispute_by_another(context: Context) -> Refusal | None:
    return Refusal("own_dispute") if context.fields["dispute_by"] == context.signer else None


def settle_dispute(context: Context) -> Result:
    """Decided: the facts stand, or the text is corrected as given."""
    values = {"dispute_reason": None, "dispute_by": None}
    title = context.params.get("title")
    return Result(values | ({"title": title} if title else {}), said=context.params)


def strike(context: Context) -> Result:
    return Result(follow_ups=_ended(context, context.params["reason"]), said=context.params)


# --- taken by the level above ---


def request_raise(context: Context) -> Result:
    return Result({"raise_reason": context.params["reason"], "raise_by": context.signer})


def raise_is_asked(context: Context) -> Refusal | None:
    return None if context.fields["raise_reason"] else Refusal("no_raise_asked")


def end_raise(context: Context) -> Result:
    due_on = context.params.get("due_on")
    return Result(NO_RAISE | (facts.new_deadline(context, due_on) if due_on else {}), said=context.params)


# --- done for this stage ---


def stage_is_later(context: Context) -> Refusal | None:
    until = context.params["until"]
    return Refusal("stage_not_later") if until is not None and until <= context.today else None


def something_done(context: Context) -> Refusal | None:
    """Done for this stage means that something is done."""
    done = [one for one in facts.measures(context.view, context.case) if one.state == "accepted"]
    return None if done else Refusal("nothing_done_yet")


def stage_by_another(context: Context) -> Refusal | None:
    fields = context.fields
    if not fields["stage_until"]:
        return Refusal("no_stage_asked")
    if fields["stage_until"] <= context.today:
        return Refusal("stage_not_later")
    return Refusal("own_stage") if fields["stage_by"] == context.signer else None


def stage_is_own(context: Context) -> Refusal | None:
    own = context.fields["stage_by"] == context.signer
    return None if own else Refusal("not_your_stage")


def request_stage(context: Context) -> Result:
    params = context.params
    return Result({"stage_until": params["until"], "stage_reason": params["reason"], "stage_by": context.signer})


def drop_stage(context: Context) -> Result:
    return Result(NO_STAGE, said=context.params)


def approve_stage(context: Context) -> Result:
    """Until the review date it is not late, nor are its open measures; the original date stays where it is."""
    until = context.fields["stage_until"]
    open_ones = [one for one in facts.measures(context.view, context.case) if one.live]
    late = [one.id for one in open_ones if one.due_on is None or one.due_on < until]
    said = {"until": until, "reason": context.fields["stage_reason"]}
    deferred = tuple(FollowUp(one, "defer", {"due_on": until}) for one in late)
    return Result(facts.new_deadline(context, until), deferred, said)


def defer(context: Context) -> Result:
    return Result(facts.new_deadline(context, context.params["due_on"]))


def stage_is_over(context: Context) -> Refusal | None:
    """The review date has come, or what was waited for is there already."""
    until, left = context.fields["stage_until"], facts.all_unfinished(context.view, context.case)
    return None if not left or until is None or until <= context.today else Refusal("stage_not_over")


def end_stage(context: Context) -> Result:
    said = context.params or {"until": context.fields["stage_until"], "reason": context.fields["stage_reason"]}
    return Result(NO_STAGE, said=said)


# --- a relapse that comes as a new problem ---


def is_earlier_problem(context: Context) -> Refusal | None:
    earlier = context.params["earlier"]
    if earlier is None:
        return None
    case = context.view.case(earlier)
    fits = case.kind == "problem" and case.id != context.case.id and case.state in facts.DONE_STATES
    return None if fits else Refusal("not_an_earlier_problem")


def link_relapse(context: Context) -> Result:
    return Result({"relapse_of": context.params["earlier"]})


GUARDS: dict[str, Guard] = {
    one.__name__: one
    for one in (
        dispute_by_another, is_earlier_problem, may_take_it_in, raise_is_asked, something_done, stage_by_another,
        stage_is_later, stage_is_over, stage_is_own, was_merged_here,
    )
}  # fmt: skip
OPERATIONS: dict[str, Operation] = {
    one.__name__: one
    for one in (
        approve_stage, defer, dispute, drop_stage, end_raise, end_stage, let_go, link_relapse, merge,
        request_raise, request_stage, settle_dispute, strike, take_in, unmerge,
    )
}  # fmt: skip
