"""The inspections that a person may look at, and the one that a page shows when none is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from desk.finding import Inspection
from engine import statements as sql
from engine.canonical import loads
from engine.database import Tx
from engine.organizations import organization


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


def inspections_of(tx: Tx, places: Iterable[int]) -> list[Listed]:
    """Those of these organisations and of all below them: by organisation, the newest first."""
    case = sql.cases.c
    rows = tx.connection.execute(
        select(case.id, case.organization_id, organization.c.name, case.state, case.data)
        .join(organization, organization.c.id == case.organization_id)
        .where(case.kind == "inspection", case.organization_id.in_(with_below(tx, places)))
        .order_by(case.organization_id, case.id.desc())
    )
    return [_listed(*row) for row in rows]


def with_below(tx: Tx, places: Iterable[int]) -> list[int]:
    """These organisations and every one below them, each once, the higher ones first."""
    rows = tx.connection.execute(
        select(organization.c.id, organization.c.parent_id).order_by(organization.c.id)
    ).all()
    found = list(dict.fromkeys(places))
    for place in found:
        found += [one for one, parent in rows if parent == place and one not in found]
    return found


def chosen_inspection(listed: Sequence[Listed], wanted: str) -> Listed | None:
    """The one of this id, else the newest that is running, else the newest; None where there is none."""
    asked = [one for one in listed if str(one.inspection.id) == wanted]
    running = [one for one in listed if one.is_running]
    return next(iter([*asked, *running, *listed]), None)


def _listed(case_id: int, place: int, name: str, state: str, data: str) -> Listed:
    fields = loads(data)
    return Listed(Inspection(case_id, place, fields["name"]), name, state, fields.get("period_ends_on"))
