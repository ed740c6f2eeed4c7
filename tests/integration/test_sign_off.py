"""The sign-off: in its order, by somebody else, bound to what was signed; by nobody's silence."""

import pytest
from office import PAPER, Office

from desk.people import leave
from desk.set_up_office import set_up_office


def _standing(office: Office, problem: int) -> list[str]:
    rows = [row for row in office.rows("signature", root_id=problem) if row.voided_at is None]
    steps = ["department", "lead_official", "coordinator", "meeting"]
    return sorted((row.step for row in rows), key=steps.index)


def test_the_steps_are_signed_in_their_order(office: Office) -> None:
    problem = office.problem_at_close_out()

    assert office.refusal("sign", problem, "coordinator") == "not_your_step"
    office.do("sign", problem, "civil_head")
    assert office.refusal("sign", problem, "coordinator") == "not_your_step"
    assert office.refusal("decide", problem, "head") == "signature_missing"
    office.do("sign", problem, "lead")
    office.do("sign", problem, "coordinator")
    assert office.refusal("sign", problem, "head") == "awaits_decision"
    office.do("decide", problem, "head")

    assert _standing(office, problem) == ["department", "lead_official", "coordinator", "meeting"]
    assert office.state(problem) == "closed"


def test_one_person_signs_one_step(office: Office) -> None:
    problem = office.problem_at_close_out(lead="coordinator")
    office.do("sign", problem, "civil_head")
    office.do("sign", problem, "coordinator")

    [outcome] = office.send(office.command("sign", problem, "coordinator"))

    assert outcome.refusal is not None
    assert outcome.refusal.word == "signed_already"
    assert outcome.refusal.params["offer"] == [office.people["second_coordinator"]]
    office.do("sign", problem, "second_coordinator")


@pytest.mark.row(30)
def test_who_worked_on_it_steps_aside_and_the_deputy_is_offered(office: Office) -> None:
    problem = office.problem_in_work()
    office.do("set_result", problem, "civil_head", result="见效")
    office.finishes(office.measures(problem)[0], head="civil_deputy")

    [outcome] = office.send(office.command("sign", problem, "civil_head"))

    assert outcome.refusal is not None
    assert outcome.refusal.word == "handled_it"
    assert outcome.refusal.params["offer"] == [office.people["civil_deputy"]]
    office.do("sign", problem, "civil_deputy")


@pytest.mark.row(30)
def test_the_signer_is_tested_not_the_recorder(office: Office) -> None:
    """The coordinator who wrote the result records the leader's signature: that is not signing it herself."""
    problem = office.problem_in_work()
    office.do("set_result", problem, "coordinator", result="见效")
    office.finishes(office.measures(problem)[0])
    office.do("sign", problem, "civil_head")

    office.on_paper("sign", problem, "lead")

    assert office.refusal("sign", problem, "coordinator") == "handled_it"
    office.do("sign", problem, "second_coordinator")
    signed = {row.step: (row.signer, row.actor) for row in office.rows("signature")}
    assert signed["lead_official"] == (office.actor("lead"), office.actor("coordinator"))


def test_the_deputy_signs_only_when_the_head_steps_aside_or_the_post_is_empty(office: Office) -> None:
    first = office.problem_at_close_out("1")
    assert office.refusal("sign", first, "civil_deputy") == "not_your_step"

    office.leaves("civil_head", office.today)
    office.after(1)

    office.do("sign", first, "civil_deputy")


def test_a_paper_signature_needs_its_paper_and_its_recorder(office: Office) -> None:
    problem = office.problem_at_close_out()
    office.do("sign", problem, "civil_head")

    assert office.refusal("sign", problem, "coordinator", signed_by="lead") == "no_basis"
    assert office.refusal("sign", problem, "officer", signed_by="lead", basis=PAPER) == "not_yours"
    office.on_paper("sign", problem, "lead")

    entry = office.rows("history", root_id=problem, action="sign")[-1]
    assert (entry.actor, entry.signer, entry.basis) == (office.actor("coordinator"), office.actor("lead"), PAPER)


