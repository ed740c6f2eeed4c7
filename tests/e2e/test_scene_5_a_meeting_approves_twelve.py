"""Scene 5: a meeting approves 12 problems and the head signs on paper: one entry with the scan."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from office import Office
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]


@pytest.mark.parametrize("script", [True, False])
def test_ten_are_closed_two_are_refused_and_the_deputy_may_sign_for_them(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], tmp_path: Path, script: bool
) -> None:
    ready = [office.signed_problem(str(number)) for number in range(1, 11)]
    led, handled = signed_by_the_head(office), handled_by_the_head(office)
    scan = scanned(tmp_path)

    page = page_as("coordinator", script=script)
    page.get_by_role("link", name="巡察", exact=True).click()
    page.get_by_role("link", name="2026年常规巡察").click()
    page.get_by_role("link", name="记录会议决定").click()
    if script:
        assert_accessible(page)
    records(page, scan)

    said = page.get_by_role("status").inner_text()
    assert "12 个问题中 10 个已销号。" in said
    assert "（11）台账不实：同一人只能签一个环节。可以签字的有：deputy同志。" in said
    assert "（12）台账不实：签字人经办过这个问题，应当回避。可以签字的有：deputy同志。" in said
    assert [office.state(one) for one in ready] == ["closed"] * 10
    assert [office.state(one) for one in (led, handled)] == ["close_out"] * 2
    one_entry_with_the_scan(office, page, ready, scan)
    if script:
        assert_accessible(page)

    for problem in (led, handled):
        the_deputy_signs(page, problem, scan)
    assert {office.state(one) for one in (*ready, led, handled)} == {"closed"}
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_text("共 12 个问题，已销号 12 个，逾期 0 个。").wait_for()


def signed_by_the_head(office: Office) -> int:
    """The head leads it too, and has signed as lead official."""
    problem = office.problem_in_work(number="11", lead="head")
    office.finishes(*office.measures(problem))
    office.do("sign", problem, "civil_head")
    office.on_paper("sign", problem, "head")
    office.do("sign", problem, "coordinator")
    return problem


def handled_by_the_head(office: Office) -> int:
    """The head did the work with his own hands."""
    problem = office.problem_in_work(number="12", officers=["head"])
    office.finishes(*office.measures(problem), officer="head")
    office.signs_up_to_meeting(problem)
    return problem


def scanned(folder: Path) -> Path:
    scan = folder / "会议纪要.pdf"
    scan.write_bytes(b"%PDF-1.4\n% minutes with the head's signature\n%%EOF\n")
    return scan


def records(page: Page, scan: Path) -> None:
    expect(page.locator("ul.agenda input:checked")).to_have_count(12)
    page.fill("#name", "领导小组第三次会议")
    page.select_option("#chair", label="head同志")
    page.set_input_files("#minutes", scan)
    page.get_by_role("button", name="记录决定").click()
    page.get_by_text("已记录会议决定").wait_for()


def one_entry_with_the_scan(office: Office, page: Page, closed: list[int], scan: Path) -> None:
    """The meeting is recorded once; every decision names it as its cause, and its scan as its basis."""
    [meeting] = office.rows("cases", kind="meeting")
    paper = sha256(scan.read_bytes()).hexdigest()
    decided = office.rows("history", action="decide")
    assert [(one.root_id, one.basis, one.cause) for one in decided] == [
        (one, paper, f"{meeting.id}:1") for one in closed
    ]
    with page.expect_download() as taken:
        page.get_by_role("link", name="会议纪要.pdf").click()
    assert taken.value.path().read_bytes() == scan.read_bytes()
    expect(page.get_by_role("link", name="（12）台账不实")).to_have_count(1)


def the_deputy_signs(page: Page, problem: int, scan: Path) -> None:
    """On paper, like the head; nobody else is offered."""
    page.goto(f"/problems/{problem}")
    page.get_by_role("link", name="审定销号", exact=True).click()
    assert page.locator("#signer option").all_inner_texts() == ["deputy同志"]
    page.set_input_files("#scan", scan)
    page.get_by_role("button", name="审定销号").click()
    page.get_by_text("“审定销号”已办理").wait_for()
