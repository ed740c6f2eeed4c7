"""Why something is not possible in this family: each guard answers None, or a word and what its sentence needs."""

from engine.commands import Refusal
from engine.context import Context
from engine.kinds import Guard
from engine.sign_off import GUARDS as SIGN_OFF_GUARDS
from engine.term_steps import GUARDS as TERM_GUARDS
from engine.term_steps import paused_refusal
from engine.terms import lasting_pause
from workflows.rectification import (
    commitments,
    delegations,
    extensions,
    facts,
    ladder,
    leads,
    letters,
    milestones,
    notices,
    periods,
    regulations,
    reviews,
    signals,
    ways_out,
    withholding,
)
from workflows.rectification.sampling import draw, is_population


def document_is_new(context: Context) -> Refusal | None:
    known = {one["sha256"]: one for one in context.fields["documents"] or []}
    before = known.get(context.params["sha256"])
    return Refusal("already_imported", {"file_name": before["file_name"], "on": before["on"]}) if before else None


def plan_is_decided(context: Context) -> Refusal | None:
    return None if context.fields["plan_decided_on"] else Refusal("plan_not_decided")


def sample_is_as_drawn(context: Context) -> Refusal | None:
    """The sample must be what the seed gives, or the claim that anybody can draw it again is false."""
    params = context.params
    if params["population"] is None:
        return None
    if not is_population(params["population"]):
        return Refusal("no_population")
    drawn = draw(params["population"], params["seed"], params["rate_percent"])
    return None if drawn == params["sample"] else Refusal("sample_differs", {"drawn": drawn})


def inspection_takes_problems(context: Context) -> Refusal | None:
    if context.params["inspection_id"] is None:
        return None
    inspection = context.view.case(context.params["inspection_id"])
    running = inspection.kind == "inspection" and inspection.state != "archived"
    return None if running else Refusal("no_inspection")


def problem_takes_measures(context: Context) -> Refusal | None:
    state = context.root.state
    if state not in ("assignment", *facts.FIX_STATES):
        return Refusal("not_in_work", {"state": state})
    return paused_refusal(context.root)


def department_takes_part(context: Context) -> Refusal | None:
    """A part of its own is for a department that the problem was assigned to, as leading or as supporting."""
    wanted = context.params.get("department")
    assigned = {
        one.department_id
        for one in context.view.bearers(context.root)
        if one.role in ("lead_department", "supporting_department") and one.holds_on(context.today)
    }
    return None if wanted is None or wanted in assigned else Refusal("takes_no_part")


def department_is_another(context: Context) -> Refusal | None:
    leading = {
        one.department_id
        for one in context.view.bearers(context.case)
        if one.role == "lead_department" and one.holds_on(context.today)
    }
    return Refusal("leads_already") if context.params["lead_department"] in leading else None


def it_is_clear_who_hands_over(context: Context) -> Refusal | None:
    """Of several the one is named: the others must not lose their part by it."""
    params = context.params
    if params["role"] is None:
        return None
    people = facts.bearing(context, params["role"])
    if params["who"] is None:
        return Refusal("name_who_hands_over", {"n": len(people)}) if len(people) > 1 else None
    return None if params["who"] in people else Refusal("bears_no_such_role")


def problem_in_work(context: Context) -> Refusal | None:
    state = context.root.state
    return None if state in (*facts.WORK_STATES, "close_out") else Refusal("not_in_work", {"state": state})


def is_assigned(context: Context) -> Refusal | None:
    roles = {one.role for one in context.view.bearers(context.case) if one.holds_on(context.today)}
    missing = [role for role in ("lead_official", "lead_department", "officer") if role not in roles]
    if missing:
        return Refusal("not_assigned", {"roles": missing})
    # People stay from one round to the next, a deadline does not: without one nobody would ever be reminded.
    return None if context.case.due_on else Refusal("no_due_date")


def has_measures(context: Context) -> Refusal | None:
    return None if facts.measures(context.view, context.case) else Refusal("no_measures")


def plan_is_issued(context: Context) -> Refusal | None:
    """A notice to fix at once comes before any plan: immediate measures alone need not wait for one."""
    view, problem = context.view, context.case
    tracks = {view.fields(one)["track"] for one in facts.measures(view, problem)}
    if tracks == {"immediate"} or facts.plan_is_issued(context, problem):
        return None
    return Refusal("plan_not_issued")


