"""Scene 6: the period ends, the immediate work is done, the regulation is not issued: no close-out yet."""

from collections.abc import Callable

import pytest
from office import Office
from playwright.sync_api import Locator, Page, expect

PageAs = Callable[..., Page]
REASON = "区里已有统一的台账管理办法，街道不再另行制定"


@pytest.mark.parametrize("script", [True, False])
def test_it_is_in_work_until_the_lead_official_says_why_no_regulation_is_needed(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], script: bool
) -> None:
    problem = at_the_end_of_the_period(office)
    [_done, rule] = office.measures(problem)
    cannot_be_closed(page_as("head", script=script), problem)
    in_work_and_late(page_as("coordinator", script=script))

    submits_without_a_regulation(page_as("officer", script=script), problem, rule)
    head = page_as("civil_head", script=script)
    is_refused(head, rule)
    if script:
        assert_accessible(head)
    for_nobody_else(head, problem, rule)
    assert office.state(rule) == "submitted"

    says_why_none_is_needed(page_as("lead", script=script), problem, rule)
    accepts(head, problem, rule)
    assert office.state(problem) == "close_out"
    assert office.fields(rule)["no_regulation_reason"] == REASON


def at_the_end_of_the_period(office: Office) -> int:
    problem = office.problem_in_work("immediate", "institutional", due=office.day(90))
    office.finishes(office.measures(problem)[0])
    office.after(91)
    return problem


def cannot_be_closed(page: Page, problem: int) -> None:
    """The head looks for the decision, and finds one sentence that says why it cannot be taken."""
    page.goto(f"/problems/{problem}")
    assert "整改中（立 1/1 · 限 0/0 · 制 0/1）" in page.inner_text("main")
    expect(page.get_by_role("link", name="审定销号", exact=True)).to_have_count(0)
    page.get_by_text("现在不能办理的步骤和原因").click()
    refused = page.locator("dl.facts div", has=page.get_by_text("审定销号", exact=True))
    assert refused.locator("dd").inner_text() == "“制度促改”还有 1 项措施没有完成。"


def in_work_and_late(page: Page) -> None:
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_text("选择显示的栏目").click()
    page.get_by_label("完成情况").check()
    page.get_by_role("button", name="查询").click()
    page.get_by_text("共 1 个问题，已销号 0 个，逾期 1 个。").wait_for()
    assert page.inner_text("table.register tbody .col-completion") == "正在整改"


def submits_without_a_regulation(page: Page, problem: int, rule: int) -> None:
    measure_of(page, problem, rule).get_by_role("link", name="报送结果").click()
    page.fill("#result", "制度草案已报送会签")
    page.get_by_role("button", name="报送结果").click()
    page.get_by_text("“报送结果”已办理").wait_for()


def is_refused(page: Page, rule: int) -> None:
    page.goto(f"/cases/{rule}/actions/accept")
    sentence = "制度还没有印发，不能认可；确无必要建章立制的，请牵头领导说明理由。"
    assert sentence in page.get_by_role("alert").inner_text()
    expect(page.get_by_role("button", name="认可", exact=True)).to_have_count(0)


def for_nobody_else(page: Page, problem: int, rule: int) -> None:
    expect(measure_of(page, problem, rule).get_by_role("link", name="说明无需建章立制")).to_have_count(0)


def says_why_none_is_needed(page: Page, problem: int, rule: int) -> None:
    measure_of(page, problem, rule).get_by_role("link", name="说明无需建章立制").click()
    page.fill("#reason", REASON)
    page.get_by_role("button", name="说明无需建章立制").click()
    page.get_by_text("“说明无需建章立制”已办理").wait_for()


def accepts(page: Page, problem: int, rule: int) -> None:
    measure_of(page, problem, rule).get_by_role("link", name="认可", exact=True).click()
    page.get_by_role("button", name="认可", exact=True).click()
    page.get_by_text("“认可”已办理").wait_for()
    assert "销号审核" in page.inner_text(".standing")


def measure_of(page: Page, problem: int, measure: int) -> Locator:
    page.goto(f"/problems/{problem}")
    return page.locator(f"#measure-{measure}")
