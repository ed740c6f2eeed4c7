"""A "no" is an answer with its reason, whatever was asked; nothing that was asked can break the door."""

import pytest

from engine.commands import ALERT, OPEN, Command
from engine.sweep import SWEEPER


def word(outcome):
    return outcome.refusal.word if outcome.refusal else None


def counts(office):
    tables = ("cases", "history", "line", "assignment", "signature", "number")
    return {table: office.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in tables}


@pytest.mark.parametrize("case", [None, 0, 999_999])
def test_a_case_that_is_not_there(office, case):
    assert word(office.try_(case, "confirm", "coordinator")) == "no_such_case"


@pytest.mark.parametrize("place", [None, 999_999])
def test_an_organisation_that_is_not_there(office, place):
    command = Command(action=OPEN, kind="inspection", actor=office.who("coordinator"), organization_id=place)
    assert word(office.execute(command)[0]) == "no_organization"


def test_a_parent_that_is_not_there(office):
    assert word(office.try_open("measure", "coordinator", parent=999_999)) == "no_such_case"


def test_a_parent_of_the_wrong_kind(office):
    assert word(office.try_open("measure", "coordinator", parent=office.inspection)) == "wrong_parent"
    assert word(office.try_open("measure", "coordinator")) == "wrong_parent"


def test_a_kind_and_an_action_that_nobody_defined(office):
    assert word(office.try_open("visit", "coordinator")) == "unknown_kind"
    assert word(office.try_(office.inspection, "destroy", "coordinator")) == "unknown_action"


def test_an_old_form(office):
    problem = office.open_problem()
    revision = office.case(problem).revision
    office.do(problem, "confirm", "coordinator")
    command = Command(action="comment", case_id=problem, actor=office.who("coordinator"), revision=revision)
    outcome = office.execute(command)[0]
    assert word(outcome) == "stale"
    assert outcome.refusal.params["by"] == office.who("coordinator")


def test_a_reminder_does_not_make_an_open_form_stale(office):
    problem = office.assigned_problem()
    revision = office.case(problem).revision
    office.later(days=80)
    office.execute(Command(action=ALERT, actor=SWEEPER, case_id=problem))
    assert office.case(problem).fired
    assert office.case(problem).revision == revision


def test_alerts_are_the_systems_alone(office):
    problem = office.assigned_problem()
    office.later(days=80)
    assert word(office.try_(problem, ALERT, "coordinator")) == "not_yours"


@pytest.mark.parametrize("who", ["system:sweep", "system:auto"])
def test_the_system_takes_no_decision_of_people(office, who):
    problem = office.open_problem()
    assert set(office.words(problem, who).values()) <= {"not_yours", "wrong_state", "not_merged_here"}


@pytest.mark.parametrize("action", ["pass_immediate", "back_to_immediate"])
def test_moves_that_nobody_presses(office, action):
    office.issue_plan()
    problem, _ = office.problem_in_work()
    assert word(office.try_(problem, action, "coordinator")) == "not_yours"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lead_official", 999_999),
        ("lead_official", 2**70),
        ("lead_official", "1"),
        ("lead_official", True),
        ("lead_department", 999_999),
        ("officers", [999_999]),
        ("officers", ["x"]),
        ("officers", [2**70]),
        ("due_on", "2026-02-30"),
        ("due_on", "20260301"),
        ("key_problem", 1),
    ],
)
def test_a_parameter_that_names_nothing_real(office, name, value):
    problem = office.open_problem()
    office.do(problem, "confirm", "coordinator")
    sound = {
        "lead_official": office.people["leader"],
        "lead_department": office.departments["repairs"],
        "officers": [office.people["officer"]],
        "due_on": "2026-06-01",
    }
    before = counts(office)
    assert word(office.try_(problem, "assign", "coordinator", **{**sound, name: value})) == "bad_param"
    assert counts(office) == before


def test_work_is_not_given_to_who_has_left(office):
    problem = office.assigned_problem()
    params = {"text": "措施", "track": "immediate", "officer": office.people["leaver"], "due_on": "2026-06-01"}
    assert word(office.try_open("measure", "coordinator", problem, **params)) == "bad_param"


