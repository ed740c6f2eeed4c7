"""An officer's work lent to a colleague until a day: both can do it, one answers for it, history says for whom."""

import json
from dataclasses import dataclass

import pytest
from office import SHANGHAI, Office

from desk.homes.looking import Looking
from desk.homes.officer import officer_sections
from desk.problem_sheet import problem_sheet
from engine.working_days import local_day
from workflows.rectification.story import tell


@dataclass(frozen=True)
class Asker:
    person_id: int
    now: int
    day: str


@pytest.fixture
def lent(office: Office) -> tuple[int, int]:
    """A problem with one measure that the officer has lent to the colleague for five days more."""
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    lends(office, measure)
    return problem, measure


def lends(office: Office, case: int, to: str = "colleague", by: str = "officer", days: int = 5) -> None:
    office.do("delegate", case, by, to=office.people[to], until=office.day(days), reason="外出培训")


def refused(office: Office, case: int, to: str, by: str = "officer", days: int = 5) -> str | None:
    person = office.people[to]
    return office.refusal("delegate", case, by, to=person, until=office.day(days), reason="外出培训")


def bears(office: Office, case: int) -> list[tuple[str, int | None, str, str | None]]:
    rows = sorted(office.rows("assignment", case_id=case), key=lambda one: one.id)
    return [(row.role, row.person_id, row.from_on, row.to_on) for row in rows]


def heard(office: Office, who: str) -> str:
    return "\n".join(row.body for row in office.inbox(who))


def told(office: Office, problem: int) -> list[str]:
    with office.database.read() as tx:
        entries = tell(office.house.runtime.view(tx), problem, office.house.desk.words)
    return [f"{one.who}：{one.what}（{'；'.join(one.details)}）" for one in entries]


@pytest.mark.row(24)
def test_both_can_do_it_until_the_day_is_over_and_nothing_need_end_it(
    office: Office, lent: tuple[int, int]
) -> None:
    _, measure = lent
    assert bears(office, measure) == [
        ("officer", office.people["officer"], office.today, None),
        ("delegate", office.people["colleague"], office.today, office.day(5)),
    ]
    office.do("progress", measure, "colleague", text="已联系施工单位")
    office.do("progress", measure, "officer", text="电话跟进")
    office.after(5)
    office.do("progress", measure, "colleague", text="最后一天")
    office.after(1)
    assert office.refusal("progress", measure, "colleague", text="已过期") == "not_yours"
    office.do("progress", measure, "officer", text="继续")
    assert office.breaks() == []


@pytest.mark.row(24)
def test_history_says_for_whom_the_colleague_worked(office: Office, lent: tuple[int, int]) -> None:
    problem, measure = lent
    office.do("progress", measure, "colleague", text="已联系施工单位")
    story = told(office, problem)
    given = next(one for one in story if "委托办理" in one)
    assert all(one in given for one in ("officer同志：", "colleague同志", office.day(5), "外出培训"))
    assert any(one.startswith("colleague同志（代officer同志）：") and "填报进展" in one for one in story)
    assert not any(one.startswith("officer同志（代") for one in story)


