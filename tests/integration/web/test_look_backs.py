"""The look-back on its pages: a sample that can be drawn again, a check sheet on the spot, hints, and the leads."""

from collections.abc import Callable

import pytest
from browser import Browser, says
from office import Office

from desk.set_up_office import set_up_office

Open = Callable[[str], Browser]


@pytest.fixture
def review(office: Office, browser: Open) -> int:
    """An auditor has drawn a sample from one closed problem."""
    office.closed_problem()
    answer = browser("auditor").post("/look-backs", inspection=office.inspection, name="回头看", seed="20260601")
    assert answer.status_code == 303
    [opened] = office.rows("cases", kind="review")
    return opened.id


def test_an_auditor_draws_a_sample_with_its_seed_shown(office: Office, browser: Open, review: int) -> None:
    [campaign] = office.rows("cases", kind="look_back_campaign")
    page = browser("head").sees(f"/look-backs/{campaign.id}")
    assert "20260601" in page
    assert "按种子重新抽取，结果一致" in page
    assert "从 1 个中抽取 1 个" in page
    assert f"/reviews/{review}" in page
    assert "已有结论 0/1" in browser("auditor").sees("/look-backs")


def test_who_is_no_auditor_draws_nothing(office: Office, browser: Open) -> None:
    office.closed_problem()
    given = {"inspection": office.inspection, "name": "年底回头看", "seed": "1"}
    for who in ("officer", "outsider"):
        assert browser(who).post("/look-backs", **given).status_code == 404
    assert browser("auditor").post("/look-backs", **{**given, "seed": ""}).status_code == 422
    assert office.rows("cases", kind="look_back_campaign") == []


def test_the_check_sheet_and_the_verdict_are_one_form(office: Office, browser: Open, review: int) -> None:
    auditor, path = browser("auditor"), f"/reviews/{review}"
    assert auditor.post(path).status_code == 422
    assert auditor.post(path, look="台账在用", verdict="in_place").status_code == 422
    assert auditor.post(path, look="台账在用", listen="居民说清楚了").status_code == 303
    page = auditor.sees(path)
    assert "居民说清楚了" in page
    assert "核查中" in page
    done = auditor.post(path, visit="走访三户", verdict="in_place", finding="与台账一致")
    assert done.status_code == 303
    assert office.state(review) == "concluded"
    assert office.state(office.case(review).root_id) == "settled"
    assert "<textarea" not in auditor.sees(path)


def test_a_verdict_that_the_door_refuses_leaves_nothing_behind(office: Office, browser: Open, review: int) -> None:
    """No look, no verdict; and what was typed is still there."""
    auditor, path = browser("auditor"), f"/reviews/{review}"
    refused = auditor.post(path, verdict="in_place", finding="听说不错")
    assert refused.status_code == 409
    assert "听说不错" in says(refused)
    assert office.state(review) == "drawn"


def test_who_does_not_check_reads_the_sheet_without_a_form(office: Office, browser: Open, review: int) -> None:
    path = f"/reviews/{review}"
    assert "<textarea" not in browser("officer").sees(path)
    assert browser("officer").post(path, look="看过").status_code == 409
    assert browser("outsider").get(path).status_code == 404
    assert browser("auditor").get(f"/reviews/{office.inspection}").status_code == 404


def test_a_hint_is_cleared_with_a_word(office: Office, browser: Open) -> None:
    """One sign-in sheet serves two problems."""
    first = office.problem_in_work(number="1")
    office.files_evidence(office.measures(first)[0])
    office.finishes(office.measures(first)[0])
    office.signs_up_to_meeting(first)
    office.holds_meeting(first)
    second = office.problem_in_work(number="2")
    office.files_evidence(office.measures(second)[0])
    given = {"inspection": office.inspection, "name": "年底回头看", "seed": "1"}
    auditor = browser("auditor")
    auditor.post("/look-backs", **given)
    [review] = office.rows("cases", kind="review")
    path = f"/reviews/{review.id}"
    page = auditor.sees(path)
    assert "核查提示" in page
    assert "同一份材料用于多个问题" in page
    answer = auditor.post(f"/cases/{first}/actions/clear_signal", signal="same_file", word="一会多用", back=path)
    assert answer.headers["location"] == path
    assert "已说明：一会多用" in auditor.sees(path)


# --- leads ---


def test_leads_are_for_the_head_and_the_discipline_committee(office: Office, browser: Open) -> None:
    post = {"unit": "street", "role": "discipline"}
    person = {"key": "discipline", "name": "纪工委", "email": "d@street.test", "rank_order": 60, "posts": [post]}
    set_up_office(office.house.desk, {"people": [person]}, "2026-01-01")
    office.people |= {row.key: row.id for row in office.rows("person")}
    discipline = browser("discipline")
    path = f"/new?kind=lead&organization={office.organizations['street']}"
    assert "/new?kind=lead" in discipline.sees("/leads")
    given = {"number": "线〔2026〕1号", "handling_body": "区纪委监委", "transferred_on": "2026-06-01"}
    assert discipline.post(path, back="/leads", **given).headers["location"] == "/leads"
    assert "线〔2026〕1号" in browser("head").sees("/leads")
    assert "/new?kind=lead" not in browser("head").sees("/leads")
    assert browser("coordinator").get("/leads").status_code == 404
    assert "线〔2026〕1号" not in browser("outsider").sees("/leads")
