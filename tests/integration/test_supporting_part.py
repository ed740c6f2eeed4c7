"""A supporting department has a part of its own: its officer does it, its head judges it, lists say whose it is."""

from datetime import date

import pytest
from office import SHANGHAI, Office

from desk.finding import find_inspection
from desk.homes.department import department_sections
from desk.homes.looking import Looking
from desk.make_register import load_register, register_sheet
from engine.working_days import local_day


def adds_part(office: Office, problem: int, department: str | None) -> int:
    given = {"department": office.departments[department]} if department else {}
    officer = office.people["accountant" if department else "officer"]
    about = {
        "text": f"核对账目{department or ''}",
        "track": "immediate",
        "officer": officer,
        "due_on": office.day(30),
    }
    return office.open("measure", "coordinator", parent=problem, **about, **given)


@pytest.fixture
def parts(office: Office) -> tuple[int, int, int]:
    """A problem of the civil department that finance supports; a measure of the first and one of the second."""
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    given = {
        "lead_official": office.people["lead"],
        "lead_department": office.departments["civil"],
        "supporting_departments": [office.departments["finance"]],
        "officers": [office.people["officer"]],
    }
    office.do("assign", problem, "coordinator", due_on=office.day(90), **given)
    own, part = adds_part(office, problem, None), adds_part(office, problem, "finance")
    office.do("begin", problem, "coordinator")
    return problem, own, part


def home(office: Office, who: str) -> dict[str, list[int]]:
    with office.look() as tx:
        day = local_day(office.now, SHANGHAI)
        sections = department_sections(Looking(office.house.desk, tx, office.people[who], office.now, day))
        return {one.key: [matter.case_id for matter in one.matters] for one in sections if one.matters}


def test_its_head_judges_the_result_and_the_leading_one_does_not(
    office: Office, parts: tuple[int, int, int]
) -> None:
    _, _, part = parts
    office.submits(part, "accountant")
    assert office.refusal("accept", part, "civil_head") == "not_yours"
    assert office.refusal("accept", part, "outsider") == "not_yours"
    office.do("accept", part, "finance_head")
    assert office.breaks() == []


def test_accepting_everything_of_a_problem_leaves_what_is_another_departments(
    office: Office, parts: tuple[int, int, int]
) -> None:
    problem, own, part = parts
    office.submits(part, "accountant")
    assert office.refusal("accept_results", problem, "civil_head") == "nothing_submitted"
    office.submits(own)
    office.do("accept_results", problem, "civil_head")
    assert (office.state(own), office.state(part)) == ("accepted", "submitted")
    office.do("accept_results", problem, "lead")
    assert office.state(part) == "accepted"


def test_only_a_department_that_takes_part_can_have_one(office: Office) -> None:
    problem = office.assigned_problem()
    given = {"text": "核对", "track": "immediate", "officer": office.people["accountant"], "due_on": office.day(30)}
    department = office.departments["finance"]
    [outcome] = office.send(
        office.opening("measure", "coordinator", parent=problem, department=department, **given)
    )
    assert outcome.refusal is not None
    assert outcome.refusal.word == "takes_no_part"


def test_the_register_and_the_homes_show_whose_part_it_is(office: Office, parts: tuple[int, int, int]) -> None:
    problem, own, part = parts
    with office.database.read() as tx:
        inspection = find_inspection(tx, None)
    register = load_register(office.house.desk, inspection, date.fromisoformat(office.today))
    [row] = register.rows
    assert [one.department for one in row.measures] == ["", "财政所"]
    text = str(register_sheet(register))
    assert "accountant同志，2026年7月1日，财政所承办）" in text

    assert home(office, "finance_head") == {"our_later": [part], "supporting": [problem]}
    office.submits(part, "accountant")
    office.submits(own)
    assert home(office, "finance_head")["to_accept"] == [part]
    assert home(office, "civil_head")["to_accept"] == [own]
