"""Lines as the outline sees them: a number or none, a marker or none, and the words."""

from collections.abc import Iterable
from dataclasses import dataclass

from documents import marks, phrases
from documents.folding import trim
from documents.marks import Mark
from documents.phrases import Label
from documents.sources.lines import Line


@dataclass(frozen=True)
class Entry:
    """A line that is not blank; `body` is its text after the number, `label` a marker that opens it."""

    index: int
    line: Line
    mark: Mark | None
    body: str
    label: Label | None

    @property
    def text(self) -> str:
        return trim(self.line.text)


def scan(lines: Iterable[Line]) -> list[Entry]:
    """Give an entry for every line that is not blank, numbered by `index` from 0."""
    return [_entry(index, line) for index, line in enumerate(line for line in lines if not line.is_blank)]


def _entry(index: int, line: Line) -> Entry:
    mark, body = marks.split(line.text)
    return Entry(index, line, mark, body, phrases.label(body))
