"""An office as it is listed in a workbook: organisations, departments and people, a sheet each or people alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from documents.sheets.columns import Names
from documents.sheets.header import Grid, Header, find_header, is_repeated
from documents.sheets.workbook import Sheet, Workbook

ORGANIZATIONS, DEPARTMENTS, PEOPLE = "organizations", "departments", "people"
EXPLAINED = "说明"  # in the name of a sheet that tells how to fill the others in
_SHEETS = {
    PEOPLE: ("人员", "干部", "通讯录", "花名册"),
    DEPARTMENTS: ("科室", "部门", "机构"),
    ORGANIZATIONS: ("单位",),
}


@dataclass(frozen=True)
class ListedRow:
    """A row of a list: its number from 0, the texts of its known columns, and whence a cell can be found again."""

    table: "ListedTable"
    row: int
    cells: Mapping[str, str]

    def text(self, key: str) -> str:
        return self.cells.get(key, "")

    def place(self, key: str) -> str:
        """A cell as a person finds it: 人员 第3行 B列 科室."""
        header = self.table.header
        return f"{self.table.sheet} {header.place(self.row, key if key in header.columns else 'name')}".strip()


@dataclass(frozen=True)
class ListedTable:
    """A sheet that lists something: its name, its header, its rows."""

    sheet: str
    header: Header
    rows: list[ListedRow] = field(default_factory=list)


def read_office(book: Workbook) -> Mapping[str, ListedTable]:
    """The lists of a workbook by what they list; a workbook whose sheets have other names lists people."""
    found: dict[str, ListedTable] = {}
    for sheet in book.sheets:
        if EXPLAINED in sheet.name:
            continue
        what = next((what for what, names in _SHEETS.items() if any(one in sheet.name for one in names)), PEOPLE)
        table = _listed(what, sheet)
        if table is not None and what not in found:
            found[what] = table
    return found


def _listed(what: str, sheet: Sheet) -> ListedTable | None:
    grid = Grid(sheet)
    header = find_header(grid, Names(what), ("name",), fewest=1)
    if header is None or "name" not in header.columns:
        return None
    table = ListedTable(sheet.name, header)
    table.rows.extend(_rows(grid, header, table))
    return table


def _rows(grid: Grid, header: Header, table: ListedTable) -> Iterator[ListedRow]:
    for row in range(header.bottom + 1, len(grid.sheet.rows)):
        cells = {key: grid.text(row, place) for key, place in header.columns.items()}
        if any(cells.values()) and not is_repeated(grid, header, row):
            yield ListedRow(table, row, cells)
