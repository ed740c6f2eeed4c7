"""Scene 8: the district does not recognise (15): back to work, its number kept and marked, no relapse."""

from collections.abc import Callable

import pytest
from office import Office
from paperwork import command, makes_notice, words_of
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
REASON = "现场仍有三处堆物，佐证照片不是同一地点"


@pytest.mark.parametrize("script", [True, False])
def test_it_goes_back_to_work_with_its_number_and_the_total_falls_by_one(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], script: bool
) -> None:
    problem = three_closed(office)
    report = makes_notice(office, "上报.docx")
    sent = report.read_bytes()
    assert "反馈的3个具体问题已全部完成整改" in words_of(report)
    reports(page_as("coordinator", script=script), problem)
    reported_on = office.today

    office.after(20)
    refuses(page_as("supervisor", script=script), office.day(30))
    assert office.state(problem) == "immediate_fix"

    page = page_as("coordinator", script=script)
    in_the_register(page)
    on_its_own_page(page, problem)
    if script:
        assert_accessible(page)
    back_with_its_officer(page_as("officer", script=script))

    # The report that was sent stays what it was, and what it said of (15) can still be shown for its day.
    assert "已完成整改2个，正在整改1个" in words_of(makes_notice(office, "现在.docx"))
    assert report.read_bytes() == sent
    then = command(office, "problem", "show", "15", "--as-of", reported_on)
    assert "具体问题：已销号" in then
    assert "区级认定：已报" in then

    office.redoes(problem)
    office.signs_up_to_meeting(problem)
    office.on_paper("decide", problem, "head")
    page.goto(f"/problems/{problem}")
    assert "〔2026〕2号，2026年6月21日" in page.inner_text("main")


def three_closed(office: Office) -> int:
    """(14), (15) and (16), closed in this order; gives (15)."""
    [_before, problem, _after] = [office.closed_problem(number) for number in ("14", "15", "16")]
    return problem


def reports(page: Page, problem: int) -> None:
    page.goto(f"/problems/{problem}")
    page.get_by_role("link", name="上报区委巡察办", exact=True).click()
    page.get_by_role("button", name="上报区委巡察办").click()
    page.get_by_text("“上报区委巡察办”已办理").wait_for()


def refuses(page: Page, due: str) -> None:
    """The district's own first page lists what was reported; its answer is given from there."""
    [matter] = page.locator("section.to_recognize li.matter").all()
    assert "（15）" in matter.inner_text()
    matter.get_by_role("link", name="不予认可", exact=True).click()
    page.fill("#reason", REASON)
    page.fill("#due_on", due)
    page.get_by_role("button", name="不予认可").click()
    page.get_by_text("“不予认可”已办理").wait_for()
    expect(page.locator("section.to_recognize")).to_have_count(0)


def in_the_register(page: Page) -> None:
    """The number stands beside the district's word; the total has fallen by one."""
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_text("选择显示的栏目").click()
    for column in ("具体问题", "整改进展", "销号编号", "区级认定", "整改次数"):
        page.get_by_label(column, exact=True).check()
    page.get_by_role("button", name="查询").click()
    page.get_by_text("共 3 个问题，已销号 2 个，逾期 0 个。").wait_for()
    row = page.locator("table.register tbody tr").nth(1)
    cells = {one: row.locator(f".col-{one}").inner_text() for one in ("close_out", "recognition", "round")}
    assert cells == {"close_out": "〔2026〕2号", "recognition": "不予认可", "round": "第 1 次整改"}
    assert "整改中（立 0/1" in row.locator(".col-standing").inner_text()


def on_its_own_page(page: Page, problem: int) -> None:
    """The number is kept and marked; nothing speaks of a second round."""
    page.goto(f"/problems/{problem}")
    shown = page.inner_text("main")
    assert "〔2026〕2号，编号保留，退回整改" in shown
    assert "不予认可" in shown
    assert REASON in page.inner_text("#story")
    assert "次整改" not in page.inner_text(".standing >> nth=0")
    assert "反弹" not in page.inner_text("#story")


def back_with_its_officer(page: Page) -> None:
    [matter] = page.locator("section.returned li.matter").all()
    assert f"退回：{REASON}" in matter.inner_text()
