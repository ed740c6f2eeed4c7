"""The register is read back as a spreadsheet program reads it."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from documents.register import (
    CUT_MARK,
    LONGEST_TEXT,
    TALLEST_ROW_POINTS,
    Cell,
    Column,
    RegisterSheet,
    register_xlsx,
    row_points,
    sheet_name,
)

COLUMNS = (
    Column("number", "序号", 4, "number"),
    Column("title", "具体问题", 20, "wrapped"),
    Column("due", "整改时限", 6, "date"),
    Column("state", "状态", 6, "text"),
)
ROWS: tuple[tuple[Cell, ...], ...] = (
    (1, "路灯损坏无人修复", date(2025, 12, 10), "已销号"),
    (2, "台账不全", None, "整改中"),
)
SHEET = RegisterSheet("甲街道台账", date(2026, 3, 9), "甲街道整改办", COLUMNS, ROWS, ("共2个问题。", "已销号1个。"))
HEADER = 3  # as a spreadsheet counts, from 1


def opened(sheet: RegisterSheet) -> Worksheet:
    worksheet = openpyxl.load_workbook(io.BytesIO(register_xlsx(sheet))).active
    assert isinstance(worksheet, Worksheet)
    return worksheet


def with_text(text: str) -> RegisterSheet:
    return replace(SHEET, rows=((1, text, None, ""),))


def test_title_origin_header_rows_and_summary_stand_below_each_other() -> None:
    assert [row[:4] for row in opened(SHEET).iter_rows(values_only=True)] == [
        ("甲街道台账", None, None, None),
        ("编制单位：甲街道整改办　　截至日期：2026年3月9日", None, None, None),
        ("序号", "具体问题", "整改时限", "状态"),
        (1, "路灯损坏无人修复", datetime(2025, 12, 10), "已销号"),  # noqa: DTZ001  a spreadsheet has no zones
        (2, "台账不全", None, "整改中"),
        ("共2个问题。", None, None, None),
        ("已销号1个。", None, None, None),
    ]


def test_a_date_is_a_real_date_shown_year_first() -> None:
    cell = opened(SHEET).cell(HEADER + 1, 3)
    assert cell.is_date
    assert cell.number_format == 'yyyy"年"m"月"d"日"'


@pytest.mark.parametrize("text", ["=1+1", "+86 0000", "{=SUM(A1)}", "-1", "@甲", "https://example.org/", "007"])
def test_a_text_stays_a_text_whatever_it_begins_with(text: str) -> None:
    cell = opened(with_text(text)).cell(HEADER + 1, 2)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_text_longer_than_a_cell_is_cut_where_everybody_can_see_it() -> None:
    shown = opened(with_text("长" * (LONGEST_TEXT + 1))).cell(HEADER + 1, 2).value
    assert isinstance(shown, str)
    assert len(shown) == LONGEST_TEXT
    assert shown.endswith(CUT_MARK)


def test_control_characters_and_blank_lines_leave_a_pasted_text() -> None:
    assert opened(with_text("一\x00次\r\n\r\n  两次")).cell(HEADER + 1, 2).value == "一次\n两次"


def test_the_head_is_merged_frozen_and_filtered() -> None:
    worksheet = opened(SHEET)
    assert {str(area) for area in worksheet.merged_cells.ranges} == {"A1:D1", "A2:D2", "A6:D6", "A7:D7"}
    assert worksheet.freeze_panes == "A4"
    assert worksheet.auto_filter.ref == "A3:D5"


def test_a_register_of_one_column_merges_nothing() -> None:
    worksheet = opened(replace(SHEET, columns=COLUMNS[:1], rows=((1,),)))
    assert not worksheet.merged_cells.ranges
    assert worksheet["A1"].value == "甲街道台账"


def test_it_prints_in_landscape_as_wide_as_the_page_with_the_header_on_each() -> None:
    worksheet = opened(SHEET)
    assert worksheet.page_setup.orientation == "landscape"
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert worksheet.page_setup.fitToWidth in (None, 1)  # left out, it means 1
    assert worksheet.page_setup.fitToHeight == 0
    assert worksheet.print_title_rows == "$3:$3"
    assert worksheet.oddFooter.center.text == "第 &P 页，共 &N 页"


@pytest.mark.parametrize(("chars", "paper"), [(40, "9"), (140, "8")])
def test_a_wide_register_goes_on_a3_and_a_narrow_one_on_a4(chars: int, paper: str) -> None:
    columns = (*COLUMNS[:-1], replace(COLUMNS[-1], width_chars=chars))
    assert opened(replace(SHEET, columns=columns)).page_setup.paperSize == int(paper)


def test_cells_wrap_in_chinese_letters_and_columns_count_chinese_characters() -> None:
    worksheet = opened(SHEET)
    cell = worksheet.cell(HEADER + 1, 2)
    assert cell.font.name == "宋体"
    assert cell.alignment.wrap_text
    assert worksheet.column_dimensions["B"].width == pytest.approx(40, abs=1)


def test_a_row_is_as_high_as_its_tallest_cell() -> None:
    rows = ((1, "长" * 100, None, ""), (2, "短", None, ""))
    heights = opened(replace(SHEET, rows=rows)).row_dimensions
    assert heights[HEADER + 1].height == row_points([("长" * 100, 20)])
    assert heights[HEADER + 2].height == row_points([("短", 20)])


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("十个字十个字十个字十", 2), ("1234567890", 1), ("一\n二\n三", 3), ("十个字十个字十个字\n一", 2)],
)
def test_wrapped_lines_are_counted_in_full_width_characters(text: str, lines: int) -> None:
    one, two = row_points([("一", 10)]), row_points([("一\n二", 10)])
    assert row_points([(text, 10), ("一", 10)]) == one + (lines - 1) * (two - one)


def test_no_row_is_higher_than_excel_allows() -> None:
    assert row_points([("长" * 5000, 10)]) == TALLEST_ROW_POINTS


def test_a_row_that_lacks_a_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        register_xlsx(replace(SHEET, rows=((1, "一"),)))


@pytest.mark.parametrize(
    ("title", "name"),
    [("甲/乙[台账]", "甲乙台账"), ("长" * 40, "长" * 31), ("?", "台账"), ("问题清单", "问题清单")],
)
def test_the_tab_bears_the_title_as_far_as_excel_allows(title: str, name: str) -> None:
    assert sheet_name(title) == name
    assert opened(replace(SHEET, title=title)).title == name


def test_equal_sheets_give_equal_bytes_and_no_clock_reaches_them() -> None:
    packed = register_xlsx(SHEET)
    assert packed == register_xlsx(replace(SHEET))
    assert packed != register_xlsx(replace(SHEET, as_of=date(2026, 3, 10)))
    archive = zipfile.ZipFile(io.BytesIO(packed))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "2026-03-09T00:00:00Z" in archive.read("docProps/core.xml").decode()
