"""The wall chart (挂图作战): one drawing for the page, the screen on the wall and the printer, read without colour.

Lengths are millimetres of a sheet 420 wide and 297 high, which is A3; larger paper shows the same sheet larger.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from jinja2 import Environment, StrictUndefined, Template

from documents.layout import chinese_date, printable, width
from documents.wrapping import wrap

Mark = Literal["done", "in_work", "near", "overdue", "signing", "staged", "paused", "looked_at", "not_begun"]
MARKS: tuple[Mark, ...] = (
    "overdue", "near", "in_work", "signing", "staged", "paused", "done", "looked_at", "not_begun",
)  # fmt: skip
COLOURS: Mapping[str, str] = {
    "done": "#1a7f37",
    "in_work": "#0b5cad",
    "near": "#9a5b00",
    "overdue": "#b3261e",
    "signing": "#6639a6",
    "staged": "#0b6e75",
    "paused": "#57606a",
    "looked_at": "#1a7f37",
    "not_begun": "#57606a",
}
SCREEN_FACES = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimHei, sans-serif"

WIDTH, HEIGHT = 420, 297
LEFT, RIGHT = 12, WIDTH - 12
HEAD, BODY, FOOT = 31, 44, HEIGHT - 21
BAND = 7.0
LETTER, PITCH = 3.4, 4.4
ROW_PADDING = 3.0
SHORTEST_ROW = 8.5
MOST_STRETCH = 1.8  # a chart of three problems does not fill the sheet with white
MOST_TITLE_LINES = 3
WIDTHS: Mapping[str, float] = {
    "number": 11,
    "title": 94,
    "lead_official": 19,
    "department": 27,
    "immediate": 14,
    "time_limited": 14,
    "institutional": 14,
    "close_out": 11,
    "closed": 11,
    "standing": 37,
    "due_on": 28,
}
STEPS = ("immediate", "time_limited", "institutional", "close_out", "closed")


@dataclass(frozen=True)
class Step:
    """How far one stage is: its shape, or None where the problem does not pass through it; `figure` as in 1/3."""

    mark: Mark | None
    figure: str = ""


@dataclass(frozen=True)
class ChartRow:
    """One problem in words and dates; `steps` are its stages in the order of `STEPS`.

    `standing` are the lines beside the shape. `share` of its work is done, from 0 to 1; `first_due_on` is the
    deadline before it was extended, `late_until` the day up to which it is late.
    """

    number: str
    title: str
    lead_official: str
    department: str
    steps: tuple[Step, ...]
    mark: Mark
    standing: tuple[str, ...]
    begins_on: date | None = None
    due_on: date | None = None
    first_due_on: date | None = None
    share: float = 0.0
    late_until: date | None = None


@dataclass(frozen=True)
class ChartArea:
    """The problems of one area in the order of the document; a title may be empty."""

    title: str
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True)
class WallChart:
    """All that the chart says. `labels` hold a word for each column, mark, and the few others it prints."""

    title: str
    organization: str
    summary: str
    dated: str
    as_of: date
    areas: tuple[ChartArea, ...]
    labels: Mapping[str, str]
    seal: str = ""


@dataclass(frozen=True)
class _Column:
    key: str
    x: float
    width: float
    lines: tuple[str, ...] = ()

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def chars(self) -> float:
        """How many full-width characters stand in it."""
        return (self.width - 3) / LETTER


@dataclass(frozen=True)
class _Placed:
    """A row with its height, or (None) the band above an area."""

    row: ChartRow | None
    height: float
    title: str = ""


@dataclass(frozen=True)
class _Axis:
    """Local days along the timeline."""

    first: date
    last: date
    x: float
    width: float

    def at(self, day: date) -> float:
        inside = min(max(day, self.first), self.last)
        return round(self.x + self.width * (inside - self.first).days / (self.last - self.first).days, 2)


def wall_chart_svg(chart: WallChart, family: str = SCREEN_FACES) -> tuple[str, ...]:
    """The chart as sheets, one at least, with no script, style or outside address; equal facts, equal sheets."""
    columns = _columns(chart)
    axis = _axis(chart, columns[-1])
    pages = _pages(chart, columns)
    return tuple(
        _template().render(
            chart=chart, family=family, columns=columns, colours=COLOURS, labels=chart.labels,
            sheet=_sheet(chart, columns, axis, page, (place, len(pages))),
        )
        for place, page in enumerate(pages, 1)
    )  # fmt: skip


@cache
def _template() -> Template:
    text = files("documents").joinpath("wall_chart.svg.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, finalize=_plain).from_string(text)


def _plain(value: object) -> object:
    """Figures short, and text without the characters that XML forbids."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return printable(value) if type(value) is str else value


