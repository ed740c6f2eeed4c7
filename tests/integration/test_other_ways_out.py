"""Other ways out of a problem: merged, the same matter, disputed, taken by the level above, done for this stage."""

import pytest
from office import Office


def _same_matter(office: Office) -> tuple[int, int]:
    """A notice to fix at once, put right and closed during the inspection; the matter comes back as (13)."""
    office.opens_inspection(issued=False)
    notice = office.opens_problem("立1", "儿童游乐设施破损", source="immediate_notice")
    office.do("confirm", notice, "coordinator")
    office.assigns(notice)
    measure = office.adds_measure(notice)
    office.do("begin", notice, "coordinator")
    office.finishes(measure)
    office.signs_up_to_meeting(notice)
    office.on_paper("decide", notice, "head")
    office.after(60)
    office.issues_plan()
    returned = office.problem_in_work("time_limited", number="13")
    office.do("merge", notice, "coordinator", into=returned, kind="same_matter", reason="同一处游乐设施")
    return notice, returned


@pytest.mark.row(19)
def test_a_notice_to_fix_at_once_that_returns_counts_once_and_its_early_evidence_stands(office: Office) -> None:
    notice, returned = _same_matter(office)

    register = office.register()
    [row] = register.rows
    assert (row.id, row.fields["fixed_early"]) == (returned, True)
    assert register.counts() == {"total": 1, "done": 0, "overdue": 0}
    assert "巡察期间先行整改" in register.where_it_stands(row)
    assert row.all_evidence == ("立1-1-1",)
    [measure] = office.measures(returned)
    office.do("submit", measure, "officer", result="已按期更换")
    office.do("accept", measure, "civil_head")
    assert office.state(returned) == "close_out"
    assert office.state(notice) == "merged"
    assert office.fields(notice)["close_out_number"] == 1
    assert office.breaks() == []


def test_both_dossiers_tell_of_a_merge_and_the_one_names_the_other(office: Office) -> None:
    notice, returned = _same_matter(office)

    [entry] = office.rows("history", root_id=returned, action="take_in")
    [merged] = office.rows("history", root_id=notice, action="merge")
    assert entry.cause == f"{notice}:{merged.seq}"
    assert office.said(returned, "take_in") == [{"problem": notice, "kind": "same_matter"}]


def test_a_merge_is_undone_and_everything_stands_where_it_stood(office: Office) -> None:
    notice, returned = _same_matter(office)

    office.do("unmerge", notice, "coordinator", reason="不是同一处")

    assert office.state(notice) == "closed"
    assert (office.fields(returned)["taken_in"], office.fields(returned)["fixed_early"]) == (None, False)
    assert office.register().counts()["total"] == 2
    assert office.breaks() == []


def test_a_way_back_leads_on_to_where_the_one_before_it_began(office: Office) -> None:
    """Disputed, merged, unmerged: the answer to the dispute led back into the merge."""
    disputed, other = office.problem_in_work(number="1"), office.problem_in_work(number="2")
    for _ in range(2):
        office.do("dispute", disputed, "civil_head", reason="并非事实")
        office.do("merge", disputed, "coordinator", into=other, kind="same_matter", reason="一回事")
        office.do("unmerge", disputed, "coordinator", reason="并错了")
        assert office.state(disputed) == "disputed"
        office.on_paper("dismiss_dispute", disputed, "supervisor", reason="属实")
        assert office.state(disputed) == "immediate_fix"
    office.do("request_raise", disputed, "coordinator", reason="超出本级权限")
    office.do("take_over", disputed, "supervisor")
    office.do("give_back", disputed, "supervisor", decision="已协调")

    assert office.state(disputed) == "immediate_fix"
    assert office.breaks() == []


def test_a_merged_problem_is_silent_and_its_work_has_ended(office: Office) -> None:
    merged = office.problem_in_work("immediate", due=office.day(10))
    into = office.problem_in_work(number="2", due=office.day(200))
    office.do("merge", merged, "coordinator", into=into, kind="same_work", reason="同一件事")

    office.after(30).sweep()

    assert [office.state(one) for one in office.measures(merged)] == ["dropped"]
    assert office.told(merged) == []