@pytest.mark.parametrize("key", ["stranger", "leaver", "administrator", "discipline"])
def test_who_has_no_part_in_it_may_change_nothing(office, key):
    office.issue_plan()
    problem = office.closed_problem()
    allowed = {name for name, refused in office.words(problem, key).items() if refused is None}
    assert allowed <= ({"comment"} if key == "discipline" else set())


def test_an_officer_who_leaves_may_do_nothing_from_the_next_day(office):
    office.issue_plan()
    _, (measure,) = office.problem_in_work()
    assert office.words(measure, "officer")["progress"] is None
    office.leave("officer")
    assert set(office.words(measure, "officer").values()) <= {"not_yours"}


def test_the_refused_does_not_hinder_the_others(office):
    first, second = office.open_problem(), office.open_problem()
    who = office.who("coordinator")
    outcomes = office.execute(
        Command(action="confirm", case_id=first, actor=who),
        Command(action="begin", case_id=first, actor=who),
        Command(action="confirm", case_id=second, actor=who),
    )
    assert [word(one) for one in outcomes] == [None, "not_assigned", None]


def test_what_rests_on_a_refused_command_is_refused_too(office):
    problem = office.open_problem()
    meeting = Command(action=OPEN, kind="meeting", actor=office.who("officer"), organization_id=office.street)
    decision = Command(action="confirm", case_id=problem, actor=office.who("coordinator"), cause=0)
    assert [word(one) for one in office.execute(meeting, decision)] == ["not_yours", "cause_refused"]


# --- rounds ---


@pytest.fixture
def relapsed(office):
    """A problem in its second round, with a measure and its evidence of the first."""
    office.issue_plan()
    problem, (measure,) = office.problem_in_work()
    evidence = office.file_evidence(measure)
    office.finish(measure)
    office.sign_all(problem)
    office.do(problem, "decide", "secretary")
    office.do(problem, "relapse", "auditor", finding="反弹")
    assert office.case(problem).round == 2
    return problem, measure, evidence


def test_nothing_of_an_earlier_round_moves(office, relapsed):
    _, measure, evidence = relapsed
    assert word(office.try_(measure, "comment", "coordinator", text="补记")) == "earlier_round"
    assert word(office.try_(evidence, "reject", "auditor", reason="不实")) == "earlier_round"
    assert word(office.try_open("evidence", "officer", measure, sha256="f" * 64)) == "earlier_round"
    assert word(office.execute(Command(action=ALERT, actor=SWEEPER, case_id=measure))[0]) == "earlier_round"


def test_and_no_button_says_otherwise(office, relapsed):
    _, measure, evidence = relapsed
    for case in (measure, evidence):
        assert {word for key in office.people for word in office.words(case, key).values()} == {"earlier_round"}


def test_a_second_round_begins_with_nothing_done(office, relapsed):
    problem, _, _ = relapsed
    fields = office.fields(problem)
    assert (fields["close_out_number"], fields["result"], fields["submission"]) == (None, None, 1)
    assert (office.case(problem).due_on, office.case(problem).fired) == (None, {})


def test_a_problem_with_open_parts_begins_no_round(office):
    office.issue_plan()
    problem = office.closed_problem()
    office.do(problem, "not_recognize", "supervisor", reason="不到位")
    assert office.case(problem).state == "immediate_fix"
    assert word(office.try_(problem, "relapse", "auditor", finding="反弹")) == "wrong_state"


def test_what_the_district_does_not_recognise_keeps_round_and_number(office):
    office.issue_plan()
    problem = office.closed_problem()
    office.do(problem, "not_recognize", "supervisor", reason="不到位")
    for measure in office.rows("SELECT id FROM cases WHERE kind = 'measure'"):
        office.finish(measure["id"])
    office.sign_all(problem)
    office.do(problem, "decide", "secretary")
    assert (office.case(problem).round, office.fields(problem)["close_out_number"]) == (1, 1)
    assert office.rows("SELECT value FROM number")[0]["value"] == 1
