"""axe finds nothing on the pages that everybody meets, and they hold without JavaScript and at phone width."""

from collections.abc import Callable

import pytest
from office import Office
from playwright.sync_api import Page

PageAs = Callable[..., Page]


def paths(office: Office) -> list[str]:
    problem = office.problem_in_work("immediate", "institutional", due=office.day(3))
    [measure, _] = office.measures(problem)
    office.files_evidence(measure)
    office.beat()
    return [
        "/inbox", "/password", f"/problems/{problem}", f"/problems/{problem}/messages",
        f"/problems/{problem}/measures", f"/cases/{measure}/evidence", f"/cases/{problem}/actions/hand_over",
        f"/cases/{office.inspection}", "/nowhere",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_are_accessible_and_nothing_is_cut(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], width: int
) -> None:
    page = page_as("coordinator", width=width)
    for path in paths(office):
        page.goto(path)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


@pytest.mark.parametrize("look", ["大字", "高对比"])
def test_large_type_and_high_contrast_stay_accessible(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], look: str
) -> None:
    problem = office.problem_in_work()
    page = page_as("officer")
    page.goto(f"/problems/{problem}")
    page.get_by_role("button", name=look).click()
    assert page.url.endswith(f"/problems/{problem}")
    assert_accessible(page)


@pytest.mark.parametrize("script", [True, False])
def test_an_officer_submits_a_result_with_its_evidence(
    office: Office, page_as: PageAs, tmp_path, script: bool
) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    photo = tmp_path / "现场.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    page = page_as("officer", script=script)
    page.goto(f"/problems/{problem}")
    page.locator(f"#measure-{measure}").get_by_role("link", name="提交佐证").click()
    page.set_input_files("#file", photo)
    page.get_by_role("button", name="提交佐证").click()
    page.get_by_text("已归集").wait_for()
    page.locator(f"#measure-{measure}").get_by_role("link", name="报送结果").click()
    page.fill("#result", "现场已清理完毕")
    page.get_by_role("button", name="报送结果").click()
    page.get_by_text("“报送结果”已办理").wait_for()
    assert office.state(measure) == "submitted"


def test_long_lists_can_be_filtered_by_typing(office: Office, page_as: PageAs) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    page = page_as("coordinator")
    page.goto(f"/cases/{problem}/actions/assign")
    page.get_by_placeholder("筛选").first.fill("other_lead")
    assert page.eval_on_selector("#lead_official", "one => one.selectedOptions[0].text").startswith("other_lead")
