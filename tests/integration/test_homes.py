"""What each role finds when it arrives: what is theirs, why it is there, and nothing of other people's."""

from collections.abc import Callable
from datetime import date

import pytest
from browser import Browser
from counting import counted
from office import SHANGHAI, TABLES, Office
from sqlalchemy import insert

from desk.homes.auditor import auditor_sections, campaigns
from desk.homes.coordinator import coordinator_sections
from desk.homes.department import department_sections
from desk.homes.duties import duty_sections
from desk.homes.letters import letter_sections
from desk.homes.looking import Looking
from desk.homes.matter import Duty, Matter, Section
from desk.homes.officer import officer_sections
from desk.homes.official import head_sections, official_sections
from desk.homes.supervisor import supervisor_sections
from desk.make_wall_chart import mark_of
from engine.working_days import local_day

Sections = Callable[[Looking], list[Section]]
EVERY_HOME: tuple[Sections, ...] = (
    officer_sections, department_sections, letter_sections, official_sections, head_sections, coordinator_sections,
    auditor_sections, supervisor_sections, duty_sections,
)  # fmt: skip


def looking(office: Office, tx: object, who: str) -> Looking:
    return Looking(office.house.desk, tx, office.people[who], office.now, local_day(office.now, SHANGHAI))  # type: ignore[arg-type]


def seen(office: Office, home: Sections, who: str) -> dict[str, list[Matter]]:
    """The sections that hold something, by key."""
    with office.look() as tx:
        return {one.key: list(one.matters) for one in home(looking(office, tx, who)) if one.matters}


def cases(office: Office, home: Sections, who: str) -> dict[str, list[int]]:
    return {key: [one.case_id for one in matters] for key, matters in seen(office, home, who).items()}


def buttons(matter: Matter) -> list[str]:
    return [one.action for one in matter.buttons]


def test_an_officer_sees_what_is_late_soon_and_later_and_a_colleague_nothing_of_it(office: Office) -> None:
    problem = office.problem_in_work()
    [first] = office.measures(problem)
    measures = {
        "overdue": first,
        "soon": office.adds_measure(problem, due=office.day(40)),
        "later": office.adds_measure(problem, due=office.day(80)),
    }
    office.after(33)

    assert cases(office, officer_sections, "officer") == {key: [one] for key, one in measures.items()}
    for other in ("colleague", "outsider"):
        assert cases(office, officer_sections, other) == {}


def test_the_main_step_comes_first_and_no_change_only_until_the_week_has_its_report(office: Office) -> None:
    [measure] = office.measures(office.problem_in_work())
    [before] = seen(office, officer_sections, "officer")["later"]
    office.do("no_change", measure, "officer")
    [after] = seen(office, officer_sections, "officer")["later"]
    office.after(7)
    [next_week] = seen(office, officer_sections, "officer")["later"]

    assert buttons(before) == ["submit", "progress", "no_change"]
    assert (buttons(after), after.notes) == (["submit", "progress"], ("上次填报 2026-06-01：无变化",))
    assert buttons(next_week) == buttons(before)


def test_a_step_that_is_not_possible_yet_says_why(office: Office) -> None:
    office.opens_inspection(issued=False)
    office.adds_measure(office.assigned_problem(), "time_limited")

    [matter] = seen(office, officer_sections, "officer")["later"]
    assert (matter.buttons, matter.blocked[:9]) == ((), "整改方案印发后才能")


def test_what_was_sent_back_stands_first_with_its_reason(office: Office) -> None:
    [measure] = office.measures(office.problem_in_work())
    office.submits(measure)
    assert cases(office, officer_sections, "officer") == {"submitted": [measure]}

    office.do("return", measure, "civil_head", reason="照片看不清")

    [matter] = seen(office, officer_sections, "officer")["returned"]
    assert (matter.case_id, matter.notes) == (measure, ("2026-06-01 退回：照片看不清",))


def test_work_sent_back_by_a_signer_carries_the_signers_reason(office: Office) -> None:
    problem = office.problem_at_close_out()
    office.do("return_to_work", problem, "civil_head", reason="台账仍不完整")

    [matter] = seen(office, officer_sections, "officer")["returned"]
    assert matter.notes == ("2026-06-01 退回：台账仍不完整",)


