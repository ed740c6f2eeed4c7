"""What guards and operations of this family want to know about a dossier, asked in one place."""

from engine.cases import CaseState
from engine.context import Context
from engine.view import View

TRACKS = ("immediate", "time_limited", "institutional")
FIX_STATES = ("immediate_fix", "time_limited_fix", "institutionalization")


def measures(view: View, problem: CaseState) -> list[CaseState]:
    """The measures of a problem's present round that still count: dropped ones do not."""
    return [one for one in view.children(problem, "measure") if one.state != "dropped"]


def of_track(view: View, problem: CaseState, track: str) -> list[CaseState]:
    return [one for one in measures(view, problem) if view.fields(one)["track"] == track]


def unfinished(view: View, problem: CaseState, track: str) -> list[CaseState]:
    return [one for one in of_track(view, problem, track) if one.state != "accepted"]


def is_waiting(problem: CaseState, view: View) -> bool:
    """Whether all the work is done in the deadline's time and only signatures are missing."""
    days = [view.fields(one)["accepted_on"] for one in measures(view, problem)]
    return problem.state == "close_out" and all(day and day <= (problem.due_on or day) for day in days)


def evidence(view: View, problem: CaseState) -> list[CaseState]:
    """The evidence of a problem and of its measures in the present round, rejected ones left out."""
    places = [problem, *view.children(problem, "measure")]
    filed = [one for place in places for one in view.children(place, "evidence")]
    return [one for one in filed if one.state == "filed"]


def plan_is_issued(context: Context, problem: CaseState) -> bool:
    inspection = context.view.case(context.view.fields(problem)["inspection_id"])
    return bool(inspection.state != "planning")
