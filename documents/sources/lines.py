"""The one shape every file format is brought into before anybody asks what its words mean."""

from dataclasses import dataclass

from documents.folding import trim
from documents.reading import Fault


@dataclass(frozen=True)
class Cell:
    """The place of a line in a table: which table of the file, row and column, all from 0."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class Line:
    """A line of text or a paragraph of a word processor; `number` counts from 1, blank ones included."""

    number: int
    text: str
    cell: Cell | None = None

    @property
    def is_blank(self) -> bool:
        return not trim(self.text)


@dataclass(frozen=True)
class Source:
    """The lines of a file and what had to be said about the file itself.

    `in_pages`: the lines are those of printed pages, not of the author.
    """

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...] = ()
    in_pages: bool = False


def number(texts: list[str]) -> tuple[Line, ...]:
    return tuple(Line(place, text) for place, text in enumerate(texts, start=1))