def test_a_department_head_accepts_signs_and_sees_the_late_measures_of_the_department(office: Office) -> None:
    accepted, signed, late = (office.problem_in_work(number=number, due=office.day(9)) for number in "123")
    office.submits(office.measures(accepted)[0])
    office.finishes(office.measures(signed)[0])
    office.after(12)

    found = seen(office, department_sections, "civil_head")
    assert {key: [one.root_id for one in matters] for key, matters in found.items()} == {
        "to_accept": [accepted],
        "to_sign": [signed],
        "our_overdue": [accepted, late],
    }
    assert buttons(found["to_accept"][0]) == ["accept", "return"]
    assert found["our_overdue"][1].notes == ("措施“immediate措施”逾期3天",)
    assert cases(office, department_sections, "finance_head") == {}
    assert cases(office, department_sections, "outsider") == {}


def test_several_results_of_one_problem_are_accepted_in_one_press(office: Office) -> None:
    problem = office.problem_in_work("immediate", "immediate")
    for measure in office.measures(problem):
        office.submits(measure)

    [matter] = seen(office, department_sections, "civil_head")["to_accept"]
    assert (matter.case_id, buttons(matter)) == (problem, ["accept_results"])


def test_a_supporting_department_sees_where_it_helps(office: Office) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    office.do(
        "assign",
        problem,
        "coordinator",
        lead_official=office.people["lead"],
        lead_department=office.departments["civil"],
        supporting_departments=[office.departments["finance"]],
        officers=[office.people["officer"]],
        due_on=office.day(30),
    )

    assert cases(office, department_sections, "finance_head") == {"supporting": [problem]}


def test_only_exceptions_reach_a_lead_official_and_each_says_why(office: Office) -> None:
    late = office.problem_in_work(number="1", due=office.day(5))
    office.problem_in_work(number="2", due=office.day(90))
    office.problem_in_work(number="3", due=office.day(5), lead="other_lead")
    office.after(13).beat()

    [matter] = seen(office, official_sections, "lead")["lead_late"]
    assert (matter.case_id, matter.left) == (late, -8)
    assert matter.notes[0] == "卡在：还有 1 项措施没有完成（officer同志）"
    assert matter.notes[1].startswith("报到您这里的原因：2026-06-14“")
    assert cases(office, official_sections, "outsider") == {}


def test_a_decision_that_is_asked_can_be_taken_in_place(office: Office) -> None:
    asking = office.problem_in_work(number="1")
    signing = office.problem_at_close_out("2")
    request = office.open("extension", "civil_head", parent=asking, until=office.day(120), reason="等预算")
    office.do("sign", signing, "civil_head")

    found = seen(office, official_sections, "lead")["lead_decide"]
    assert [(one.case_id, one.root_id, buttons(one)) for one in found] == [
        (request, asking, ["grant", "refuse"]),
        (signing, signing, ["sign", "return_to_work"]),
    ]
    assert found[0].notes == (f"申请延期至 {office.day(120)}：等预算",)
    assert [one.case_id for one in seen(office, head_sections, "head")["head_decide"]] == [request]


def test_who_could_only_refuse_is_not_asked(office: Office) -> None:
    """For a measure the lead official and the coordinator answer; the head is asked beyond the period alone."""
    [measure] = office.measures(office.problem_in_work())
    office.open("extension", "officer", parent=measure, until=office.day(60), reason="等审批")

    assert cases(office, head_sections, "head") == {}
    assert "lead_decide" in cases(office, official_sections, "lead")


def test_an_extension_of_a_measure_waits_for_the_coordinator_too(office: Office) -> None:
    [measure] = office.measures(office.problem_in_work())
    request = office.open("extension", "officer", parent=measure, until=office.day(60), reason="等审批")

    [matter] = seen(office, coordinator_sections, "coordinator")["extensions"]
    assert (matter.case_id, buttons(matter)) == (request, ["grant", "refuse"])
    assert matter.notes == (f"申请措施“immediate措施”延期至 {office.day(60)}：等审批",)


