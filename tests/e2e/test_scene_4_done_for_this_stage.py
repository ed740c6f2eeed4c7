"""Scene 4: (13) is dismantled and waits for next year's budget: done for this stage, approved, never forgotten."""

from collections.abc import Callable
from datetime import date

import pytest
from office import Office
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
REASON = "旧器材已拆除，新器材待下年度预算"


@pytest.mark.parametrize("script", [True, False])
def test_a_stage_is_asked_for_approved_by_another_and_stays_on_the_leaders_list(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], script: bool
) -> None:
    problem, review = dismantled(office), office.day(200)
    asks(page_as("civil_head", script=script), problem, review)
    approves(page_as("lead", script=script))
    assert office.state(problem) == "staged"

    # Long after the deadline that the plan gave, and before the review.
    office.after(60).sweep()
    not_closed_and_not_late(page_as("head", script=script))
    home = page_as("lead", script=script)
    [matter] = home.locator("section.lead_staged li.matter").all()
    assert f"阶段性完成，{in_words(review)} 复核：{REASON}" in matter.inner_text()
    expect(matter).not_to_have_class("matter is-late")
    expect(home.locator("section.lead_late, section.lead_decide")).to_have_count(0)
    if script:
        assert_accessible(home)
    in_the_register(page_as("coordinator", script=script), review)

    office.after(140).sweep()
    assert office.state(problem) == "time_limited_fix"


def test_whoever_asked_for_the_stage_does_not_approve_it(office: Office, page_as: PageAs) -> None:
    problem = dismantled(office, lead="civil_head")
    page = page_as("civil_head")
    asks(page, problem, office.day(200))

    expect(page.get_by_role("link", name="同意阶段性完成", exact=True)).to_have_count(0)
    page.get_by_text("现在不能办理的步骤和原因").click()
    refused = page.locator("dl.reasons div", has_text="同意阶段性完成")
    assert "阶段性完成须由另一人批准。" in refused.inner_text()
    assert office.state(problem) == "time_limited_fix"


def dismantled(office: Office, lead: str = "lead") -> int:
    """What could be done at once is done; the rest is due within a month and cannot be."""
    problem = office.opens_problem("13", "儿童游乐设施破损")
    office.do("confirm", problem, "coordinator")
    office.assigns(problem, due=office.day(30), lead=lead)
    [dismantling, _new] = [office.adds_measure(problem, one) for one in ("immediate", "time_limited")]
    office.do("begin", problem, "coordinator")
    office.finishes(dismantling)
    return problem


def asks(page: Page, problem: int, review: str) -> None:
    page.goto(f"/problems/{problem}")
    page.get_by_role("link", name="申请阶段性完成", exact=True).click()
    page.fill("#until", review)
    page.fill("#reason", REASON)
    page.get_by_role("button", name="申请阶段性完成").click()
    page.get_by_text("“申请阶段性完成”已办理").wait_for()


def approves(home: Page) -> None:
    """From the first page, where the decision is asked for with its reason."""
    asked = home.locator("section.lead_decide li.matter")
    assert REASON in asked.inner_text()
    asked.get_by_role("link", name="同意阶段性完成", exact=True).click()
    home.get_by_role("button", name="同意阶段性完成").click()
    home.get_by_text("“同意阶段性完成”已办理").wait_for()


def not_closed_and_not_late(page: Page) -> None:
    page.get_by_role("link", name="会议一页纸").click()
    page.get_by_text("1 个问题，已销号 0 个，还有 1 个没有销号。").wait_for()
    assert "没有逾期" in page.inner_text("main")
    expect(page.locator("tr.is-late")).to_have_count(0)


def in_the_register(page: Page, review: str) -> None:
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_text("共 1 个问题，已销号 0 个，逾期 0 个。").wait_for()
    [row] = page.locator("table.register tbody tr").all()
    assert f"阶段性完成，{in_words(review)}复核" in row.inner_text()


def in_words(day: str) -> str:
    """An ISO day as pages write it."""
    on = date.fromisoformat(day)
    return f"{on.year}年{on.month}月{on.day}日"
