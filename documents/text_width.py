"""How wide a text is in a drawing that cannot measure it, and where its lines may break."""

from unicodedata import east_asian_width

# Of the size of the letters: a Chinese character is as wide as it is high, a Latin one about half of that.
WIDE, NARROW = 1.0, 0.56
# What may not stand at the beginning of a line.
CLOSING = "，。、；：！？）》」』”’…"


def width(text: str, size: float) -> float:
    """About how wide a text is in letters of a size, in the same unit."""
    return sum(_width_of(one) for one in text) * size


def wrapped(text: str, size: float, room: float) -> tuple[str, ...]:
    """The lines of a text no wider than `room`; no line begins with a closing mark."""
    lines: list[str] = []
    line = ""
    for one in text:
        if line and width(line + one, size) > room and one not in CLOSING:
            lines.append(line)
            line = ""
        line += one
    return (*lines, line) if line else tuple(lines)


def _width_of(one: str) -> float:
    return WIDE if east_asian_width(one) in "WFA" else NARROW
