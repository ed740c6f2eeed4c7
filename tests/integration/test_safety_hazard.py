"""The neighbour in its own folder lives a whole life through the same door, with no code of its own."""

import io
import json
from typing import Any

import docx
import pytest
from browser import Browser
from office import Office

from desk.forecast import forecast
from desk.outlook import outlook
from desk.set_up_office import set_up_office
from xiaohao.bootstrap import delivery

INSPECTORS = {
    "people": [
        {
            "key": key,
            "name": name,
            "email": f"{key}@street.test",
            "rank_order": 50,
            "posts": [{"unit": "street", "role": "safety_inspector"}],
        }
        for key, name in (("inspector", "安监甲"), ("second_inspector", "安监乙"))
    ]
}


@pytest.fixture
def office(office: Office) -> Office:
    set_up_office(office.house.desk, INSPECTORS, "2026-01-01")
    return Office(office.house)


def reported(office: Office) -> int:
    return office.open("hazard", "inspector", title="疏散通道堵塞", place="柳林集贸市场二层", found_on=office.today)


def graded(office: Office, grade: str = "general", **rest: Any) -> int:
    hazard = reported(office)
    given = {
        "lead_official": office.people["lead"],
        "lead_department": office.departments["civil"],
        "officer": office.people["officer"],
    }
    office.do("grade", hazard, "inspector", grade=grade, **given | rest)
    return hazard


def closed(office: Office) -> int:
    hazard = graded(office)
    office.do("submit_fix", hazard, "officer", result="杂物已清空")
    office.do("accept", hazard, "inspector")
    return hazard


def test_a_hazard_lives_from_its_report_to_its_second_round(office: Office) -> None:
    hazard = graded(office)
    office.do("submit_fix", hazard, "officer", result="杂物已清空")
    office.do("return_fix", hazard, "inspector", reason="消防栓仍被遮挡")
    office.do("submit_fix", hazard, "officer", result="消防栓前已清空")
    office.do("accept", hazard, "inspector")
    office.do("start_reinspection", hazard, "second_inspector")
    office.do("relapse", hazard, "second_inspector", finding="通道再次堆放货物")
    office.do("submit_fix", hazard, "officer", result="已划线并上锁")
    office.do("accept", hazard, "inspector")
    office.do("start_reinspection", hazard, "second_inspector")
    office.do("pass_reinspection", hazard, "second_inspector", finding="通道畅通")

    row = office.case(hazard)
    assert (row.state, row.round, row.live) == ("settled", 2, 0)
    fields = office.fields(hazard)
    assert (fields["close_number"], fields["close_year"], fields["finding"]) == (1, 2026, "通道畅通")
    assert office.breaks() == []


def test_its_deadline_follows_from_its_grade(office: Office) -> None:
    hazard = graded(office)
    assert office.case(hazard).due_on == "2026-06-23"  # 15 worked days from 1 June, one of them 端午

    office.do("regrade", hazard, "inspector", grade="major", reason="涉及人员密集场所")

    assert office.case(hazard).due_on == "2026-06-08"
    assert office.refusal("regrade", hazard, "inspector", grade="major", reason="再调") == "same_grade"


def test_a_major_hazard_is_accepted_by_the_head_alone(office: Office) -> None:
    hazard = graded(office, "major")
    office.do("submit_fix", hazard, "officer", result="已停用并更换")

    assert office.refusal("accept", hazard, "inspector") == "hazard_is_major"
    office.on_paper("accept_major", hazard, "head", by="inspector")

    assert office.state(hazard) == "closed"


def test_nobody_accepts_their_own_work(office: Office) -> None:
    hazard = graded(office, officer=office.people["inspector"])
    office.do("submit_fix", hazard, "inspector", result="自行整改")

    assert office.refusal("accept", hazard, "inspector") == "own_fix"
    office.do("accept", hazard, "second_inspector")


def test_what_is_not_a_hazard_is_laid_down_with_its_reason(office: Office) -> None:
    hazard = reported(office)
    office.do("dismiss", hazard, "inspector", reason="通道另有出口，符合规范")

    assert office.state(hazard) == "dismissed"
    assert office.refusal("submit_fix", hazard, "officer", result="没有") == "not_yours"


