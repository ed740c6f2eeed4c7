"""Lines as the outline sees them: a number or none, a marker or none, and the words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from documents import marks, phrases
from documents.folding import trim
from documents.marks import Mark
from documents.outline.paragraphs import Paragraph
from documents.phrases import Label
from documents.sources.lines import Cell, Line


@dataclass(frozen=True)
class Entry:
    """A paragraph; `body` is its text after the number, `label` a marker that opens it."""

    index: int
    lines: tuple[Line, ...]
    mark: Mark | None
    body: str
    label: Label | None
    raw: str

    @property
    def number(self) -> int:
        """The line it begins on, from 1."""
        return self.lines[0].number

    @property
    def text(self) -> str:
        return trim(self.raw)

    @property
    def in_table(self) -> bool:
        return self.lines[0].cell is not None

    @property
    def cell(self) -> Cell:
        """The cell it stands in; only to be asked of an entry in a table."""
        cell = self.lines[0].cell
        if cell is None:
            raise LookupError(f"line {self.number} stands in no table")
        return cell


def scan(paragraphs: Iterable[Paragraph]) -> list[Entry]:
    """Give an entry for every paragraph, numbered by `index` from 0."""
    return [_entry(index, paragraph) for index, paragraph in enumerate(paragraphs)]


def _entry(index: int, paragraph: Paragraph) -> Entry:
    mark, body = marks.split(paragraph.text)
    return Entry(index, paragraph.lines, mark, body, phrases.label(body), paragraph.text)


def renumber(entries: Sequence[Entry]) -> list[Entry]:
    """Number the entries that are left anew, so that an index is a place in the list."""
    return [replace(entry, index=index) for index, entry in enumerate(entries)]
