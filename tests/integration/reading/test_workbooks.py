"""Workbooks are opened defensively, in the three forms in which offices save them."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from documents.reading import ReadingError
from documents.sheets.register import read_register
from documents.sheets.workbook import read_workbook

HERE = Path(__file__).parent / "workbooks"
TABLE = "序号,具体问题,整改措施\n1,甲不落实,立即补学\n"


def xlsx(change: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["序号", "具体问题", "整改措施"], ["1", "甲不落实", "立即补学"]):
        sheet.append(row)
    change(sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one part more, or with another one in its place."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, content)
    return written.getvalue()


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(ReadingError) as caught:
        read_workbook(name, data)
    return caught.value.code


def test_a_workbook_of_the_old_kind_is_read_with_its_merged_cells() -> None:
    found = read_register(read_workbook("台账.xls", (HERE / "register.xls").read_bytes()), {})

    assert found is not None
    assert [(one.number, one.title, one.due_on) for one in found.problems] == [
        ("1", "甲不落实", date(2027, 1, 31)), ("2", "乙不落实", date(2025, 12, 9))
    ]  # fmt: skip
    assert [one.text for one in found.problems[0].measures] == ["立即补学", "制定制度"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_table_is_read_in_every_encoding_and_with_every_separator(encoding: str) -> None:
    for separator in (",", "\t", ";"):
        book = read_workbook("台账.csv", TABLE.replace(",", separator).encode(encoding))
        assert book.sheets[0].rows[1] == ("1", "甲不落实", "立即补学")


def test_what_stands_in_a_hidden_sheet_is_not_read() -> None:
    def hide(sheet: Any) -> None:
        sheet.parent.create_sheet("旧").append(["序号", "具体问题", "整改措施", "责任科室"])
        sheet.parent["旧"].sheet_state = "hidden"

    assert [one.name for one in read_workbook("台账.xlsx", xlsx(hide)).sheets] == ["Sheet"]


def test_macros_are_not_run_and_it_is_said() -> None:
    assert read_workbook("台账.xlsm", with_part(xlsx(), "xl/vbaProject.bin", b"x")).has_macros


@pytest.mark.parametrize("place", ["C4", "D1"])
def test_a_mark_of_secrecy_in_a_cell_turns_the_file_away(place: str) -> None:
    def mark(sheet: Any) -> None:
        sheet[place] = "机密★10年"

    assert refusal("台账.xlsx", xlsx(mark)) == "state_secret"


def test_a_mark_of_secrecy_on_the_page_or_in_the_name_turns_the_file_away() -> None:
    def mark(sheet: Any) -> None:
        sheet.oddHeader.right.text = "秘密"

    assert refusal("台账.xlsx", xlsx(mark)) == "state_secret"
    assert refusal("台账（秘密）.xlsx", xlsx()) == "state_secret"
    assert refusal("台账.csv", (TABLE + "密级：绝密\n").encode()) == "state_secret"


def test_a_cell_at_the_far_corner_does_not_fill_the_memory() -> None:
    def far(sheet: Any) -> None:
        sheet["XFD1048576"] = "甲"

    assert refusal("台账.xlsx", xlsx(far)) == "too_long"


def test_a_zip_bomb_is_refused() -> None:
    assert refusal("台账.xlsx", with_part(xlsx(), "xl/media/a.bin", bytes(120 * 1024 * 1024))) == "zip_bomb"


def test_entities_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'

    assert refusal("台账.xlsx", with_part(xlsx(), "xl/sharedStrings.xml", bomb)) == "entity_declaration"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("台账.docx", b"", "unsupported_format"),
        ("台账.xlsx", TABLE.encode(), "not_workbook"),
        ("台账.xlsx", b"PK\x03\x04 nothing", "broken_file"),
        ("台账.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "broken_file"),
        ("台账.csv", b"\n\n", "empty_file"),
        ("台账.csv", b"a\x00b", "not_text"),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_reason(name: str, data: bytes, code: str) -> None:
    assert refusal(name, data) == code


def test_a_damaged_workbook_never_ends_the_program() -> None:
    whole = xlsx()
    old = (HERE / "register.xls").read_bytes()
    for place in range(0, len(whole), 211):
        for name, data in (("台账.xlsx", whole), ("台账.xls", old)):
            damaged = data[:place] + b"\xff\x00" + data[place + 2 :]
            try:
                read_workbook(name, damaged)
            except ReadingError:
                continue
