"""Opens .xlsx, .xls and .csv without trusting them: every cell with its place, merged cells with their extent."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape
from pathlib import PurePath
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from documents.folding import trim
from documents.reading import ReadingError
from documents.sources import plain, secrecy
from documents.sources.package import Package

BYTES = 30 * 1024 * 1024
CELLS = 2_000_000  # rows × columns of a sheet; a single cell at its far corner would fill the memory
CSV_FIELD = 1_000_000  # characters
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>')
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_MACROS = "xl/vbaProject.bin"
_HEADERS = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>(.*?)</", re.DOTALL)
_SEPARATORS = "\t,;，；"

Value = str | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class Span:
    """A merged area, rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: all its rows are equally long, an empty cell is "". A cell covered by a merge is empty."""

    name: str
    rows: tuple[tuple[Value, ...], ...]
    spans: tuple[Span, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not any(cell != "" for row in self.rows for cell in row)


@dataclass(frozen=True)
class Workbook:
    """The visible sheets of a file that hold anything; `has_macros`: what they do is not run."""

    sheets: tuple[Sheet, ...]
    has_macros: bool = False


def read_workbook(name: str, data: bytes) -> Workbook:
    """Read a workbook; `name` is its file name. Raises ReadingError when it cannot or must not be read."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        message = f"不支持“{suffix or name}”格式。请另存为 .xlsx、.xls 或 .csv 后再导入。"
        raise ReadingError("unsupported_format", message)
    if len(data) > BYTES:
        raise ReadingError("too_large", f"文件超过{BYTES // 1024 // 1024}MB。请去掉图片和附件后再导入。")
    secrecy.refuse(name, ())
    book = _csv(data) if suffix == ".csv" else _book(data)
    secrecy.refuse("", _texts(book.sheets))
    if not book.sheets:
        raise ReadingError("empty_file", "工作簿里没有内容。请确认选对了文件。")
    return book


def column_letter(column: int) -> str:
    """The letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _texts(sheets: Iterable[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        yield sheet.name
        yield from (
            line for row in sheet.rows for cell in row if isinstance(cell, str) for line in cell.split("\n")
        )


def _book(data: bytes) -> Workbook:
    has_macros = False
    if data.startswith(_ZIP):
        has_macros = _look_into(Package(data))
    elif not data.startswith(_OLE):
        raise _not_a_workbook()
    opened = _opened(data)
    names = [one.name for one in opened.sheets_metadata if _is_shown(one)]
    sheets = (_sheet(opened, name) for name in names)
    return Workbook(tuple(sheet for sheet in sheets if not sheet.is_empty), has_macros)


def _is_shown(one: Any) -> bool:
    return bool(one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible)


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise _broken() from error
    except BaseException as error:
        raise _unless_panic(error) from error


def _sheet(book: CalamineWorkbook, name: str) -> Sheet:
    try:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > CELLS:
            raise _too_wide()
        rows = tuple(tuple(map(_plain, row)) for row in sheet.to_python(skip_empty_area=False))
        merged = sheet.merged_cell_ranges or ()
    except CalamineError as error:
        raise _broken() from error
    except BaseException as error:
        raise _unless_panic(error) from error
    spans = [Span(top, left, bottom, right) for (top, left), (bottom, right) in merged]
    if sum(_covered(one, rows) for one in spans) > CELLS:
        raise _too_wide()
    return Sheet(name, rows, tuple(sorted(spans, key=lambda one: (one.top, one.left))))


def _covered(span: Span, rows: Sequence[Sequence[Value]]) -> int:
    """How many cells of the sheet a merged area covers; areas lying over each other would cost time without end."""
    height = min(span.bottom + 1, len(rows)) - span.top
    width = min(span.right + 1, len(rows[0]) if rows else 0) - span.left
    return max(height, 0) * max(width, 0)


def _plain(cell: Any) -> Value:
    """A whole number like any other: only the old format tells them apart."""
    value: Value = float(cell) if type(cell) is int else cell
    return value


def _unless_panic(error: BaseException) -> BaseException:
    """A file that makes the library panic is a broken file; the panic is no Exception and would end the program."""
    return _broken() if type(error).__name__ == "PanicException" else error


def _look_into(package: Package) -> bool:
    """Refuse what is no workbook or would fill the memory, before the library sees it; whether it has macros."""
    if not any(name.startswith("xl/") for name in package.names):
        raise _not_a_workbook()
    for name in package.names:
        part = package.part(name) or b""
        if name.endswith((".xml", ".rels")) and _ENTITY.search(part):
            raise ReadingError("entity_declaration", "文件含有实体声明，可能有害，已拒绝打开。请另存后再导入。")
        if name.startswith("xl/worksheets/"):
            _refuse_far_corner(part)
            secrecy.refuse("", _printed(part))
    return _MACROS in package.names


def _refuse_far_corner(part: bytes) -> None:
    rows = columns = 0
    for letters, digits in _FILLED.findall(part):
        rows, columns = max(rows, int(digits)), max(columns, _column_number(letters))
    if rows * columns > CELLS:
        raise _too_wide()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _printed(part: bytes) -> Iterator[str]:
    """What stands above and below the printed pages, without the codes of its layout."""
    for found in _HEADERS.findall(part):
        text = re.sub("&[LCR]", "\n", unescape(found.decode("utf-8", "replace")))
        yield from re.sub(r'&(?:"[^"]*"|\d+|.)', "", text).split("\n")


def _csv(data: bytes) -> Workbook:
    text = plain.decode(data)
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    csv.field_size_limit(CSV_FIELD)
    try:
        rows = [
            [trim(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error as error:
        raise _broken() from error
    return Workbook(tuple(sheet for sheet in [Sheet("", _even(rows))] if not sheet.is_empty))


def _even(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    width = max(map(len, rows), default=0)
    if width * len(rows) > CELLS:
        raise _too_wide()
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


def _broken() -> ReadingError:
    return ReadingError(
        "broken_file", "文件已损坏或设有密码，打不开。请用 Excel 或 WPS 打开、去掉密码并另存后再导入。"
    )


def _not_a_workbook() -> ReadingError:
    return ReadingError(
        "not_workbook", "文件内容不是工作簿（可能只是改了扩展名）。请用 Excel 或 WPS 另存为 .xlsx 后再导入。"
    )


def _too_wide() -> ReadingError:
    return ReadingError(
        "too_long", "工作表过大，不像是台账，已拒绝读取。请删去表格以外的内容（如远处的单元格）后再导入。"
    )
