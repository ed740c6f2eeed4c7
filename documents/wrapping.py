"""Breaks text into lines where nothing else does it: SVG does not wrap, and no line may begin with ，or 。"""

import re
from collections.abc import Iterator

from documents.layout import printable, width

NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—％℃·,.;:?!)]}%")
NOT_LAST = frozenset("（《〈「『【〔“‘([{")
CUT = "…"
# A word or a figure stays whole where a line can hold it; every other character may stand alone.
PIECE = re.compile(r"[A-Za-z0-9.,:/%+\-]+|\s+|.", re.DOTALL)


def wrap(text: str, chars: float, most: int | None = None) -> list[str]:
    """The lines of a text, each at most so many full-width characters wide; at least one line, if an empty one.

    Where `most` lines do not hold it the last one ends with …. Raises ValueError for a width below two characters.
    """
    if chars < 2:
        raise ValueError("a line must hold at least two characters")
    lines = [line for paragraph in printable(text).splitlines() for line in _lines(paragraph, chars)] or [""]
    if most is None or len(lines) <= most:
        return lines
    return [*lines[: most - 1], _cut("".join(lines[most - 1 :]), chars)]


def _lines(text: str, chars: float) -> Iterator[str]:
    line: list[str] = []
    for piece in _pieces(text, chars):
        while line and width("".join(line)) + width(piece) > chars:
            line, carried = _parted(line, piece)
            yield "".join(line).rstrip()
            line = carried
        if line or not piece.isspace():
            line.append(piece)
    if line:
        yield "".join(line).rstrip()


def _pieces(text: str, chars: float) -> Iterator[str]:
    """Words and characters; a word wider than a line is taken letter by letter."""
    for piece in PIECE.findall(text):
        yield from [piece] if width(piece) <= chars else piece


def _parted(line: list[str], following: str) -> tuple[list[str], list[str]]:
    """The line, and what goes down to the next one: from the last place where a break is allowed."""
    at = len(line)
    while at > 0 and not _may_break(line[at - 1], (line[at:] or [following])[0]):
        at -= 1
    # A run of marks as wide as the line has no good place: it is broken where it is full.
    at = at or len(line)
    return line[:at], line[at:]


def _may_break(before: str, after: str) -> bool:
    return after[0] not in NOT_FIRST and before[-1] not in NOT_LAST


def _cut(text: str, chars: float) -> str:
    kept = text
    while kept and width(kept) + width(CUT) > chars:
        kept = kept[:-1]
    return kept.rstrip("，。、；：") + CUT
