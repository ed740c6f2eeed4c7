"""Reads a year's days off and make-up days from a workbook: day, 休 or 班, name, a day a row."""

from collections.abc import Iterator

from documents.holiday_list import KINDS, ListedDay, checked
from documents.reading import ReadingError
from documents.sheets.columns import Names
from documents.sheets.header import Grid, Header, find_header
from documents.sheets.values import NotA, date_of
from documents.sheets.workbook import Workbook

COLUMNS = ("day", "kind", "name")


def read_holiday_book(book: Workbook) -> list[ListedDay]:
    """The days in the order of the first sheet that names the three columns.

    Raises ReadingError naming every cell that cannot be right, as in 第5行 B列 类型.
    """
    for sheet in book.sheets:
        grid = Grid(sheet)
        header = find_header(grid, Names("holidays"), COLUMNS)
        if header is not None and all(one in header.columns for one in COLUMNS):
            return checked(_rows(grid, header))
    raise ReadingError("bad_holiday_list", "没有找到表头，请在第一行写明“日期”“类型”“节日”三列，类型填“休”或“班”。")


def _rows(grid: Grid, header: Header) -> Iterator[ListedDay | str]:
    """A day for each row, or what is wrong with it."""
    for row in range(header.bottom + 1, len(grid.sheet.rows)):
        if any(grid.text(row, place) for place in header.columns.values()):
            yield _read(grid, header, row)


def _read(grid: Grid, header: Header, row: int) -> ListedDay | str:
    day = date_of(grid.cell(row, header.columns["day"]))
    kind, name = (grid.text(row, header.columns[key]) for key in ("kind", "name"))
    if day is None or isinstance(day, NotA):
        shown = "空着" if day is None else f"“{day.text}”不是日期"
        return f"{header.place(row, 'day')}：{shown}，请写成 2027-02-05"
    if kind not in KINDS:
        return f"{header.place(row, 'kind')}：{f'“{kind}”看不懂' if kind else '空着'}，请写“休”或“班”"
    if not name:
        return f"{header.place(row, 'name')}：空着，请写节日名称，如 春节"
    return ListedDay(header.place(row, "day"), day, KINDS[kind], name)