def is_workable(context: Context) -> Refusal | None:
    """All tracks are worked on side by side once the plan is issued, the immediate one even before."""
    state = context.root.state
    if state not in facts.WORK_STATES:
        return Refusal("not_in_work", {"state": state})
    free = context.fields["track"] == "immediate" or facts.plan_is_issued(context, context.root)
    return None if free else Refusal("plan_not_issued")


def tracks_are_done(context: Context) -> Refusal | None:
    """Asked too early for the decision: the first track that is not finished, instead of a wrong state."""
    guards = (GUARDS[f"{track}_done"] for track in facts.TRACKS)
    return next((refusal for guard in guards if (refusal := guard(context))), None)


def not_own_pause(context: Context) -> Refusal | None:
    """Waiting is decided by somebody else than who does the work."""
    officers = {
        str(one.person_id)
        for case in context.view.lineage(context.case)
        for one in context.view.bearers(case)
        if one.role in delegations.WORKING and one.holds_on(context.today)
    }
    return Refusal("own_pause") if context.signer in officers else None


def paused_by_itself(context: Context) -> Refusal | None:
    """A measure that was paused with its problem is resumed with it."""
    pause = lasting_pause(context.case)
    with_it = pause and pause.with_parent and lasting_pause(context.root)
    return Refusal("paused_with_problem") if with_it else None


def something_submitted(context: Context) -> Refusal | None:
    return None if facts.to_accept(context) else Refusal("nothing_submitted")


def not_own_result(context: Context) -> Refusal | None:
    own = context.signer in context.view.workers(context.root, context.case)
    return Refusal("own_result") if own else None


def has_evidence(context: Context) -> Refusal | None:
    return None if facts.evidence(context.view, context.root) else Refusal("no_evidence")


def is_institutional(context: Context) -> Refusal | None:
    return None if context.fields["track"] == "institutional" else Refusal("not_institutional")


def regulation_is_settled(context: Context) -> Refusal | None:
    """An institutional measure ends with a regulation, or with the lead official's reason why none is needed."""
    fields = context.fields
    if fields["track"] != "institutional" or fields["no_regulation_reason"]:
        return None
    return None if fields["regulation_number"] and fields["regulation_on"] else Refusal("no_regulation")


def _done(track: str) -> Guard:
    def guard(context: Context) -> Refusal | None:
        measures = facts.measures(context.view, context.case)
        if not measures:
            return Refusal("no_measures")
        left = facts.unfinished_of(context.view, measures, track)
        return Refusal("track_unfinished", {"track": track, "left": len(left)}) if left else None

    return guard


def _open(track: str) -> Guard:
    def guard(context: Context) -> Refusal | None:
        left = facts.unfinished(context.view, context.case, track)
        return None if left else Refusal("track_finished", {"track": track})

    return guard


# What lives beside a problem, and the other things that may happen to one: a module each.
LIVES = (commitments, delegations, leads, milestones, notices, regulations, reviews, signals, withholding)
GUARDS: dict[str, Guard] = {
    **SIGN_OFF_GUARDS,
    **ways_out.GUARDS,
    **TERM_GUARDS,
    **extensions.GUARDS,
    **periods.GUARDS,
    **ladder.GUARDS,
    **letters.GUARDS,
    **{
        guard.__name__: guard
        for guard in (
            department_is_another, department_takes_part, document_is_new, has_evidence, has_measures,
            inspection_takes_problems,
            it_is_clear_who_hands_over,
            is_assigned, is_institutional, is_workable, not_own_pause, not_own_result, paused_by_itself,
            plan_is_decided, plan_is_issued, problem_in_work, problem_takes_measures, regulation_is_settled,
            sample_is_as_drawn, something_submitted, tracks_are_done,
        )
    },
    **{f"{track}_done": _done(track) for track in facts.TRACKS},
    **{f"{track}_open": _open(track) for track in facts.TRACKS},
    **{name: guard for part in LIVES for name, guard in part.GUARDS.items()},
}  # fmt: skip
