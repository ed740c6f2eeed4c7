"""The district's template comes back filled in, and looks as the district made it."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from office import Office
from openpyxl.styles import Font, PatternFill

from desk.fill_template import fill_register_template
from documents.reading import ReadingError
from documents.sheets.template import Filled

HEADER = ["序号", "反馈问题", "责任部门", "整改时限", "完成情况", "整改措施", "经费来源"]


def template(free: int = 2, footer: bool = True) -> Any:
    """A title, a header, so many free rows that are numbered, and a line to be signed below them."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["巡察整改情况统计表（模板）"])
    sheet.merge_cells("A1:G1")
    sheet.append(HEADER)
    for number in range(1, free + 1):
        sheet.append([number])
        sheet.cell(2 + number, 2).font = Font(name="仿宋_GB2312", size=11)
        sheet.cell(2 + number, 4).number_format = "yyyy年m月d日"
        sheet.row_dimensions[2 + number].height = 40
    if footer:
        sheet.append(["填表人：", None, None, "审核人："])
        sheet.merge_cells(start_row=free + 3, start_column=1, end_row=free + 3, end_column=3)
        sheet.cell(free + 3, 1).fill = PatternFill("solid", start_color="FFEEEEEE")
    return book


def fill(office: Office, book: Any) -> tuple[Any, Filled]:
    written = io.BytesIO()
    book.save(written)
    filled = fill_register_template(office.house.desk, office.register(), ("模板.xlsx", written.getvalue()))
    return openpyxl.load_workbook(io.BytesIO(filled.content)).worksheets[0], filled


@pytest.fixture
def assigned(office: Office) -> Office:
    for number in ("1", "2", "3"):
        office.problem_in_work("time_limited", number=number, due="2026-09-30")
    return office


def test_rows_are_filled_in_the_looks_of_the_template(assigned: Office) -> None:
    sheet, _ = fill(assigned, template())

    assert [sheet.cell(row, 1).value for row in (3, 4, 5)] == ["1", "2", "3"]
    assert [sheet.cell(row, 3).value for row in (3, 4, 5)] == ["社会事务办"] * 3
    assert sheet.cell(5, 4).value.date() == date(2026, 9, 30)
    assert sheet.cell(5, 4).number_format == "yyyy年m月d日"
    assert sheet.cell(5, 2).font.name == "仿宋_GB2312"
    assert sheet.cell(3, 5).value == "正在整改"
    assert sheet.row_dimensions[5].height >= 40
    assert sheet["A1"].value == "巡察整改情况统计表（模板）"


def test_what_stands_below_moves_down_when_there_are_more_problems_than_rows(assigned: Office) -> None:
    sheet, _ = fill(assigned, template(free=2))

    assert (sheet.cell(6, 1).value, sheet.cell(6, 4).value) == ("填表人：", "审核人：")
    assert "A6:C6" in {str(area) for area in sheet.merged_cells.ranges}
    assert sheet.cell(6, 1).fill.start_color.rgb == "FFEEEEEE"


def test_with_rows_to_spare_nothing_moves(assigned: Office) -> None:
    sheet, _ = fill(assigned, template(free=6))

    assert sheet.cell(9, 1).value == "填表人："


def test_columns_that_nothing_is_known_for_are_named(assigned: Office) -> None:
    _, filled = fill(assigned, template())

    assert filled.left_empty == ("G列“经费来源”",)


def test_a_text_that_begins_like_a_formula_stays_a_text(office: Office) -> None:
    office.opens_problem("1", "=HYPERLINK(1)")
    sheet, _ = fill(office, template())

    assert (sheet.cell(3, 2).value, sheet.cell(3, 2).data_type) == ("=HYPERLINK(1)", "s")


def test_a_workbook_without_such_a_header_is_refused(office: Office) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["收支明细", "金额"])

    with pytest.raises(ReadingError, match="表头"):
        fill(office, book)
