"""A dossier as it stood at an instant, under the editions of that instant, for questions asked afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine import statements as sql
from engine.beats import last_beat, newest_edition
from engine.canonical import dumps
from engine.cases import BEARERS, LOGGED_COLUMNS, SIGNATURES, CaseState
from engine.chain import Entry
from engine.commands import Bearer
from engine.database import Tx
from engine.editions import Editions, definition
from engine.history import entries_of, fold
from engine.recording import OPENED_COLUMNS
from engine.registry import Registry
from engine.runtime import Runtime
from engine.standing import InForce, Standing
from engine.view import Past, View


class EditionsThen(Editions):
    """Only the editions published up to one of them: ids count upwards and editions never change."""

    def __init__(self, registry: Registry, newest: int) -> None:
        super().__init__(registry)
        self.newest = newest

    def in_force(self, tx: Tx) -> InForce:
        query = select(definition.c.id, definition.c.kind, definition.c.name)
        rows = tx.connection.execute(query.where(definition.c.id <= self.newest).order_by(definition.c.number))
        return {(row.kind, row.name): row.id for row in rows}


@dataclass
class PastView(View):
    """Looks like a view of the present; what lies outside the dossier (people, posts) carries its own dates."""

    chain: Sequence[Entry] = ()
    until: int = 0
    _elsewhere: dict[int, CaseState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for case_id, images in fold(self.chain).items():
            self._cases[case_id] = _folded(case_id, self.chain[0].root_id, images)

    def case(self, case_id: int) -> CaseState:
        """A case of the dossier, or of another one that it refers to. Raises LookupError for one that was not there
        yet."""
        if case_id in self._cases:
            return self._cases[case_id]
        if case_id not in self._elsewhere:
            self._read_elsewhere(case_id)
        return self._elsewhere[case_id]

    def _read_elsewhere(self, case_id: int) -> None:
        rows = self.tx.run(sql.GET_CASE, {"case_id": case_id})
        root_id = CaseState(rows[0]).root_id if rows else case_id
        chain = [one for one in entries_of(self.tx, root_id) if one.at <= self.until]
        for found, images in fold(chain).items():
            self._elsewhere[found] = _folded(found, root_id, images)
        if case_id not in self._elsewhere:
            raise LookupError(f"no case {case_id} at that time")

    def children(self, case: CaseState, kind: str | None = None) -> list[CaseState]:
        round_then = self.root(case).round
        parts = (one for one in self._cases.values() if one.parent_id == case.id and one.round == round_then)
        return [one for one in parts if kind in (None, one.kind)]

    def entries(self, case: CaseState) -> list[Past]:
        mine = (one for one in reversed(self.chain) if one.case_id == case.id)
        return [Past(one.actor, one.action, one.at, one.changes, one.work) for one in mine]


def view_then(runtime: Runtime, tx: Tx, chain: Sequence[Entry], until: int) -> PastView:
    """The dossier of a chain (oldest first) after what had happened up to an instant (epoch seconds UTC)."""
    stretch = last_beat(tx, until)
    newest = stretch.editions if stretch else newest_edition(tx)
    editions = EditionsThen(runtime.registry, newest)
    view = PastView(tx, runtime.registry, editions, chain=[one for one in chain if one.at <= until], until=until)
    # Nothing of what is known of the present: its editions are others.
    view.standing = Standing(None)
    return view


def _folded(case_id: int, root_id: int, images: dict[str, Any]) -> CaseState:
    stored = {name: images.get(name) for name in (*LOGGED_COLUMNS, *OPENED_COLUMNS)}
    case = CaseState(
        (
            case_id, root_id, stored["parent_id"], stored["organization_id"], stored["definition_id"],
            stored["kind"], stored["state"], stored["round"], 0, 0, "", stored["started_on"], stored["due_on"],
            stored["term"], stored["deadline_no"], stored["fired"], None, stored["live"], dumps({}),
        )
    )  # fmt: skip
    case.fields = {name: value for name, value in images.items() if name not in {*stored, BEARERS, SIGNATURES}}
    case.bearers = tuple(Bearer(*row) for row in images.get(BEARERS, ()))
    case.signatures = ()
    return case
