"""A supervisor's question: how do the bodies below us stand, and what have they reported that we must judge."""

from dataclasses import dataclass

from sqlalchemy import select

from desk.figures import Figures, figures
from desk.finding import Inspection
from desk.homes.looking import Looking
from desk.homes.matter import Matter, Section, section
from engine import statements as sql
from engine.canonical import loads
from engine.cases import CaseState
from engine.organizations import organization
from workflows.rectification.tables import TABLES

ROLE = "supervisor"


@dataclass(frozen=True, slots=True)
class Standing:
    """One inspection of one body, with its figures. `ends_on` is the end of its rectification period, ISO."""

    organization: str
    inspection: Inspection
    state: str
    ends_on: str | None
    figures: Figures


def supervisor_sections(looking: Looking) -> list[Section]:
    """What was reported and waits for the district's judgement, and what it was asked to take or has taken."""
    problem, places = TABLES["problem"], below(looking)
    if not places:
        return []
    rows = looking.tx.connection.scalars(
        select(problem.c.case_id)
        .where(problem.c.organization_id.in_(places), problem.c.recognition == "reported")
        .order_by(problem.c.case_id)
    )
    matters = [looking.matter(one, (), "recognize", "not_recognize") for one in looking.problems(rows)]
    return [section("to_recognize", matters), section("raised", _raised(looking, places))]


def _raised(looking: Looking, places: list[int]) -> list[Matter]:
    problem = TABLES["problem"]
    rows = looking.tx.connection.scalars(
        select(problem.c.case_id)
        .where(problem.c.organization_id.in_(places), problem.c.raise_reason.is_not(None))
        .order_by(problem.c.case_id)
    )
    return [
        looking.matter(one, [_raise_asked(looking, one)], "take_over", "give_back", "decline_raise")
        for one in looking.problems(rows)
    ]


def _raise_asked(looking: Looking, problem: CaseState) -> str:
    return looking.words.say("home.raise", reason=looking.view.fields(problem)["raise_reason"])


def below(looking: Looking) -> list[int]:
    """Every organisation below those in which the person is a supervisor, as the office ordered them."""
    rows = looking.tx.connection.execute(select(organization.c.id, organization.c.parent_id)).all()
    found = list(looking.places(ROLE))
    for place in found:
        found += [one for one, parent in rows if parent == place]
    return [one for one in found if one not in looking.places(ROLE)]


def standings(looking: Looking, places: list[int]) -> list[Standing]:
    """The inspections of these organisations with their figures, in the order of the organisations."""
    case = sql.cases.c
    rows = looking.tx.connection.execute(
        select(case.id, case.organization_id, organization.c.name, case.state, case.data)
        .join(organization, organization.c.id == case.organization_id)
        .where(case.kind == "inspection", case.organization_id.in_(places))
        .order_by(case.organization_id, case.id)
    ).all()
    counted = figures(looking.view, [row[0] for row in rows], looking.today)
    return [_standing(row[0], row[1], row[2], row[3], loads(row[4]), counted[row[0]]) for row in rows]


def _standing(case_id: int, place: int, name: str, state: str, data: dict[str, str], counted: Figures) -> Standing:
    return Standing(name, Inspection(case_id, place, data["name"]), state, data.get("period_ends_on"), counted)
