"""What a home is made of: sections of matters, each with what to do next and why it is there."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Button:
    """One step that the door would let through now. `asks` tells that it wants something filled in first.

    With `opens` it is no step of the case but opens a part of that kind. `on_page`: the case's own page takes it.
    """

    case_id: int
    action: str
    label: str
    asks: bool
    revision: int
    opens: str = ""
    on_page: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """One problem, or (with `text`) one of its measures, as somebody must see it.

    `kind` is that of the case: beside problems and measures letters, instructions and requests. `left` counts local
    days until the deadline, below zero when it is over, None where nothing is owed; `waiting`: the work is done in
    time and others are awaited; `paused` is for what it waits, empty while the clock runs. `notes` are sentences,
    `buttons` the possible steps, the main one first; `blocked` says why the main step is not possible.
    """

    case_id: int
    kind: str
    root_id: int
    number: str
    title: str
    text: str
    state: str
    due_on: str | None
    left: int | None
    waiting: bool = False
    paused: str = ""
    notes: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    blocked: str = ""

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < 0 and not self.waiting


@dataclass(frozen=True, slots=True)
class Duty:
    """What has its day and is no part of a problem; `about` says of which inspection, period or body it is.

    `left` counts local days until the day, below zero when it is over.
    """

    case_id: int
    kind: str
    root_id: int
    title: str
    about: str
    due_on: str | None
    left: int | None
    buttons: tuple[Button, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < 0


@dataclass(frozen=True, slots=True)
class Section:
    """Matters, or duties, under one heading, by the key of its words; `more` is how many were left out."""

    key: str
    matters: tuple[Matter, ...]
    more: int = 0
    duties: tuple[Duty, ...] = ()

    @property
    def count(self) -> int:
        return len(self.matters) + len(self.duties) + self.more


# A week in the words of an office: from today to the same day of the next week.
SOON_DAYS = 7
MOST_SHOWN = 50


def section(key: str, matters: list[Matter], most: int = MOST_SHOWN) -> Section:
    return Section(key, tuple(matters[:most]), max(len(matters) - most, 0))


def by_deadline(matters: list[Matter]) -> list[Matter]:
    """The nearest deadline first, what has none last; then in the order of the document."""
    return sorted(matters, key=lambda one: (one.due_on is None, one.due_on or "", one.root_id, one.case_id))


def in_time(matters: list[Matter]) -> tuple[list[Matter], list[Matter], list[Matter]]:
    """Overdue, due within a week, and later, where also what only waits for others stands; each by deadline."""
    late: list[Matter] = []
    soon: list[Matter] = []
    later: list[Matter] = []
    for one in by_deadline(matters):
        near = one.left is not None and one.left <= SOON_DAYS and not one.paused
        (late if one.is_late else soon if near and not one.waiting else later).append(one)
    return late, soon, later


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