def test_what_is_paused_is_not_late_and_says_what_it_waits_for(office: Office) -> None:
    [measure] = office.measures(office.problem_in_work())
    office.after(25)
    office.do("pause", measure, "civil_head", waiting_for="区财政局", reason="等批复")
    office.after(30)

    [matter] = seen(office, officer_sections, "officer")["later"]
    assert (matter.is_late, matter.left, "区财政局" in matter.paused) == (False, 6, True)


def test_the_heads_exceptions_stand_in_rank_order_whoever_has_the_more_or_the_later_ones(office: Office) -> None:
    by_other = [office.problem_in_work(number=number, due=office.day(3), lead="other_lead") for number in "12"]
    by_lead = office.problem_in_work(number="3", due=office.day(9))
    decided = office.signed_problem("4")
    office.after(20)

    found = cases(office, head_sections, "head")
    assert found == {"head_decide": [decided], "head_late": [by_lead, *by_other]}
    assert cases(office, head_sections, "outsider") == {}
    assert cases(office, head_sections, "officer") == {}


def test_a_coordinator_sees_what_to_arrange_whom_the_rest_waits_for_and_what_the_meeting_may_decide(
    office: Office,
) -> None:
    draft = office.opens_problem("1", draft_answer="已完成整改")
    assigned = office.assigned_problem("2")
    waiting = office.problem_at_close_out("3")
    ready = office.signed_problem("4")

    found = seen(office, coordinator_sections, "coordinator")
    assert {key: [one.case_id for one in matters] for key, matters in found.items()} == {
        "to_confirm": [draft],
        "to_assign": [assigned],
        "awaited": [waiting],
        "for_meeting": [ready],
    }
    assert (buttons(found["to_confirm"][0]), found["to_confirm"][0].notes) == (
        ["confirm"],
        ("文件中载有整改情况，已存为草稿，不算完成。",),
    )
    assert found["awaited"][0].notes == ("等待科室审核：civil_head同志",)
    assert cases(office, coordinator_sections, "outsider") == {}


def test_an_auditor_checks_the_sample_and_who_handled_it_is_told_to_step_aside(office: Office) -> None:
    problem = office.closed_problem()
    draws_sample(office)

    [matter] = seen(office, auditor_sections, "auditor")["to_check"]
    [sheet] = office.rows("cases", kind="review")
    [fill] = matter.buttons
    assert (matter.root_id, fill.action, fill.label, fill.on_page) == (problem, "begin", "填写核查单", True)
    assert (matter.case_id, matter.text) == (sheet.id, "核查单：待核查")
    assert f'<a class="button primary" href="/reviews/{sheet.id}">' in Browser(office).logged_in("auditor").sees(
        "/"
    )
    with office.look() as tx:
        [campaign] = campaigns(looking(office, tx, "auditor"))
    assert (campaign.checked, campaign.left) == (0, 1)
    assert cases(office, auditor_sections, "outsider") == {}


def test_what_was_put_right_is_not_late_for_ever(office: Office) -> None:
    office.closed_problem()
    draws_sample(office)
    office.after(400)

    [matter] = seen(office, auditor_sections, "auditor")["to_check"]
    assert (matter.left, matter.is_late) == (None, False)
    assert "逾期" not in Browser(office).logged_in("auditor").sees("/")


def test_a_problem_drawn_again_counts_in_the_newest_look_back_alone(office: Office) -> None:
    problem = office.closed_problem()
    draws_sample(office)
    office.do("pass_look_back", problem, "auditor", finding="到位")
    office.do("relapse", problem, "coordinator", finding="又不符")
    office.assigns(problem)
    office.finishes(office.adds_measure(problem))
    office.do("begin", problem, "coordinator")
    office.signs_up_to_meeting(problem)
    office.on_paper("decide", problem, "head")
    draws_sample(office, "第二次回头看")

    with office.look() as tx:
        found = campaigns(looking(office, tx, "auditor"))
    assert [(one.name, one.checked, one.left) for one in found] == [("第二次回头看", 0, 1), ("第一次回头看", 1, 0)]


