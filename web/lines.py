"""The rows of a register as its page draws them: with all that their looks depend on, and nothing else."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from desk.make_register import Register, Spec
from documents.register import Cell
from workflows.rectification.register import ProblemRow

# What stands beside a deadline: the days that are left, for what it waits, or nothing.
Clock = Literal["days", "paused", "waiting", ""]


class Head(NamedTuple):
    """The heading of a column."""

    key: str
    kind: str
    label: str


class Line(NamedTuple):
    """One row. `left` counts local days until the deadline where the clock shows them, below zero when late."""

    id: int
    title: str
    is_late: bool
    clock: Clock
    left: int
    ticked: bool
    heads: tuple[Head, ...]
    cells: tuple[Cell, ...]


def heads_of(register: Register, columns: Sequence[Spec]) -> tuple[Head, ...]:
    return tuple(Head(one.key, one.kind, register.words.say(f"column.{one.key}")) for one in columns)


def lines_of(register: Register, columns: Sequence[Spec], *, ticked: bool) -> list[Line]:
    """The rows of a page in these columns; `ticked`: something may be done with those that are ticked."""
    heads = heads_of(register, columns)
    return [_line(register, columns, heads, row, ticked) for row in register.rows]


def _line(
    register: Register, columns: Sequence[Spec], heads: tuple[Head, ...], row: ProblemRow, ticked: bool
) -> Line:
    is_late = row.is_overdue(register.as_of)
    clock = _clock(row, is_late)
    left = (row.days_left(register.as_of) or 0) if clock == "days" else 0
    cells = tuple([one.get(register, row) for one in columns])
    return Line(row.id, row.fields["title"], is_late, clock, left, ticked, heads, cells)


def _clock(row: ProblemRow, is_late: bool) -> Clock:
    if not row.live or row.due_on is None:
        return ""
    if is_late:
        return "days"
    if row.clock.pause:
        return "paused"
    return "waiting" if row.state == "close_out" else "days"
