"""Asking for more time on a page, and the list of what waits for an answer."""

from collections.abc import Callable

from browser import Browser, says
from office import Office

Open = Callable[[str], Browser]


def test_an_officer_asks_and_the_lead_official_answers(office: Office, browser: Open) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    officer, lead = browser("officer"), browser("lead")
    assert "申请延期" in officer.sees(f"/cases/{measure}")
    assert "申请延期" not in browser("coordinator").sees(f"/cases/{measure}")
    assert "2026年7月1日" in officer.sees(f"/cases/{measure}/extension")
    assert officer.post(f"/cases/{measure}/extension", until="2026-07-20").status_code == 422
    early = officer.post(f"/cases/{measure}/extension", until="2026-06-20", reason="等审批")
    assert early.status_code == 409
    assert "须晚于现时限" in says(early)
    assert "等审批" in says(early)
    assert officer.post(f"/cases/{measure}/extension", until="2026-07-20", reason="等审批").status_code == 303

    listed = lead.sees("/extensions")
    assert "等审批" in listed
    [asked] = [row.id for row in office.rows("cases", kind="extension")]
    assert lead.acts("grant", asked).status_code == 303
    assert office.case(measure).due_on == "2026-07-20"
    assert "没有等待批复或上报的延期申请" in lead.sees("/extensions")


def test_the_list_is_for_those_who_answer_and_an_outsider_learns_nothing(office: Office, browser: Open) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    office.open("extension", "officer", parent=measure, until="2026-07-20", reason="等审批")
    assert browser("officer").get("/extensions").status_code == 404
    assert "等审批" not in browser("outsider").sees("/extensions")
    assert browser("outsider").get(f"/cases/{measure}/extension").status_code == 404
    assert browser("coordinator").get(f"/cases/{office.inspection}/extension").status_code == 404


def test_a_pause_is_shown_where_the_days_would_stand(office: Office, browser: Open) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    coordinator = browser("coordinator")
    answer = coordinator.acts("pause", measure, waiting_for="区财政评审", reason="预算待批")
    assert answer.status_code == 303
    page = coordinator.sees(f"/cases/{measure}")
    assert "暂停中（等待区财政评审，自2026年6月1日）" in page
    assert "还剩" not in page


def test_the_page_of_a_problem_leads_to_the_request(office: Office, browser: Open) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    assert f"/cases/{measure}/extension" in browser("officer").sees(f"/problems/{problem}")
    assert f"/cases/{problem}/extension" in browser("civil_head").sees(f"/problems/{problem}")
    assert "/extension" not in browser("auditor").sees(f"/problems/{problem}").replace('"/extensions"', "")
