"""The register (台账) leaves as a workbook, because that is what offices print, filter and hand on."""

import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

import xlsxwriter

from documents.layout import chinese_date, lines_of, printable, width

Cell = str | int | float | date | None

TITLE_ROW, ORIGIN_ROW, HEADER_ROW = 0, 1, 2
LINE_POINTS = 15  # a line of 10 pt; the fonts that stand in for 宋体 are taller than it
PADDING_POINTS = 6
TALLEST_ROW_POINTS = 409  # Excel refuses more
LONGEST_TEXT = 32767  # Excel's limit: the writer leaves a cell with a longer text empty without a word
CUT_MARK = "……（内容过长，此处截断）"
SHEET_NAME_CHARS = 31
NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
A4, A3 = 9, 8  # Excel's paper codes
A4_CHARS = 90  # a wider register goes on A3: on A4 its letters would shrink below 8 pt
WORKBOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": "宋体", "font_size": 10},
}
_CELL = {"border": 1, "text_wrap": True, "valign": "vcenter"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"},
    "origin": {"align": "right", "valign": "vcenter"},
    "header": {**_CELL, "font_name": "黑体", "align": "center", "bg_color": "#EDEDED"},
    "text": {**_CELL, "align": "center"},
    "number": {**_CELL, "align": "center"},
    "date": {**_CELL, "align": "center", "num_format": 'yyyy"年"m"月"d"日"'},
    "wrapped": {**_CELL, "align": "left"},
    "summary": {"align": "left", "valign": "vcenter", "text_wrap": True},
}


@dataclass(frozen=True)
class Column:
    """A column; `width_chars` counts Chinese characters. `wrapped` is long text, aligned left."""

    key: str
    label: str
    width_chars: int
    kind: Literal["text", "number", "date", "wrapped"]


@dataclass(frozen=True)
class RegisterSheet:
    """A register as of a local day; a row has a cell per column, the summary stands below the rows."""

    title: str
    as_of: date
    prepared_by: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    summary: tuple[str, ...]


def register_xlsx(sheet: RegisterSheet) -> bytes:
    """The register as a workbook ready to print; equal sheets give equal bytes.

    A text stays a text whatever it begins with: one with = in front never becomes a formula. ValueError if
    a row has not one cell per column.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, WORKBOOK_OPTIONS) as workbook:
        workbook.set_properties(_properties(sheet))
        formats = {name: workbook.add_format(style) for name, style in STYLES.items()}
        worksheet = workbook.add_worksheet(sheet_name(sheet.title))
        _set_up_page(worksheet, sheet)
        _write_head(worksheet, formats, sheet)
        _write_rows(worksheet, formats, sheet)
        _write_summary(worksheet, formats, sheet)
    return buffer.getvalue()


def sheet_name(title: str) -> str:
    """A title as Excel takes it for a tab: 31 characters at most and none of []:*?/\\'."""
    return NOT_IN_SHEET_NAME.sub("", printable(title))[:SHEET_NAME_CHARS] or "台账"


def row_points(texts_and_widths: Iterable[tuple[str, float]]) -> int:
    """Height in points of a row whose cells wrap, from each text and its width in Chinese characters."""
    lines = max((_wrapped_lines(text, chars) for text, chars in texts_and_widths), default=1)
    return min(lines * LINE_POINTS + PADDING_POINTS, TALLEST_ROW_POINTS)


def _wrapped_lines(text: str, chars: float) -> int:
    """Half a character is kept free: punctuation may not begin a line and draws its neighbour down."""
    room = max(chars - 0.5, 1)
    return sum(max(1, math.ceil(width(line) / room)) for line in text.split("\n"))


def _properties(sheet: RegisterSheet) -> dict[str, str | datetime]:
    """The creation time is that of the register: left out, the writer would read the clock."""
    created = datetime.combine(sheet.as_of, time(), tzinfo=UTC)
    return {"title": printable(sheet.title), "author": printable(sheet.prepared_by), "created": created}


def _set_up_page(worksheet: Any, sheet: RegisterSheet) -> None:
    worksheet.set_landscape()
    worksheet.set_paper(A4 if _total_chars(sheet) <= A4_CHARS else A3)
    worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    worksheet.center_horizontally()
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(HEADER_ROW)
    worksheet.set_footer("&C第 &P 页，共 &N 页")
    worksheet.freeze_panes(HEADER_ROW + 1, 0)


def _write_head(worksheet: Any, formats: dict[str, Any], sheet: RegisterSheet) -> None:
    origin = f"编制单位：{sheet.prepared_by}　　截至日期：{chinese_date(sheet.as_of)}"
    _write_across(worksheet, TITLE_ROW, sheet.title, formats["title"], sheet)
    _write_across(worksheet, ORIGIN_ROW, origin, formats["origin"], sheet)
    worksheet.set_row(TITLE_ROW, 36)
    worksheet.set_row(HEADER_ROW, row_points((column.label, column.width_chars) for column in sheet.columns))
    for index, column in enumerate(sheet.columns):
        worksheet.set_column(index, index, column.width_chars * 2)  # Excel counts half-width characters
        worksheet.write(HEADER_ROW, index, printable(column.label), formats["header"])
    worksheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(sheet.rows), len(sheet.columns) - 1)


def _write_rows(worksheet: Any, formats: dict[str, Any], sheet: RegisterSheet) -> None:
    for number, row in enumerate(sheet.rows, start=HEADER_ROW + 1):
        cells = [(column, fitting(cell)) for column, cell in zip(sheet.columns, row, strict=True)]
        worksheet.set_row(number, row_points((_shown(cell), column.width_chars) for column, cell in cells))
        for index, (column, cell) in enumerate(cells):
            worksheet.write(number, index, cell, formats[column.kind])


def _write_summary(worksheet: Any, formats: dict[str, Any], sheet: RegisterSheet) -> None:
    for number, text in enumerate(sheet.summary, start=HEADER_ROW + 1 + len(sheet.rows)):
        worksheet.set_row(number, row_points([(text, _total_chars(sheet))]))
        _write_across(worksheet, number, text, formats["summary"], sheet)


def _write_across(worksheet: Any, row: int, text: str, cell_format: Any, sheet: RegisterSheet) -> None:
    """Write over the width of the register; Excel calls a file broken that merges a single cell."""
    if len(sheet.columns) > 1:
        worksheet.merge_range(row, 0, row, len(sheet.columns) - 1, "", cell_format)
    worksheet.write(row, 0, fitting(text), cell_format)


def fitting(cell: Cell) -> Cell:
    """A cell as Excel takes it: no control characters, not longer than it allows, and then it says so."""
    if not isinstance(cell, str):
        return cell
    text = "\n".join(lines_of(cell))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(CUT_MARK)] + CUT_MARK


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _total_chars(sheet: RegisterSheet) -> int:
    return sum(column.width_chars for column in sheet.columns)