# --- what goes on which sheet ---


def _columns(chart: WallChart) -> list[_Column]:
    columns, x = [], float(LEFT)
    for key, room in WIDTHS.items():
        columns.append(_Column(key, x, room, tuple(_heading(chart.labels[key], (room - 2) / LETTER))))
        x += room
    return [*columns, _Column("timeline", x, RIGHT - x)]


def _heading(label: str, chars: float) -> list[str]:
    """A label in one line, or in two of equal length."""
    return [label] if width(label) <= chars else wrap(label, max(math.ceil(width(label) / 2), 2), 2)


def _pages(chart: WallChart, columns: Sequence[_Column]) -> list[list[_Placed]]:
    """The rows by sheet: as few sheets as hold them, each about as full as the others."""
    room = FOOT - BODY
    areas = [(area.title, [_Placed(row, _row_height(row, columns)) for row in area.rows]) for area in chart.areas]
    again = chart.labels["continued"]
    fewest = _filled(areas, room, again)
    share = sum(one.height for page in fewest for one in page) / len(fewest)
    caps = (cap for cap in range(math.ceil(share), room, math.ceil(BAND)))
    evener = (pages for cap in caps if len(pages := _filled(areas, cap, again)) == len(fewest))
    return [_stretched(page, room) for page in next(evener, fewest)]


def _filled(areas: Iterable[tuple[str, Sequence[_Placed]]], room: float, again: str) -> list[list[_Placed]]:
    """Sheet after sheet filled up to `room`; an area that goes on says so at the head of the next sheet."""
    pages: list[list[_Placed]] = [[]]
    for title, rows in areas:
        for place, row in enumerate(rows):
            band = [] if place or not title else [_Placed(None, BAND, title)]
            if pages[-1] and _height(pages[-1]) + _height([*band, row]) > room:
                band = [_Placed(None, BAND, title + (again if place else ""))] if title else []
                pages.append([])
            pages[-1] += [*band, row]
    return pages


def _height(placed: Iterable[_Placed]) -> float:
    return sum(one.height for one in placed)


def _row_height(row: ChartRow, columns: Sequence[_Column]) -> float:
    most = max(len(cell) for cell in _wrapped(row, columns).values())
    return max(SHORTEST_ROW, most * PITCH + ROW_PADDING)


def _stretched(page: Sequence[_Placed], room: float) -> list[_Placed]:
    """Rows share what is left of a sheet, so that few problems stand well spread."""
    bands = _height(one for one in page if one.row is None)
    rows = _height(one for one in page if one.row is not None)
    factor = min((room - bands) / rows, MOST_STRETCH) if rows else 1.0
    return [replace(one, height=one.height * factor) if one.row is not None else one for one in page]


# --- one sheet ---


def _wrapped(row: ChartRow, columns: Sequence[_Column]) -> dict[str, list[str]]:
    chars = {column.key: column.chars for column in columns}
    due = chinese_date(row.due_on) if row.due_on else "—"
    return {
        "number": wrap(row.number, chars["number"], 2),
        "title": wrap(row.title, chars["title"], MOST_TITLE_LINES),
        "lead_official": wrap(row.lead_official, chars["lead_official"], 3),
        "department": wrap(row.department, chars["department"], 3),
        "standing": [line for one in row.standing for line in wrap(one, chars["standing"] - 2, 2)],
        "due_on": [due],
    }


def _sheet(
    chart: WallChart, columns: Sequence[_Column], axis: _Axis, page: Sequence[_Placed], place: tuple[int, int]
) -> dict[str, object]:
    """What the template draws: everything placed, nothing left to reckon."""
    tops = _tops(page)
    number = chart.labels["page"].format(page=place[0], pages=place[1])
    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "head": HEAD, "body": BODY,
        "foot": BODY + _height(page) if page else FOOT,
        "name": f"{chart.title} {number}",
        "place": place[0],
        "page": number,
        "months": list(_months(axis, chart.labels)),
        "today": axis.at(chart.as_of) if axis.first <= chart.as_of <= axis.last else None,
        "bands": [{"y": top, "height": one.height, "title": one.title} for one, top in tops if one.row is None],
        "lines": [_line(one.row, columns, axis, (top, one.height)) for one, top in tops if one.row is not None],
        "legend": list(_legend(chart)),
    }  # fmt: skip


