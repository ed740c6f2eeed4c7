"""Work changes hands: who had it keeps it until yesterday, and only the last to get it has it today."""

import pytest


@pytest.fixture
def measure(office):
    return office.add_measure(office.assigned_problem())


def _officers_today(office, measure):
    rows = office.rows(
        "SELECT person_id FROM assignment WHERE case_id = ? AND role = 'officer' AND from_on <= ? "
        "AND (to_on IS NULL OR to_on >= ?)",
        measure, office.today, office.today,
    )  # fmt: skip
    return [row["person_id"] for row in rows]


def test_the_former_officer_keeps_the_days_before(office, measure):
    office.later(days=3)
    office.do(measure, "hand_over", "coordinator", to=office.people["second_officer"], reason="轮岗")
    rows = office.rows("SELECT person_id, from_on, to_on FROM assignment WHERE case_id = ?", measure)
    assert [tuple(row) for row in rows] == [
        (office.people["officer"], "2026-03-02", "2026-03-04"),
        (office.people["second_officer"], "2026-03-05", None),
    ]


def test_back_and_forth_on_one_day_leaves_one_officer(office, measure):
    for key in ("second_officer", "officer", "second_officer"):
        office.do(measure, "hand_over", "coordinator", to=office.people[key], reason="调整")
        assert _officers_today(office, measure) == [office.people[key]]
    assert office.breaks() == []


def test_handing_over_to_the_present_officer_changes_nothing(office, measure):
    revision = office.case(measure).revision
    office.do(measure, "hand_over", "coordinator", to=office.people["officer"], reason="误操作")
    assert office.case(measure).revision == revision


def test_assigning_again_gives_each_role_to_exactly_those_named(office):
    problem = office.assigned_problem()
    office.later()
    office.do(
        problem,
        "assign",
        "coordinator",
        lead_official=office.people["second_leader"],
        lead_department=office.departments["accounts"],
        officers=[office.people["officer"], office.people["second_officer"]],
        due_on=office.in_days(30),
    )
    rows = office.rows(
        "SELECT role, person_id, department_id FROM assignment WHERE case_id = ? AND to_on IS NULL", problem
    )
    assert {tuple(row) for row in rows} == {
        ("lead_official", office.people["second_leader"], None),
        ("lead_department", None, office.departments["accounts"]),
        ("officer", office.people["officer"], None),
        ("officer", office.people["second_officer"], None),
    }
    assert office.words(problem, "chief")["accept_results"] == "not_yours"
    assert office.words(problem, "other_chief")["accept_results"] != "not_yours"


def test_of_several_officers_one_hands_over_and_the_others_keep_their_part(office):
    """Whose work it was had to be named nowhere, and everybody else lost theirs."""
    problem = office.assigned_problem()
    both = [office.people["officer"], office.people["second_officer"]]
    office.do(
        problem, "assign", "coordinator", lead_official=office.people["leader"], officers=both,
        lead_department=office.departments["repairs"], due_on=office.in_days(60),
    )  # fmt: skip
    other = {"role": "officer", "to": office.people["coordinator"], "reason": "轮岗"}

    assert office.try_(problem, "hand_over", "coordinator", **other).refusal.word == "name_who_hands_over"
    stranger = other | {"who": office.people["chief"]}
    assert office.try_(problem, "hand_over", "coordinator", **stranger).refusal.word == "bears_no_such_role"
    office.do(problem, "hand_over", "coordinator", **other, who=office.people["officer"])

    assert sorted(_officers_today(office, problem)) == sorted(
        [office.people["second_officer"], office.people["coordinator"]]
    )
    assert office.breaks() == []
