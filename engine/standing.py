"""What every step asks about the house (organisations, people, posts, stand-ins, editions) and hardly ever changes.

Kept between transactions, for as long as the mark in the database stands: triggers set another one with each change
to these tables, whoever makes it, and each transaction reads it first.
"""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from engine.database import Row, Statement, Tx
from engine.tables import HouseMark

if TYPE_CHECKING:
    from engine.ladders import Ladder
    from engine.organizations import Body, Holder
    from engine.working_days import WorkingCalendar

house_mark: Table = HouseMark.__table__  # type: ignore[attr-defined]

# A migration has put one row there; without it nothing is kept.
MARK = select(house_mark.c.mark).scalar_subquery()
GET_MARK = Statement(select(MARK))

# The newest edition's id by (kind, name).
InForce = Mapping[tuple[str, str], int]
# So many answers to one question are kept: a day's holders are of no use a month later.
MOST_KEPT = 10_000
# An answer about a dossier is some kilobytes.
MOST_DOSSIERS = 2_000


class Standing:
    """Answers about one state of the house, by what was asked. Shared by threads: an answer is never changed."""

    __slots__ = (
        "answers", "bodies", "calendar", "dossiers", "holders", "in_force", "ladders", "last_days", "mark",
        "next_days", "posts", "stand_ins",
    )  # fmt: skip

    def __init__(self, mark: str | None) -> None:
        self.mark = mark
        self.bodies: dict[int, Body] = {}
        self.posts: dict[int, list[Row]] = {}
        self.last_days: dict[int, str] = {}
        self.holders: dict[Hashable, list[Holder]] = {}
        self.stand_ins: dict[str, list[Holder]] = {}
        self.ladders: dict[str, tuple[Ladder, ...]] = {}
        # The day (ordinal) on which the next step of a case's ladder comes, by all that it depends on.
        self.next_days: dict[Hashable, int | None] = {}
        # What else was asked of the house alone, by the question.
        self.answers: dict[Hashable, Any] = {}
        # What was made of a dossier and of the house, by (root id, head).
        self.dossiers: dict[tuple[int, str], Any] = {}
        self.in_force: InForce | None = None
        self.calendar: WorkingCalendar | None = None

    def or_own(self, tx: Tx) -> "Standing":
        """This one if what `tx` has read just now is of this state too, else one that nobody else sees.

        A transaction that changes the house, or meets another one's change half-way, must not leave what it saw to
        those who find the mark as it was.
        """
        return self if self.mark is None or read_mark(tx) == self.mark else Standing(None)


def keep(answers: dict[Any, Any], asked: Hashable, answer: Any, most: int = MOST_KEPT) -> None:
    """Put an answer beside the others; when there are too many of them, all begin anew."""
    if len(answers) >= most:
        answers.clear()
    answers[asked] = answer


def read_mark(tx: Tx) -> str | None:
    mark: str | None = tx.run(GET_MARK, {})[0][0]
    return mark


def standing(tx: Tx) -> Standing:
    return standing_under(tx, read_mark(tx))


def standing_under(tx: Tx, mark: str | None) -> Standing:
    """What is known under a mark that `tx` has read."""
    found: Standing | None = tx.kept.get(Standing)
    if found is None or found.mark != mark:
        found = Standing(mark)
        if mark is not None:
            tx.kept[Standing] = found
    return found
