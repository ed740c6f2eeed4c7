"""Organisations, departments, people and posts: who is where, in the office's own order, on which day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, bindparam, or_, select

from engine import tables
from engine.canonical import loads
from engine.database import Statement, Tx, among
from engine.working_days import SendingWindow

organization: Table = tables.Organization.__table__  # type: ignore[attr-defined]
department: Table = tables.Department.__table__  # type: ignore[attr-defined]
person: Table = tables.Person.__table__  # type: ignore[attr-defined]
post: Table = tables.Post.__table__  # type: ignore[attr-defined]
stand_in: Table = tables.StandIn.__table__  # type: ignore[attr-defined]

GET_ORGANIZATION = Statement(
    select(organization.c.key, organization.c.name, organization.c.parent_id, organization.c.settings).where(
        organization.c.id == bindparam("organization_id")
    )
)
GET_PERSON = Statement(select(person.c.name, person.c.organization_id).where(person.c.id == bindparam("person_id")))
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Settings:
    """How one organisation works. Times are local to `zone`; `number_prefixes` stand before the year of a number,
    by series; `letter_signers` issue its letters, by their kind."""

    zone: ZoneInfo = SHANGHAI
    opens: time = time(8, 30)
    closes: time = time(17, 30)
    ladder: str = "weekly_5_3_1"
    skip_sign_steps: tuple[str, ...] = ()
    extra_sign_steps: tuple[str, ...] = ()
    number_prefixes: Mapping[str, str] = field(default_factory=dict, hash=False)
    letter_signers: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def window(self) -> SendingWindow:
        return SendingWindow(self.opens, self.closes, self.zone)


class Body(NamedTuple):
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
    unknown = data.keys() - {
        "zone", "opens", "closes", "ladder", "skip_sign_steps", "extra_sign_steps", "number_prefixes",
        "letter_signers",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"unknown setting of an organisation: {', '.join(sorted(unknown))}")
    made: dict[str, Any] = dict(data)
    if "zone" in data:
        made["zone"] = ZoneInfo(data["zone"])
    for key in {"opens", "closes"} & data.keys():
        made[key] = time.fromisoformat(data[key])
    for key in {"skip_sign_steps", "extra_sign_steps"} & data.keys():
        made[key] = tuple(data[key])
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


class Person(NamedTuple):
    """Somebody by name, and the organisation that they belong to."""

    name: str
    organization_id: int


def load_person(tx: Tx, person_id: int) -> Person:
    """Raises LookupError when there is none of that id."""
    found = tx.run(GET_PERSON, {"person_id": person_id})
    if not found:
        raise LookupError(f"no person {person_id}")
    return Person(*found[0])


class Holder(NamedTuple):
    """Somebody who holds a post, or who stands in for `for_id`. Ordered by rank, as the office orders its lists."""

    person_id: int
    name: str
    rank_order: int
    for_id: int | None = None


def post_holders(
    tx: Tx, role: str, day: str, *, organizations: Iterable[int] = (), departments: Iterable[int] = ()
) -> list[Holder]:
    """Who holds `role` in these organisations or departments on a local day, in rank order; leavers left out."""
    units = tuple(departments)
    places = units or tuple(organizations)
    rows: set[tuple[Any, ...]] = set()
    # A place at a time: mostly it is one, and a list would cost more to take apart than to ask for again.
    for place in dict.fromkeys(places):
        statement = GET_DEPARTMENT_HOLDERS if units else GET_ORGANIZATION_HOLDERS
        rows |= {tuple(row) for row in tx.run(statement, {"place": place, "role": role, "day": day})}
    return ranked(Holder(*row) for row in rows)


def ranked(holders: Iterable[Holder]) -> list[Holder]:
    return sorted(holders, key=_rank)


def _rank(one: Holder) -> tuple[int, int, int]:
    return one.rank_order, one.person_id, one.for_id or 0


def _is_here() -> Any:
    return or_(person.c.active_until.is_(None), person.c.active_until >= bindparam("day"))


def _get_holders(place: ColumnElement[Any]) -> Statement:
    return Statement(
        select(person.c.id, person.c.name, person.c.rank_order)
        .join(post, post.c.person_id == person.c.id)
        .where(place == bindparam("place"), post.c.role == bindparam("role"))
        .where(post.c.from_on <= bindparam("day"), or_(post.c.to_on.is_(None), post.c.to_on >= bindparam("day")))
        .where(_is_here())
    )


GET_DEPARTMENT_HOLDERS = _get_holders(post.c.department_id)
GET_ORGANIZATION_HOLDERS = _get_holders(post.c.organization_id)
GET_ACTIVE = Statement(
    select(person.c.id, person.c.name, person.c.rank_order).where(among(person.c.id), _is_here())
)


def active_people(tx: Tx, ids: Iterable[int], day: str) -> list[Holder]:
    """Those of these people who are still here on a local day, in rank order."""
    rows = tx.run(GET_ACTIVE, {"ids": tx.many(ids), "day": day})
    return ranked(Holder(*row) for row in rows)


# Where one of the two has left, nobody stands in: the work was handed over.
_away = person.alias("away")
GET_STAND_INS = Statement(
    select(person.c.id, person.c.name, person.c.rank_order, stand_in.c.person_id)
    .join(stand_in, stand_in.c.stand_in_id == person.c.id)
    .join(_away, _away.c.id == stand_in.c.person_id)
    .where(stand_in.c.from_on <= bindparam("day"), stand_in.c.to_on >= bindparam("day"), _is_here())
    .where(or_(_away.c.active_until.is_(None), _away.c.active_until >= bindparam("day")))
)


def stand_ins(tx: Tx, day: str) -> list[Holder]:
    """Everybody who acts for somebody else on a local day, in rank order."""
    return ranked({Holder(*row) for row in tx.run(GET_STAND_INS, {"day": day})})


def names(tx: Tx, ids: Iterable[int]) -> Mapping[int, str]:
    rows = tx.connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def department_names(tx: Tx, ids: Iterable[int]) -> Mapping[int, str]:
    rows = tx.connection.execute(select(department.c.id, department.c.name).where(department.c.id.in_(list(ids))))
    return {row.id: row.name for row in rows}