@pytest.mark.row(30)
def test_who_worked_on_a_merged_problem_signs_the_surviving_one_as_little_as_its_own(office: Office) -> None:
    merged = office.problem_in_work("immediate", number="1")
    office.do("set_result", merged, "civil_head", result="已整改")
    into = office.problem_at_close_out("2")
    office.do("merge", merged, "coordinator", into=into, kind="same_work", reason="同一件事")

    assert office.refusal("sign", into, "civil_head") == "handled_it"
    office.do("sign", into, "civil_deputy")
    office.do("unmerge", merged, "coordinator", reason="并错了")
    again = office.problem_at_close_out("3")
    office.do("sign", again, "civil_head")
    office.do("merge", merged, "coordinator", into=again, kind="same_work", reason="同一件事")
    assert office.refusal("sign", again, "civil_head") == "handled_it"
    assert office.breaks() == []


@pytest.mark.row(30)
def test_who_worked_on_or_signed_a_merged_problem_does_not_check_the_surviving_one(office: Office) -> None:
    merged = office.problem_in_work("immediate", number="1")
    office.write(
        "INSERT INTO post (person_id, organization_id, role, title, from_on) "
        f"VALUES ({office.people['colleague']}, {office.organizations['street']}, 'auditor', '', '2026-01-01')"
    )
    office.do("delegate", merged, "civil_head", to=office.people["colleague"], until=office.day(9), reason="培训")
    office.files_evidence(merged, by="colleague")
    into = office.problem_at_close_out("2")
    office.do("merge", merged, "coordinator", into=into, kind="same_work", reason="同一件事")
    office.signs_up_to_meeting(into)
    office.on_paper("decide", into, "head")
    review = office.open("review", "auditor", parent=into)

    assert office.refusal("begin", review, "colleague") == "not_independent"
    office.do("begin", review, "auditor")


def test_what_cannot_be_merged_is_refused(office: Office) -> None:
    first, second = office.problem_in_work(number="1"), office.problem_in_work(number="2")
    rest = {"kind": "same_work", "reason": "同一件事"}
    assert office.refusal("merge", first, "coordinator", into=first, **rest) == "not_a_problem_here"
    assert office.refusal("merge", first, "coordinator", into=office.inspection, **rest) == "not_a_problem_here"
    office.do("merge", first, "coordinator", into=second, **rest)
    assert office.refusal("merge", second, "coordinator", into=first, **rest) == "already_out"


def test_signatures_do_not_cover_what_was_merged_in_after_them(office: Office) -> None:
    signed = office.signed_problem("1")
    other = office.problem_in_work(number="2")

    office.do("merge", other, "coordinator", into=signed, kind="same_work", reason="同一件事")

    assert office.refusal("decide", signed, "head") == "signature_missing"


@pytest.mark.parametrize("track", ["immediate", "time_limited"])
def test_a_dispute_is_decided_by_another_and_the_problem_goes_back_to_where_it_was(
    office: Office, track: str
) -> None:
    problem = office.problem_in_work(track)
    before = office.state(problem)
    office.do("dispute", problem, "civil_head", reason="面积有误")
    assert office.state(problem) == "disputed"
    assert office.refusal("dismiss_dispute", problem, "civil_head", reason="维持") == "not_yours"

    office.do("correct_facts", problem, "coordinator", title="台账有三处不实", reason="已核实")

    assert (office.state(problem), office.fields(problem)["title"]) == (before, "台账有三处不实")
    assert office.breaks() == []


def test_a_dispute_in_assignment_goes_back_to_assignment_and_a_second_one_too(office: Office) -> None:
    problem = office.assigned_problem()
    for _ in range(2):
        office.do("dispute", problem, "civil_head", reason="面积有误")
        office.do("dismiss_dispute", problem, "coordinator", reason="维持原认定")
        assert office.state(problem) == "assignment"