def test_the_outsider_neither_reports_nor_touches_a_hazard(office: Office) -> None:
    hazard = graded(office)

    assert office.refusal("submit_fix", hazard, "outsider", result="混入") == "not_yours"
    [opened] = office.send(office.opening("hazard", "outsider", title="假", place="假", found_on=office.today))
    assert opened.refusal is not None
    assert opened.refusal.word == "not_yours"


def told_on(office: Office, hazard: int, local: str) -> set[str]:
    """Who hears of a hazard in a sweep at this moment."""
    before = len(office.rows("history", action="alert", case_id=hazard))
    office.at(local).sweep()
    rows = office.rows("history", action="alert", case_id=hazard)[before:]
    return {key for row in rows for key in office.keys_of(json.loads(row.changes)["said"]["told"])}


def test_the_ladder_of_the_office_climbs_for_it_too(office: Office) -> None:
    hazard = graded(office)  # due 23 June

    assert told_on(office, hazard, "2026-06-20 09:00") == {"officer"}
    assert told_on(office, hazard, "2026-06-26 09:00") == {"officer", "civil_head"}
    assert "lead" in told_on(office, hazard, "2026-06-30 09:00")
    assert "head" in told_on(office, hazard, "2026-07-08 09:00")


def test_its_messages_are_worded_by_its_own_family(office: Office) -> None:
    hazard = graded(office)
    office.beat()
    place = "一般隐患“疏散通道堵塞”（柳林集贸市场二层）："
    assert f"{place}已交由您整改，请于6月23日前整改到位后点“报送整改情况”。" in office.inbox("officer")[-1].body
    assert f"{place}已交由您牵头，请于6月23日前督促整改到位。" in office.inbox("lead")[-1].body

    office.at("2026-06-24 09:00").beat()

    assert "已逾期 1 天" in office.inbox("officer")[-1].body
    office.do("submit_fix", hazard, "officer", result="杂物已清空")
    office.after(1).beat()
    assert "请现场验收" in office.inbox("inspector")[-1].body
    assert office.breaks() == []


def test_a_major_hazard_asks_the_head_to_accept_it_and_tells_that_it_is_closed(office: Office) -> None:
    hazard = graded(office, "major")
    office.do("submit_fix", hazard, "officer", result="线路已入管")
    office.beat()
    asked = [row for row in office.inbox("head") if row.lane == "urgent"]
    assert "重大隐患“疏散通道堵塞”" in asked[-1].body
    assert "请现场验收后点“主要负责人验收销号”或“退回整改”。" in asked[-1].body
    assert office.inbox("inspector") == []
    office.do("accept_major", hazard, "head")
    office.after(1).beat()
    assert "已验收销号。" in office.inbox("officer")[-1].body


def test_everybody_hears_of_a_pause_and_the_coordinator_when_it_lasts(office: Office) -> None:
    hazard = graded(office)
    office.do("pause", hazard, "inspector", waiting_for="供电所停电计划", reason="带电不能施工")
    office.beat()
    assert any("已暂停，等待供电所停电计划" in row.body for row in office.inbox("officer"))
    office.after(31).beat()
    assert "自6月1日起暂停，等待供电所停电计划，至今没有恢复" in office.inbox("coordinator")[-1].body
    office.do("resume", hazard, "officer")
    office.after(1).beat()
    assert "已恢复整改，时限顺延至" in office.inbox("civil_head")[-1].body