def test_work_is_not_recorded_for_somebody_else(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)

    rest = {"signed_by": "officer", "basis": PAPER, "result": "已清理"}
    assert office.refusal("submit", measure, "coordinator", **rest) == "not_on_paper"


@pytest.mark.row(31)
@pytest.mark.parametrize("change", ["result", "new evidence", "rejected evidence"])
def test_a_changed_result_or_evidence_voids_what_was_signed(office: Office, change: str) -> None:
    problem = office.signed_problem()
    [evidence] = [row.id for row in office.rows("cases", kind="evidence")]

    if change == "result":
        office.do("set_result", problem, "officer", result="另一种成效")
    elif change == "new evidence":
        office.files_evidence(problem, sha256="f" * 64)
    else:
        office.do("reject", evidence, "civil_head", reason="照片不是这里的")

    assert _standing(office, problem) == []
    assert "void_signatures" in office.actions(problem)
    assert office.refusal("decide", problem, "head") == "signature_missing"
    office.signs_up_to_meeting(problem)
    office.do("decide", problem, "head")
    assert office.breaks() == []


@pytest.mark.row(31)
def test_a_comment_or_a_reminder_voids_nothing(office: Office) -> None:
    problem = office.signed_problem()
    office.do("comment", problem, "officer", text="请尽快上会")
    office.after(120)
    assert office.sweep().fired

    assert _standing(office, problem) == ["department", "lead_official", "coordinator"]
    office.do("decide", problem, "head")


def test_writing_the_same_result_again_voids_nothing(office: Office) -> None:
    problem = office.problem_in_work()
    office.do("set_result", problem, "officer", result="见效")
    office.finishes(office.measures(problem)[0])
    office.do("sign", problem, "civil_head")

    office.do("set_result", problem, "officer", result="见效")

    assert _standing(office, problem) == ["department"]


@pytest.mark.row(30)
def test_where_everybody_worked_nobody_can_sign_and_that_is_said(office: Office) -> None:
    """A tiny office: head and deputy of the department both had a hand in it, so the step finds nobody."""
    problem = office.problem_in_work(officers=["civil_deputy"])
    office.do("set_result", problem, "civil_head", result="见效")
    office.finishes(office.measures(problem)[0], "civil_deputy")

    [by_head, by_other] = office.send(
        office.command("sign", problem, "civil_head"), office.command("sign", problem, "head")
    )

    assert by_head.refusal is not None
    assert by_other.refusal is not None
    assert (by_head.refusal.word, by_other.refusal.word) == ("nobody_can_sign", "nobody_can_sign")
    assert by_other.refusal.params["step"] == "department"


@pytest.mark.row(29)
def test_no_time_and_no_empty_post_approves_anything(office: Office) -> None:
    problem = office.problem_at_close_out()
    for who in ("civil_head", "civil_deputy", "lead", "head", "deputy", "coordinator", "second_coordinator"):
        office.leaves(who, office.today)

    for _ in range(30):
        office.after(14).beat()

    assert office.state(problem) == "close_out"
    assert office.rows("signature") == []


def test_a_meeting_decides_many_and_a_refused_one_hinders_no_other(office: Office) -> None:
    ready = [office.signed_problem(str(number)) for number in range(3)]
    unsigned = office.problem_at_close_out("9")

    [meeting, *decided] = office.holds_meeting(ready[0], unsigned, *ready[1:])

    words = [one.refusal.word if one.refusal else None for one in decided]
    assert words == [None, "signature_missing", None, None]
    assert [office.fields(one)["close_out_number"] for one in ready] == [1, 2, 3]
    causes = {office.rows("history", root_id=one, action="decide")[0].cause for one in ready}
    assert causes == {meeting.entry}
    assert office.breaks() == []


