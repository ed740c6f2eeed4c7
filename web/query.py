"""What the register's address asks for: read leniently, because people mend and pass on addresses by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from desk.search_register import ORDERS, Search

KEYS = (
    "inspection", "area", "department", "official", "officer", "state", "done", "overdue", "key_problem",
    "long_term", "text", "order", "column", "after", "save_as",
)  # fmt: skip
# What an address or a kept search holds.
KEPT = frozenset(KEYS) - {"after", "save_as"}
LARGEST_ID = 2**63 - 1
DONE = {"yes": True, "no": False}

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The pairs of a query; `filter` is the id of the kept search that they come from, or empty."""

    pairs: tuple[tuple[str, str], ...]
    filter: str = ""

    def values(self, key: str) -> list[str]:
        return [value for name, value in self.pairs if name == key]

    def value(self, key: str) -> str:
        return next(iter(self.values(key)), "")

    @property
    def narrows(self) -> bool:
        """Whether more is asked than a text and a page."""
        return any(name not in ("text", "after", "column", "inspection") for name, _ in self.pairs)

    @property
    def text(self) -> str:
        """As an address carries it, without the page."""
        return urlencode([pair for pair in self.pairs if pair[0] in KEPT])

    def address(self, after: str = "") -> str:
        """The query of this search, or of a later page of it."""
        base = urlencode({"filter": self.filter}) if self.filter else self.text
        return "&".join(one for one in (base, urlencode({"after": after}) if after else "") if one)

    @property
    def search(self) -> Search:
        order = next((one for one in ORDERS if one == self.value("order")), ORDERS[0])
        return Search(
            area=self.value("area"),
            department=whole(self.value("department")),
            official=whole(self.value("official")),
            officer=whole(self.value("officer")),
            state=self.value("state"),
            done=DONE.get(self.value("done")),
            overdue=self.value("overdue") == "yes",
            key_problem=self.value("key_problem") == "yes",
            long_term=self.value("long_term") == "yes",
            text=self.value("text"),
            order=order,
            after=self.value("after"),
        )


def asked_of(pairs: Pairs) -> Asked:
    """What is known and filled in; the rest is passed over."""
    return Asked(tuple((name, value.strip()) for name, value in pairs if name in KEYS and value.strip()))


def asked_of_text(query: str, kept: str, after: str) -> Asked:
    """A kept search, at one of its pages."""
    pairs = [*parse_qsl(query), ("after", after)]
    return Asked(asked_of(pairs).pairs, kept)


def whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and int(text) <= LARGEST_ID else None


def day_of(text: str) -> date | None:
    """A day as a date field sends it (ISO); None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
