"""The navigation: one list for all roles; a page adds one entry, and each person sees what concerns them."""

from collections.abc import Iterable
from dataclasses import dataclass

from web.visitor import Visitor

EVERYBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go. `name` is the key of its words, `web.nav.NAME`; `roles` empty: for everybody."""

    path: str
    name: str
    roles: frozenset[str] = EVERYBODY


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the layout draws it; `here` marks the page that is open."""

    path: str
    name: str
    here: bool


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


# In the order of the screen. The first entry that a person sees is where they arrive after the log-in.
NAVIGATION: tuple[Entry, ...] = (
    Entry("/inbox", "inbox"),
    Entry("/forecast", "forecast"),
    Entry("/health", "health", roles("administrator")),
)


def entries_for(visitor: Visitor, path: str) -> list[Shown]:
    return [Shown(one.path, one.name, _is_here(one.path, path)) for one in _seen(visitor)]


def first_for(visitor: Visitor) -> str:
    """Where a person arrives."""
    return next(iter(_seen(visitor))).path


def _seen(visitor: Visitor) -> Iterable[Entry]:
    return (one for one in NAVIGATION if not one.roles or one.roles & visitor.roles)


def _is_here(entry: str, path: str) -> bool:
    return path == entry or (entry != "/" and path.startswith(f"{entry}/"))