def test_who_acts_in_a_role_of_their_own_acts_for_nobody(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    lends(office, measure, to="civil_head")
    office.do("progress", measure, "civil_head", text="科长代办")
    office.do("comment", measure, "civil_head", text="科长的备注")
    story = told(office, problem)
    assert any(one.startswith("civil_head同志（代officer同志）") and "填报进展" in one for one in story)
    assert any(one.startswith("civil_head同志：") and "备注" in one for one in story)


@pytest.mark.row(24)
def test_who_did_the_work_on_loan_does_not_judge_it(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    lends(office, measure, to="civil_head")
    office.submits(measure, "civil_head")
    office.after(6)
    assert office.refusal("accept", measure, "civil_head") == "own_result"
    office.do("accept", measure, "civil_deputy")


def test_handed_back_early_today_is_the_last_day_and_both_are_told(office: Office, lent: tuple[int, int]) -> None:
    problem, measure = lent
    office.beat()
    assert "委托colleague同志代为办理" in heard(office, "colleague")
    assert "委托" not in heard(office, "officer")
    office.after(1)
    office.do("hand_back", measure, "civil_head", reason="提前返回")
    office.beat()
    assert "委托办理今日结束" in heard(office, "colleague")
    assert "委托办理今日结束" in heard(office, "officer")
    assert any("交回" in one and "提前返回" in one for one in told(office, problem))
    assert office.refusal("hand_back", measure, "officer", reason="再交一次") == "not_delegated"
    lends(office, measure, to="accountant")
    office.after(1)
    assert office.refusal("progress", measure, "colleague", text="已过期") == "not_yours"
    office.do("progress", measure, "accountant", text="接着办")


@pytest.mark.row(24)
def test_alerts_reach_the_colleague_while_it_lasts(office: Office) -> None:
    problem = office.problem_in_work(due=office.day(2))
    [measure] = office.measures(problem)
    lends(office, measure)
    office.after(1)
    office.beat()
    [alert] = office.rows("history", case_id=measure, action="alert")
    told_of_it = json.loads(alert.changes)["said"]["told"]
    assert set(office.keys_of(told_of_it)) == {"officer", "colleague"}


def test_what_is_refused_says_why(office: Office, lent: tuple[int, int]) -> None:
    problem, measure = lent
    assert refused(office, measure, "accountant") == "delegated_already"
    assert refused(office, problem, "officer") == "works_on_it_already"
    assert refused(office, problem, "colleague", days=-1) == "until_is_over"
    assert refused(office, problem, "colleague", by="outsider") == "not_yours"
    office.after(5)
    assert refused(office, measure, "accountant", by="colleague") == "lent_is_not_lent_on"
    lends(office, measure, to="accountant", by="civil_head")


def test_what_was_lent_ends_when_the_officer_hands_over(office: Office, lent: tuple[int, int]) -> None:
    _, measure = lent
    office.after(1)
    office.do("hand_over", measure, "coordinator", to=office.people["accountant"], reason="轮岗")
    assert office.refusal("progress", measure, "colleague", text="还在办") == "not_yours"
    office.do("progress", measure, "accountant", text="接手")


@pytest.mark.row(24)
def test_a_colleague_who_leaves_has_no_successor_and_a_leaving_officer_has(
    office: Office, lent: tuple[int, int]
) -> None:
    _, measure = lent
    leaving = {"last_day": office.day(1), "to": office.people["accountant"]}
    office.do("succeed", measure, "coordinator", leaver=office.people["colleague"], **leaving)
    assert bears(office, measure)[1:] == [("delegate", office.people["colleague"], office.today, office.day(1))]
    office.do("succeed", measure, "coordinator", leaver=office.people["officer"], **leaving)
    office.after(2)
    assert office.refusal("progress", measure, "colleague", text="已离任") == "not_yours"
    office.do("progress", measure, "accountant", text="接手")
    assert office.breaks() == []


def test_the_officer_of_a_problem_lends_it_with_its_measures(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    lends(office, problem, by="civil_head")
    office.do("progress", measure, "colleague", text="统筹办理")
    office.do("hand_back", problem, "officer", reason="已返回")
    office.after(1)
    assert office.refusal("progress", measure, "colleague", text="已交回") == "not_yours"


def test_the_home_and_the_page_show_it(office: Office, lent: tuple[int, int]) -> None:
    problem, measure = lent
    assert owed(office, "colleague") == owed(office, "officer") == [measure]
    with office.database.read() as tx:
        who = Asker(office.people["officer"], office.now, office.today)
        sheet = problem_sheet(office.house.desk, tx, problem, who)
    [shown] = [one for some in sheet.tracks.values() for one in some]
    assert shown.officers == ("officer同志",)
    assert [(one.name, one.to_on) for one in shown.delegates] == [("colleague同志", office.day(5))]
    office.after(6)
    assert owed(office, "colleague") == []


def owed(office: Office, who: str) -> list[int]:
    with office.database.read() as tx:
        day = local_day(office.now, SHANGHAI)
        looking = Looking(office.house.desk, tx, office.people[who], office.now, day)
        return [one.case_id for section in officer_sections(looking) for one in section.matters]
