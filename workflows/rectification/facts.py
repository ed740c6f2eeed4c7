"""What guards and operations of this family want to know about a dossier, asked in one place."""

from dataclasses import replace
from typing import Any

from engine.cases import CaseState
from engine.context import Context
from engine.permissions import plays_part_of
from engine.term_steps import renewed
from engine.terms import fixed, parse_term
from engine.view import View

TRACKS = ("immediate", "time_limited", "institutional")
FIX_STATES = ("immediate_fix", "time_limited_fix", "institutionalization")
DONE_STATES = ("closed", "look_back", "settled")
# What goes on while a question about the problem is open: an objection or a stage stops nobody's work.
WORK_STATES = ("assignment", *FIX_STATES, "staged", "disputed", "raised")
OUT_STATES = ("merged", "struck")


def counts(state: str) -> bool:
    """Whether a problem counts, in every list and every figure: merged into another or struck, it does not."""
    return state not in OUT_STATES


def new_deadline(context: Context, due_on: str) -> dict[str, Any]:
    """The values of another deadline: its reminders begin anew from today, and a pause that lasts goes on."""
    before = parse_term(context.case.term)
    wanted = fixed(due_on, context.today)
    return renewed(context, replace(wanted, pauses=before.pauses) if before else wanted)


def measures(view: View, problem: CaseState) -> list[CaseState]:
    """The measures of a problem's present round that still count: dropped ones do not."""
    return [one for one in view.children(problem, "measure") if one.state != "dropped"]


def of_track(view: View, problem: CaseState, track: str) -> list[CaseState]:
    return [one for one in measures(view, problem) if view.fields(one)["track"] == track]


def unfinished(view: View, problem: CaseState, track: str) -> list[CaseState]:
    return unfinished_of(view, measures(view, problem), track)


def unfinished_of(view: View, of: list[CaseState], track: str) -> list[CaseState]:
    """Of these measures the ones on a track whose result nobody has accepted yet."""
    return [one for one in of if one.state != "accepted" and view.fields(one)["track"] == track]


def all_unfinished(view: View, problem: CaseState) -> list[CaseState]:
    return [one for one in measures(view, problem) if one.state != "accepted"]


def to_accept(context: Context) -> list[CaseState]:
    """The submitted measures of a problem whose result is the signer's to judge: not another department's part."""
    view = context.view
    submitted = [one for one in measures(view, context.case) if one.state == "submitted"]
    judges = {one.id: view.definition(one).actions["accept"].roles for one in submitted}
    return [one for one in submitted if plays_part_of(view, one, context.signer, judges[one.id], context.today)]


def bearing(context: Context, role: str) -> list[int]:
    """The people who bear a role in the case itself until further notice."""
    found = (one for one in context.view.bearers(context.case) if one.role == role and one.to_on is None)
    return [one.person_id for one in found if one.person_id is not None]


def is_waiting(problem: CaseState, view: View) -> bool:
    """Whether all the work is done in the deadline's time and only signatures are missing."""
    days = [view.fields(one)["accepted_on"] for one in measures(view, problem)]
    return problem.state == "close_out" and all(day and day <= (problem.due_on or day) for day in days)


def evidence(view: View, problem: CaseState) -> list[CaseState]:
    """The evidence of a problem, of its measures in the present round and of what was merged into it.

    What was filed early stands; rejected ones are left out.
    """
    problems = [problem, *merged_in(view, problem)]
    places = [place for one in problems for place in (one, *view.children(one, "measure"))]
    filed = [one for place in places for one in view.children(place, "evidence")]
    return [one for one in filed if one.state == "filed"]


def merged_in(view: View, problem: CaseState) -> list[CaseState]:
    """The problems merged into this one, and those merged into them before."""
    found = [view.case(one) for one in view.fields(problem)["taken_in"] or []]
    return found + [deeper for one in found for deeper in merged_in(view, one)]


def plan_is_issued(context: Context, problem: CaseState) -> bool:
    inspection = context.view.case(context.view.fields(problem)["inspection_id"])
    return bool(inspection.state != "planning")


def period_ends_on(view: View, problem: CaseState) -> str | None:
    """The last day of the inspection's rectification period, ISO."""
    inspection = view.case(view.fields(problem)["inspection_id"])
    ends_on: str | None = view.fields(inspection).get("period_ends_on")
    return ends_on
