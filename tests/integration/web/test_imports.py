"""Workbooks come in on the pages: seen first, imported after, and only by those who keep the register."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from browser import Browser, says
from httpx2 import Response
from office import Office

HEADER = ["序号", "具体问题", "整改措施", "牵头领导", "责任部门", "落实人", "整改时限"]
ROW = ["1", "甲不落实", "立即补学", "lead同志", "社会事务办", "officer同志", "2026年12月31日"]


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.fixture
def place(office: Office) -> str:
    return f"/inspections/{office.opens_inspection()}/register-import"


def sends(browser: Browser, path: str, content: bytes) -> Response:
    return browser.post(path, files={"file": ("台账.xlsx", content)}, do="preview")


def confirms(browser: Browser, path: str, seen: Response, **fields: str) -> Response:
    kept = re.search(r'name="kept" value="([0-9a-f]{64})"', seen.text)
    assert kept, seen.text
    return browser.post(path, {"kept": kept[1], "name": "台账.xlsx", "do": "import", **fields})


def test_a_register_is_seen_before_it_is_imported(
    office: Office, browser: Callable[[str], Browser], place: str
) -> None:
    coordinator = browser("coordinator")
    seen = sends(coordinator, place, workbook([*HEADER[:5], "责任人", HEADER[6]], ROW))
    assert "登记并分解" in says(seen)
    assert office.rows("problem") == []

    done = confirms(coordinator, place, seen)
    assert (done.status_code, done.headers["location"]) == (303, "/imports")
    assert "已登记 1 个问题，分解 1 个，下达措施 1 项" in coordinator.sees("/imports")
    assert [row.title for row in office.rows("problem")] == ["甲不落实"]


def test_an_unknown_column_is_said_once_and_remembered(
    office: Office, browser: Callable[[str], Browser], place: str
) -> None:
    coordinator = browser("coordinator")
    seen = sends(coordinator, place, workbook(HEADER, ROW))
    assert "“落实人”是" in says(seen)

    confirms(coordinator, place, seen, **{"map:落实人": "officer"})
    assert [row.text for row in office.rows("measure")] == ["立即补学"]
    again = sends(coordinator, place, workbook(HEADER, ["2", "乙不落实", *ROW[2:]]))
    assert "“落实人”是" not in says(again)


def test_faults_are_shown_with_their_cells_and_cannot_be_imported(
    office: Office, browser: Callable[[str], Browser], place: str
) -> None:
    coordinator = browser("coordinator")
    seen = sends(coordinator, place, workbook(HEADER, [*ROW[:6], "2026.13.40"]))

    assert seen.status_code == 422
    assert "第2行 G列 整改时限：2026.13.40 不是日期" in says(seen)
    assert 'value="import"' not in seen.text
    assert confirms(coordinator, place, seen).status_code == 422
    assert office.rows("problem") == []


def test_what_is_no_register_is_refused_with_the_remedy(browser: Callable[[str], Browser], place: str) -> None:
    coordinator = browser("coordinator")

    refused = sends(coordinator, place, b"nothing")
    assert refused.status_code == 422
    assert "不是工作簿" in says(refused)
    assert "请选择文件" in says(coordinator.post(place, do="preview"))


def test_the_same_register_twice_is_refused(browser: Callable[[str], Browser], place: str) -> None:
    coordinator, content = browser("coordinator"), workbook([*HEADER[:5], "责任人", HEADER[6]], ROW)
    confirms(coordinator, place, sends(coordinator, place, content))

    refused = confirms(coordinator, place, sends(coordinator, place, content))
    assert refused.status_code == 409
    assert "已经导入过" in says(refused)


@pytest.mark.parametrize("who", ["officer", "head", "outsider"])
def test_who_does_not_keep_the_register_finds_no_page(
    browser: Callable[[str], Browser], place: str, who: str
) -> None:
    other = browser(who)

    assert other.get(place).status_code == 404
    assert sends(other, place, workbook(HEADER, ROW)).status_code == 404
    assert place not in other.sees("/imports")


def test_people_are_brought_in_by_the_administrator_alone(
    office: Office, browser: Callable[[str], Browser]
) -> None:
    assert browser("coordinator").get("/imports/people").status_code == 404
    keeper = browser("outsider")  # the administrator next door
    seen = sends(keeper, "/imports/people", workbook(["姓名", "部门", "角色"], ["新人", "综合办", "经办人"]))
    assert "新增" in says(seen)
    assert confirms(keeper, "/imports/people", seen).status_code == 303

    [person] = [row for row in office.rows("person") if row.name == "新人"]
    assert person.organization_id == office.organizations["next_door"]
