"""From what a register says to what will be asked of the door: names become people, words become ours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.directory import Directory, NotKnown
from desk.finding import Inspection
from desk.same_matter import Matters, Standing
from documents.sheets.register import MeasureEntry, ProblemEntry, RegisterReading, SheetFault
from engine.words import Words

SOURCES = ("feedback", "immediate_notice", "special_inspection", "extended_inspection", "petition")
NEEDED = ("lead_official", "lead_department", "officer", "due_on")
NAMED_ROWS = 12  # of a note that concerns many rows


@dataclass(frozen=True)
class Task:
    """A problem as it will be opened, or `known` where it is on record and only waits for its assignment.

    `assignment` is None where the register does not say enough to assign it.
    """

    row: int
    opening: Mapping[str, Any]
    assignment: Mapping[str, Any] | None
    measures: tuple[Mapping[str, Any], ...]
    long_term: bool
    known: Standing | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do: what was assigned is not assigned anew by a list."""
        known = self.known
        return known is not None and (known.is_assigned or known.state not in ("feedback", "assignment"))


@dataclass
class Matching:
    """Matches the problems of a register one by one; `faults` and the rows of `noted` grow as it goes."""

    words: Words
    reading: RegisterReading
    people: Directory
    departments: Directory
    inspection: Inspection
    matters: Matters
    faults: list[SheetFault] = field(default_factory=list)
    noted: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def task(self, problem: ProblemEntry) -> Task:
        assignment = self._assignment(problem)
        measures = [self._measure(one, assignment) for one in problem.measures] if assignment else []
        draft = [problem.draft, "" if assignment else self._put_off(problem)]
        opening = {
            "inspection_id": self.inspection.id,
            "number": problem.number,
            "title": problem.title,
            "area_number": problem.area_number,
            "area": problem.area,
            "heading_number": problem.heading_number,
            "heading": problem.heading,
            "source": self._source(problem),
            "draft_answer": "\n".join(filter(None, draft)),
            "key_problem": problem.key_problem,
        }
        kept = {name: value for name, value in opening.items() if value not in (None, "")}
        known = self.matters.same(problem.number, problem.title)
        task = Task(problem.row, kept, assignment, tuple(measures), bool(problem.long_term), known)
        self._note_known(task)
        return task

    def _note_known(self, task: Task) -> None:
        if task.known is not None:
            self._note(task.row, "settled" if task.is_settled else "known")
        elif alike := self.matters.alike(task.opening["title"]):
            self._note(task.row, "alike", "、".join(one.named for one in alike))

    def _assignment(self, problem: ProblemEntry) -> Mapping[str, Any] | None:
        leads = self._found(problem.row, "lead_official", problem.lead_officials, self.people)
        departments = self._found(problem.row, "lead_department", problem.lead_departments, self.departments)
        supporting = self._found(
            problem.row, "supporting_department", problem.supporting_departments, self.departments
        )
        officers = self._found(problem.row, "officer", problem.officers, self.people)
        if len(problem.lead_officials) > 1:
            self._fault(problem.row, "lead_official", "two_leads", "、".join(problem.lead_officials))
        if len(departments) > 1:
            self._note(problem.row, "second_departments")
        given = dict(zip(NEEDED, (leads, departments, officers, problem.due_on), strict=True))
        if missing := [name for name, value in given.items() if not value]:
            self._note_missing(problem.row, missing)
            return None
        assignment = {
            "lead_official": leads[0],
            "lead_department": departments[0],
            "supporting_departments": list(dict.fromkeys((*departments[1:], *supporting))),
            "officers": officers,
            "due_on": problem.due_on.isoformat() if problem.due_on else None,
            "key_problem": problem.key_problem,
        }
        return {name: value for name, value in assignment.items() if value not in (None, [])}

    def _note_missing(self, row: int, missing: Iterable[str]) -> None:
        """What is not there is worth a note; what is there and wrong has its fault already."""
        if row not in {one.row for one in (*self.reading.faults, *self.faults)}:
            labels = "、".join(self.words.say(f"column.{key}") for key in missing)
            self._note(row, "not_assigned", labels)

    def _measure(self, one: MeasureEntry, assignment: Mapping[str, Any]) -> Mapping[str, Any]:
        """A measure with its first officer; without one of its own it is the problem's."""
        key = "measure_officer" if "measure_officer" in self.reading.header.columns else "officer"
        column = key if key in self.reading.header.columns else "measures"
        officers = self._found(one.row, column, one.officers, self.people) or assignment["officers"]
        if one.track is None:
            self._note(one.row, "time_limited_by_default")
        return {
            "text": one.text,
            "track": one.track or "time_limited",
            "officer": officers[0],
            "due_on": one.due_on.isoformat() if one.due_on else assignment["due_on"],
        }

    def _put_off(self, problem: ProblemEntry) -> str:
        """The measures of a problem that cannot be assigned yet: a draft, so that nobody types them again."""
        if not problem.measures:
            return ""
        texts = (f"{number}.{one.text}" for number, one in enumerate(problem.measures, 1))
        return self.words.say("sheet.put_off", measures="\n".join(texts))

    def _source(self, problem: ProblemEntry) -> str:
        if not problem.source:
            return SOURCES[0]
        for word in SOURCES:
            if self.words.say(f"word.{word}") in problem.source or word == problem.source:
                return word
        self._fault(problem.row, "source", "source", problem.source)
        return SOURCES[0]

    def _found(self, row: int, key: str, names: Iterable[str], directory: Directory) -> list[int]:
        found = {name: directory.find(name) for name in names}
        for one in found.values():
            if isinstance(one, NotKnown):
                nearest = self.words.say("sheet.nearest", names="、".join(one.nearest)) if one.nearest else ""
                self._fault(row, key, one.word, one.name + nearest)
        return [one for one in found.values() if isinstance(one, int)]

    def _fault(self, row: int, key: str, word: str, text: str) -> None:
        self.faults.append(SheetFault(row, self.reading.header.place(row, key), word, text))

    def _note(self, row: int, word: str, text: str = "") -> None:
        self.noted.setdefault((word, text), []).append(row + 1)

    def notes(self) -> Iterator[str]:
        """What was decided without asking, a sentence each, with its rows."""
        for (word, text), rows in self.noted.items():
            yield self.words.say(f"sheet.{word}", rows=_some(self.words, dict.fromkeys(rows)), text=text)


def sentence(words: Words, fault: SheetFault) -> str:
    """A fault as it is said: 第5行 D列 整改时限：2026.13.40 不是日期."""
    return words.say(f"sheet.{fault.word}", place=fault.place, text=fault.text)


def notes_on(words: Words, reading: RegisterReading) -> Iterator[str]:
    """What of the file was not taken in, so that nothing is lost in silence."""
    header = reading.header
    if header.unknown:
        yield words.say("sheet.unknown_columns", which="、".join(header.named(header.unknown)))
    if header.left_out:
        yield words.say("sheet.left_out_columns", which="、".join(header.named(header.left_out)))
    if summaries := [one.row + 1 for one in reading.left if one.reason == "summary"]:
        yield words.say("sheet.left_rows", rows=_some(words, summaries))
    if reading.other_sheets:
        yield words.say("sheet.other_sheets", sheet=reading.sheet, others="、".join(reading.other_sheets))
    if reading.has_macros:
        yield words.say("sheet.macros")


def _some(words: Words, rows: Iterable[int]) -> str:
    """Row numbers, the first few of many."""
    every = list(rows)
    named = "、".join(map(str, every[:NAMED_ROWS]))
    return named if len(every) <= NAMED_ROWS else words.say("sheet.and_more", rows=named, n=len(every))