def draws_sample(office: Office, name: str = "第一次回头看") -> None:
    from desk.draw_look_back import draw_look_back  # noqa: PLC0415
    from desk.finding import Inspection  # noqa: PLC0415

    inspection = Inspection(office.inspection, office.organizations["street"], "")
    draw_look_back(office.house.desk, inspection, name, "种子", office.actor("auditor"), office.now)


def test_a_supervisor_judges_what_was_reported_and_nobody_next_door_does(office: Office) -> None:
    problem = office.closed_problem()
    office.closed_problem("2")
    office.do("report_to_district", problem, "coordinator")

    found = seen(office, supervisor_sections, "supervisor")
    assert {key: [(one.case_id, buttons(one)) for one in matters] for key, matters in found.items()} == {
        "to_recognize": [(problem, ["recognize", "not_recognize"])]
    }
    assert cases(office, supervisor_sections, "outsider") == {}


def duties(office: Office, who: str) -> dict[str, list[Duty]]:
    """What is no part of a problem, by the key of its section."""
    with office.look() as tx:
        return {one.key: list(one.duties) for one in duty_sections(looking(office, tx, who)) if one.duties}


def promise(office: Office, problem: int, per: str = "month") -> int:
    units = [office.departments["civil"], office.departments["finance"]]
    return office.open(
        "commitment", "coordinator", problem_id=problem, text="每月清点一次", per=per, times=1, units=units,
        lead_department=units[0], officer=office.people["officer"],
    )  # fmt: skip


def test_a_sheet_waits_for_who_reports_it_once_its_period_nears_the_end(office: Office) -> None:
    commitment = promise(office, office.problem_in_work())
    assert duties(office, "civil_head") == {}

    office.after(20)
    for who in ("civil_head", "officer"):
        [sheet] = duties(office, who)["sheets"]
        assert (sheet.case_id, sheet.about, sheet.due_on) == (commitment, "2026年6月填报表", "2026-06-30")
        assert [(one.label, one.on_page) for one in sheet.buttons] == [("填报", True)]
    for who in ("finance_head", "coordinator", "colleague", "outsider"):
        assert "sheets" not in duties(office, who)
    assert f'<a class="button primary" href="/commitments/{commitment}">' in Browser(office).logged_in(
        "officer"
    ).sees("/")

    office.do("fill_sheet", commitment, "civil_head", counts=["1", "1"])
    assert duties(office, "civil_head") == {}


def test_a_period_that_ended_without_its_sheet_is_late_until_it_has_one(office: Office) -> None:
    commitment = promise(office, office.problem_in_work())
    office.after(31).beat()

    [sheet] = duties(office, "civil_head")["sheets"]
    assert (sheet.about, sheet.left, sheet.is_late) == ("2026年6月填报表", -2, True)
    office.do("fill_sheet", commitment, "civil_head", counts=["1", "1"], period="2026-06")
    assert duties(office, "civil_head") == {}


def milestone(office: Office, name: str, due_on: str, officer: str | None = None) -> int:
    params = {"name": name, "due_on": due_on, "officer": office.people[officer] if officer else None}
    return office.open("milestone", "coordinator", parent=office.inspection, **params)


def test_a_milestone_waits_for_the_coordinator_and_its_officer_a_fortnight_before_its_day(office: Office) -> None:
    office.opens_inspection()
    near = milestone(office, "body_report", office.day(14), "officer")
    milestone(office, "evaluation", office.day(15))

    for who in ("coordinator", "officer"):
        [one] = duties(office, who)["milestones"]
        assert (one.case_id, one.left, [button.action for button in one.buttons]) == (near, 14, ["complete"])
    for who in ("colleague", "head", "outsider"):
        assert duties(office, who) == {}
    page = Browser(office).logged_in("coordinator").sees("/")
    assert f'href="/inspections/{office.inspection}#milestones"' in page
    assert f'href="/cases/{near}/actions/complete?back=/"' in page
    office.after(16)
    assert [one.is_late for one in duties(office, "coordinator")["milestones"]] == [True, True]


