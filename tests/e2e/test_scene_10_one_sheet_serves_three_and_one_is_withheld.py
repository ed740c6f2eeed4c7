"""Scene 10: one sign-in sheet serves (1), (5) and (11); withholding (14) needs the district's consent."""

import io
from collections.abc import Callable

import docx
import pytest
from office import Office
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
SHEET = "5" * 64
WORD = "一会多用"


@pytest.mark.parametrize("script", [True, False])
def test_the_sheet_is_a_hint_and_withholding_waits_for_consent(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], script: bool
) -> None:
    first, *_others = [closed_with_the_sheet(office, number) for number in ("1", "5", "11")]
    withheld = office.closed_problem("14")
    auditor = page_as("auditor", script=script)
    opens_the_check_sheet(auditor, first)
    clears_the_hint(auditor)
    if script:
        assert_accessible(auditor)

    coordinator = page_as("coordinator", script=script)
    assert titles_in_the_notice(coordinator, office).count("（14）") == 1
    lead = page_as("lead", script=script)
    asks_to_withhold(lead, withheld)
    # What is asked for is not granted: the next notice still has it, and nobody here can grant it.
    expect(lead.get_by_role("link", name="同意不公开", exact=True)).to_have_count(0)
    assert titles_in_the_notice(coordinator, office).count("（14）") == 1
    consents(page_as("supervisor", script=script), withheld)
    assert titles_in_the_notice(coordinator, office).count("（14）") == 0


def closed_with_the_sheet(office: Office, number: str) -> int:
    """Closed, with the same file among its evidence as the others."""
    problem = office.problem_in_work(number=number)
    [measure] = office.measures(problem)
    office.files_evidence(measure, sha256=SHEET)
    office.finishes(measure)
    office.signs_up_to_meeting(problem)
    office.on_paper("decide", problem, "head")
    return problem


def opens_the_check_sheet(page: Page, problem: int) -> None:
    page.goto(f"/problems/{problem}")
    page.get_by_role("link", name="纳入回头看", exact=True).click()
    page.get_by_role("button", name="纳入回头看").click()
    page.get_by_text("“纳入回头看”已办理").wait_for()
    page.get_by_text("其他办理").first.click()
    page.get_by_role("link", name="开具核查单", exact=True).click()
    page.get_by_role("button", name="开具核查单").click()
    page.get_by_text("“开具核查单”已办理").wait_for()
    page.get_by_role("link", name="打开核查单").click()


def clears_the_hint(page: Page) -> None:
    hint = page.locator("#signals .measure", has_text="同一份材料用于多个问题")
    assert "（5）" in hint.inner_text()
    assert "（11）" in hint.inner_text()
    hint.get_by_label("不成问题的，说明原因").fill(WORD)
    hint.get_by_role("button").click()
    page.get_by_text(WORD).first.wait_for()
    expect(page.locator("#signals .measure", has_text="同一份材料用于多个问题").locator("form")).to_have_count(0)


def asks_to_withhold(page: Page, problem: int) -> None:
    page.goto(f"/problems/{problem}")
    page.get_by_text("其他办理").first.click()
    page.get_by_role("link", name="申请不公开", exact=True).click()
    page.get_by_label("可能引发负面炒作", exact=True).check()
    page.fill("#reason", "涉及个人隐私")
    page.get_by_role("button", name="申请不公开").click()
    page.get_by_text("“申请不公开”已办理").wait_for()


def consents(page: Page, problem: int) -> None:
    page.goto(f"/problems/{problem}")
    page.get_by_role("link", name="同意不公开", exact=True).click()
    page.get_by_role("button", name="同意不公开").click()
    page.get_by_text("“同意不公开”已办理").wait_for()


def titles_in_the_notice(page: Page, office: Office) -> str:
    """The newest public notice, made and fetched by the page."""
    page.goto(f"/inspections/{office.inspection}/notices")
    page.get_by_role("button", name="生成通报（向社会公开）").click()
    page.get_by_text("通报已生成并留存").wait_for()
    href = page.get_by_role("link", name="下载 Word").first.get_attribute("href")
    content = page.request.get(str(href)).body()
    return "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
