"""Organisations, departments, people and posts: who is where, in the office's own order, on which day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, or_, select

from engine.canonical import loads
from engine.database import Statement, Tx
from engine.tables import Department, Organization, Person, Post
from engine.working_days import SendingWindow

organization: Table = Organization.__table__  # type: ignore[attr-defined]
department: Table = Department.__table__  # type: ignore[attr-defined]
person: Table = Person.__table__  # type: ignore[attr-defined]
post: Table = Post.__table__  # type: ignore[attr-defined]


GET_ORGANIZATION = Statement(
    select(organization.c.key, organization.c.name, organization.c.parent_id, organization.c.settings).where(
        organization.c.id == bindparam("organization_id")
    )
)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Settings:
    """How one organisation works. Times are local to `zone`."""

    zone: ZoneInfo = SHANGHAI
    opens: time = time(8, 30)
    closes: time = time(17, 30)
    ladder: str = "weekly_5_3_1"
    skip_sign_steps: tuple[str, ...] = ()

    @property
    def window(self) -> SendingWindow:
        return SendingWindow(self.opens, self.closes, self.zone)


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as the engine needs it: its settings and the organisations above it, nearest first."""

    id: int
    key: str
    name: str
    settings: Settings
    above: tuple[int, ...]


@lru_cache(maxsize=1024)
def parse_settings(text: str) -> Settings:
    """Settings from the JSON text of the organisation's row; what it does not name keeps its default.

    Raises ValueError for an unknown key or a value that is no zone or time.
    """
    data: dict[str, Any] = loads(text)
    unknown = data.keys() - {"zone", "opens", "closes", "ladder", "skip_sign_steps"}
    if unknown:
        raise ValueError(f"unknown setting of an organisation: {', '.join(sorted(unknown))}")
    made: dict[str, Any] = dict(data)
    if "zone" in data:
        made["zone"] = ZoneInfo(data["zone"])
    for key in {"opens", "closes"} & data.keys():
        made[key] = time.fromisoformat(data[key])
    if "skip_sign_steps" in data:
        made["skip_sign_steps"] = tuple(data["skip_sign_steps"])
    return Settings(**made)


def load_body(tx: Tx, organization_id: int) -> Body:
    """One organisation with its settings. Raises LookupError when there is none of that id."""
    found = tx.run(GET_ORGANIZATION, {"organization_id": organization_id})
    if not found:
        raise LookupError(f"no organisation {organization_id}")
    key, name, parent_id, settings = found[0]
    above: list[int] = []
    while parent_id is not None:
        above.append(parent_id)
        parent_id = tx.run(GET_ORGANIZATION, {"organization_id": parent_id})[0][2]
    return Body(organization_id, key, name, parse_settings(settings), tuple(above))


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post. Ordered by rank, as the office orders its lists."""

    person_id: int
    name: str
    rank_order: int


def post_holders(
    tx: Tx, role: str, day: str, *, organizations: Iterable[int] = (), departments: Iterable[int] = ()
) -> list[Holder]:
    """Who holds `role` in these organisations or departments on a local day, in rank order; leavers left out."""
    places = list(departments)
    where = post.c.department_id.in_(places) if places else post.c.organization_id.in_(list(organizations))
    rows = tx.connection.execute(
        select(person.c.id, person.c.name, person.c.rank_order)
        .join(post, post.c.person_id == person.c.id)
        .where(where, post.c.role == role, *_valid(day))
        .order_by(person.c.rank_order, person.c.id)
        .distinct()
    )
    return [Holder(*row) for row in rows]


def active_people(tx: Tx, ids: Iterable[int], day: str) -> list[Holder]:
    """Those of these people who are still here on a local day, in rank order."""
    rows = tx.connection.execute(
        select(person.c.id, person.c.name, person.c.rank_order)
        .where(person.c.id.in_(list(ids)), or_(person.c.active_until.is_(None), person.c.active_until >= day))
        .order_by(person.c.rank_order, person.c.id)
    )
    return [Holder(*row) for row in rows]


def names(tx: Tx, ids: Iterable[int]) -> Mapping[int, str]:
    rows = tx.connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def department_names(tx: Tx, ids: Iterable[int]) -> Mapping[int, str]:
    rows = tx.connection.execute(select(department.c.id, department.c.name).where(department.c.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def _valid(day: str) -> list[Any]:
    return [
        post.c.from_on <= day,
        or_(post.c.to_on.is_(None), post.c.to_on >= day),
        or_(person.c.active_until.is_(None), person.c.active_until >= day),
    ]
