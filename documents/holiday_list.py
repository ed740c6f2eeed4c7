"""Reads a year's days off and make-up days from a table of comma-separated lines: day, kind, name."""

import csv
import re
from collections.abc import Iterable, Iterator
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
SATURDAY = 5
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class ListedDay:
    """One day that differs from plain weekends, the holiday it belongs to, and where it stands: 第5行."""

    place: str
    day: date
    kind: DayKind
    name: str


def read_holiday_list(content: bytes) -> list[ListedDay]:
    """The days in the order of the file; a first line without a date is taken for the headings.

    Raises ReadingError naming every line that cannot be right.
    """
    rows = [line for line in plain.read(content).lines if not line.is_blank]
    if rows and not DAY.search(rows[0].text):
        rows = rows[1:]
    return checked(_read(row) for row in rows)


def checked(rows: Iterable[ListedDay | str]) -> list[ListedDay]:
    """The days, if nothing is wrong with any. Raises ReadingError with all that is."""
    read = list(rows)
    days = [one for one in read if isinstance(one, ListedDay)]
    faults = [one for one in read if isinstance(one, str)] + list(_doubtful(days))
    if not read:
        faults = ["没有读到日期，请每行写一天：日期,休（或班）,节日名称"]
    if faults:
        raise ReadingError("bad_holiday_list", "；".join(faults) + "。")
    return days


def _doubtful(days: Iterable[ListedDay]) -> Iterator[str]:
    seen: dict[date, str] = {}
    for one in days:
        if one.day in seen:
            yield f"{one.place}：{one.day} 在{seen[one.day]}已经有了，请只写一次"
        elif one.kind == "workday" and one.day.weekday() < SATURDAY:
            yield f"{one.place}：{one.day} 是星期{WEEKDAYS[one.day.weekday()]}，本来就上班，请只写调休上班的周末"
        seen.setdefault(one.day, one.place)


def _read(row: Line) -> ListedDay | str:
    place = f"第{row.number}行"
    cells = [cell.strip() for cell in next(csv.reader([row.text.replace("，", ",")]))]
    if len(cells) < 3 or not cells[2]:
        return f"{place}：应有三列：日期,休（或班）,节日名称"
    day = _day(cells[0])
    if day is None:
        return f"{place}：“{cells[0]}”不是日期，请写成 2027-02-05"
    if cells[1] not in KINDS:
        return f"{place}：第二列“{cells[1]}”看不懂，请写“休”或“班”"
    return ListedDay(place, day, KINDS[cells[1]], cells[2])


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
