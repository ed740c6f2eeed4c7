"""The working calendar of each year: what is in force, and putting another list in force when one is published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Table, select

from desk.desk import Desk, RefusedError
from documents.holiday_list import ListedDay, read_holiday_list
from documents.reading import ReadingError
from documents.sheets.holidays import read_holiday_book
from documents.sheets.workbook import read_workbook
from engine.calendar_years import CalendarYear, parse_year, year_text
from engine.commands import Refusal
from engine.database import Tx
from engine.editions import CALENDAR, check, definition, publish
from engine.faults import Reader
from engine.kinds import ADMINISTRATOR
from engine.organizations import load_body, organization
from engine.tables import Person
from engine.view import View
from engine.working_days import HOLIDAY, WORKDAY, WorkingCalendar, local_day
from engine.writing import wake

DAY = timedelta(days=1)
BOOKS = (".xlsx", ".xlsm", ".xls")
PERSON: Table = Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day as a page shows it: `kind` is workday, weekend, holiday or make_up; `name` that of the holiday."""

    day: date
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class YearSheet:
    """A whole year. `number` is its edition, None where nothing but weekends is known."""

    year: int
    days: tuple[CalendarDay, ...]
    source: str
    provisional: bool
    number: int | None
    entered_by: str = ""
    entered_on: str = ""

    def of_kind(self, kind: str) -> list[CalendarDay]:
        return [one for one in self.days if one.kind == kind]

    def months(self) -> list[list[list[CalendarDay | None]]]:
        """Twelve months of weeks from Monday to Sunday; None where the week belongs to another month."""
        return [_weeks([one for one in self.days if one.day.month == month]) for month in range(1, 13)]

    @property
    def worked(self) -> int:
        return sum(one.kind in ("workday", "make_up") for one in self.days)


def _weeks(month: list[CalendarDay]) -> list[list[CalendarDay | None]]:
    before: list[CalendarDay | None] = [None] * month[0].day.weekday()
    cells = [*before, *month]
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def year_sheet(desk: Desk, tx: Tx, year: int) -> YearSheet:
    """Every day of a year as it is in force."""
    editions = desk.runtime.editions
    calendar, listed = editions.calendar(tx), editions.calendar_year(tx, year)
    names: Mapping[date, str] = listed.names if listed else {}
    days = tuple(_day(calendar, day, names) for day in _days_of(year))
    if listed is None:
        return YearSheet(year, days, "", provisional=True, number=None)
    number = _number(tx, year)
    by = _name(tx, listed.entered_by)
    return YearSheet(year, days, listed.source, listed.provisional, number, by, listed.entered_on)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + DAY * n for n in range((date(year + 1, 1, 1) - first).days)]


def _day(calendar: WorkingCalendar, day: date, names: Mapping[date, str]) -> CalendarDay:
    exception = calendar.days.get(day)
    plain = "workday" if calendar.is_workday(day) else "weekend"
    kind = {HOLIDAY: "holiday", WORKDAY: "make_up", None: plain}[exception]
    return CalendarDay(day, kind, names.get(day, ""))


def _number(tx: Tx, year: int) -> int:
    query = select(definition.c.number).where(definition.c.kind == CALENDAR, definition.c.name == str(year))
    return int(tx.connection.execute(query.order_by(definition.c.number.desc()).limit(1)).scalar_one())


def _name(tx: Tx, key: str) -> str:
    found = tx.connection.execute(select(PERSON.c.name).where(PERSON.c.key == key)).scalar()
    return str(found) if found else key


def read_list(content: bytes, file_name: str, source: str = "") -> CalendarYear:
    """A list from a .toml file; or from a workbook or a .csv file, with `source` naming where it was published.

    Raises ReadingError or FaultsError naming the place of what cannot be right.
    """
    if file_name.lower().endswith(".toml"):
        text = content.decode("utf-8")
        return parse_year(dict(Reader.of(text, file_name).data), file_name, text)
    listed = _listed(content, file_name)
    # Most of the days decide: a list may reach into the December before it.
    years = [one.day.year for one in listed]
    year = max(set(years), key=years.count)
    _refuse_other_years(listed, year)
    days = {one.day: one.kind for one in listed}
    names = {one.day: one.name for one in listed}
    made = CalendarYear(year, source or file_name, dict(days), names)
    text = year_text(made)
    return parse_year(dict(Reader.of(text, file_name).data), file_name, text)


def _listed(content: bytes, file_name: str) -> list[ListedDay]:
    if file_name.lower().endswith(BOOKS):
        return read_holiday_book(read_workbook(file_name, content))
    return read_holiday_list(content)


def _refuse_other_years(listed: Iterable[ListedDay], year: int) -> None:
    strays = [one for one in listed if one.day.year != year and (one.day.year, one.day.month) != (year - 1, 12)]
    if strays:
        said = "；".join(f"{one.place}：{one.day} 不在{year}年，请移到那一年的文件里" for one in strays)
        raise ReadingError("bad_holiday_list", f"{said}。")


def put_in_force(desk: Desk, actor: str, wanted: CalendarYear, now: int) -> bool:
    """Publish the next edition of the year's list and look at every case again; False when nothing differs.

    No deadline moves by it: what would move is proposed (`desk.recompute`). Raises RefusedError for who does not
    keep the calendar.
    """
    with desk.database.begin() as tx:
        signed = _signed(desk, desk.runtime.view(tx), actor, wanted, now)
        if _same(desk.runtime.editions.calendar_year(tx, wanted.year), signed):
            return False
        text = year_text(signed)
        check(CALENDAR, str(wanted.year), text, desk.runtime.registry)
        publish(tx, CALENDAR, str(wanted.year), text)
        for body in tx.connection.execute(select(organization.c.id)).scalars().all():
            wake(tx, body, now)
        return True


def _signed(desk: Desk, view: View, actor: str, wanted: CalendarYear, now: int) -> CalendarYear:
    """The list with who entered it, and when by the clock of their organisation."""
    row = view.tx.connection.execute(
        select(PERSON.c.key, PERSON.c.organization_id).where(PERSON.c.id == int(actor))
    ).one()
    today = local_day(now, load_body(view.tx, row.organization_id).settings.zone).isoformat()
    if not keeps_calendar(view, int(actor), today):
        refusal = Refusal("not_yours", {"roles": [ADMINISTRATOR.name]})
        raise RefusedError(refusal, desk.words.refusal(refusal))
    return replace(wanted, entered_by=row.key, entered_on=today)


def keeps_calendar(view: View, person_id: int, today: str) -> bool:
    """Whether somebody is an administrator anywhere in the house: the calendar is everybody's."""
    held = (one for one in view.posts(person_id) if one[2] == ADMINISTRATOR.name)
    return view.is_here(person_id, today) and any(
        since <= today and (until is None or today <= until) for _, _, _, since, until in held
    )


def _same(there: CalendarYear | None, wanted: CalendarYear) -> bool:
    """Whether two lists say the same, whoever entered them."""
    return there is not None and replace(there, entered_by="", entered_on="") == replace(
        wanted, entered_by="", entered_on=""
    )


def with_day(sheet: CalendarYear, day: date, kind: str, name: str) -> CalendarYear:
    """The list with one day set to holiday or workday, or with its exception taken away (`plain`)."""
    days, names = dict(sheet.days), dict(sheet.names)
    days.pop(day, None)
    names.pop(day, None)
    if kind != "plain":
        days[day], names[day] = kind, name
    return replace(sheet, days=days, names=names)
