"""What a role turns to besides the matters that wait for it: links on the home, each saying what it is for."""

from dataclasses import dataclass

from web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One link. `name` is the key of its words, `web.shortcuts.NAME` and `web.shortcuts.NAME_hint`."""

    path: str
    name: str
    role: str


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("/register?overdue=yes", "late", "discipline"),
    Shortcut("/letters", "letters", "discipline"),
    Shortcut("/meeting-page", "meeting_page", "discipline"),
    Shortcut("/people", "people", "administrator"),
    Shortcut("/departments", "departments", "administrator"),
    Shortcut("/imports/people", "import_people", "administrator"),
    Shortcut("/calendar", "calendar", "administrator"),
    Shortcut("/ladders", "ladders", "administrator"),
    Shortcut("/health", "health", "administrator"),
)


def shortcuts_for(visitor: Visitor) -> list[Shortcut]:
    return [one for one in SHORTCUTS if visitor.holds(one.role)]