def test_an_overdue_hazard_gets_a_letter_that_is_answered_or_climbs_and_ends_with_it(office: Office) -> None:
    office.settings(ladder="jiangjin", number_prefixes={"督办单": "柳街督"})
    hazard = graded(office)
    office.at("2026-06-24 09:00").beat()
    [letter] = [row.id for row in office.rows("cases", kind="hazard_letter")]
    asked = "一般隐患“疏散通道堵塞”（柳林集贸市场二层）：向您的科室发出督办单（柳街督〔2026〕1号），请点“签收”，"
    assert any(asked in row.body for row in office.inbox("officer"))
    assert office.case(letter).root_id == hazard

    office.at("2026-07-02 09:00").beat()
    late = "督办单（柳街督〔2026〕1号）的办理回复，7月1日应回复，已超过 1 天，请尽快点“办理回复”。"
    assert any(late in row.body for row in office.inbox("officer"))
    assert office.refusal("answer", letter, "outsider", answer="x") == "not_yours"
    office.do("answer", letter, "civil_head", answer="7月3日清空")
    office.do("return", letter, "inspector", reason="请写明责任人", due_on="2026-07-08")
    office.do("answer", letter, "officer", answer="7月3日清空，责任人某某")
    office.do("pause", hazard, "inspector", waiting_for="消防检测", reason="等待检测")
    assert office.refusal("return", letter, "inspector", reason="再补", due_on="2026-07-20") == "paused"
    office.do("resume", hazard, "inspector")
    office.do("submit_fix", hazard, "officer", result="已清空")
    office.do("accept", hazard, "inspector")
    assert office.state(letter) == "closed"
    again = office.opening("hazard_letter", "inspector", parent=hazard, form="督办单", due_on="2026-07-20")
    assert office.send(again)[0].refusal.word == "hazard_not_in_work"
    office.do("start_reinspection", hazard, "second_inspector")
    office.do("relapse", hazard, "second_inspector", finding="又堆放货物")
    assert office.breaks() == []


@pytest.mark.row(18)
def test_the_letters_of_a_hazard_wait_with_it(office: Office) -> None:
    hazard = graded(office)
    letter = office.open("hazard_letter", "inspector", parent=hazard, form="督办单", due_on="2026-06-10")
    office.after(1).do("pause", hazard, "inspector", waiting_for="消防检测", reason="等待检测")
    assert office.case(letter).next_alert_at is None
    office.after(10).do("resume", hazard, "officer")
    assert office.case(letter).due_on == "2026-06-20"
    assert office.breaks() == []


def test_the_forecast_names_a_hazard_by_its_grade_and_title(office: Office) -> None:
    graded(office)
    office.beat()
    desk, until = office.house.desk, office.now + 40 * 86400
    with office.look() as tx:
        found = forecast(tx, office.house.runtime, delivery(office.house, tx), office.now, until)
        days = list(outlook(desk.words, office.house.runtime.view(tx), found))
    said = [matter.sentence for day in days for one in day.messages for matter in one.matters]
    lapses = [one.sentence for day in days for one in day.lapses]
    assert any("：一般隐患“疏散通道堵塞”，时限 2026-06-23" in one for one in said)
    assert lapses == ["  起逾期：安全隐患“疏散通道堵塞”"]


def test_a_closed_hazard_is_silent_and_a_relapsed_one_is_not(office: Office) -> None:
    hazard = closed(office)
    assert told_on(office, hazard, "2026-08-03 09:00") == set()

    office.do("relapse", hazard, "inspector", finding="货物又堆上了")

    assert told_on(office, hazard, "2026-08-31 09:00") >= {"officer", "civil_head"}
    assert office.fields(hazard)["close_number"] == 1


def test_its_letter_is_listed_and_printed_like_any_other(office: Office) -> None:
    office.settings(letter_signers={"hazard_letter": "柳林街道安委办"})
    hazard = graded(office)
    letter = office.open("hazard_letter", "inspector", parent=hazard, form="督办单", due_on="2026-06-10")
    browser = Browser(office).logged_in("officer")
    listed = browser.sees("/letters")
    assert f'href="/letters/{letter}"' in listed
    assert "安全隐患“疏散通道堵塞”（柳林集贸市场二层）" in listed
    assert f'href="/cases/{letter}/actions/receive"' in browser.sees(f"/letters/{letter}")
    assert f'href="/letters/{letter}"' in browser.sees(f"/cases/{hazard}")

    written = docx.Document(io.BytesIO(browser.get(f"/letters/{letter}/word").content))
    text = "\n".join(one.text for one in written.paragraphs)
    assert "现将下列安全隐患交你单位整改。" in text
    assert "安全隐患“疏散通道堵塞”（柳林集贸市场二层）。整改时限为2026年6月23日。" in text
    assert "柳林街道安委办" in text
    assert "整改办" not in text
    assert browser.get(f"/letters/{letter}/pdf").content.startswith(b"%PDF")
    assert browser.get(f"/letters/{hazard}/pdf").status_code == 404
    assert Browser(office).logged_in("outsider").get(f"/letters/{letter}/word").status_code == 404
