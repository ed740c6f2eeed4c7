"""The navigation: one list for all roles; a page adds one entry, and each person sees what concerns them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from web.visitor import Visitor

EVERYBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go. `name` is the key of its words, `web.nav.NAME`; `roles` empty: for everybody."""

    path: str
    name: str
    roles: frozenset[str] = EVERYBODY


class Shown(NamedTuple):
    """An entry as the layout draws it; `here` marks the page that is open."""

    path: str
    name: str
    here: bool


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


# Who answers for a whole organisation, or watches over it.
LEADING = roles("head", "deputy_head", "lead_official", "coordinator", "discipline", "supervisor")
# Who fills the sheets of what is kept up, or looks at them.
KEEPING = roles("coordinator", "head", "department_head", "deputy_department_head", "officer")

# In the order of the screen.
NAVIGATION: tuple[Entry, ...] = (
    Entry("/", "home"),
    Entry("/meeting-page", "meeting_page", LEADING),
    Entry("/register", "register"),
    Entry("/wall-chart", "wall_chart"),
    Entry("/bodies", "bodies", roles("supervisor")),
    Entry("/people", "people", roles("administrator", "coordinator", "discipline")),
    Entry("/departments", "departments", roles("administrator")),
    Entry("/inbox", "inbox"),
    Entry("/inspections", "inspections", roles("coordinator", "head", "deputy_head", "supervisor", "discipline")),
    Entry("/letters", "letters"),
    Entry("/commitments", "commitments", KEEPING),
    Entry("/look-backs", "look_backs", roles("auditor", "coordinator", "head", "discipline", "supervisor")),
    Entry("/leads", "leads", roles("head", "discipline")),
    Entry("/extensions", "extensions", roles("coordinator", "head", "deputy_head", "lead_official")),
    Entry("/forecast", "forecast"),
    Entry("/calendar", "calendar", roles("coordinator", "administrator")),
    Entry("/ladders", "ladders", roles("administrator", "coordinator", "head")),
    Entry("/imports", "imports", roles("coordinator", "administrator")),
    Entry("/health", "health", roles("administrator")),
)


def entries_for(visitor: Visitor, path: str) -> tuple[Shown, ...]:
    return tuple(Shown(one.path, one.name, _is_here(one.path, path)) for one in _seen(visitor))


def _seen(visitor: Visitor) -> Iterable[Entry]:
    return (one for one in NAVIGATION if not one.roles or one.roles & visitor.roles)


def _is_here(entry: str, path: str) -> bool:
    return path == entry or (entry != "/" and path.startswith(f"{entry}/"))
