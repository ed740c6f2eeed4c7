"""Lists of problems laid out as a table: the header says what each column holds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from documents.folding import fold
from documents.outline.entries import Entry

AREA, HEADING, PROBLEM = "table area", "table heading", "table problem"
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"(?:序|编|问题序|问题编)号$|^no\.?$", re.IGNORECASE)),
    (
        "answer",
        re.compile(r"整改.*(?:情况|措施|举措|成效|结果|进展|效果|成果)|(?:完成|落实|进展|办理)情况|^措施|^整改$"),
    ),
    (PROBLEM, re.compile(r"具体(?:问题|表现)|问题(?:描述|表现|内容|具体)")),
    (
        HEADING,
        re.compile(r"(?:反馈|主要|存在|巡察|发现|指出)的?(?:问题|意见)|问题(?:清单|类型|类别|分类)?$|反馈意见"),
    ),
    (AREA, re.compile(r"方面|类别|领域|板块|分类")),
)


@dataclass(frozen=True)
class Row:
    """A row of such a table: the entries of its cells by the role of their column, fields with their name."""

    entries: tuple[Entry, ...]
    roles: tuple[str, ...]

    def of(self, role: str) -> list[Entry]:
        return [entry for entry, each in zip(self.entries, self.roles, strict=True) if each == role]


@dataclass(frozen=True)
class Layout:
    """What was learnt of the tables of a document: rows by the index of their first entry, and header lines."""

    rows: dict[int, Row]
    headers: frozenset[int]

    @cached_property
    def taken(self) -> frozenset[int]:
        """The entries that belong to rows and headers."""
        return self.headers | {entry.index for row in self.rows.values() for entry in row.entries}


def survey(entries: Iterable[Entry]) -> Layout:
    """Find the tables whose header names a column of problems; any other table is read as plain lines."""
    rows: dict[int, Row] = {}
    headers: set[int] = set()
    in_tables = [entry for entry in entries if entry.in_table]
    for _, group in groupby(in_tables, key=lambda entry: entry.cell.table):
        _table(list(group), rows, headers)
    return Layout(rows, frozenset(headers))


def _table(entries: Sequence[Entry], rows: dict[int, Row], headers: set[int]) -> None:
    columns: dict[int, str] = {}
    for _, group in groupby(entries, key=lambda entry: entry.cell.row):
        row = list(group)
        found = _columns(row)
        if found:
            columns = found
            headers.update(entry.index for entry in row)
        elif columns and _fits(row, columns):
            roles = tuple(columns.get(entry.cell.column, "other") for entry in row)
            rows[row[0].index] = Row(tuple(row), roles)


def _fits(row: Sequence[Entry], columns: dict[int, str]) -> bool:
    """Say whether a row belongs to the list; one with words in its first cell alone is a title across it."""
    columns_used = {entry.cell.column for entry in row}
    return columns_used != {0} or columns.get(0) in (HEADING, PROBLEM)


def _columns(row: Sequence[Entry]) -> dict[int, str] | None:
    cells: dict[int, str] = {}
    for entry in row:
        cells[entry.cell.column] = cells.get(entry.cell.column, "") + fold(entry.text).replace(" ", "")
    roles = {column: _role(text) for column, text in cells.items()}
    if HEADING in roles.values() and PROBLEM not in roles.values():
        roles = {column: PROBLEM if role == HEADING else role for column, role in roles.items()}
    known = [role for role in roles.values() if not role.startswith("field:")]
    return roles if PROBLEM in known and len(set(known)) >= 2 else None


def _role(text: str) -> str:
    if len(text) > 12:
        return "field:" + text
    return next((role for role, pattern in _COLUMNS if pattern.search(text)), "field:" + text)
