"""The inspections that a person may look at, and the one that a page shows when none is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from desk.finding import Inspection
from engine import statements as sql
from engine.canonical import loads
from engine.database import Statement, Tx, among
from engine.organizations import organization
from engine.view import View

_CASE = sql.cases.c
# Compiled once: the register, the homes and whatever lets one choose an inspection ask these.
GET_INSPECTIONS = Statement(
    select(_CASE.id, _CASE.organization_id, organization.c.name, _CASE.state, _CASE.data)
    .join(organization, organization.c.id == _CASE.organization_id)
    .where(_CASE.kind == "inspection", among(_CASE.organization_id))
    .order_by(_CASE.organization_id, _CASE.id.desc())
)
LIST_PLACES = Statement(select(organization.c.id, organization.c.parent_id).order_by(organization.c.id))


@dataclass(frozen=True, slots=True)
class Listed:
    """An inspection in a list: `organization` is its body's name, `ends_on` the end of its period (ISO)."""

    inspection: Inspection
    organization: str
    state: str
    ends_on: str | None

    @property
    def is_running(self) -> bool:
        return self.state != "archived"


def inspections_of(view: View, places: Iterable[int]) -> list[Listed]:
    """Those of these organisations and of all below them: by organisation, the newest first."""
    ids = view.tx.many(with_below(view, places))
    return [_listed(*row) for row in view.tx.run(GET_INSPECTIONS, {"ids": ids})]


def with_below(view: View, places: Iterable[int]) -> Sequence[int]:
    """These organisations and every one below them, each once, the higher ones first."""
    above = tuple(dict.fromkeys(places))
    return view.of_house(("with_below", above), lambda tx: _with_below(tx, above))


def _with_below(tx: Tx, places: Iterable[int]) -> tuple[int, ...]:
    rows, found = tx.run(LIST_PLACES, {}), list(places)
    for place in found:
        found += [one for one, parent in rows if parent == place and one not in found]
    return tuple(found)


def chosen_inspection(listed: Sequence[Listed], wanted: str) -> Listed | None:
    """The one of this id, else the newest that is running, else the newest; None where there is none."""
    asked = [one for one in listed if str(one.inspection.id) == wanted]
    running = [one for one in listed if one.is_running]
    return next(iter([*asked, *running, *listed]), None)


def _listed(case_id: int, place: int, name: str, state: str, data: str) -> Listed:
    fields = loads(data)
    return Listed(Inspection(case_id, place, fields["name"]), name, state, fields.get("period_ends_on"))
