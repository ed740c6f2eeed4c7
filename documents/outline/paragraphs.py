"""Puts paragraphs back together where a file breaks them at the width of a page."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents import marks, phrases
from documents.folding import fold, trim
from documents.sentences import STOPS
from documents.sources.lines import Line, Source

_NARROWEST_PAGE, _WIDEST_PAGE = 30, 120
_FEWEST, _FEWEST_ON_PAGES = 4, 1  # broken lines that show a file to be wrapped; a PDF always is
_SLACK = 5
_INDENT = re.compile(r"^(?: {2,}|\t)")


@dataclass(frozen=True)
class Paragraph:
    """One or more lines that read as one text."""

    lines: tuple[Line, ...]
    text: str


def join(source: Source) -> list[Paragraph]:
    """Give the paragraphs of the lines that are not blank; in a file that is not wrapped, a line is one."""
    written = [line for line in source.lines if not line.is_blank]
    width = _page_width(written, _FEWEST_ON_PAGES if source.in_pages else _FEWEST)
    groups: list[list[Line]] = []
    for line in written:
        if groups and _belongs(groups[-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Paragraph(tuple(group), _text(group)) for group in groups]


def _page_width(lines: Sequence[Line], fewest: int) -> int:
    """Give the width a file is wrapped at, in half-width columns, or 0 if it is not wrapped.

    It is wrapped where most of its full lines break off in mid-sentence and go on in the next.
    """
    widths = [_width(line) for line in lines]
    widest = max(widths, default=0)
    if not _NARROWEST_PAGE <= widest <= _WIDEST_PAGE:
        return 0
    full = [
        place for place, width in enumerate(widths[:-1]) if width >= widest - _SLACK and not _ends(lines[place])
    ]
    going_on = sum(_goes_on(lines[place], lines[place + 1], widest) for place in full)
    return widest if going_on >= fewest and going_on * 2 > len(full) else 0


def _width(line: Line) -> int:
    text = line.text.rstrip()
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _belongs(group: Sequence[Line], line: Line, width: int) -> bool:
    return _fills_form(group, line) or _is_bare_number(group) or (width > 0 and _goes_on(group[-1], line, width))


def _fills_form(group: Sequence[Line], line: Line) -> bool:
    """Say whether a cell stands beside the name of its field, as on a form: 反馈问题 | 账目不清."""
    left, right = group[0].cell, line.cell
    if not left or not right or len(group) > 1 or (left.table, left.row) != (right.table, right.row):
        return False
    named = left.column == 0 and right.column > 0 and phrases.names_a_field(group[0].text)
    return named and not phrases.names_a_field(line.text)


def _is_bare_number(group: Sequence[Line]) -> bool:
    """Say whether a line holds a number and nothing else: its title was printed on the next one."""
    mark, body = marks.split(group[0].text)
    return bool(mark) and not body and len(group) == 1 and group[0].cell is None


def _ends(line: Line) -> bool:
    return trim(line.text)[-1:] in STOPS


def _goes_on(last: Line, line: Line, width: int) -> bool:
    if line.cell != last.cell or line.number != last.number + 1 or _width(last) < width - _SLACK or _ends(last):
        return False
    mark, body = marks.split(line.text)
    return not mark and not phrases.label(body) and not _INDENT.match(fold(line.text))


def _text(group: Sequence[Line]) -> str:
    texts = [trim(line.text) for line in group]
    if len(group) > 1 and group[0].cell != group[1].cell:
        return f"{texts[0].rstrip('：:')}：{''.join(texts[1:])}"
    return "".join(_spaced(texts))


def _spaced(texts: Sequence[str]) -> Iterator[str]:
    """Put a blank between Latin words only: Chinese has none to lose at a line's end."""
    last = ""
    for text in texts:
        if last[-1:].isascii() and last[-1:].isalpha() and text[:1].isascii() and text[:1].isalpha():
            yield " "
        yield text
        last = text
