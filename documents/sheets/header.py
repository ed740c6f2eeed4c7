"""Finds the row of a sheet that names its columns, wherever it stands and in whatever words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from documents.sheets.columns import IGNORED, Names, folded
from documents.sheets.values import text_of
from documents.sheets.workbook import Sheet, Value, column_letter

SEARCHED_ROWS = 40
DEEPEST = 2  # rows of a header that names groups of columns above the columns


@dataclass(frozen=True)
class Header:
    """A header: rows from `top` to `bottom` (from 0), the place of each known column, the names as printed.

    `unknown` are the columns whose name nobody knows, `left_out` those that are known and not read.
    """

    top: int
    bottom: int
    columns: Mapping[str, int]
    labels: tuple[str, ...]
    unknown: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()

    def place(self, row: int, key: str) -> str:
        """A cell as a person finds it: 第5行 D列 整改时限."""
        column = self.columns[key]
        return f"第{row + 1}行 {column_letter(column)}列 {self.labels[column]}"

    def named(self, columns: Sequence[int]) -> tuple[str, ...]:
        """Columns as a person finds them: D列“整改时限”."""
        return tuple(f"{column_letter(one)}列“{self.labels[one]}”" for one in columns)


@dataclass
class Grid:
    """A sheet with its merged cells filled in: every covered cell shows the value of the area's first."""

    sheet: Sheet
    _covered: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        height = len(self.sheet.rows)
        width = len(self.sheet.rows[0]) if height else 0
        for span in self.sheet.spans:
            for row in range(span.top, min(span.bottom + 1, height)):
                for column in range(span.left, min(span.right + 1, width)):
                    self._covered[row, column] = (span.top, span.left)

    def cell(self, row: int, column: int) -> Value:
        row, column = self._covered.get((row, column), (row, column))
        return self.sheet.rows[row][column]

    def text(self, row: int, column: int) -> str:
        return text_of(self.cell(row, column))

    def texts(self, row: int) -> list[str]:
        return [self.text(row, column) for column in range(len(self.sheet.rows[row]))]

    def is_continued(self, row: int, column: int) -> bool:
        """Whether a cell belongs to one that began in a row above."""
        return self._covered.get((row, column), (row, column))[0] < row

    def is_across(self, row: int, columns: Sequence[int]) -> bool:
        """Whether all that a row says stands in one cell, merged over others or alone."""
        origins = {self._covered.get((row, one), (row, one)) for one in columns if self.text(row, one)}
        return len(origins) == 1


def find_header(grid: Grid, names: Names, needed: Sequence[str], fewest: int = 2) -> Header | None:
    """The best header among the first rows, or None.

    It has at least one of the columns `needed`, and not fewer than `fewest` that are known by name.
    """
    rows = range(min(SEARCHED_ROWS, len(grid.sheet.rows)))
    found = [
        _header(grid, top, top + depth, names)
        for depth in range(DEEPEST)
        for top in rows
        if top + depth < len(grid.sheet.rows)
    ]
    fit = [one for one in found if len(one.columns) >= fewest and one.columns.keys() & set(needed)]
    return max(fit, key=lambda one: (len(one.columns), one.top - one.bottom, -one.top), default=None)


def _header(grid: Grid, top: int, bottom: int, names: Names) -> Header:
    labels = tuple(_label(grid, top, bottom, column, names) for column in range(len(grid.sheet.rows[top])))
    columns: dict[str, int] = {}
    unknown, left_out = [], []
    for place, label in enumerate(labels):
        key = names.key(label) if label else IGNORED
        if key == IGNORED:
            left_out += [place] if label else []
        elif key is None or key in columns:
            unknown.append(place)
        else:
            columns[key] = place
    return Header(top, bottom, columns, labels, tuple(unknown), tuple(left_out))


def _label(grid: Grid, top: int, bottom: int, column: int, names: Names) -> str:
    """The lowest name of a column; the group above it helps where the name alone says nothing."""
    texts = ["".join(grid.text(row, column).split()) for row in range(top, bottom + 1)]
    texts = [text for place, text in enumerate(texts) if text and text not in texts[:place]]
    if not texts:
        return ""
    joined = "".join(texts)
    return joined if names.key(texts[-1]) is None and names.key(joined) is not None else texts[-1]


def is_repeated(grid: Grid, header: Header, row: int) -> bool:
    """Whether a row names the columns again, as on the second page of a printed list."""
    texts = [folded(grid.text(row, place)) for place in header.columns.values()]
    return texts == [folded(header.labels[place]) for place in header.columns.values()]
