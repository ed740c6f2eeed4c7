"""The district's own template comes back filled in: its header found, its looks kept, its notes below the rows."""

import io
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from documents.reading import ReadingError
from documents.register import Cell, fitting, row_points
from documents.sheets.columns import Names
from documents.sheets.header import Grid, Header, find_header
from documents.sheets.register import TITLES, with_title
from documents.sheets.workbook import read_workbook

SUFFIXES = (".xlsx", ".xlsm")
DATES = "yyyy-mm-dd"
_USUAL_WIDTH = 8.43  # Excel's own, in half-width characters, where a template sets none
_UNSET = ("General", "@")


@dataclass(frozen=True)
class Filled:
    """A filled template, and the columns that nothing was known for."""

    content: bytes
    left_empty: tuple[str, ...]


def fill_template(
    name: str, data: bytes, rows: Sequence[Mapping[str, Cell]], own: Mapping[str, str] | None = None
) -> Filled | None:
    """Fill a template (its file name and bytes) with rows of cells by our word for their column.

    None if no sheet of it names the columns of a register; ReadingError if it cannot or must not be opened.
    """
    if PurePath(name).suffix.lower() not in SUFFIXES:
        raise ReadingError("unsupported_format", "模板须是 .xlsx 文件。请用 Excel 或 WPS 另存为 .xlsx 后再用。")
    names = Names("filled", "register", own=own)
    found = [(sheet.name, find_header(Grid(sheet), names, TITLES)) for sheet in read_workbook(name, data).sheets]
    headed = [(sheet, with_title(header)) for sheet, header in found if header is not None]
    if not headed:
        return None
    sheet_name, header = max(headed, key=lambda one: len(one[1].columns))
    # Read as the checks above have seen it; macros are not taken over.
    book = openpyxl.load_workbook(io.BytesIO(data))
    _fill(book[sheet_name], header, rows)
    written = io.BytesIO()
    book.save(written)
    known = {key for row in rows[:1] for key in row} or set(header.columns)
    empty = [place for key, place in header.columns.items() if key not in known]
    return Filled(written.getvalue(), header.named(sorted((*empty, *header.unknown, *header.left_out))))


def _fill(sheet: Worksheet, header: Header, rows: Sequence[Mapping[str, Cell]]) -> None:
    first = header.bottom + 2
    free = _free_rows(sheet, header, first)
    _unmerge(sheet, first, first + free)
    if len(rows) > free:
        _make_room(sheet, first + free, len(rows) - free)
    for number, row in enumerate(rows, first):
        if number > first:
            _dress_like(sheet, first, number)
        for key, place in header.columns.items():
            if key in row:
                _put(sheet.cell(number, place + 1), row[key])
        _set_height(sheet, number, first)


def _free_rows(sheet: Worksheet, header: Header, first: int) -> int:
    """The empty rows below the header; a row that only counts is empty."""
    number = header.columns.get("number", -1) + 1
    row = first
    while row <= sheet.max_row and not any(
        cell.value not in (None, "") and cell.column != number for cell in sheet[row]
    ):
        row += 1
    return row - first


def _unmerge(sheet: Worksheet, first: int, end: int) -> None:
    for area in [one for one in sheet.merged_cells.ranges if first <= one.min_row < end]:
        sheet.unmerge_cells(str(area))


def _make_room(sheet: Worksheet, row: int, how_many: int) -> None:
    """Move what stands from a row on downwards, with its merged cells and its heights."""
    if row > sheet.max_row:
        return
    areas = [one for one in sheet.merged_cells.ranges if one.min_row >= row]
    heights = {one: sheet.row_dimensions[one].height for one in range(row, sheet.max_row + 1)}
    for area in areas:
        sheet.unmerge_cells(str(area))
    sheet.move_range(f"A{row}:{get_column_letter(sheet.max_column)}{sheet.max_row}", rows=how_many)
    for area in areas:
        area.shift(row_shift=how_many)
        sheet.merge_cells(str(area))
    for one, height in heights.items():
        sheet.row_dimensions[one + how_many].height = height


def _dress_like(sheet: Worksheet, model: int, row: int) -> None:
    for column in range(1, sheet.max_column + 1):
        # The whole style at once: openpyxl has no public way to copy it.
        dressed: Any = sheet.cell(row, column)
        like: Any = sheet.cell(model, column)
        dressed._style = copy(like._style)
    sheet.row_dimensions[row].height = sheet.row_dimensions[model].height


def _put(cell: Any, value: Cell) -> None:
    cell.value = fitting(value)
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is no formula
    elif isinstance(value, date) and cell.number_format in _UNSET:
        cell.number_format = DATES


def _set_height(sheet: Worksheet, row: int, model: int) -> None:
    """As high as the template's row, and higher where a text would be cut off."""
    columns = range(1, sheet.max_column + 1)
    texts = [(str(sheet.cell(row, one).value or ""), _chars(sheet, one)) for one in columns]
    given = sheet.row_dimensions[model].height or 0
    sheet.row_dimensions[row].height = max(given, row_points(texts))


def _chars(sheet: Worksheet, column: int) -> float:
    """The width of a column in Chinese characters."""
    return (sheet.column_dimensions[get_column_letter(column)].width or _USUAL_WIDTH) / 2
