"""The register: one row a problem, the same on screen, in the workbook and behind every count."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Literal

from desk.desk import Desk
from desk.figures import count
from desk.finding import Inspection
from desk.wording import dated, day_text
from documents.numerals import chinese
from documents.register import Cell, Column, RegisterSheet, register_xlsx
from engine.definitions import Definition
from engine.term_steps import pause_blanks
from engine.view import View
from engine.words import Words
from engine.working_days import start_of
from workflows.rectification.facts import FIX_STATES
from workflows.rectification.register import Clock, MeasureRow, ProblemRow, counted, every_problem_row
from workflows.rectification.register_then import rows_then
from workflows.rectification.wording import close_out_text, number_text


@dataclass(frozen=True)
class Register:
    """The register of an inspection as of a local day. `rows` are the problems that count, `out` the others."""

    inspection: Inspection
    organization: str
    as_of: date
    rows: tuple[ProblemRow, ...]
    definition: Definition
    words: Words
    out: tuple[ProblemRow, ...] = ()

    def row(self, problem_id: int) -> ProblemRow:
        """A problem of the inspection, whether it counts or not. Raises LookupError."""
        found = [one for one in (*self.rows, *self.out) if one.id == problem_id]
        if not found:
            raise LookupError(f"problem {problem_id} is not of this inspection")
        return found[0]

    def where_it_stands(self, row: ProblemRow) -> str:
        """The state in words; while it is worked on, how far each track is; what was merged, what it waits for."""
        merged = "、".join(number_text(one.fields) for one in row.merged_in)
        early = self.words.say("standing.early") if row.fields.get("fixed_early") else ""
        notes = [self.words.say("standing.with", numbers=merged)] if merged else []
        paused = f"；{self.paused(row.clock)}" if row.clock.pause else ""
        return self._state(row) + "".join([*notes, early, paused])

    def _state(self, row: ProblemRow) -> str:
        if row.state in FIX_STATES:
            return self.words.say("tracks.in_work", **row.track_counts())
        if row.state == "staged":
            return self.words.say("standing.staged", until=day_text(self.words, row.fields["stage_until"]))
        if row.state == "merged":
            into = self.row(row.fields["merged_into"])
            return self.words.say("standing.merged", number=number_text(into.fields))
        if row.is_done and row.fields["long_term"]:
            return self.words.say("standing.long_term")
        return self.words.label(self.definition.states[row.state].label)

    def paused(self, clock: Clock) -> str:
        """That it is paused, for what and since when; empty while the clock runs."""
        told = self.words.say("pause.standing", **pause_blanks(clock.pause)) if clock.pause else ""
        return dated(self.words, told)

    def deadline(self, row: ProblemRow | MeasureRow) -> str:
        """The deadline with what is to be known about it: the original date, how often extended, provisional."""
        words, original, clock = self.words, row.fields["original_due_on"], row.clock
        moved = original not in (None, row.due_on)
        notes = [words.say("deadline.original", day=day_text(words, original))] if moved else []
        notes += [words.say("deadline.extended", n=clock.extensions)] if clock.extensions else []
        notes += [words.say("deadline.provisional")] if clock.provisional else []
        day = day_text(words, row.due_on) if row.due_on else ""
        return words.say("deadline.noted", day=day, notes="，".join(notes)) if notes else day

    def counts(self) -> dict[str, int]:
        """Problems in all, done, overdue; each problem once, whatever round it is in."""
        return asdict(count(self.rows, self.as_of))

    def completions(self) -> Counter[str]:
        return Counter(row.completion for row in self.rows)


def load_register(desk: Desk, inspection: Inspection, as_of: date) -> Register:
    """Read the register in a fixed number of queries."""
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        return register_of(desk, view, inspection, as_of, every_problem_row(view, inspection.id))


def register_then(desk: Desk, inspection: Inspection, as_of: date) -> Register:
    """The register as it stood when a local day that is over ended, replayed from the history."""
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        ended = start_of(as_of + timedelta(days=1), view.body(inspection.organization_id).settings.zone)
        found = rows_then(desk.runtime, tx, inspection.id, ended - 1)
        register = register_of(desk, view, inspection, as_of, [row for _, row in found])
        then = [past.definition(past.case(row.id)) for past, row in found[:1]]
    return replace(register, definition=then[0]) if then else register


def register_of(
    desk: Desk, view: View, inspection: Inspection, as_of: date, rows: Sequence[ProblemRow]
) -> Register:
    """A register of these rows of an inspection, all of them or a page."""
    definition = view.definition(view.case(rows[0].id)) if rows else _current(desk, view)
    name = view.body(inspection.organization_id).name
    problems = counted(rows)
    ids = {one.id for one in problems}
    out = tuple(one for one in rows if one.id not in ids)
    return Register(inspection, name, as_of, tuple(problems), definition, desk.words, out)


def _current(desk: Desk, view: View) -> Definition:
    workflow = desk.runtime.editions.current(view.tx, "problem")
    if workflow is None:
        raise LookupError("no workflow for problems is in force: run `xiaohao init`")
    return workflow.definition


CellKind = Literal["text", "number", "date", "wrapped"]
Getter = Callable[[Register, ProblemRow], Cell]


@dataclass(frozen=True)
class Spec:
    """One column: how wide in Chinese characters, what kind of cell, and where its value comes from."""

    key: str
    width: int
    kind: CellKind
    get: Getter


def _field(name: str) -> Getter:
    return lambda _register, row: row.fields[name]


def _group(name: str, numbered: str) -> Getter:
    """With its number as documents count; a dash where there is none: an empty cell means the one above it."""

    def get(_register: Register, row: ProblemRow) -> str:
        number, title = row.fields[f"{name}_number"], row.fields[name]
        if not title or not (number or "").isdecimal():
            return title or "—"
        return f"{numbered.format(number=number, chinese=chinese(int(number)))}{title}"

    return get


def _role(role: str) -> Getter:
    return lambda _register, row: row.names(role)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _yes(register: Register, value: object) -> str:
    return register.words.say("story.yes" if value else "story.no")


def _measures(register: Register, row: ProblemRow) -> str:
    """Each with its track, officers and deadline, in the form that documents.sheets.register reads back."""
    lines = []
    for number, one in enumerate(row.measures, 1):
        track = register.words.say(f"word.{one.fields['track']}")
        paused = f"，{register.paused(one.clock)}" if one.clock.pause else ""
        part = f"，{register.words.say('register.part_of', department=one.department)}" if one.department else ""
        officers = "、".join(one.officers)
        lines.append(
            f"{number}.【{track}】{one.fields['text']}（{officers}，{register.deadline(one)}{paused}{part}）"
        )
    return "\n".join(lines)


def _results(_register: Register, row: ProblemRow) -> str:
    return "\n".join(one.fields["result"] for one in row.measures if one.fields["result"])


def _regulations(_register: Register, row: ProblemRow) -> str:
    titles = [one.fields for one in row.measures if one.fields["regulation_number"]]
    return "\n".join(f"《{one['regulation_title']}》（{one['regulation_number']}）" for one in titles)


def _punctuality(register: Register, row: ProblemRow) -> str:
    word = row.punctuality()
    return register.words.say(f"punctuality.{word}") if word else ""


COLUMNS = (
    Spec("number", 4, "text", _field("number")),
    Spec("area", 7, "wrapped", _group("area", "（{chinese}）")),
    Spec("heading", 9, "wrapped", _group("heading", "{number}.")),
    Spec("title", 11, "wrapped", _field("title")),
    Spec("source", 5, "text", lambda register, row: register.words.say(f"word.{row.fields['source']}")),
    Spec("measures", 24, "wrapped", _measures),
    Spec("lead_official", 5, "wrapped", _role("lead_official")),
    Spec("lead_department", 7, "wrapped", _role("lead_department")),
    Spec("supporting_department", 7, "wrapped", _role("supporting_department")),
    Spec("officer", 5, "wrapped", _role("officer")),
    Spec("due_on", 8, "date", lambda _register, row: _date(row.due_on)),
    Spec("original_due_on", 8, "date", lambda _register, row: _date(row.fields["original_due_on"])),
    Spec("standing", 8, "wrapped", lambda register, row: register.where_it_stands(row)),
    Spec("completion", 4, "text", lambda register, row: register.words.say(f"completion.{row.completion}")),
    Spec("results", 24, "wrapped", _results),
    Spec("regulations", 10, "wrapped", _regulations),
    Spec("evidence", 6, "wrapped", lambda _register, row: "\n".join(row.all_evidence)),
    Spec("long_term", 4, "text", lambda register, row: _yes(register, row.fields["long_term"])),
    Spec("key_problem", 4, "text", lambda register, row: _yes(register, row.fields["key_problem"])),
    Spec("close_out", 6, "text", lambda _register, row: close_out_text(row.fields)),
    Spec("closed_on", 8, "date", lambda _register, row: _date(row.fields["closed_on"])),
    Spec("punctuality", 4, "text", _punctuality),
    Spec("recognition", 4, "text", lambda register, row: register.words.say(f"word.{row.fields['recognition']}")),
    Spec("round", 5, "text", lambda register, row: register.words.say("round.nth", round=row.round)),
)  # fmt: skip


def register_sheet(register: Register, columns: Sequence[Spec] = COLUMNS) -> RegisterSheet:
    """The register in the columns offices really use, or in some of them, with its counts below the rows."""
    words = register.words
    return RegisterSheet(
        title=words.say("register.title", inspection=register.inspection.name),
        as_of=register.as_of,
        prepared_by=words.say("register.prepared_by", organization=register.organization),
        columns=tuple(Column(one.key, words.say(f"column.{one.key}"), one.width, one.kind) for one in columns),
        rows=tuple(tuple(one.get(register, row) for one in columns) for row in register.rows),
        summary=summary(register),
    )


def summary(register: Register) -> tuple[str, ...]:
    """The counts in one sentence, and who has the ones not done, in the order of the document."""
    words = register.words
    sentences = [words.say("register.counts", **register.counts())]
    if late := [row for row in register.rows if row.is_overdue(register.as_of)]:
        sentences.append(words.say("register.overdue", which=_named(late)))
    return tuple(sentences)


def _named(rows: Sequence[ProblemRow]) -> str:
    return "、".join(f"（{row.fields['number']}）{row.names('lead_department')}" for row in rows)


def register_workbook(register: Register, columns: Sequence[Spec] = COLUMNS) -> bytes:
    return register_xlsx(register_sheet(register, columns))
