"""A register as an office keeps it, read into problems with their measures; every row is accounted for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from documents import measures as steps
from documents.marks import split as split_mark
from documents.register import CUT_MARK
from documents.sheets.columns import Names
from documents.sheets.header import Grid, Header, find_header, is_repeated
from documents.sheets.values import NotA, date_of, flag_of, number_of, people_of, units_of
from documents.sheets.workbook import Workbook

Track = Literal["immediate", "time_limited", "institutional"]
TITLES = ("title", "heading")
NONE = ("—", "-", "－", "无", "/")
TRACKS: Mapping[str, Track] = {
    "立行立改": "immediate",
    "限期整改": "time_limited",
    "制度促改": "institutional",
    "immediate": "immediate",
    "time-limited": "time_limited",
    "institutional": "institutional",
}
_NAMED = "|".join(TRACKS)
_WRITTEN = re.compile(
    rf"\d+\.【(?P<track>{_NAMED})】(?P<text>.+)"
    # Behind the date: what the clock has seen.
    r"（(?P<officers>[^（）]*)，(?P<due>\d{4}-\d\d-\d\d|\d{4}年\d{1,2}月\d{1,2}日)(?:[，,].*)?）",
    re.DOTALL,
)
_COUNTED = ("一、", "（一）", "1.", "（1）", "第一章", "①")
_SIGNED = re.compile(r"(?:填表|填报|制表|审核|复核|联系|备注|说明|注|填写说明)[^:：]{0,6}[:：]")
_SUMMARY = re.compile(r"^(?:共|合计|总计|小计|注|备注|说明|填表|填报|制表|审核|逾期|填写说明|联系)")


@dataclass(frozen=True)
class SheetFault:
    """Something wrong in a cell: where it is, as a person finds it, a word and the text of the cell."""

    row: int
    place: str
    word: str
    text: str


@dataclass(frozen=True)
class MeasureEntry:
    """A measure of a row (from 0), its people as they are written. `track` None: nothing says it."""

    row: int
    text: str
    track: Track | None = None
    officers: tuple[str, ...] = ()
    due_on: date | None = None


@dataclass(frozen=True)
class ProblemEntry:
    """A problem of a register, `row` from 0; people and departments as they are written."""

    row: int
    title: str
    number: str = ""
    area_number: str | None = None
    area: str | None = None
    heading_number: str | None = None
    heading: str | None = None
    source: str = ""
    lead_officials: tuple[str, ...] = ()
    lead_departments: tuple[str, ...] = ()
    supporting_departments: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    due_on: date | None = None
    key_problem: bool | None = None
    long_term: bool | None = None
    draft: str = ""
    measures: tuple[MeasureEntry, ...] = ()


@dataclass(frozen=True)
class LeftRow:
    """A row that is no problem, from 0, and the word for why."""

    row: int
    reason: Literal["above", "blank", "repeated_header", "section", "summary"]


@dataclass(frozen=True)
class RegisterReading:
    """What a register holds, before anybody is asked who the people are."""

    sheet: str
    other_sheets: tuple[str, ...]
    header: Header
    problems: tuple[ProblemEntry, ...]
    faults: tuple[SheetFault, ...]
    left: tuple[LeftRow, ...]
    has_macros: bool = False


def read_register(book: Workbook, own: Mapping[str, str]) -> RegisterReading | None:
    """Read the sheet that names the most columns of a register; `own` are the office's names for them.

    None if no sheet names a column with the problems.
    """
    names = Names("register", own=own)
    found = [(sheet, grid, find_header(grid, names, TITLES)) for sheet in book.sheets for grid in [Grid(sheet)]]
    headed = [(sheet, grid, header) for sheet, grid, header in found if header is not None]
    if not headed:
        return None
    sheet, grid, header = max(headed, key=lambda one: len(one[2].columns))
    reader = _Reader(grid, with_title(header))
    reader.read()
    others = tuple(one.name for one in book.sheets if one is not sheet)
    return RegisterReading(
        sheet.name,
        others,
        reader.header,
        tuple(reader.problems),
        tuple(reader.faults),
        tuple(reader.left),
        book.has_macros,
    )


def with_title(header: Header) -> Header:
    """A register that counts 反馈问题 and nothing below it: those are its problems."""
    if "title" in header.columns:
        return header
    columns = {("title" if key == "heading" else key): place for key, place in header.columns.items()}
    return replace(header, columns=columns)


@dataclass
class _Reader:
    """Goes down the rows once and remembers what the rows above said."""

    grid: Grid
    header: Header
    problems: list[ProblemEntry] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    left: list[LeftRow] = field(default_factory=list)
    _section: str | None = None
    _kept: dict[str, str] = field(default_factory=dict)

    def read(self) -> None:
        for row in range(len(self.grid.sheet.rows)):
            if self.header.top <= row <= self.header.bottom:
                continue
            reason = self._reason_left(row)
            if reason is None:
                self._take(row)
            else:
                self.left.append(LeftRow(row, reason))

    def _reason_left(self, row: int) -> Literal["above", "blank", "repeated_header", "section", "summary"] | None:
        if row < self.header.top:
            return "above"
        texts = self.grid.texts(row)
        if not any(texts):
            return "blank"
        if is_repeated(self.grid, self.header, row):
            return "repeated_header"
        first = next(filter(None, texts))
        if _SIGNED.match(first):
            return "summary"
        return self._aside(first) if self._is_aside(row) else None

    def _is_aside(self, row: int) -> bool:
        """Whether a row says one thing only, and not in the column of the problems or of their measures."""
        if not self.grid.is_across(row, range(len(self.grid.sheet.rows[row]))):
            return False
        own = [self._place(key) for key in ("title", "measures") if key in self.header.columns]
        spread = sum(bool(text) for text in self.grid.texts(row)) > 1
        return spread or not any(self.grid.text(row, place) for place in own)

    def _aside(self, text: str) -> Literal["section", "summary"]:
        number, title = _parted(text)
        if number is None or _SUMMARY.match(title or ""):
            return "summary"
        self._section = text
        return "section"

    def _place(self, key: str) -> int:
        return self.header.columns[key]

    def _text(self, row: int, key: str) -> str:
        return self.grid.text(row, self._place(key)) if key in self.header.columns else ""

    def _take(self, row: int) -> None:
        """A row begins a problem, or goes on with the measures of the one above it."""
        if self._begins_problem(row):
            self.problems.append(self._problem(row))
        elif not self.problems:
            self._fault(row, "title", "no_title")
        elif self._own(row, "measures") or self._own(row, "draft"):
            self.problems[-1] = self._continued(self.problems[-1], row)
        else:
            self._fault(row, "title", "no_title")

    def _begins_problem(self, row: int) -> bool:
        place = self._place("title")
        return bool(self.grid.text(row, place)) and not self.grid.is_continued(row, place)

    def _problem(self, row: int) -> ProblemEntry:
        area_number, area = _parted(self._group(row, "area") or self._section or "")
        heading_number, heading = _parted(self._group(row, "heading"))
        number, title = self._numbered(row)
        return ProblemEntry(
            row=row,
            title=title,
            number=number,
            area_number=area_number,
            area=area,
            heading_number=heading_number,
            heading=heading,
            source=self._text(row, "source"),
            lead_officials=self._people(row, "lead_official"),
            lead_departments=self._units(row, "lead_department"),
            supporting_departments=self._units(row, "supporting_department"),
            officers=self._people(row, "officer"),
            due_on=self._date(row, "due_on"),
            key_problem=self._flag(row, "key_problem"),
            long_term=self._flag(row, "long_term"),
            draft=self._uncut(row, "draft"),
            measures=tuple(self._measures(row)),
        )

    def _continued(self, problem: ProblemEntry, row: int) -> ProblemEntry:
        """A problem with what one more of its rows says; its deadline is the last one of its rows."""
        days = [day for day in (problem.due_on, self._date(row, "due_on")) if day]
        return replace(
            problem,
            lead_officials=_joined(problem.lead_officials, self._people(row, "lead_official")),
            lead_departments=_joined(problem.lead_departments, self._units(row, "lead_department")),
            supporting_departments=_joined(
                problem.supporting_departments, self._units(row, "supporting_department")
            ),
            officers=_joined(problem.officers, self._people(row, "officer")),
            due_on=max(days, default=None),
            draft="\n".join(filter(None, (problem.draft, self._own(row, "draft")))),
            measures=(*problem.measures, *self._measures(row)),
        )

    def _numbered(self, row: int) -> tuple[str, str]:
        """The number and the title; a number in front of the title counts where there is no other."""
        title = self._text(row, "title")
        if "number" in self.header.columns and self._text(row, "number"):
            return number_of(self.grid.cell(row, self._place("number"))), title
        number, bare = _parted(title)
        return (number, bare) if number and bare else ("", title)

    def _group(self, row: int, key: str) -> str:
        """An area or a heading: an empty cell means the one above, a dash means none."""
        text = self._text(row, key)
        if text and key == "area" and text != self._kept.get(key):
            self._kept.pop("heading", None)
        if text:
            self._kept[key] = "" if text in NONE else text
        return self._kept.get(key, "")

    def _own(self, row: int, key: str) -> str:
        """The text of a cell that does not only go on from a row above."""
        if key not in self.header.columns or self.grid.is_continued(row, self._place(key)):
            return ""
        return self._uncut(row, key)

    def _uncut(self, row: int, key: str) -> str:
        text = self._text(row, key)
        if text.endswith(CUT_MARK):
            self._fault(row, key, "cut", text[-60:])
        return text

    def _people(self, row: int, key: str) -> tuple[str, ...]:
        return people_of(self.grid.cell(row, self._place(key))) if key in self.header.columns else ()

    def _units(self, row: int, key: str) -> tuple[str, ...]:
        return units_of(self.grid.cell(row, self._place(key))) if key in self.header.columns else ()

    def _date(self, row: int, key: str) -> date | None:
        found = date_of(self.grid.cell(row, self._place(key))) if key in self.header.columns else None
        if isinstance(found, NotA):
            self._fault(row, key, found.what, found.text)
            return None
        return found

    def _flag(self, row: int, key: str) -> bool | None:
        found = flag_of(self.grid.cell(row, self._place(key))) if key in self.header.columns else None
        if isinstance(found, NotA):
            self._fault(row, key, found.what, found.text)
            return None
        return found

    def _measures(self, row: int) -> Iterator[MeasureEntry]:
        """The measures that begin in a row, with the officers and the date of the row where they have none."""
        text = self._own(row, "measures")
        if not text:
            return
        officers = self._people(row, "measure_officer") or self._people(row, "officer")
        due_on = self._date(row, "measure_due_on") or self._date(row, "due_on")
        track = self._track(row)
        for one in _written(text, row) or _proposed(text, row):
            yield replace(
                one,
                track=one.track or track,
                officers=one.officers or officers,
                due_on=one.due_on or due_on,
            )

    def _track(self, row: int) -> Track | None:
        text = self._text(row, "track")
        if text and text not in TRACKS:
            self._fault(row, "track", "track", text)
        return TRACKS.get(text)

    def _fault(self, row: int, key: str, word: str, text: str = "") -> None:
        fault = SheetFault(row, self.header.place(row, key), word, text)
        if fault not in self.faults:
            self.faults.append(fault)


def _written(text: str, row: int) -> list[MeasureEntry]:
    """Measures in the form in which our own register leaves: 1.【立行立改】清理坡道（蒋寅，2026-07-31）."""
    starts: list[int] = []
    while found := re.compile(rf"^{len(starts) + 1}\.【(?:{_NAMED})】", re.MULTILINE).search(
        text, starts[-1] + 1 if starts else 0
    ):
        starts.append(found.start())
    if not starts or starts[0] != 0:
        return []
    blocks = [text[start:end].rstrip("\n") for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    matches = [_WRITTEN.fullmatch(block) for block in blocks]
    return [_entry(one, row) for one in matches if one] if all(matches) else []


def _entry(found: re.Match[str], row: int) -> MeasureEntry:
    due_on = date(*map(int, re.findall(r"\d+", found["due"])))
    return MeasureEntry(row, found["text"], TRACKS[found["track"]], people_of(found["officers"]), due_on)


def _proposed(text: str, row: int) -> list[MeasureEntry]:
    """Measures as an office writes them into one cell: numbered, on lines of their own, or parted by ；."""
    found = [
        MeasureEntry(row, one.text, one.track, (), date.fromisoformat(one.deadline) if one.deadline else None)
        for one in steps.propose(text.split("\n"))
    ]
    return found or [MeasureEntry(row, text)]


def _parted(text: str) -> tuple[str | None, str | None]:
    """A number in front of a title, and the title: （一）党的领导方面 → 1, 党的领导方面."""
    mark, title = split_mark(text)
    if mark is None or mark.kind not in _COUNTED or not title:
        return None, text or None
    return mark.number, title


def _joined(names: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *more)))
