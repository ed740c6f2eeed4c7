"""Scene 9: (9) relapses a year later, when its officer has been transferred: a second round for the successor."""

from collections.abc import Callable

import pytest
from office import Office
from paperwork import command, makes_notice, words_of
from playwright.sync_api import Page, expect

from desk import people

PageAs = Callable[..., Page]
FINDING = "抽查三户，台账自去年年底起又不更新"


@pytest.mark.parametrize("script", [True, False])
def test_the_second_round_goes_to_the_successor_and_the_first_keeps_its_officer(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], script: bool
) -> None:
    problem = office.closed_problem("9")
    published_on = office.today
    notice = makes_notice(office)
    published = notice.read_bytes()
    assert "反馈的1个具体问题已全部完成整改" in words_of(notice)
    office.after(200)
    is_transferred(office)
    office.after(165).beat()

    relapses(page_as("auditor", script=script), problem)
    # The next beat finds the officer gone: before anybody is named, the work is nobody's but the department's.
    office.beat()
    coordinator = page_as("coordinator", script=script)
    begins_again(coordinator, office, problem)
    at_the_successors(page_as("colleague", script=script))

    coordinator.goto(f"/problems/{problem}")
    assert "第2次整改" in coordinator.inner_text(".standing >> nth=0")
    the_first_round_names_the_predecessor(coordinator)
    if script:
        assert_accessible(coordinator)

    assert notice.read_bytes() == published
    then = command(office, "problem", "show", "9", "--as-of", published_on)
    assert "具体问题：已销号　第 1 次整改" in then
    assert "经办人：officer同志" in then
    assert "colleague同志" not in then


def is_transferred(office: Office) -> None:
    """After his last day the officer is gone; nothing of (9) was open then."""
    who, to = office.people["officer"], office.people["colleague"]
    people.leave(office.house.desk, who, office.today, to, office.actor("coordinator"), office.now)


def relapses(page: Page, problem: int) -> None:
    page.goto(f"/problems/{problem}")
    page.get_by_role("link", name="纳入回头看", exact=True).click()
    page.get_by_role("button", name="纳入回头看").click()
    page.get_by_text("“纳入回头看”已办理").wait_for()
    page.get_by_role("link", name="核查未通过", exact=True).click()
    page.get_by_label("反弹", exact=True).check()
    page.fill("#finding", FINDING)
    page.get_by_role("button", name="核查未通过").click()
    page.get_by_text("“核查未通过”已办理").wait_for()


def begins_again(page: Page, office: Office, problem: int) -> None:
    """Assigned anew: whoever has gone is not offered; with a measure of its own, and begun."""
    page.goto(f"/problems/{problem}")
    page.get_by_role("link", name="分解任务", exact=True).click()
    expect(page.get_by_label("officer同志", exact=True)).to_have_count(0)
    for one in page.locator("input[name=officers]:checked").all():
        one.uncheck()
    page.locator(f"input[name=officers][value='{office.people['colleague']}']").check()
    page.fill("#due_on", office.day(60))
    page.get_by_role("button", name="分解任务").click()
    page.get_by_text("“分解任务”已办理").wait_for()
    adds_a_measure(page, office)
    page.get_by_role("link", name="开始整改", exact=True).click()
    page.get_by_role("button", name="开始整改").click()
    page.get_by_text("“开始整改”已办理").wait_for()


def adds_a_measure(page: Page, office: Office) -> None:
    page.get_by_role("link", name="添加措施").click()
    page.fill("[name=text-0]", "逐户核对台账，每月抽查")
    page.select_option("[name=track-0]", "immediate")
    page.select_option("[name=officer-0]", str(office.people["colleague"]))
    page.fill("[name=due_on-0]", office.day(30))
    page.get_by_role("button", name="下达措施").click()
    page.get_by_text("已下达 1 项措施").wait_for()


def at_the_successors(page: Page) -> None:
    """The first page of the successor has the new measure, with what can be done."""
    [matter] = page.locator("li.matter", has_text="逐户核对台账").all()
    assert "（9）" in matter.inner_text()
    matter.get_by_role("link", name="填报进展").wait_for()


def the_first_round_names_the_predecessor(page: Page) -> None:
    page.get_by_text("第1次整改（已封存）").click()
    sealed = page.locator("section", has=page.get_by_text("第1次整改（已封存）")).inner_text()
    assert "经办人：officer同志" in sealed
    assert "colleague同志" not in sealed
    page.get_by_text("以前的责任人").click()
    past = page.locator("details", has=page.get_by_text("以前的责任人")).inner_text()
    assert "officer同志 2026年6月1日至2026年12月18日" in past
    [new] = page.locator("#measures li.measure").all()
    assert "经办人：colleague同志" in new.inner_text()