def follows_leads(office: Office) -> None:
    """The accountant sits on the discipline committee too."""
    values = {"organization_id": office.organizations["street"], "role": "discipline", "title": ""}
    person = {"person_id": office.people["accountant"], "from_on": "2026-01-01"}
    office.write(insert(TABLES["post"]).values({**values, **person}))


def test_open_leads_wait_for_the_discipline_committee_alone(office: Office) -> None:
    follows_leads(office)
    lead = office.open("lead", "accountant", number="2026-7", handling_body="区纪委", transferred_on=office.today)

    [one] = duties(office, "accountant")["leads"]
    assert (one.case_id, one.title, one.due_on) == (lead, "线索 2026-7", "2026-09-01")
    for who in ("coordinator", "officer", "outsider"):
        assert duties(office, who) == {}
        assert "2026-7" not in Browser(office).logged_in(who).sees("/")
    office.do("complete", lead, "accountant", done_on=office.today)
    assert duties(office, "accountant") == {}


@pytest.mark.parametrize("who", ["civil_head", "officer", "coordinator", "accountant"])
def test_as_many_queries_for_twelve_duties_as_for_two(office: Office, who: str) -> None:
    problem = office.problem_in_work()
    follows_leads(office)
    names = ("feedback_published", "plan_reported", "body_report", "head_report", "evaluation", "continuing")

    def more(places: range) -> int:
        for place in places:
            promise(office, problem)
            milestone(office, names[place], office.day(20), "officer")
            office.open(
                "lead", "accountant", number=f"2026-{place}", handling_body="区纪委", transferred_on=office.today
            )
        with counted(office.database) as count, office.look() as tx:
            office.now += 20 * 24 * 3600
            duty_sections(looking(office, tx, who))
            office.now -= 20 * 24 * 3600
            return count()

    more(range(2))  # reads the editions that a process reads once
    assert more(range(0)) == more(range(2, 6))


@pytest.mark.parametrize("who", ["officer", "civil_head", "lead", "head", "coordinator"])
def test_as_many_queries_for_twelve_problems_as_for_two(office: Office, who: str) -> None:
    def queries() -> int:
        with counted(office.database) as count, office.look() as tx:
            there = looking(office, tx, who)
            for home in EVERY_HOME:
                home(there)
            return count()

    office.many_problems(2, due=office.day(5))
    office.after(10).beat()
    queries()  # reads the editions that a process reads once
    before = queries()
    office.now -= 10 * 24 * 3600
    office.many_problems(10, due=office.day(5))
    office.after(10).beat()

    assert queries() == before


def test_days_are_those_of_the_office(office: Office) -> None:
    """Half past midnight in Shanghai is still the day before in UTC."""
    office.problem_in_work(due="2026-06-05")
    office.at("2026-06-06 00:30")

    [matter] = seen(office, officer_sections, "officer")["overdue"]
    assert (matter.left, date.fromisoformat(matter.due_on or "")) == (-1, date(2026, 6, 5))


def test_what_waits_for_the_budget_stays_on_the_leaders_list_and_is_not_red_once_approved(
    office: Office,
) -> None:
    """Dismantled, the new equipment waits for the budget: done for this stage, with a review date."""
    problem = office.problem_in_work("immediate", "time_limited", due=office.day(20))
    office.finishes(office.measures(problem)[0])
    office.do("request_stage", problem, "civil_head", until=office.day(200), reason="新设施等明年预算")

    [asked] = seen(office, official_sections, "lead")["lead_decide"]
    assert (buttons(asked), asked.notes) == (
        ["approve_stage", "refuse_stage"],
        (f"阶段性完成，{office.day(200)} 复核：新设施等明年预算",),
    )
    office.do("approve_stage", problem, "lead")
    office.after(60)

    for home, who, key in ((official_sections, "lead", "lead_staged"), (head_sections, "head", "head_staged")):
        found = seen(office, home, who)
        assert {name: [(one.case_id, one.is_late) for one in matters] for name, matters in found.items()} == {
            key: [(problem, False)]
        }
    row = office.register_row(problem)
    assert (mark_of(row, local_day(office.now, SHANGHAI)), row.completion) == ("staged", "staged")