def test_a_chair_who_handled_one_problem_does_not_block_the_meeting(office: Office) -> None:
    clean, handled = office.signed_problem("1"), office.problem_in_work(number="2", officers=["head"])
    office.finishes(office.measures(handled)[0], "head")
    office.signs_up_to_meeting(handled)

    [_, first, second] = office.holds_meeting(clean, handled)

    assert first.done
    assert second.refusal is not None
    assert second.refusal.params["offer"] == [office.people["deputy"]]
    assert office.holds_meeting(handled, chair="deputy")[1].done


def test_a_step_that_is_switched_off_is_not_asked_for(office: Office) -> None:
    office.settings(skip_sign_steps=["department", "meeting"])
    problem = office.problem_at_close_out()

    assert office.refusal("sign", problem, "civil_head") == "not_your_step"
    office.do("sign", problem, "lead")
    assert office.refusal("decide", problem, "head") == "not_your_step"
    office.do("decide", problem, "coordinator")

    assert _standing(office, problem) == ["lead_official", "coordinator"]


def test_the_next_signer_is_told(office: Office) -> None:
    problem = office.problem_at_close_out()
    waiting = [row.person_id for row in office.rows("line", rule="to_sign")]
    office.do("sign", problem, "civil_head")

    after = [row.person_id for row in office.rows("line", rule="to_sign")]
    assert office.keys_of(waiting) == ["civil_head"]
    assert office.keys_of(after) == ["civil_head", "lead"]


@pytest.mark.row(30)
def test_where_every_step_is_switched_off_who_worked_on_it_still_does_not_decide(office: Office) -> None:
    office.settings(skip_sign_steps=["department", "lead_official", "coordinator", "meeting"])
    problem = office.problem_at_close_out(officers=["head"])

    assert office.refusal("decide", problem, "head") == "handled_it"
    office.do("decide", problem, "deputy")


@pytest.mark.row(30)
def test_where_nobody_can_sign_those_who_decide_hear_of_it_and_appoint_somebody(office: Office) -> None:
    problem = office.problem_in_work(officers=["civil_deputy"])
    office.do("set_result", problem, "civil_head", result="见效")
    [measure] = office.measures(problem)
    office.submits(measure, "civil_deputy")
    office.do("accept", measure, "lead")
    told = {row.person_id for row in office.rows("line", rule="to_sign")}
    assert office.keys_of(sorted(told)) == ["head"]
    [outcome] = office.send(office.command("sign", problem, "civil_head"))
    assert outcome.refusal is not None
    assert office.house.desk.explain(outcome.refusal) == ("“科室审核”环节的人员都须回避，请组长指定签字人。")

    worked = office.people["civil_deputy"]
    assert office.refusal("appoint_signer", problem, "head", person=worked) == "must_step_aside"
    office.do("appoint_signer", problem, "head", person=office.people["finance_head"])
    assert office.refusal("appoint_signer", problem, "head", person=worked) == "somebody_can_sign"
    office.do("sign", problem, "finance_head")
    office.do("sign", problem, "lead")
    office.do("sign", problem, "coordinator")
    office.do("decide", problem, "head")

    assert office.breaks() == []


def _with_discipline(office: Office) -> None:
    one = {"key": "discipline", "name": "纪工委同志", "posts": [{"unit": "street", "role": "discipline"}]}
    set_up_office(
        office.house.desk, {"people": [{**one, "email": "d@street.test", "rank_order": 60}]}, "2026-01-01"
    )
    office.__post_init__()


