"""A case in memory: its row, its declared fields, who is responsible and who signed."""

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from engine.canonical import dumps, loads
from engine.commands import Bearer, Signed

# The columns a history entry shows after-images of; the four others are bookkeeping of the chain and the clock.
LOGGED_COLUMNS = ("definition_id", "state", "round", "started_on", "due_on", "term", "deadline_no", "fired", "live")
COLUMNS = (
    "id", "root_id", "parent_id", "organization_id", "definition_id", "kind", "state", "round", "revision",
    "seq", "head", "started_on", "due_on", "term", "deadline_no", "fired", "next_alert_at", "live", "data",
)  # fmt: skip
# What changes of a root whose chain grows by an entry of a part.
LINKED = frozenset({"seq", "head"})
BEARERS = "bearers"
SIGNATURES = "signatures"
# What gives the stored form of the columns that a case carries otherwise.
STORED_AS = {"fired": "stored_fired", "data": "stored_data"}


# The values of PLAIN_SLOTS, what was touched, and the fields.
Snapshot = tuple[tuple[Any, ...], set[str], dict[str, Any] | None]


class CaseState:
    """One case as the door sees it inside a transaction.

    `fields` are the declared ones, as plain values (text, whole number, bool, list, None), dates as ISO text.
    They, the bearers and the signatures are None until somebody asks the view for them.
    `touched` names the columns and fields that changed since it was read; `stored_seq` is the seq that the row
    still has.
    """

    __slots__ = (
        "bearers", "deadline_no", "definition_id", "due_on", "fields", "fired", "head", "id", "is_new", "kind",
        "live", "next_alert_at", "organization_id", "parent_id", "revision", "root_id", "round", "seq",
        "signatures", "started_on", "state", "stored_data", "stored_seq", "term", "touched",
    )  # fmt: skip

    def __init__(self, row: Any, *, is_new: bool = False) -> None:
        (
            self.id, self.root_id, self.parent_id, self.organization_id, self.definition_id, self.kind, self.state,
            self.round, self.revision, self.seq, self.head, self.started_on, self.due_on, self.term,
            self.deadline_no, fired, self.next_alert_at, self.live, self.stored_data,
        ) = row  # fmt: skip
        self.fired: dict[str, int] = {} if fired == "{}" else loads(fired)
        self.is_new = is_new
        self.stored_seq: int = self.seq
        self.touched: set[str] = set()
        self.fields: dict[str, Any] | None = {} if is_new else None
        self.bearers: tuple[Bearer, ...] | None = () if is_new else None
        self.signatures: tuple[Signed, ...] | None = () if is_new else None

    @property
    def is_root(self) -> bool:
        return bool(self.id == self.root_id)

    def snapshot(self) -> Snapshot:
        """Everything needed to come back to this moment when a command turns out to be refused."""
        return _all_slots(self), set(self.touched), None if self.fields is None else dict(self.fields)

    def restore(self, kept: Snapshot) -> None:
        values, self.touched, self.fields = kept
        for name, value in zip(PLAIN_SLOTS, values, strict=True):
            setattr(self, name, value)

    def stored(self, name: str) -> Any:
        """The stored form of a column."""
        return getattr(self, STORED_AS.get(name, name))

    @property
    def stored_fired(self) -> str:
        return _spelled(tuple(self.fired.items()))


StoredValues = Callable[[CaseState], tuple[Any, ...]]


@lru_cache(maxsize=1024)
def stored_values(columns: tuple[str, ...]) -> StoredValues:
    """What takes the stored form of these columns out of a case; at least two of them."""
    return attrgetter(*[STORED_AS.get(name, name) for name in columns])


PLAIN_SLOTS = tuple(name for name in CaseState.__slots__ if name not in ("fields", "touched"))
_all_slots = attrgetter(*PLAIN_SLOTS)


@lru_cache(maxsize=1024)
def _spelled(fired: tuple[tuple[str, int], ...]) -> str:
    """Most cases have had the same few steps."""
    return dumps(dict(fired))


def open_bearers(bearers: tuple[Bearer, ...], day: str) -> tuple[Bearer, ...]:
    return tuple(one for one in bearers if one.holds_on(day))


def valid_signatures(case: CaseState) -> tuple[Signed, ...]:
    """The signatures of the present round that still stand. The case's signatures must have been loaded."""
    return tuple(one for one in case.signatures or () if one.round == case.round and one.voided_at is None)
