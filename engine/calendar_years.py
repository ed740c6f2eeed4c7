"""One year's list of days off and make-up days, as it is published: read from TOML and written back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.faults import FaultsError, Reader
from engine.working_days import HOLIDAY, SATURDAY, WORKDAY

DECEMBER = 12
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's list. `days` holds the exceptions by date, `names` the holiday each of them belongs to.

    `provisional`: the list is not published, and these are the statutory days alone. `entered_by` and `entered_on`
    (ISO) say which person put it in force; empty for a list that came with the program.
    """

    year: int
    source: str
    days: Mapping[date, str]
    names: Mapping[date, str]
    provisional: bool = False
    entered_by: str = ""
    entered_on: str = ""


def parse_year(data: dict[str, Any], where: str, text: str = "") -> CalendarYear:
    """One year's list from TOML: `year`, `source` and the `holidays` with their make-up days.

    `where` names the file and `text` is its text, for line numbers in faults.
    Raises FaultsError with every fault: a day of another year or listed twice, a make-up day on a weekday…
    """
    reader = Reader(where, text, data)
    listed = _YearReader(reader, reader.number("year"))
    source = reader.text("source")
    provisional = reader.flag("provisional")
    entered_by, entered_on = reader.maybe_text("entered_by") or "", reader.maybe_text("entered_on") or ""
    for holiday in reader.tables("holidays"):
        listed.add(holiday)
    if not listed.days:
        reader.fault("holidays", "lists no day", "add the holidays of the published list as [[holidays]]")
    reader.done()
    if reader.faults:
        raise FaultsError(reader.faults)
    return CalendarYear(listed.year, source, listed.days, listed.names, provisional, entered_by, entered_on)


def year_text(one: CalendarYear) -> str:
    """The list as TOML; `parse_year` reads it back. Days off of one name that follow each other are one range."""
    head = [f"year = {one.year}", f"source = {_quoted(one.source)}"]
    head += ["provisional = true"] if one.provisional else []
    head += [f"{key} = {_quoted(getattr(one, key))}" for key in ("entered_by", "entered_on") if getattr(one, key)]
    return "\n".join([*head, *(line for name in _names(one) for line in _holiday_lines(one, name))]) + "\n"


def _names(one: CalendarYear) -> list[str]:
    return list(dict.fromkeys(one.names[day] for day in sorted(one.days)))


def _holiday_lines(one: CalendarYear, name: str) -> Iterable[str]:
    """The ranges of one holiday; its make-up days stand with the first."""
    mine = [day for day in sorted(one.days) if one.names[day] == name]
    worked = [f'"{day}"' for day in mine if one.days[day] == WORKDAY]
    make_up = [f"workdays = [{', '.join(worked)}]"] if worked else []
    ranges = _ranges([day for day in mine if one.days[day] == HOLIDAY])
    yield from ("", "[[holidays]]", f"name = {_quoted(name)}") if ranges or make_up else ()
    for number, (first, last) in enumerate(ranges):
        yield from ("", "[[holidays]]", f"name = {_quoted(name)}") if number else ()
        yield from (f'first = "{first}"', f'last = "{last}"')
        yield from () if number else make_up
    yield from () if ranges else make_up


def _ranges(days: Iterable[date]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] + DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's quoting is one."""
    return json.dumps(text, ensure_ascii=False)


class _YearReader:
    """Gathers the days of one list, and a fault for each that cannot be right."""

    def __init__(self, reader: Reader, year: int) -> None:
        self.year = year
        self.days: dict[date, str] = {}
        self.names: dict[date, str] = {}
        if not date.min.year < year < date.max.year:
            reader.fault("year", f"{year} is not a year", "write the year the list is for: year = 2026")

    def add(self, holiday: Reader) -> None:
        name = holiday.text("name")
        make_up_only = "workdays" in holiday.data and not {"first", "last"} & holiday.data.keys()
        first, last = (None, None) if make_up_only else (_day(holiday, "first"), _day(holiday, "last"))
        if first and last:
            for day in self._range(holiday, first, last):
                self._put(holiday, "first", day, HOLIDAY, name)
        for day in _days(holiday, "workdays"):
            if day.weekday() < SATURDAY:
                _fault(holiday, "workdays", f"{day} is a weekday, worked anyway", "list weekend days only")
            self._put(holiday, "workdays", day, WORKDAY, name)
        holiday.done()

    def _range(self, holiday: Reader, first: date, last: date) -> list[date]:
        if last < first:
            _fault(holiday, "last", f"{last} is before {first}", "write the last day off, not before the first")
        elif self._is_ours(holiday, "first", first) and self._is_ours(holiday, "last", last):
            return [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return []

    def _put(self, holiday: Reader, key: str, day: date, kind: str, name: str) -> None:
        if day in self.days:
            _fault(holiday, key, f"{day} is listed twice", "leave each day in one place")
        elif self._is_ours(holiday, key, day):
            self.days[day], self.names[day] = kind, name

    def _is_ours(self, holiday: Reader, key: str, day: date) -> bool:
        """A list may reach into the December before it: that of 2019 gave 31 December 2018 off."""
        ours = day.year == self.year or (day.year == self.year - 1 and day.month == DECEMBER)
        if not ours:
            _fault(holiday, key, f"{day} is not in {self.year}", "move it to the file of its year")
        return ours


def _day(reader: Reader, key: str) -> date | None:
    found = reader.text(key)
    return _date(reader, key, found) if found else None


def _days(reader: Reader, key: str) -> list[date]:
    found = [_date(reader, key, one) for one in reader.words(key)]
    return [day for day in found if day is not None]


def _date(reader: Reader, key: str, found: str) -> date | None:
    try:
        return date.fromisoformat(found)
    except ValueError:
        _fault(reader, key, f"{found!r} is not a date", 'write "2026-01-31"')
        return None


def _fault(reader: Reader, key: str, message: str, remedy: str) -> None:
    reader.fault(f"{reader.path}.{key}", message, remedy)
