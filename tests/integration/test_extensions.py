"""A request for more time is a life of its own: one at a time, answered by another, reported if it goes too far."""

import pytest
from office import Office


def _inspected(office: Office) -> int:
    office.inspection = office.open(
        "inspection", "coordinator", name="2026年常规巡察", feedback_on="2026-05-20", period_ends_on="2026-08-31"
    )
    office.issues_plan()
    return office.inspection


def _asks(office: Office, case: int, by: str, until: str) -> str | None:
    [outcome] = office.send(office.opening("extension", by, parent=case, until=until, reason="等审批"))
    return outcome.refusal.word if outcome.refusal else None


def test_several_in_sequence_are_counted_and_the_original_date_stays(office: Office) -> None:
    _inspected(office)
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    first = office.open("extension", "officer", parent=measure, until="2026-07-20", reason="等审批")
    assert _asks(office, measure, "civil_head", "2026-07-25") == "extension_waits"
    office.do("grant", first, "lead")
    second = office.open("extension", "civil_head", parent=measure, until="2026-08-10", reason="又流标")
    office.on_paper("grant", second, "lead")

    row = office.register_row(problem).measures[0]
    assert (row.due_on, row.clock.extensions, row.fields["original_due_on"]) == ("2026-08-10", 2, "2026-07-01")
    assert office.register().deadline(row) == "2026年8月10日，原定 2026年7月1日，已延期 2 次"
    assert office.fields(second)["asked_from"] == "2026-07-20"
    assert office.breaks() == []


def test_refused_or_withdrawn_changes_no_date_and_leaves_the_way_free(office: Office) -> None:
    _inspected(office)
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    asked = office.open("extension", "officer", parent=measure, until="2026-07-20", reason="等审批")
    office.do("refuse", asked, "lead", answer="按期办结")
    again = office.open("extension", "officer", parent=measure, until="2026-07-15", reason="等审批")
    assert office.refusal("withdraw", again, "civil_head") == "not_your_request"
    office.do("withdraw", again, "officer")

    assert office.case(measure).due_on == "2026-07-01"
    assert _asks(office, measure, "officer", "2026-06-30") == "not_later"
    assert _asks(office, measure, "officer", "2026-07-10") is None


def test_who_may_ask_and_who_may_answer(office: Office) -> None:
    _inspected(office)
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    assert _asks(office, problem, "officer", "2026-07-20") == "not_yours"
    assert _asks(office, measure, "coordinator", "2026-07-20") == "not_yours"
    asked = office.open("extension", "coordinator", parent=problem, until="2026-07-20", reason="等审批")
    assert office.refusal("grant", asked, "coordinator") == "not_yours"
    assert office.refusal("grant", asked, "officer") == "not_yours"
    office.do("grant", asked, "lead")
    assert office.case(problem).due_on == "2026-07-20"


def test_a_request_is_refused_by_whoever_could_grant_it_and_nobody_else(office: Office) -> None:
    _inspected(office)
    [measure] = office.measures(office.problem_in_work(due="2026-07-01"))
    within = office.open("extension", "officer", parent=measure, until="2026-07-20", reason="等审批")
    for who in ("head", "deputy"):
        assert office.refusal("refuse", within, who, answer="按期办结") == "not_yours"
    office.do("refuse", within, "coordinator", answer="按期办结")
    beyond = office.open("extension", "officer", parent=measure, until="2026-09-30", reason="等审批")
    for who in ("lead", "coordinator"):
        assert office.refusal("refuse", beyond, who, answer="按期办结") == "not_yours"
    office.do("refuse", beyond, "head", answer="按期办结")


def test_on_paper_the_signer_is_tested_and_not_the_recorder(office: Office) -> None:
    _inspected(office)
    problem = office.problem_in_work(due="2026-07-01", officers=["lead"])
    [measure] = office.measures(problem)
    asked = office.open("extension", "lead", parent=measure, until="2026-07-20", reason="等审批")
    own = office.command("grant", asked, "coordinator", signed_by="lead", basis="b" * 64)
    assert office.send(own)[0].refusal.word == "own_request"
    office.do("grant", asked, "coordinator")
    mine = office.open("extension", "coordinator", parent=problem, until="2026-07-20", reason="等审批")
    office.on_paper("grant", mine, "head")
    assert office.case(problem).due_on == "2026-07-20"


