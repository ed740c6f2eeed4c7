"""Reads a year's days off and make-up days from a table of comma-separated lines: day, kind, name."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.reading import ReadingError
from documents.sources import plain
from documents.sources.lines import Line

DayKind = Literal["holiday", "workday"]
KINDS: dict[str, DayKind] = {
    "holiday": "holiday", "休": "holiday", "休息": "holiday", "放假": "holiday", "节假日": "holiday",
    "workday": "workday", "班": "workday", "上班": "workday", "调休上班": "workday", "补班": "workday",
}  # fmt: skip
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class ListedDay:
    """One day that differs from plain weekends, and the holiday it belongs to. `line` counts from 1."""

    line: int
    day: date
    kind: DayKind
    name: str


def read_holiday_list(content: bytes) -> list[ListedDay]:
    """The days in the order of the file; a first line without a date is taken for the headings.

    Raises ReadingError naming the first line that cannot be right.
    """
    rows = [line for line in plain.read(content).lines if not line.is_blank]
    if rows and not DAY.search(rows[0].text):
        rows = rows[1:]
    found = list(_days(rows))
    if not found:
        raise _fault(None, "没有读到日期，请每行写一天：日期,休（或班）,节日名称")
    return found


def _days(rows: list[Line]) -> Iterator[ListedDay]:
    seen: dict[date, int] = {}
    for row in rows:
        cells = [cell.strip() for cell in next(csv.reader([row.text.replace("，", ",")]))]
        if len(cells) < 3 or not cells[2]:
            raise _fault(row, "应有三列：日期,休（或班）,节日名称")
        day = _day(row, cells[0])
        if cells[1] not in KINDS:
            raise _fault(row, f"第二列“{cells[1]}”看不懂，请写“休”或“班”")
        if day in seen:
            raise _fault(row, f"{day} 在第{seen[day]}行已经有了")
        seen[day] = row.number
        yield ListedDay(row.number, day, KINDS[cells[1]], cells[2])


def _day(row: Line, text: str) -> date:
    found = DAY.fullmatch(text)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise _fault(row, f"“{text}”不是日期，请写成 2027-02-05")


def _fault(row: Line | None, message: str) -> ReadingError:
    where = f"第{row.number}行：" if row else ""
    return ReadingError("bad_holiday_list", f"{where}{message}。")
