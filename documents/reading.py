"""What was read from a document: the vocabulary shared by the reader, the preview and the import."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Part = Literal["area", "heading", "problem", "answer", "ignored"]
PARTS: tuple[Part, ...] = ("area", "heading", "problem", "answer", "ignored")

#: why a line is no part of the list
Reason = Literal[
    "advice",
    "attachment",
    "closing",
    "contact",
    "document_title",
    "dropped",
    "front_matter",
    "introduction",
    "next_steps",
    "page_number",
    "preamble",
    "section_title",
    "signature",
    "table_header",
    "table_of_contents",
    "web_page",
]

#: what can be wrong in a document that can be read
FaultCode = Literal[
    "ambiguous_number",
    "broken_date",
    "empty_area",
    "footnotes_ignored",
    "half_width_number",
    "impossible_date",
    "items_in_text",
    "macros_ignored",
    "masked_date",
    "masked_text",
    "missing_number",
    "no_answer",
    "no_date",
    "no_problems_found",
    "number_out_of_order",
    "only_totals",
    "repeated_number",
    "repeated_title",
    "spaced_date",
    "title_contains_problem",
    "totals_conflict",
    "totals_differ",
    "totals_do_not_add_up",
    "unnumbered_area",
    "unnumbered_heading",
    "unnumbered_problem",
]

#: why a file cannot be read
ErrorCode = Literal[
    "bad_holiday_list",
    "broken_file",
    "conversion_failed",
    "empty_file",
    "entity_declaration",
    "nested_too_deep",
    "no_libreoffice",
    "no_sheet",
    "no_text",
    "not_text",
    "not_what_it_says",
    "not_what_it_says",
    "not_word",
    "not_workbook",
    "password",
    "state_secret",
    "too_large",
    "too_long",
    "unknown_encoding",
    "unsupported_format",
    "zip_bomb",
]


class ReadingError(ValueError):
    """A file that cannot be read: `code` is a stable word, the message says in Chinese why and what to do."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Fault:
    """Something wrong or doubtful in the source: a stable word, the line it is on (from 1) and a sentence."""

    code: FaultCode
    line: int
    message: str


@dataclass(frozen=True)
class Title:
    """An area (方面) or a heading (反馈问题): its number in plain digits, None if the source gives none.

    `glyphs` is the number exactly as printed.
    """

    number: str | None
    title: str
    line: int
    glyphs: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"number": self.number, "title": self.title, "line": self.line}


@dataclass(frozen=True)
class Cadence:
    """A recurring duty as the text states it: `times` at least per `period`, None where no count is given."""

    period: Literal["day", "week", "half_month", "month", "quarter", "half_year", "year"]
    times: int | None

    def to_json(self) -> dict[str, Any]:
        return {"period": self.period, "times": self.times}


@dataclass(frozen=True)
class Measure:
    """One step of an answer, with what its words suggest; `words` are those words, for a person to judge.

    `deadline` is an ISO date and only ever a date that the text states in full.
    """

    text: str
    track: Literal["immediate", "time_limited", "institutional"] | None
    deadline: str | None
    cadence: Cadence | None
    words: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "track": self.track,
            "deadline": self.deadline,
            "cadence": self.cadence.to_json() if self.cadence else None,
            "words": list(self.words),
        }


@dataclass(frozen=True)
class Problem:
    """A concrete problem (具体问题), under the titles of its area and heading, with the answer given to it.

    `detail` is what the source says about the problem beyond its title. `confidence` (0 to 1) is how
    sure the border between title and text is, `basis` the word for what it was drawn by.
    """

    number: str | None
    title: str
    area: str | None
    heading: str | None
    answer: str | None
    line: int
    measures: tuple[Measure, ...]
    confidence: float
    basis: str
    detail: str | None = None
    glyphs: str = ""
    area_line: int | None = None
    heading_line: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "area": self.area,
            "heading": self.heading,
            "answer": self.answer,
            "line": self.line,
            "measures": [measure.to_json() for measure in self.measures],
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class SourceLine:
    """What became of one line of the source; `reason` is a stable word and given only when it was ignored."""

    number: int
    text: str
    part: Part
    reason: Reason | None = None


@dataclass(frozen=True)
class Reading:
    """Everything that was understood of one document, in the order of the source."""

    kind: Literal["notice", "feedback"]
    areas: tuple[Title, ...]
    headings: tuple[Title, ...]
    problems: tuple[Problem, ...]
    faults: tuple[Fault, ...]
    source_lines: tuple[SourceLine, ...]
    stated_totals: Mapping[str, int] = field(default_factory=dict)

    def line_counts(self) -> dict[str, int]:
        """Count the lines that are not blank, in all and by part."""
        counts = Counter[str](line.part for line in self.source_lines)
        return {"total": len(self.source_lines)} | {part: counts[part] for part in PARTS}

    def to_json(self) -> dict[str, Any]:
        return {
            "areas": [area.to_json() for area in self.areas],
            "headings": [heading.to_json() for heading in self.headings],
            "problems": [problem.to_json() for problem in self.problems],
            "faults": [vars(fault) for fault in self.faults],
            "lines": self.line_counts(),
            "stated_totals": dict(self.stated_totals),
        }
