"""Opening cases by the form of their kind: who is offered it, what the form takes, and where it leads."""

from collections.abc import Callable

from browser import Browser, says
from office import Office

Open = Callable[[str], Browser]


def test_a_coordinator_opens_an_inspection_and_nobody_else_is_offered_it(office: Office, browser: Open) -> None:
    coordinator = browser("coordinator")
    assert "/new?kind=inspection" in coordinator.sees("/inspections")
    assert "/new?kind=inspection" not in browser("head").sees("/inspections")
    assert browser("head").get("/new?kind=inspection").status_code == 404
    assert "反馈日期" in coordinator.sees("/new?kind=inspection")
    path = f"/new?kind=inspection&organization={office.organizations['street']}"
    assert coordinator.post(path, name="", feedback_on="2026-05-20").status_code == 422
    answer = coordinator.post(path, name="区委第二轮巡察", feedback_on="2026-05-20")
    [opened] = office.rows("cases", kind="inspection")
    assert answer.headers["location"] == f"/inspections/{opened.id}"
    assert "区委第二轮巡察" in coordinator.sees(f"/inspections/{opened.id}")


def test_nothing_is_opened_in_an_organisation_that_is_not_ones_own(office: Office, browser: Open) -> None:
    path = f"/new?kind=inspection&organization={office.organizations['next_door']}"
    assert browser("coordinator").post(path, name="越界").status_code == 404
    assert office.rows("cases", kind="inspection") == []


def test_a_milestone_is_opened_from_its_inspection_and_completed_there(office: Office, browser: Open) -> None:
    office.opens_inspection()
    coordinator, inspection = browser("coordinator"), f"/inspections/{office.inspection}"
    path = f"/cases/{office.inspection}/parts/milestone"
    assert path in coordinator.sees(inspection)
    assert path not in browser("head").sees(inspection)
    answer = coordinator.post(path, name="feedback_meeting", due_on="2026-06-10")
    assert answer.headers["location"] == inspection
    again = coordinator.post(path, name="feedback_meeting", due_on="2026-06-12")
    assert again.status_code == 409
    assert "已经设置过" in says(again)
    page = coordinator.sees(inspection)
    assert "反馈会" in page
    assert "还剩9天" in page

    [milestone] = office.rows("cases", kind="milestone")
    done = coordinator.acts("complete", milestone.id, done_on="2026-06-01", paper="会议纪要第3号", back=inspection)
    assert done.headers["location"] == inspection
    assert "会议纪要第3号" in coordinator.sees(inspection)


def test_who_may_not_open_a_part_reads_why_and_opens_none(office: Office, browser: Open) -> None:
    office.opens_inspection()
    path = f"/cases/{office.inspection}/parts/milestone"
    head = browser("head")
    assert head.get(path).status_code == 409
    assert head.post(path, name="feedback_meeting", due_on="2026-06-10").status_code == 409
    assert office.rows("cases", kind="milestone") == []


def test_what_is_no_part_of_a_case_or_no_kind_at_all_is_not_found(office: Office, browser: Open) -> None:
    coordinator, problem = browser("coordinator"), office.problem_in_work()
    assert coordinator.get(f"/cases/{problem}/parts/milestone").status_code == 404
    assert coordinator.get(f"/cases/{problem}/parts/dream").status_code == 404
    assert coordinator.get("/new?kind=milestone").status_code == 404
    assert coordinator.get("/new?kind=dream").status_code == 404
    evidence = coordinator.get(f"/cases/{problem}/parts/evidence")
    assert evidence.headers["location"] == f"/cases/{problem}/evidence"


def test_a_commitment_is_opened_from_its_problem(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    coordinator = browser("coordinator")
    assert "/new?kind=commitment" in coordinator.sees(f"/problems/{problem}")
    assert "/new?kind=commitment" not in browser("officer").sees(f"/problems/{problem}")
    path = f"/new?kind=commitment&organization={office.organizations['street']}"
    page = coordinator.sees(f"{path}&problem_id={problem}")
    assert f'<option value="{problem}" selected>' in page
    civil = office.departments["civil"]
    given = {"text": "每季度评议一次", "per": "quarter", "units": civil, "lead_department": civil}
    none = coordinator.post(path, problem_id=problem, times="0", **given)
    assert none.status_code == 409
    done = coordinator.post(path, problem_id=problem, times="1", back=f"/problems/{problem}", **given)
    assert done.headers["location"] == f"/problems/{problem}"
    assert office.fields(problem)["long_term"] is True


def test_a_problem_is_opened_by_hand_from_its_inspection(office: Office, browser: Open) -> None:
    """A notice during the inspection comes before any feedback."""
    office.opens_inspection()
    coordinator = browser("coordinator")
    assert "/new?kind=problem" in coordinator.sees(f"/inspections/{office.inspection}")
    path = f"/new?kind=problem&organization={office.organizations['street']}"
    assert "校验码" not in coordinator.sees(path)
    given = {"inspection_id": office.inspection, "title": "公园器材损坏", "source": "immediate_notice"}
    assert coordinator.post(path, **given).status_code == 303
    assert "公园器材损坏" in coordinator.sees(f"/inspections/{office.inspection}")


def test_a_coordinator_issues_a_letter_by_hand_from_the_problem(office: Office, browser: Open) -> None:
    problem = office.problem_in_work("immediate", due="2026-06-20")
    path = f"/cases/{problem}/parts/letter"
    coordinator = browser("coordinator")
    assert path in coordinator.sees(f"/problems/{problem}")
    assert path not in browser("officer").sees(f"/problems/{problem}")
    asked = coordinator.sees(path)
    assert "办理要求" in asked
    assert 'name="step"' not in asked

    answer = coordinator.post(path, form="提醒单", demand="请说明进展", due_on="2026-06-12")

    assert answer.headers["location"] == f"/problems/{problem}"
    [letter] = office.rows("cases", kind="letter")
    page = coordinator.sees(f"/letters/{letter.id}")
    assert "提醒〔2026〕1号" in page
    assert "请说明进展" in page
    assert browser("officer").post(path, form="督办单", due_on="2026-06-12").status_code == 409


def test_the_ladder_of_a_problem_is_chosen_from_a_list(office: Office, browser: Open) -> None:
    problem = office.problem_in_work("immediate", due="2026-06-20")
    page = browser("coordinator").sees(f"/cases/{problem}/actions/choose_ladder")
    assert '<option value="jiangjin">江津三色督办</option>' in page
    assert 'value="unanswered_letters"' not in page

    browser("coordinator").acts("choose_ladder", problem, ladder="jiangjin")

    assert '<option value="jiangjin" selected>' in browser("coordinator").sees(
        f"/cases/{problem}/actions/choose_ladder"
    )
