"""Nobody signs what they handled, nobody signs twice, and a signature stands only for what was signed."""

import pytest


@pytest.fixture
def problem(office):
    office.issue_plan()
    return office.problem_in_close_out()


def standing(office, problem):
    rows = office.rows("SELECT step, signer FROM signature WHERE root_id = ? AND voided_at IS NULL", problem)
    return {row["step"]: row["signer"] for row in rows}


def word(outcome):
    return outcome.refusal.word if outcome.refusal else None


def test_the_steps_are_signed_in_their_order(office, problem):
    assert word(office.try_(problem, "sign", "leader")) == "not_your_step"
    office.do(problem, "sign", "chief")
    office.do(problem, "sign", "leader")
    assert list(standing(office, problem)) == ["department", "lead_official"]


def test_the_decision_waits_for_every_step(office, problem):
    office.do(problem, "sign", "chief")
    assert word(office.try_(problem, "decide", "secretary")) == "signature_missing"


def test_the_last_step_is_a_decision_not_a_signature(office, problem):
    office.sign_all(problem)
    assert word(office.try_(problem, "sign", "secretary")) == "awaits_decision"


def test_who_worked_on_it_steps_aside_for_the_next_in_line(office, problem):
    office.do(problem, "set_result", "chief", result="科长自己写的成效")
    assert word(office.try_(problem, "sign", "chief")) == "handled_it"
    office.do(problem, "sign", "vice_chief")
    assert standing(office, problem) == {"department": office.who("vice_chief")}


def test_the_deputy_does_not_sign_while_the_head_of_the_department_can(office, problem):
    assert word(office.try_(problem, "sign", "vice_chief")) == "not_your_step"


def test_one_person_signs_one_step_only(office, problem):
    office.do(problem, "hand_over", "coordinator", role="lead_official", to=office.people["chief"], reason="调整")
    office.do(problem, "sign", "chief")
    assert word(office.try_(problem, "sign", "chief")) == "signed_already"
    office.do(problem, "sign", "deputy")


def test_on_paper_the_signer_is_tested_and_not_the_recorder(office, problem):
    office.do(problem, "set_result", "coordinator", result="整改办起草的成效")
    done = office.on_paper(problem, "sign", signer="chief", by="coordinator")
    assert done.done
    assert standing(office, problem) == {"department": office.who("chief")}
    office.do(problem, "sign", "leader")
    assert word(office.on_paper(problem, "sign", signer="coordinator", by="second_coordinator")) == "handled_it"
    assert office.on_paper(problem, "sign", signer="second_coordinator", by="coordinator").done


@pytest.mark.parametrize("recorder", ["officer", "administrator", "stranger", "leaver"])
def test_only_the_office_records_for_others(office, problem, recorder):
    assert word(office.on_paper(problem, "sign", signer="chief", by=recorder)) == "not_yours"
    assert standing(office, problem) == {}


def test_paper_needs_its_scan(office, problem):
    command = office.paper(problem, "sign", signer="chief", basis=None)
    assert word(office.execute(command)[0]) == "no_basis"


def test_what_is_no_judgement_is_never_recorded_for_another(office, problem):
    refused = office.on_paper(problem, "set_result", signer="chief", result="代写的成效")
    assert word(refused) == "not_on_paper"


def test_a_changed_result_voids_what_was_signed(office, problem):
    office.sign_all(problem)
    before = office.fields(problem)["submission"]
    office.do(problem, "set_result", "officer", result="又改了一次")
    assert standing(office, problem) == {}
    assert office.fields(problem)["submission"] == before + 1
    assert word(office.try_(problem, "decide", "secretary")) == "signature_missing"


def test_new_evidence_voids_what_was_signed(office, problem):
    office.sign_all(problem)
    office.file_evidence(problem)
    assert standing(office, problem) == {}


def test_rejected_evidence_voids_what_was_signed(office, problem):
    evidence = office.file_evidence(problem)
    office.sign_all(problem)
    office.do(evidence, "reject", "leader", reason="与本问题无关")
    assert standing(office, problem) == {}


def test_a_comment_voids_nothing(office, problem):
    office.sign_all(problem)
    office.do(problem, "comment", "secretary", text="请于会前核对")
    assert len(standing(office, problem)) == 3


def test_who_signed_and_then_worked_no_longer_stands_for_it(office, problem):
    """Writing the very same result changes no content, and is work all the same."""
    office.do(problem, "set_result", "officer", result="同样的成效")
    office.sign_all(problem)
    office.do(problem, "set_result", "coordinator", result="同样的成效")
    assert office.who("coordinator") not in standing(office, problem).values()


def test_returned_work_is_signed_anew(office, problem):
    office.sign_all(problem)
    office.do(problem, "return_to_work", "secretary", reason="佐证不足")
    assert standing(office, problem) == {}
    assert office.case(problem).state == "immediate_fix"


def test_nothing_is_approved_by_an_empty_post(office, problem):
    """Everybody of the step and of its stand-ins has worked on it: it waits for the level above."""
    office.file_evidence(problem, by="chief")
    office.leave("vice_chief")
    for key in ("chief", "leader"):
        assert word(office.try_(problem, "sign", key)) == "nobody_can_sign"
    office.later(days=400)
    assert office.case(problem).state == "close_out"


def test_the_meeting_decides_when_one_member_handled_it(office, problem):
    office.do(problem, "hand_over", "coordinator", role="officer", to=office.people["secretary"], reason="亲自督办")
    office.do(problem, "set_result", "secretary", result="书记亲自督办的成效")
    office.sign_all(problem)
    assert word(office.try_(problem, "decide", "secretary")) == "handled_it"
    office.do(problem, "decide", "deputy")
    assert office.case(problem).state == "closed"


def test_a_step_switched_off_is_not_asked_for(office, problem):
    office.settings(skip_sign_steps=["department", "coordinator"])
    office.do(problem, "sign", "leader")
    office.do(problem, "decide", "secretary")
    assert office.case(problem).state == "closed"


def test_results_are_accepted_by_another_than_their_author(office):
    office.issue_plan()
    problem, (measure,) = office.problem_in_work()
    office.do(measure, "hand_over", "coordinator", to=office.people["chief"], reason="科长主办")
    office.file_evidence(problem)
    office.do(measure, "submit", "chief", result="科长自己办结")
    assert word(office.try_(measure, "accept", "chief")) == "own_result"
    assert word(office.try_(problem, "accept_results", "chief")) == "own_result"
    office.do(measure, "accept", "vice_chief")


def test_an_extension_is_granted_by_another_than_who_asked(office):
    office.issue_plan()
    _, (measure,) = office.problem_in_work()
    office.do(measure, "hand_over", "coordinator", to=office.people["coordinator"], reason="整改办主办")
    asked = office.open("extension", "coordinator", measure, until=office.in_days(90), reason="招标流标")
    assert word(office.try_(asked, "grant", "coordinator")) == "own_request"
    office.do(asked, "grant", "leader")
    assert office.case(measure).due_on == office.in_days(90)


def test_who_signed_does_not_check_in_the_look_back(office):
    office.issue_plan()
    problem = office.problem_in_close_out()
    office.add_post("second_coordinator", "auditor")
    office.do(problem, "sign", "chief")
    office.do(problem, "sign", "leader")
    office.do(problem, "sign", "second_coordinator")
    office.do(problem, "decide", "secretary")
    office.do(problem, "start_look_back", "auditor")
    assert word(office.try_(problem, "pass_look_back", "second_coordinator", finding="属实")) == "not_independent"
    office.do(problem, "pass_look_back", "auditor", finding="属实")
