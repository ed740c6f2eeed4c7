"""The wall chart from the register: the same rows and figures, in shapes and words that are read from afar."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

from desk.make_register import Register
from desk.wording import days_text
from documents.layout import chinese_date
from documents.numerals import in_chinese
from documents.wall_chart import MARKS, ChartArea, ChartRow, Mark, Step, WallChart
from engine.words import Words
from workflows.rectification.facts import FIX_STATES, TRACKS
from workflows.rectification.register import MeasureRow, ProblemRow, all_paused
from workflows.rectification.wording import close_out_text, number_text

# From so many days before its deadline on a problem is drawn as close to it.
NEAR_DAYS = 7
STATE_MARKS: Mapping[str, Mark] = {"close_out": "signing", "staged": "staged"}
OWN_WORDS = (
    "department", "close_out", "closed", "standing", "continued", "page", "today", "month", "year", "reading",
)  # fmt: skip
COLUMN_WORDS = ("number", "title", "lead_official", "due_on")


def wall_chart(register: Register, seal_code: str = "") -> WallChart:
    """The chart of a register as of its day; `seal_code` is printed small at its foot."""
    words = register.words
    return WallChart(
        title=words.say("chart.title", inspection=register.inspection.name),
        organization=register.organization,
        summary=words.say("register.counts", **register.counts()),
        dated=words.say("chart.dated", day=chinese_date(register.as_of)),
        as_of=register.as_of,
        areas=tuple(_areas(register)),
        labels=chart_labels(words),
        seal=words.say("chart.seal", code=seal_code) if seal_code else "",
    )


def chart_labels(words: Words) -> dict[str, str]:
    """The word for everything that the chart prints beside its rows."""
    return {
        **{key: words.say(f"column.{key}") for key in COLUMN_WORDS},
        **{track: words.say(f"word.{track}") for track in TRACKS},
        **{f"mark_{mark}": words.say(f"mark.{mark}") for mark in MARKS},
        **{key: words.sentences[f"chart.{key}"] for key in OWN_WORDS},
    }


def mark_of(row: ProblemRow, today: date) -> Mark:
    """The shape of a problem: what matters first of all that is true of it."""
    if row.is_done:
        return "looked_at" if row.state == "look_back" else "done"
    if row.is_overdue(today):
        return "overdue"
    if row.is_paused:
        return "paused"
    return STATE_MARKS.get(row.state) or _work_mark(row, today)


def _work_mark(row: ProblemRow, today: date) -> Mark:
    if row.state not in (*FIX_STATES, "raised"):
        return "not_begun"
    left = row.days_left(today)
    return "near" if left is not None and left <= NEAR_DAYS else "in_work"


def _areas(register: Register) -> Iterator[ChartArea]:
    def area(row: ProblemRow) -> tuple[str | None, str | None]:
        return row.fields["area_number"], row.fields["area"]

    for (number, title), rows in groupby(register.rows, key=area):
        numbered = number and title
        heading = register.words.say("chart.area", number=in_chinese(number), title=title) if numbered else title
        yield ChartArea(heading or "", tuple(_row(register, row) for row in rows))


def _row(register: Register, row: ProblemRow) -> ChartRow:
    today = register.as_of
    due_on = _date(row.due_on)
    late = row.is_overdue(today)
    return ChartRow(
        number=number_text(row.fields),
        title=row.fields["title"],
        lead_official=row.names("lead_official"),
        department=row.names("lead_department"),
        steps=(*(_track_step(row, track, today) for track in TRACKS), *_last_steps(row)),
        mark=mark_of(row, today),
        standing=tuple(_standing(register, row)),
        begins_on=_date(row.started_on),
        due_on=due_on,
        first_due_on=_date(row.fields["original_due_on"]),
        share=1.0 if row.is_done else row.share_done,
        late_until=(_date(row.work_done_on) or today) if late else None,
    )


def _standing(register: Register, row: ProblemRow) -> Iterator[str]:
    """What the shape says in words: the state, then its number or the days it has left."""
    words = register.words
    in_work = row.state in FIX_STATES
    label = words.say("chart.in_work") if in_work else words.label(register.definition.states[row.state].label)
    yield label if row.round == 1 else f"{label} {words.say('round.nth', round=row.round)}"
    if row.is_done:
        yield close_out_text(row.fields)
    elif row.clock.pause is not None:
        yield words.say("mark.paused")
    else:
        yield from _running(register, row)


def _running(register: Register, row: ProblemRow) -> Iterator[str]:
    """Its days are counted, whether or not a measure of it waits."""
    if row.is_paused:
        yield register.words.say("chart.measures_paused")
    if row.due_on and (row.state != "close_out" or row.is_overdue(register.as_of)):
        yield days_text(register.words, row.days_left(register.as_of))


def _track_step(row: ProblemRow, track: str, today: date) -> Step:
    of_track = [one for one in row.measures if one.fields["track"] == track]
    if not of_track:
        return Step(None)
    return Step(_track_mark(of_track, today), row.track_counts()[track])


def _track_mark(measures: list[MeasureRow], today: date) -> Mark:
    if all(one.state == "accepted" for one in measures):
        return "done"
    if any(one.is_overdue(today) for one in measures):
        return "overdue"
    if all_paused(measures):
        return "paused"
    begun = any(one.state in ("accepted", "submitted") or one.fields["progress_on"] for one in measures)
    return "in_work" if begun else "not_begun"


def _last_steps(row: ProblemRow) -> tuple[Step, Step]:
    signing: Mark = "done" if row.is_done else "signing" if row.state == "close_out" else "not_begun"
    closed: Mark = "looked_at" if row.state == "look_back" else "done" if row.is_done else "not_begun"
    return Step(signing), Step(closed)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
