"""Scene 3: a notice to fix at once comes during the inspection, the matter returns as (13): one count."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from office import Office
from playwright.sync_api import Locator, Page, expect

PageAs = Callable[..., Page]


@pytest.mark.parametrize("script", [True, False])
def test_what_was_put_right_early_is_counted_once_and_its_evidence_stands(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], tmp_path: Path, script: bool
) -> None:
    photo = photographed(tmp_path)
    office.opens_inspection(issued=False)
    notice = registers(page_as("coordinator", script=script), office, assert_accessible if script else None)
    measure = in_work_at_once(office, notice)
    puts_right(page_as("officer", script=script), notice, measure, photo)
    accepts(page_as("civil_head", script=script), notice, measure)
    assert office.state(notice) == "close_out"

    returned = comes_back_as_13(office)
    coordinator = page_as("coordinator", script=script)
    is_the_same_matter(coordinator, notice)
    assert office.state(notice) == "merged"
    is_one_problem(coordinator)
    shows_the_early_evidence(coordinator, returned, photo)
    if script:
        assert_accessible(coordinator)
    says_where_it_went(coordinator, notice)

    # The photograph of then is evidence enough: nobody asks for it twice.
    [rest] = office.measures(returned)
    submits(page_as("officer", script=script), returned, rest, "器材已更换")
    accepts(page_as("civil_head", script=script), returned, rest)
    assert office.state(returned) == "close_out"
    assert len(office.rows("evidence")) == 1


def photographed(folder: Path) -> Path:
    photo = folder / "拆除现场.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    return photo


def registers(page: Page, office: Office, check: Callable[[Page], None] | None) -> int:
    """The inspection has no plan and no feedback yet; the notice is entered by itself."""
    page.goto(f"/inspections/{office.inspection}")
    page.get_by_role("link", name="登记问题", exact=True).click()
    if check:
        check(page)
    page.fill("#number", "立1")
    page.fill("#title", "公园健身器材破损")
    page.get_by_label("立行立改通知").check()
    page.get_by_role("button", name="登记问题").click()
    page.get_by_text("“登记问题”已办理").wait_for()
    [notice] = office.rows("cases", kind="problem")
    return notice.id


def in_work_at_once(office: Office, notice: int) -> int:
    office.do("confirm", notice, "coordinator")
    office.assigns(notice)
    measure = office.adds_measure(notice)
    office.do("begin", notice, "coordinator")
    return measure


def puts_right(page: Page, problem: int, measure: int, photo: Path) -> None:
    measure_of(page, problem, measure).get_by_role("link", name="提交佐证").click()
    page.set_input_files("#file", photo)
    page.get_by_role("button", name="提交佐证").click()
    page.get_by_text("已归集").wait_for()
    submits(page, problem, measure, "破损器材已拆除并围挡")


def submits(page: Page, problem: int, measure: int, result: str) -> None:
    measure_of(page, problem, measure).get_by_role("link", name="报送结果").click()
    page.fill("#result", result)
    page.get_by_role("button", name="报送结果").click()
    page.get_by_text("“报送结果”已办理").wait_for()


def accepts(page: Page, problem: int, measure: int) -> None:
    measure_of(page, problem, measure).get_by_role("link", name="认可", exact=True).click()
    page.get_by_role("button", name="认可", exact=True).click()
    page.get_by_text("“认可”已办理").wait_for()


def comes_back_as_13(office: Office) -> int:
    """Two months later the feedback lists the matter, and the plan is issued."""
    office.after(60).issues_plan()
    return office.problem_in_work("time_limited", number="13")


def is_the_same_matter(page: Page, notice: int) -> None:
    page.goto(f"/problems/{notice}")
    page.get_by_text("其他办理").first.click()
    page.get_by_role("link", name="并案", exact=True).click()
    page.select_option("#into", label="（13）台账不实")
    page.get_by_label("同一事项").check()
    page.fill("#reason", "同一处健身器材")
    page.get_by_role("button", name="并案").click()
    page.get_by_text("“并案”已办理").wait_for()


def is_one_problem(page: Page) -> None:
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_text("选择显示的栏目").click()
    for column in ("序号", "整改进展", "佐证目录号"):
        page.get_by_label(column, exact=True).check()
    page.get_by_role("button", name="查询").click()
    page.get_by_text("共 1 个问题，已销号 0 个，逾期 0 个。").wait_for()
    [row] = page.locator("table.register tbody tr").all()
    assert row.locator(".col-number").inner_text() == "13"
    assert "并入立1，巡察期间先行整改" in row.locator(".col-standing").inner_text()
    assert row.locator(".col-evidence").inner_text() == "立1-1-1"


def shows_the_early_evidence(page: Page, returned: int, photo: Path) -> None:
    page.goto(f"/problems/{returned}")
    assert "巡察期间先行整改" in page.inner_text(".standing >> nth=0")
    [paper] = page.locator("#evidence li").all()
    assert "立1-1-1" in paper.inner_text()
    with page.expect_download() as taken:
        paper.get_by_role("link", name="下载").click()
    stored = taken.value.path().read_bytes()
    assert sha256(stored).hexdigest() == sha256(photo.read_bytes()).hexdigest()


def says_where_it_went(page: Page, notice: int) -> None:
    page.goto(f"/problems/{notice}")
    assert "已并入（13）" in page.inner_text(".standing >> nth=0")
    expect(page.get_by_role("link", name="撤销并案", exact=True)).to_have_count(1)


def measure_of(page: Page, problem: int, measure: int) -> Locator:
    page.goto(f"/problems/{problem}")
    return page.locator(f"#measure-{measure}")
