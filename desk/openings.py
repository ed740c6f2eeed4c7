"""What somebody may open now: parts of a case, and cases that stand alone but speak of it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from desk.desk import Desk
from desk.steps import Asking, may_open
from engine.cases import CaseState
from engine.commands import OPEN, Command
from engine.database import Tx
from engine.definitions import Definition


@dataclass(frozen=True, slots=True)
class Opening:
    """A kind that may be opened from a case: as its part, or alone with `param` naming the case."""

    definition: Definition
    param: str | None = None


def openings_of(desk: Desk, tx: Tx, case: CaseState, who: Asking, but: Container[str]) -> list[Opening]:
    """What the door would let somebody open from a case, in the order of the registry; kinds in `but` left out."""
    found = []
    for definition in _definitions(desk, tx):
        if definition.kind in but:
            continue
        if case.kind in definition.parents:
            if may_open(desk, tx, definition.kind, case.id, who) is None:
                found.append(Opening(definition))
            continue
        param = _param_for(definition, case.kind)
        if param and places_to_open(desk, tx, definition.kind, [case.organization_id], who):
            found.append(Opening(definition, param))
    return found


def places_to_open(desk: Desk, tx: Tx, kind: str, places: Iterable[int], who: Asking) -> list[int]:
    """Those of these organisations in which somebody may open a case of a kind that stands alone."""
    return [
        place
        for place in places
        if desk.runtime.openable(
            tx, Command(action=OPEN, kind=kind, organization_id=place, actor=str(who.person_id)), who.now
        )
        is None
    ]


def _definitions(desk: Desk, tx: Tx) -> Iterable[Definition]:
    current = (desk.runtime.editions.current(tx, kind) for kind in desk.runtime.registry.workflows)
    return (one.definition for one in current if one is not None)


def _param_for(definition: Definition, kind: str) -> str | None:
    """The parameter of an opening that names a case of this kind."""
    if definition.parents:
        return None
    return next((one.name for one in definition.opening.params if one.of == kind), None)
