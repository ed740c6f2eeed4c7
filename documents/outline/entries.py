"""Lines as the outline sees them: a number or none, a marker or none, and the words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from documents import marks, phrases
from documents.folding import BLANKS, fold, trim
from documents.marks import Mark
from documents.outline.paragraphs import Paragraph
from documents.phrases import Label
from documents.sources.lines import Cell, Line


@dataclass(frozen=True)
class Entry:
    """A paragraph; `body` is its text after the number, `label` a marker that opens it.

    `inner_label` is the name of a marker further on in the paragraph, after a title.
    """

    index: int
    lines: tuple[Line, ...]
    mark: Mark | None
    body: str
    label: Label | None
    inner_label: str | None
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
    entries = [_entry(index, paragraph) for index, paragraph in enumerate(paragraphs)]
    names = Counter(entry.label.name for entry in entries if entry.label and not entry.label.is_field)
    known = sorted((name for name, count in names.items() if count > 1), key=len, reverse=True)
    before = [None, *entries]
    return [_with_bare_marker(entry, last, known) for last, entry in zip(before, entries, strict=False)]


def _entry(index: int, paragraph: Paragraph) -> Entry:
    mark, body = marks.split(paragraph.text)
    inner = phrases.inline_label(body)
    return Entry(index, paragraph.lines, mark, body, phrases.label(body), inner and inner[1], paragraph.text)


def _with_bare_marker(entry: Entry, last: Entry | None, known: Sequence[str]) -> Entry:
    """Recognise a marker whose colon was forgotten: the line after a number begins with a name used before."""
    if entry.mark or entry.label or not last or not last.mark:
        return entry
    name = next((each for each in known if fold(entry.body).startswith(each)), None)
    if not name:
        return entry
    return replace(entry, label=Label(name, entry.body[len(name) :].strip(BLANKS + "—-"), is_field=False))


def renumber(entries: Sequence[Entry]) -> list[Entry]:
    """Number the entries that are left anew, so that an index is a place in the list."""
    return [replace(entry, index=index) for index, entry in enumerate(entries)]
