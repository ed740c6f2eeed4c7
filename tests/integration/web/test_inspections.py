"""An inspection and its plan."""

from collections.abc import Callable

from browser import Browser
from office import Office

Open = Callable[[str], Browser]


def test_the_list_holds_what_one_may_see(office: Office, browser: Open) -> None:
    office.opens_inspection("2026年常规巡察")
    assert "2026年常规巡察" in browser("coordinator").sees("/inspections")
    assert "2026年常规巡察" in browser("supervisor").sees("/inspections")
    assert "还没有巡察" in browser("outsider").sees("/inspections")


def test_the_plan_is_one_document_that_is_decided_on_paper_and_issued(office: Office, browser: Open) -> None:
    office.opens_inspection(issued=False)
    problem = office.assigned_problem()
    office.adds_measure(problem, "institutional")
    coordinator = browser("coordinator")
    plan = f"/inspections/{office.inspection}/plan"
    page = coordinator.sees(plan)
    assert "1 个问题，1 项措施" in page
    assert "【制度促改】institutional措施" in page
    assert "尚未经会议审定" in page
    scan = {"scan": ("纪要.pdf", b"%PDF-1.4", "application/pdf")}
    signer = str(office.people["head"])
    coordinator.acts("decide_plan", office.inspection, files=scan, signer=signer, decided_on=office.today)
    assert "经会议审定，尚未印发" in coordinator.sees(plan)
    coordinator.acts("issue_plan", office.inspection, plan_number="柳工委〔2026〕1号")
    assert "柳工委〔2026〕1号" in coordinator.sees(plan)
    assert office.case(office.inspection).state == "rectifying"


def test_an_inspection_shows_its_counts_and_its_ways(office: Office, browser: Open) -> None:
    office.problem_in_work()
    path = f"/inspections/{office.inspection}"
    page = browser("coordinator").sees(path)
    assert "共 1 个问题，已销号 0 个" in page
    assert f"/inspections/{office.inspection}/meeting" in page
    assert f'/inspections/{office.inspection}/meeting"' not in browser("head").sees(
        f"/inspections/{office.inspection}"
    )


def test_what_only_waits_for_signatures_is_not_shown_as_late(office: Office, browser: Open) -> None:
    office.problem_at_close_out("1")
    office.problem_in_work(number="2", due=office.day(40))
    paused = office.problem_in_work(number="3")
    office.do("pause", paused, "coordinator", waiting_for="上级批复", reason="已报区级")
    office.after(41)
    page = browser("coordinator").sees(f"/inspections/{office.inspection}")

    assert page.count("逾期1天") == 1
    assert page.count("办结待签批") == 1
    assert page.count("已暂停") == 1


def test_what_an_inspection_holds_is_said_without_hashes(office: Office, browser: Open) -> None:
    office.opens_inspection()
    given = {"sha256": "a" * 64, "file_name": "反馈意见.docx", "problems": 3}
    office.do("import_document", office.inspection, "coordinator", **given)
    page = browser("coordinator").sees(f"/inspections/{office.inspection}")
    assert "反馈意见.docx" in page
    assert "a" * 64 not in page
