"""Work that waits on others: no reminder, no breach, a later deadline, and everybody can see why."""

from datetime import date

import pytest
from office import Office, instant
from sqlalchemy import select

from desk.forecast import forecast
from desk.make_wall_chart import wall_chart
from desk.why import Question, sentence, why
from documents.wall_chart import Mark
from engine.tables import Case
from xiaohao.bootstrap import delivery

WAITS = {"waiting_for": "区财政评审", "reason": "预算待批"}


def _clock(office: Office, case: int) -> tuple[str | None, int | None]:
    row = office.case(case)
    return row.due_on, row.next_alert_at


@pytest.mark.row(18)
def test_while_paused_nobody_is_reminded_and_the_deadline_moves_by_the_paused_days(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    office.at("2026-06-24 09:00").sweep()
    before = office.steps(problem)
    office.do("pause", measure, "civil_head", **WAITS)
    office.do("pause", problem, "coordinator", **WAITS)
    assert _clock(office, measure) == ("2026-07-01", instant("2026-07-24 08:30"))

    office.at("2026-07-20 09:00").sweep()
    assert office.steps(problem) == before
    assert not office.register_row(problem).is_overdue(date(2026, 7, 20))
    assert "暂停中（等待区财政评审，自2026年6月24日）" in office.register().where_it_stands(
        office.register_row(problem)
    )

    office.do("resume", problem, "coordinator")
    office.do("resume", measure, "officer")
    assert office.case(problem).due_on == office.case(measure).due_on == "2026-07-27"
    assert office.case(problem).deadline_no == 0
    office.at("2026-07-22 09:00").sweep()
    assert office.steps(problem)[len(before) :][-1] == "five_days 1"
    assert office.fields(measure)["original_due_on"] == "2026-07-01"
    assert office.breaks() == []


def test_the_wall_chart_shows_a_problem_whose_only_open_measure_waits_as_paused(office: Office) -> None:
    problem = office.problem_in_work("immediate", "time_limited", due="2026-07-01")
    done, waiting = office.measures(problem)
    office.finishes(done)
    assert _drawn(office)[0] == "in_work"
    office.do("pause", waiting, "civil_head", **WAITS)
    assert _drawn(office) == ("paused", ("整改中", "措施已暂停", "还剩30天"), ["done", "paused", None])
    office.at("2026-07-05 09:00")
    assert _drawn(office) == ("overdue", ("整改中", "措施已暂停", "逾期4天"), ["done", "paused", None])
    office.do("pause", problem, "coordinator", **WAITS)
    assert _drawn(office)[:2] == ("overdue", ("整改中", "已暂停"))


def _drawn(office: Office) -> tuple[Mark, tuple[str, ...], list[Mark | None]]:
    """The mark of the only problem, the words beside it, and the marks of its three tracks."""
    [row] = wall_chart(office.register()).areas[0].rows
    return row.mark, row.standing, [step.mark for step in row.steps[:3]]


def test_measures_wait_with_their_problem_and_go_on_with_it(office: Office) -> None:
    problem = office.problem_in_work("immediate", "time_limited", due="2026-07-01")
    own, other = office.measures(problem)
    office.do("pause", own, "civil_head", **WAITS)
    office.after(1).do("pause", problem, "lead", waiting_for="区委批复", reason="方案待批")

    assert office.refusal("resume", other, "officer") == "paused_with_problem"
    assert office.refusal("submit", other, "officer", result="已清理") == "paused"
    more = office.opening(
        "measure", "coordinator", parent=problem, text="补", track="immediate",
        officer=office.people["officer"], due_on="2026-09-01",
    )  # fmt: skip
    assert office.send(more)[0].refusal.word == "paused"

    office.after(4).do("resume", problem, "civil_head")
    assert office.case(other).due_on == office.case(problem).due_on == "2026-07-05"
    assert office.case(other).next_alert_at != office.case(own).next_alert_at
    office.after(5).do("resume", own, "civil_head")
    assert office.case(own).due_on == "2026-07-10"


def test_officers_do_not_pause_their_own_work_but_go_on_by_themselves(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01", officers=["civil_head"])
    [measure] = office.measures(problem)
    assert office.refusal("pause", measure, "civil_head", **WAITS) == "own_pause"
    office.on_paper("pause", measure, "lead", **WAITS)
    assert (
        office.refusal("pause", measure, "coordinator", **WAITS) == "not_paused"
        or office.refusal("pause", measure, "coordinator", **WAITS) == "paused"
    )
    office.do("resume", measure, "civil_head")
    assert office.case(measure).due_on == "2026-07-01"


def test_a_result_accepted_while_paused_ends_the_pause(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    office.submits(measure)
    office.do("pause", problem, "coordinator", **WAITS)
    office.after(3).do("accept", measure, "civil_head")

    assert office.case(measure).due_on == "2026-07-03"
    assert '"2026-' in office.case(measure).term
    assert office.breaks() == []


@pytest.mark.row(18)
def test_why_says_paused_and_the_forecast_only_asks_the_coordinator_to_look_after_it(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    office.do("pause", problem, "coordinator", **WAITS)
    since = office.today
    office.beat()
    office.at("2026-07-03 09:00").beat()
    desk = office.house.desk
    answer = why(desk, Question(office.people["officer"], problem, date(2026, 7, 3)), office.now)
    sentences = {sentence(desk.words, one) for one in answer.findings}
    assert sentences == {f"没有提醒：{since} 起暂停，等待区财政评审。"}
    with office.look() as tx:
        found = forecast(tx, office.house.runtime, delivery(office.house, tx), office.now, office.now + 50 * 86400)
    reminded = {one.person_id for one in found.messages if any(m.facts.get("step") for m in one.matters)}
    assert reminded == {office.people["coordinator"], office.people["second_coordinator"]}
    assert found.lapses == ()


def test_a_reminder_packed_after_the_pause_is_dropped(office: Office) -> None:
    """Due at 8:30, paused before the sweep's line was packed."""
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    office.at("2026-06-26 09:00").sweep()
    office.do("pause", measure, "civil_head", **WAITS)
    office.beat()
    texts = [row.body for row in office.inbox("officer")]
    assert texts
    assert all("还剩" not in text for text in texts)
    assert any("已暂停，等待区财政评审" in text for text in texts)


def test_another_deadline_does_not_end_a_pause(office: Office) -> None:
    """Done for this stage while everything waits: what was paused together is resumed together."""
    problem = office.problem_in_work("immediate", "time_limited", due="2026-07-01")
    done, waiting = office.measures(problem)
    office.finishes(done)
    office.do("pause", problem, "coordinator", **WAITS)
    office.do("request_stage", problem, "civil_head", until="2027-01-10", reason="等待下年度预算")
    office.do("approve_stage", problem, "lead")
    assert office.case(problem).due_on == "2027-01-10"
    assert office.register_row(problem).clock.pause
    office.after(10).do("resume", problem, "coordinator")
    assert office.case(problem).due_on == office.case(waiting).due_on == "2027-01-19"


def test_a_new_round_begins_without_the_pauses_of_the_last(office: Office) -> None:
    problem = office.relapsed_problem()
    with office.look() as tx:
        assert tx.connection.execute(select(Case.term).where(Case.id == problem)).scalar_one() is None


@pytest.mark.row(10)
def test_a_pause_that_nobody_ends_comes_back_to_the_coordinator_for_ever(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    office.at("2026-06-03 09:00").do("pause", problem, "coordinator", **WAITS)
    office.beat()
    office.at("2026-07-02 09:00").beat()
    assert office.steps(problem) == []
    office.at("2026-07-03 09:00").beat()
    assert office.told_of(problem) == {"coordinator", "second_coordinator"}
    assert office.told_of(measure) == set()
    told = office.inbox("coordinator")[-1].body
    assert "（1）台账不实：自6月3日起暂停，等待区财政评审，至今没有恢复，请过问进展；" in told
    assert "逾期" not in told

    for day in ("2026-08-03", "2026-09-03", "2027-07-05"):
        office.at(f"{day} 09:00").beat()
    assert {step.split()[0] for step in office.steps(problem)} == {"to_coordinator", "to_lead_official"}
    assert office.told_of(problem) == {"coordinator", "second_coordinator", "lead"}
    assert office.case(problem).next_alert_at == instant("2027-08-01 08:30")
    assert office.breaks() == []


def test_a_second_pause_is_told_of_from_its_own_first_day(office: Office) -> None:
    problem = office.problem_in_work(due="2026-12-01")
    office.at("2026-06-03 09:00").do("pause", problem, "coordinator", **WAITS)
    office.at("2026-07-06 09:00").sweep()
    office.do("resume", problem, "coordinator")
    office.at("2026-07-13 09:00").do("pause", problem, "coordinator", **WAITS)
    office.at("2026-08-11 09:00").sweep()
    assert office.steps(problem).count("to_coordinator 1") == 1
    office.at("2026-08-12 09:00").sweep()
    assert office.steps(problem).count("to_coordinator 1") == 2


def test_a_reminder_of_a_pause_that_ended_is_dropped(office: Office) -> None:
    problem = office.problem_in_work(due="2026-12-01")
    office.at("2026-06-03 09:00").do("pause", problem, "coordinator", **WAITS)
    office.at("2026-07-03 20:00").sweep()
    office.do("resume", problem, "head")
    office.at("2026-07-06 09:00").beat()
    assert all("请过问进展" not in row.body for row in office.inbox("coordinator"))


@pytest.mark.row(13)
def test_a_pause_begins_and_ends_on_local_days_on_a_server_in_utc(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """00:30 in Shanghai is still the day before in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    problem = office.problem_in_work(due="2026-07-01")
    office.at("2026-06-10 00:30").do("pause", problem, "coordinator", **WAITS)
    office.at("2026-06-13 00:30").do("resume", problem, "coordinator")
    assert '["2026-06-10","2026-06-12"' in office.case(problem).term
    assert office.case(problem).due_on == "2026-07-04"