def test_beyond_the_rectification_period_the_head_decides_and_it_is_reported_upward(office: Office) -> None:
    _inspected(office)
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    asked = office.open("extension", "officer", parent=measure, until="2026-09-15", reason="等审批")
    assert office.refusal("grant", asked, "lead") == "beyond_period"
    assert office.refusal("grant_beyond_period", asked, "lead") == "not_yours"
    office.beat()
    assert any("申请延期至" in row.body for row in office.inbox("head"))
    assert not any("申请延期至" in row.body for row in office.inbox("lead"))

    office.do("grant_beyond_period", asked, "head")
    assert (office.state(asked), office.case(measure).due_on) == ("to_report", "2026-09-15")
    office.beat()
    office.after(1).do("report_upward", asked, "coordinator", report_number="柳街报〔2026〕8号")
    office.beat()

    fields = office.fields(asked)
    assert (office.state(asked), fields["reported_on"]) == ("granted", office.today)
    assert fields["report_number"] == "柳街报〔2026〕8号"
    assert any("请向区委巡察办上报" in row.body for row in office.inbox("coordinator"))
    assert any("现予上报" in row.body for row in office.inbox("supervisor"))


def test_a_request_lapses_when_the_matter_is_settled(office: Office) -> None:
    _inspected(office)
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    asked = office.open("extension", "officer", parent=measure, until="2026-07-20", reason="等审批")
    office.finishes(measure)
    assert office.state(asked) == "withdrawn"
    assert office.actions(problem).count("lapse") == 1
    assert _asks(office, measure, "officer", "2026-09-20") == "not_in_work"


@pytest.mark.row(18)
def test_a_deadline_given_as_a_period_knows_its_policy_and_is_paused_in_its_own_unit(office: Office) -> None:
    _inspected(office)
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    people = {
        "lead_official": office.people["lead"],
        "lead_department": office.departments["civil"],
        "officers": [office.people["officer"]],
    }
    assert office.refusal("assign", problem, "coordinator", **people) == "one_of"
    both = {**people, "due_on": "2026-08-01", "period": "3个月"}
    assert office.refusal("assign", problem, "coordinator", **both) == "one_of"
    assert office.refusal("assign", problem, "coordinator", **people, period="尽快") == "bad_period"
    office.do("assign", problem, "coordinator", **people, period="反馈之日起3个月")
    assert office.case(problem).due_on == "2026-08-20"
    measure = office.open(
        "measure", "coordinator", parent=problem, text="清理", track="immediate",
        officer=office.people["officer"], period="10个工作日",
    )  # fmt: skip
    office.do("begin", problem, "coordinator")
    before = office.case(measure).due_on
    friday = office.at("2026-06-05 10:00").today
    office.do("pause", measure, "civil_head", waiting_for="区局", reason="待批")
    office.at("2026-06-08 10:00").do("resume", measure, "officer")
    assert friday == "2026-06-05"
    assert (before, office.case(measure).due_on) == ("2026-06-15", "2026-06-16")


def test_more_time_that_has_passed_already_is_neither_asked_for_nor_granted(office: Office) -> None:
    """Overdue since the first of July; the last day that makes sense is the day itself."""
    _inspected(office)
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    office.at("2026-07-20 09:00")

    assert _asks(office, measure, "officer", "2026-07-19") == "not_later"
    asked = office.open("extension", "officer", parent=measure, until="2026-07-20", reason="等审批")
    assert office.at("2026-07-21 09:00").refusal("grant", asked, "lead") == "not_later"
    assert office.at("2026-07-20 18:00").refusal("grant", asked, "lead") is None
    assert office.case(measure).due_on == "2026-07-20"