@pytest.mark.parametrize("order", [("discipline", "auditor"), ("auditor", "discipline")])
def test_a_step_of_several_signers_is_signed_in_any_order_and_by_all(
    office: Office, order: tuple[str, str]
) -> None:
    _with_discipline(office)
    office.settings(extra_sign_steps=["joint"])
    problem = office.problem_at_close_out()
    office.do("sign", problem, "civil_head")
    office.do("sign", problem, "lead")
    assert office.refusal("sign", problem, "coordinator") == "not_your_step"

    office.do("sign", problem, order[0])
    assert office.refusal("sign", problem, order[0]) == "signed_already"
    assert office.refusal("sign", problem, "coordinator") == "not_your_step"
    office.do("sign", problem, order[1])
    office.do("sign", problem, "coordinator")
    office.do("decide", problem, "head")

    signed = {row.step for row in office.rows("signature", root_id=problem)}
    assert {"joint_discipline", "joint_auditor"} <= signed
    assert office.breaks() == []


def test_sent_back_to_a_joint_step_all_of_its_signers_sign_anew(office: Office) -> None:
    _with_discipline(office)
    office.settings(extra_sign_steps=["joint"], skip_sign_steps=["department", "lead_official"])
    problem = office.problem_at_close_out()
    for who in ("auditor", "discipline"):
        office.do("sign", problem, who)

    office.do("return_to_step", problem, "coordinator", step="joint", reason="请补充意见")

    told = {row.person_id for row in office.rows("line", rule="to_sign")}
    assert {"discipline", "auditor"} <= set(office.keys_of(sorted(told)))
    for who in ("discipline", "auditor", "coordinator"):
        office.do("sign", problem, who)
    office.do("decide", problem, "head")


def test_a_step_that_nobody_asked_for_is_not_there(office: Office) -> None:
    problem = office.problem_at_close_out()

    with office.look() as tx:
        view = office.house.runtime.view(tx)
        steps = [one.name for one in view.sign_steps(view.case(problem))]
    assert steps == ["department", "lead_official", "coordinator", "meeting"]


@pytest.mark.row(30)
def test_a_signature_is_withdrawn_by_who_gave_it_and_only_until_the_next_one_signs(office: Office) -> None:
    problem = office.problem_at_close_out()
    office.do("sign", problem, "civil_head")

    for other in ("coordinator", "head", "civil_deputy"):
        assert office.refusal("withdraw_signature", problem, other) in ("nothing_to_withdraw", "not_yours"), other
    assert office.refusal("withdraw_signature", problem, "coordinator") == "nothing_to_withdraw"
    assert office.rows("signature", root_id=problem)[0].voided_at is None
    office.do("withdraw_signature", problem, "civil_head")
    office.do("sign", problem, "civil_head")
    office.on_paper("sign", problem, "lead")
    assert office.refusal("withdraw_signature", problem, "civil_head") == "nothing_to_withdraw"


@pytest.mark.row(31)
def test_what_was_changed_past_the_door_is_not_decided_on_the_signatures_given_before(office: Office) -> None:
    problem = office.signed_problem()
    office.write(f"UPDATE problem SET result = '换过的成效' WHERE case_id = {problem}")

    assert office.refusal("decide", problem, "coordinator", signed_by="head", basis=PAPER) == "content_changed"
    assert office.state(problem) == "close_out"


def test_a_signature_given_before_its_signer_left_still_stands_and_the_next_one_goes_on(office: Office) -> None:
    problem = office.problem_at_close_out()
    office.do("sign", problem, "civil_head")
    leave(
        office.house.desk, office.people["civil_head"], office.today, None, office.actor("coordinator"), office.now
    )
    office.after(1).beat()
    assert office.refusal("withdraw_signature", problem, "civil_head") == "not_yours"
    office.on_paper("sign", problem, "lead")
    office.do("return_to_step", problem, "coordinator", step="department", reason="再核一遍")

    # Their successor in the step is the deputy; what they signed themselves is void by the return.
    office.do("sign", problem, "civil_deputy")
    assert [row.signer for row in office.rows("signature", root_id=problem) if row.voided_at is None] == [
        office.actor("civil_deputy")
    ]
    assert office.breaks() == []
