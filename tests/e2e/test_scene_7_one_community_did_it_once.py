"""Scene 7: one of 12 communities did one evaluation instead of two: it and its department hear of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from office import Office
from playwright.sync_api import Page, expect

from desk.set_up_office import set_up_office

PageAs = Callable[..., Page]
COMMUNITIES = 12


@pytest.mark.parametrize("script", [True, False])
def test_the_department_ticks_one_sheet_and_the_community_hears(
    office: Office, page_as: PageAs, tmp_path: Path, assert_accessible: Callable[[Page], None], script: bool
) -> None:
    problem, units = closed_problem(office), communities(office)
    coordinator = page_as("coordinator", script=script)
    opens_the_commitment(coordinator, office, problem, units)
    [duty] = office.rows("cases", kind="commitment")

    head = page_as("civil_head", script=script)
    ticks_the_sheet(head, tmp_path)
    if script:
        assert_accessible(head)
    assert office.state(problem) == "closed"

    office.at("2026-07-01 09:00").beat()
    assert office.said(duty.id, "note_missed")[0]["units"] == [units[4]]
    told = {row.person_id for row in office.inbox() if "2026年第2季度，第05社区未达到 2 次" in row.body}
    assert office.keys_of(sorted(told)) == ["civil_head", "community_5"]

    head = page_as("civil_head", script=script)
    head.goto("/commitments")
    text = head.inner_text("main")
    assert "2026年第2季度：第05社区" in text
    assert "第04社区" not in text
    assert "排名" not in text
    names_in_the_order_of_the_office(head)
    assert office.state(problem) == "closed"


def communities(office: Office) -> list[int]:
    """Twelve communities of the street, each with somebody at its head."""
    keys = [f"community_{n}" for n in range(1, COMMUNITIES + 1)]
    plan: dict[str, list[dict[str, Any]]] = {
        "departments": [
            {"key": key, "organization": "street", "name": f"第{n:02}社区", "kind": "community", "rank_order": n}
            for n, key in enumerate(keys, 1)
        ],
        "people": [
            {
                "key": key,
                "name": f"{key}同志",
                "email": f"{key}@street.test",
                "rank_order": 50 + n,
                "posts": [{"unit": key, "role": "department_head"}],
            }
            for n, key in enumerate(keys, 1)
        ],
    }
    set_up_office(office.house.desk, plan, "2026-01-01")
    office.people |= {row.key: row.id for row in office.rows("person")}
    office.departments |= {row.key: row.id for row in office.rows("department")}
    return [office.departments[key] for key in keys]


def closed_problem(office: Office) -> int:
    problem = office.closed_problem()
    assert office.state(problem) == "closed"
    return problem


def opens_the_commitment(page: Page, office: Office, problem: int, units: list[int]) -> None:
    page.goto(f"/problems/{problem}")
    page.get_by_text("其他办理").first.click()
    page.get_by_role("link", name="建立长期坚持事项").click()
    page.fill("#text", "每季度组织两次居民评议")
    page.get_by_label("每季度").check()
    page.fill("#times", "2")
    for unit in units:
        page.check(f"input[name=units][value='{unit}']")
    page.select_option("#lead_department", str(office.departments["civil"]))
    page.get_by_role("button", name="建立长期坚持事项").click()
    page.get_by_text("“建立长期坚持事项”已办理").wait_for()
    assert page.url.endswith(f"/problems/{problem}")


def ticks_the_sheet(page: Page, folder: Path) -> None:
    paper = folder / "评议记录.pdf"
    paper.write_bytes(b"%PDF-1.4\n")
    page.goto("/commitments")
    page.get_by_role("link", name="填报", exact=True).click()
    for place in range(COMMUNITIES):
        page.fill(f"#count_{place}", "1" if place == 4 else "2")
    page.set_input_files("#attachment", paper)
    page.get_by_role("button", name="提交填报表").click()
    page.get_by_text("填报表已提交").wait_for()


def names_in_the_order_of_the_office(page: Page) -> None:
    page.get_by_role("link", name="每季度组织两次居民评议").click()
    rows = page.get_by_role("rowheader")
    expect(rows).to_have_text([*(f"第{n:02}社区" for n in range(1, COMMUNITIES + 1)), "填报表"])
