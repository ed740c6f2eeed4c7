"""A supervisor's question: how do the bodies below us stand, and what have they reported that we must judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from desk.figures import Figures, figures
from desk.homes.looking import Looking
from desk.homes.matter import Matter, Section, section
from desk.inspections import Listed, inspections_of, with_below
from engine.cases import CaseState
from engine.database import Statement, among
from workflows.rectification.tables import TABLES

ROLE = "supervisor"
_PROBLEM = TABLES["problem"].c
_BELOW = select(_PROBLEM.case_id).where(among(_PROBLEM.organization_id)).order_by(_PROBLEM.case_id)
GET_REPORTED = Statement(_BELOW.where(_PROBLEM.recognition == "reported"))
GET_RAISED = Statement(_BELOW.where(_PROBLEM.raise_reason.is_not(None)))


@dataclass(frozen=True, slots=True)
class Standing:
    """One inspection of one body, with its figures."""

    listed: Listed
    figures: Figures


def supervisor_sections(looking: Looking) -> list[Section]:
    """What was reported and waits for the district's judgement, and what it was asked to take or has taken."""
    places = below(looking)
    if not places:
        return []
    reported = _found(looking, GET_REPORTED, places)
    matters = [looking.matter(one, (), "recognize", "not_recognize") for one in reported]
    return [section("to_recognize", matters), section("raised", _raised(looking, places))]


def _raised(looking: Looking, places: Sequence[int]) -> list[Matter]:
    return [
        looking.matter(one, [_raise_asked(looking, one)], "take_over", "give_back", "decline_raise")
        for one in _found(looking, GET_RAISED, places)
    ]


def _found(looking: Looking, statement: Statement, places: Sequence[int]) -> list[CaseState]:
    rows = looking.tx.run(statement, {"ids": looking.tx.many(places)})
    return looking.problems(row[0] for row in rows)


def _raise_asked(looking: Looking, problem: CaseState) -> str:
    return looking.words.say("home.raise", reason=looking.view.fields(problem)["raise_reason"])


def below(looking: Looking) -> list[int]:
    """Every organisation below those in which the person is a supervisor, the higher ones first."""
    own = looking.places(ROLE)
    return [one for one in with_below(looking.view, own) if one not in own]


def standings(looking: Looking, places: Iterable[int]) -> list[Standing]:
    """How the inspections of these organisations and of those below them stand; archived ones are left out."""
    running = [one for one in inspections_of(looking.view, places) if one.is_running]
    counted = figures(looking.view, [one.inspection for one in running], looking.today)
    return [Standing(one, counted[one.inspection.id]) for one in running]
