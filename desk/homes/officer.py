"""An officer's question: what do I owe — overdue, this week, later — with what was sent back first."""

from collections.abc import Iterator
from datetime import timedelta

from desk.homes.looking import Looking
from desk.homes.matter import Matter, Section, by_deadline, in_time, section
from desk.homes.said import returned
from engine.cases import CaseState
from workflows.rectification.delegations import WORKING

# The first stands out; "no change" is offered until the week has its report.
STEPS = ("submit", "progress", "no_change", "record_regulation", "withdraw")


def officer_sections(looking: Looking) -> list[Section]:
    """What the person owes as officer; empty when they bear nothing."""
    problems = looking.problems([*looking.ending(), *looking.borne("officer")])
    back: list[Matter] = []
    owed: list[Matter] = []
    waiting: list[Matter] = []
    for problem in problems:
        for measure in _mine(looking, problem):
            reason = returned(looking, measure)
            place = waiting if measure.state == "submitted" else back if reason else owed
            place.append(_matter(looking, measure, reason))
    late, soon, later = in_time(owed)
    alone = [looking.matter(one) for one in problems if _is_mine_alone(looking, one)]
    return [
        section("returned", by_deadline(back)),
        section("overdue", late),
        section("soon", soon),
        section("later", later),
        section("submitted", by_deadline(waiting)),
        section("without_measure", by_deadline(alone)),
    ]


def _mine(looking: Looking, problem: CaseState) -> Iterator[CaseState]:
    """The person's own measures of the present round that are not done."""
    for one in looking.view.children(problem, "measure"):
        if one.live and _bears(looking, one):
            yield one


def _bears(looking: Looking, case: CaseState) -> bool:
    return any(
        one.role in WORKING and one.person_id == looking.person_id and one.holds_on(looking.day)
        for one in looking.view.bearers(case)
    )


def _is_mine_alone(looking: Looking, problem: CaseState) -> bool:
    """A problem in work that the person bears without a measure of their own: others work, they answer for it."""
    return bool(problem.live) and _bears(looking, problem) and not list(_mine(looking, problem))


def _matter(looking: Looking, measure: CaseState, reason: str) -> Matter:
    notes = [reason] if reason else []
    reported = _reported_this_week(looking, measure)
    if text := _last_progress(looking, measure):
        notes.append(text)
    steps = [one for one in _steps(looking, measure) if one != "no_change" or not reported]
    if measure.state == "submitted":
        notes.append(looking.words.say("home.waits_for_head"))
        steps = ["withdraw"]
    return looking.matter(measure, notes, *steps)


def _steps(looking: Looking, measure: CaseState) -> tuple[str, ...]:
    """The result is what ends a task; where a rule must be issued first, that comes before it."""
    fields = looking.view.fields(measure)
    settled = fields["regulation_number"] or fields["no_regulation_reason"]
    if fields["track"] != "institutional" or settled:
        return STEPS
    return ("record_regulation", *(one for one in STEPS if one != "record_regulation"))


def _last_progress(looking: Looking, measure: CaseState) -> str:
    fields = looking.view.fields(measure)
    if not fields["progress_on"]:
        return ""
    text = fields["progress"] or looking.words.say("home.no_change")
    return looking.words.say("home.progress", day=fields["progress_on"], text=text)


def _reported_this_week(looking: Looking, measure: CaseState) -> bool:
    monday = looking.today - timedelta(days=looking.today.weekday())
    return (looking.view.fields(measure)["progress_on"] or "") >= monday.isoformat()
