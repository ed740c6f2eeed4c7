"""Scene 1: the coordinator imports the street's notice; what it claims as done becomes a draft, no proof."""

from collections.abc import Callable
from pathlib import Path

import pytest
from office import Office
from playwright.sync_api import Page

NOTICE = Path(__file__).resolve().parents[3] / "shared" / "notices" / "street-2019.txt"


@pytest.mark.parametrize("script", [True, False])
def test_the_notice_is_read_checked_and_opened_once(
    office: Office, page_as: Callable[..., Page], assert_accessible: Callable[[Page], None], script: bool
) -> None:
    assert NOTICE.is_file(), f"the real notice must lie at {NOTICE}"
    office.opens_inspection("2019年巡察")
    page = page_as("coordinator", script=script)
    page.get_by_role("link", name="巡察", exact=True).click()
    page.get_by_role("link", name="2019年巡察").click()
    page.get_by_role("link", name="导入反馈意见").first.click()
    page.set_input_files("#file", NOTICE)
    page.get_by_role("button", name="读取").click()

    # The missing "7." and "三、" and the dates that are not there are pointed out.
    page.get_by_text("3 个方面，8 个反馈问题，17 个具体问题").wait_for()
    shown = page.inner_text("main")
    assert "处需要核对" in shown
    assert office.rows("problem") == []
    if script:
        assert_accessible(page)

    page.get_by_role("button", name="登记 17 个问题").click()
    page.get_by_text("已登记 17 个问题").wait_for()
    problems = office.rows("problem")
    assert [row.number for row in problems] == [str(number) for number in range(1, 18)]
    assert all(row.draft_answer for row in problems)
    assert {row.state for row in office.rows("cases", kind="problem")} == {"feedback"}
    assert "共 17 个问题，已销号 0 个" in page.inner_text("main")

    page.get_by_role("link", name="导入反馈意见").first.click()
    page.set_input_files("#file", NOTICE)
    page.get_by_role("button", name="读取").click()
    page.get_by_role("button", name="登记 17 个问题").click()
    page.get_by_text("已经导入过").wait_for()
    assert len(office.rows("problem")) == 17