def test_a_dispute_reaches_the_coordinator_and_a_raise_the_supervisor(office: Office) -> None:
    disputed, raised = office.problem_in_work(number="1"), office.problem_in_work(number="2")
    office.do("dispute", disputed, "civil_head", reason="数据有误")
    office.do("request_raise", raised, "coordinator", reason="涉及跨区")

    [matter] = seen(office, coordinator_sections, "coordinator")["disputed"]
    assert (matter.case_id, matter.notes) == (disputed, ("对事实有异议：数据有误",))
    [matter] = seen(office, supervisor_sections, "supervisor")["raised"]
    assert (matter.case_id, buttons(matter)) == (raised, ["take_over", "decline_raise"])


def late_problem_with_letter(office: Office) -> tuple[int, int]:
    problem = office.problem_in_work(due=office.day(2))
    office.after(5)
    return problem, office.open("letter", "coordinator", parent=problem, form="督办单", due_on=office.day(7))


def test_a_letter_waits_for_the_officer_and_the_department_until_it_is_answered(office: Office) -> None:
    _, letter = late_problem_with_letter(office)
    for who in ("officer", "civil_head"):
        [matter] = seen(office, letter_sections, who)["letters"]
        assert (matter.case_id, matter.kind, buttons(matter)) == (letter, "letter", ["receive", "answer"])
    for other in ("colleague", "lead", "coordinator", "outsider"):
        assert seen(office, letter_sections, other) == {}

    office.do("receive", letter, "officer")
    [matter] = seen(office, letter_sections, "officer")["letters"]
    assert buttons(matter) == ["answer"]
    office.do("answer", letter, "officer", answer="月底清完")
    assert seen(office, letter_sections, "officer") == seen(office, letter_sections, "civil_head") == {}


def test_an_answered_letter_goes_back_to_who_ends_it(office: Office) -> None:
    _, letter = late_problem_with_letter(office)
    office.do("answer", letter, "officer", answer="月底清完")

    for home, who, key in (
        (coordinator_sections, "coordinator", "letters_answered"),
        (official_sections, "lead", "lead_decide"),
    ):
        [matter] = seen(office, home, who)[key]
        assert (matter.case_id, buttons(matter), matter.notes) == (letter, ["close", "return"], ("回复：月底清完",))
    office.do("close", letter, "coordinator")
    assert "letters_answered" not in seen(office, coordinator_sections, "coordinator")


def test_a_leader_decides_in_place_by_a_letter_or_on_the_one_that_is_out(office: Office) -> None:
    problem = office.problem_in_work(due=office.day(2))
    office.after(5)
    [late] = seen(office, official_sections, "lead")["lead_late"]
    assert [(one.case_id, one.opens) for one in late.buttons] == [(problem, "letter")]

    letter = office.open("letter", "lead", parent=problem, form="督办单", due_on=office.day(7))
    for home, who, key in ((official_sections, "lead", "lead_late"), (head_sections, "head", "head_late")):
        [late] = seen(office, home, who)[key]
        assert [(one.case_id, one.action) for one in late.buttons] == [(letter, "instruct")]


def test_an_instruction_waits_for_whom_it_names(office: Office) -> None:
    _, letter = late_problem_with_letter(office)
    instructed = {"text": "本周五前报完成日期", "officer": office.people["colleague"], "due_on": office.day(3)}
    office.do("instruct", letter, "lead", **instructed)

    [matter] = seen(office, letter_sections, "colleague")["letters"]
    assert (matter.kind, matter.text, buttons(matter)) == ("instruction", "批示：本周五前报完成日期", ["answer"])
    office.do("answer", matter.case_id, "colleague", answer="已定在10日")
    assert seen(office, letter_sections, "colleague") == {}
    assert buttons(seen(office, official_sections, "lead")["lead_decide"][0]) == ["close", "return"]


def test_a_problem_with_a_late_measure_stands_with_the_late_ones_of_its_department(office: Office) -> None:
    problem = office.problem_in_work(due=office.day(60))
    office.adds_measure(problem, due=office.day(5))
    office.after(9)

    [matter] = seen(office, department_sections, "civil_head")["our_overdue"]
    assert (matter.case_id, matter.is_late, len(matter.notes)) == (problem, False, 1)