def test_nobody_decides_their_own_dispute(office: Office) -> None:
    problem = office.problem_in_work(lead="coordinator")
    office.do("dispute", problem, "coordinator", reason="面积有误")

    assert office.refusal("dismiss_dispute", problem, "coordinator", reason="维持") == "own_dispute"
    office.do("dismiss_dispute", problem, "second_coordinator", reason="维持原认定")


def test_a_struck_problem_counts_no_more(office: Office) -> None:
    problem, _other = office.problem_in_work(), office.problem_in_work(number="2")
    office.do("dispute", problem, "civil_head", reason="没有这回事")
    office.on_paper("strike", problem, "supervisor", reason="异议属实")

    assert office.state(problem) == "struck"
    assert office.register().counts()["total"] == 1
    assert [one.id for one in office.register().out] == [problem]


def test_the_level_above_takes_a_problem_only_when_asked_and_gives_it_back(office: Office) -> None:
    problem = office.problem_in_work("time_limited")
    assert office.refusal("take_over", problem, "supervisor") == "no_raise_asked"
    office.do("request_raise", problem, "coordinator", reason="涉及区级部门")
    office.do("take_over", problem, "supervisor")
    assert office.register().counts()["total"] == 1

    office.do("give_back", problem, "supervisor", decision="由街道牵头", due_on=office.day(120))

    assert (office.state(problem), office.case(problem).due_on) == ("time_limited_fix", office.day(120))
    assert office.fields(problem)["original_due_on"] == office.day(90)


# --- (13): dismantled, new equipment waits for the budget ---


def _staged(office: Office) -> tuple[int, int, str]:
    problem = office.problem_in_work("immediate", "time_limited", number="13", due=office.day(20))
    dismantled, installed = office.measures(problem)
    office.finishes(dismantled)
    until = office.day(200)
    office.do("request_stage", problem, "civil_head", until=until, reason="新设备待下年度预算")
    office.on_paper("approve_stage", problem, "lead")
    return problem, installed, until


@pytest.mark.row(19)
def test_waiting_for_the_budget_is_done_for_this_stage(office: Office) -> None:
    problem, installed, until = _staged(office)
    office.after(60).sweep()

    [row] = office.register().rows
    assert (row.completion, row.is_done, row.is_overdue(office.register().as_of)) == ("staged", False, False)
    assert "阶段性完成，2026年12月18日复核" in office.register().where_it_stands(row)
    assert office.case(installed).due_on == until
    assert office.fields(problem)["original_due_on"] < office.today
    assert office.told_of(problem) == set()


@pytest.mark.row(20)
def test_on_the_review_date_it_wakes_by_itself(office: Office) -> None:
    problem, _, until = _staged(office)

    office.at(f"{until} 08:00").sweep()
    assert office.state(problem) == "staged"
    office.at(f"{until} 08:30").sweep()

    assert office.state(problem) == "time_limited_fix"
    assert office.case(problem).due_on == until
    told = {row.person_id for row in office.rows("line", rule="stage_over")}
    assert office.keys_of(sorted(told)) == ["civil_head", "coordinator", "lead", "officer", "second_coordinator"]
    assert office.breaks() == []


@pytest.mark.row(1)
def test_a_server_that_was_off_on_the_review_date_wakes_it_later(office: Office) -> None:
    problem, _, until = _staged(office)

    office.at(f"{until} 08:30").after(9).sweep()

    assert office.state(problem) == "time_limited_fix"


@pytest.mark.row(2)
def test_sweeping_again_does_nothing_more(office: Office) -> None:
    problem, _, until = _staged(office)
    office.at(f"{until} 08:30").sweep()
    before = len(office.actions(problem))

    assert all(office.sweep().looked_at == 0 for _ in range(5))

    assert len(office.actions(problem)) == before


