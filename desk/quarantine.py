"""What stepped aside because it could not be swept: seen by a person, who removes the cause and lets it go on."""

from dataclasses import dataclass

from sqlalchemy import Table, select

from desk.finding import NotFoundError
from desk.heard import matter_name
from engine.database import Tx
from engine.sweep import release
from engine.tables import Quarantine
from engine.view import View
from engine.words import Words

QUARANTINE: Table = Quarantine.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Aside:
    """A case that is not reminded of: since when (epoch seconds UTC), and the error as it was."""

    case_id: int
    matter: str
    at: int
    error: str


def set_asides(view: View, words: Words) -> list[Aside]:
    """Those not released yet, the oldest first, each case once with its first error."""
    query = select(QUARANTINE).where(QUARANTINE.c.released_at.is_(None)).order_by(QUARANTINE.c.id.desc())
    rows = {row.case_id: row for row in view.tx.connection.execute(query)}
    found = [Aside(one, matter_name(words, view, view.case(one)), row.at, row.error) for one, row in rows.items()]
    return sorted(found, key=lambda one: (one.at, one.case_id))


def let_go(tx: Tx, case_id: int, now: int) -> None:
    """It is swept again at the next beat; what is still wrong sets it aside anew. Raises NotFoundError."""
    if not release(tx, case_id, now):
        raise NotFoundError(f"{case_id} 没有被搁置，不需要放行")