def _tops(page: Sequence[_Placed]) -> list[tuple[_Placed, float]]:
    top, found = float(BODY), []
    for one in page:
        found.append((one, top))
        top += one.height
    return found


def _line(row: ChartRow, columns: Sequence[_Column], axis: _Axis, place: tuple[float, float]) -> dict[str, object]:
    top, height = place
    middle = top + height / 2
    by_key = {column.key: column for column in columns}
    wrapped = _wrapped(row, columns)
    return {
        "bottom": top + height,
        "middle": middle,
        "mark": row.mark,
        "mark_x": by_key["standing"].x + 4.5,
        "cells": [_cell(by_key[key], lines, middle) for key, lines in wrapped.items()],
        "steps": [
            {"mark": step.mark, "figure": step.figure, "x": _step_x(by_key[key], step)}
            for key, step in zip(STEPS, row.steps, strict=True)
        ],
        "bar": _bar(row, axis),
    }


def _step_x(column: _Column, step: Step) -> float:
    return column.x + 4 if step.figure else column.middle


def _cell(column: _Column, lines: Sequence[str], middle: float) -> dict[str, object]:
    """The lines of a cell, centred on the middle of its row."""
    centred = column.key in ("number", "due_on", "lead_official")
    x = column.middle if centred else column.x + (8.5 if column.key == "standing" else 1.5)
    return {
        "lines": lines,
        "x": x,
        "y": middle + LETTER * 0.36 - PITCH * (len(lines) - 1) / 2,
        "size": LETTER,
        "anchor": "middle" if centred else "start",
        "weight": "bold" if column.key == "standing" else "normal",
    }


def _bar(row: ChartRow, axis: _Axis) -> dict[str, float | None] | None:
    """From the begin of work to the deadline: the part that is done, and what is late beyond it."""
    if row.begins_on is None or row.due_on is None:
        return None
    start, due = axis.at(row.begins_on), axis.at(row.due_on)
    extended = row.first_due_on is not None and row.first_due_on != row.due_on
    return {
        "x": start,
        "width": max(due - start, 0.5),
        "done": max(due - start, 0.5) * row.share,
        "late": axis.at(row.late_until) - due if row.late_until else None,
        "first_due": axis.at(row.first_due_on) if extended and row.first_due_on else None,
    }


def _legend(chart: WallChart) -> Iterator[dict[str, object]]:
    x = LEFT + 3.0
    for mark in MARKS:
        label = chart.labels[f"mark_{mark}"]
        yield {"mark": mark, "x": x, "label": label}
        x += 10 + 3.2 * len(label)


# --- the timeline ---


def _axis(chart: WallChart, column: _Column) -> _Axis:
    """Whole months round every date of the chart, the present one and three at least."""
    days = list(_days(chart)) or [chart.as_of]
    first = min(*days, chart.as_of).replace(day=1)
    last = max(*days, chart.as_of)
    end = max(_months_on(last.replace(day=1), 1), _months_on(first, 3))
    return _Axis(first, end, column.x + 2, column.width - 4)


def _days(chart: WallChart) -> Iterator[date]:
    for area in chart.areas:
        for row in area.rows:
            yield from (day for day in (row.begins_on, row.due_on, row.first_due_on, row.late_until) if day)


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _months(axis: _Axis, labels: Mapping[str, str]) -> Iterable[dict[str, object]]:
    """Lines at the months, labelled as often as there is room; the year where it begins."""
    starts = [axis.first]
    while starts[-1] < axis.last:
        starts.append(_months_on(starts[-1], 1))
    step = next(one for one in (1, 2, 3, 6, 12, len(starts)) if len(starts) / one <= axis.width / 8)
    for place, (start, _end) in enumerate(pairwise(starts)):
        new_year = place == 0 or start.month == 1
        yield {
            "x": axis.at(start),
            "label": labels["month"].format(month=start.month) if place % step == 0 else "",
            "year": labels["year"].format(year=start.year) if new_year and (place == 0 or place >= step) else "",
        }