def test_what_was_waited_for_comes_early_and_the_stage_is_over(office: Office) -> None:
    problem, installed, _ = _staged(office)

    office.after(30).finishes(installed)

    assert office.state(problem) == "close_out"


@pytest.mark.row(30)
def test_a_stage_whose_review_date_has_come_is_not_approved_any_more(office: Office) -> None:
    problem = office.problem_in_work("immediate", "time_limited")
    office.finishes(office.measures(problem)[0])
    office.do("request_stage", problem, "civil_head", until=office.day(1), reason="待预算")
    office.after(1)

    assert office.refusal("approve_stage", problem, "lead") == "stage_not_later"
    assert office.state(problem) == "time_limited_fix"


def test_a_stage_is_approved_by_somebody_else(office: Office) -> None:
    problem = office.problem_in_work("immediate", "time_limited", lead="coordinator")
    assert office.refusal("approve_stage", problem, "head") == "no_stage_asked"
    rest = {"until": office.day(200), "reason": "等预算"}
    assert office.refusal("request_stage", problem, "coordinator", **rest) == "nothing_done_yet"
    office.finishes(office.measures(problem)[0])
    office.do("request_stage", problem, "coordinator", **rest)

    assert office.refusal("approve_stage", problem, "coordinator") == "own_stage"
    assert office.refusal("withdraw_stage", problem, "civil_head") == "not_your_stage"
    office.do("withdraw_stage", problem, "coordinator")
    assert office.refusal("approve_stage", problem, "head") == "no_stage_asked"


# --- the sign-off: taken back, sent back ---


def test_a_signature_is_withdrawn_until_the_next_one_has_signed(office: Office) -> None:
    problem = office.problem_at_close_out()
    office.do("sign", problem, "civil_head")
    office.do("withdraw_signature", problem, "civil_head")
    office.do("sign", problem, "civil_head")
    office.do("sign", problem, "lead")

    assert office.refusal("withdraw_signature", problem, "civil_head") == "nothing_to_withdraw"
    office.do("sign", problem, "coordinator")
    office.do("decide", problem, "head")
    assert office.breaks() == []


def test_sent_back_to_a_step_the_ones_before_it_stand(office: Office) -> None:
    problem = office.signed_problem()

    rest = {"step": "lead_official", "reason": "请补充意见"}
    assert office.refusal("return_to_step", problem, "second_coordinator", **rest) == "not_your_step"
    office.do("return_to_step", problem, "head", **rest)

    standing = {row.step for row in office.rows("signature", root_id=problem) if row.voided_at is None}
    assert standing == {"department"}
    office.do("sign", problem, "lead")
    office.do("sign", problem, "coordinator")
    office.do("decide", problem, "head")
    assert office.breaks() == []


def test_it_is_not_sent_back_to_a_step_that_nobody_signed(office: Office) -> None:
    problem = office.problem_at_close_out()
    assert office.refusal("return_to_step", problem, "civil_head", step="department", reason="x") == (
        "nothing_to_return"
    )
    office.do("sign", problem, "civil_head")
    assert office.refusal("return_to_step", problem, "lead", step="coordinator", reason="x") == "step_not_signed"


def test_closing_too_early_is_refused_in_one_sentence(office: Office) -> None:
    """The period ends; the immediate work is done, the regulation is not issued."""
    problem = office.problem_in_work("immediate", "institutional")
    office.finishes(office.measures(problem)[0])

    [outcome] = office.send(office.command("decide", problem, "head"))

    assert outcome.refusal is not None
    assert office.house.desk.explain(outcome.refusal) == "“制度促改”还有 1 项措施没有完成。"
    assert office.register_row(problem).completion == "in_progress"


def test_a_relapse_that_comes_as_a_new_problem_names_the_old_one(office: Office) -> None:
    old, new = office.closed_problem("1"), office.opens_problem("2")
    assert office.refusal("link_relapse", new, "coordinator", earlier=new) == "not_an_earlier_problem"

    office.do("link_relapse", new, "coordinator", earlier=old)

    assert office.fields(new)["relapse_of"] == old
