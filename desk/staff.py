"""Who is in an office, which posts they hold, and its departments, all in the order that the office gives them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, insert, or_, select, update

from desk.accounts import accounts
from desk.desk import Desk, RefusedError
from engine.commands import Refusal
from engine.database import Tx
from engine.kinds import Role
from engine.organizations import department, organization, person, post, stand_in

KEY = re.compile(r"[a-z][a-z0-9_]{1,30}")
LONGEST_NAME = 60
LARGEST_RANK = 99_999
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class PostHeld:
    """One post, by local days (ISO). `unit` is the department's name, or the organisation's."""

    id: int
    role: str
    title: str
    unit: str
    from_on: str
    to_on: str | None


@dataclass(frozen=True, slots=True)
class ActedFor:
    """Who acts for a colleague, by local days (ISO), both included, and why."""

    id: int
    name: str
    from_on: str
    to_on: str
    reason: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person with the posts they hold or will hold and who acts for them then; `rank` is their place in every
    list of the office. Who has no account cannot log in."""

    id: int
    key: str
    name: str
    email: str | None
    rank: int
    active_until: str | None
    posts: tuple[PostHeld, ...]
    stand_ins: tuple[ActedFor, ...]
    has_account: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A department; `rank` is its place in every list of the office."""

    id: int
    key: str
    name: str
    kind: str
    rank: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of people, and how many there are in all; `page` counts from 1."""

    people: Sequence[Colleague]
    page: int
    count: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE_ROWS))


def find_colleagues(tx: Tx, organization_id: int, today: date, text: str = "", page: int = 1) -> Found:
    """People of an organisation in rank order, those who left last; with a text those whose name, key, title or
    department holds it. A page that is not there is the last one."""
    wanted = (person.c.organization_id == organization_id, *([_speaks_of(text)] if text else []))
    count = int(tx.connection.scalar(select(func.count()).select_from(person).where(*wanted)) or 0)
    shown = min(max(page, 1), Found((), 1, count).pages)
    in_order = (person.c.active_until.is_not(None), person.c.rank_order, person.c.id)
    rows = select(person).where(*wanted).order_by(*in_order).limit(PAGE_ROWS).offset((shown - 1) * PAGE_ROWS)
    return Found(_colleagues(tx, rows, today), shown, count)


def colleague(tx: Tx, organization_id: int, person_id: int, today: date) -> Colleague | None:
    """One person of an organisation."""
    mine = select(person).where(person.c.organization_id == organization_id, person.c.id == person_id)
    return next(iter(_colleagues(tx, mine, today)), None)


def those_here(tx: Tx, organization_id: int) -> list[tuple[int, str]]:
    """Id and name of everybody who has not left, in rank order: who may stand in or follow."""
    here = (person.c.organization_id == organization_id, person.c.active_until.is_(None))
    rows = tx.connection.execute(
        select(person.c.id, person.c.name).where(*here).order_by(person.c.rank_order, person.c.id)
    )
    return [(row.id, row.name) for row in rows]


def _colleagues(tx: Tx, wanted: Select[Any], today: date) -> list[Colleague]:
    rows = tx.connection.execute(wanted).all()
    ids = [row.id for row in rows]
    posts, stand_ins, known = _posts(tx, ids, today), _stand_ins(tx, ids, today), accounts(tx, ids)
    return [
        Colleague(
            row.id, row.key, row.name, row.email, row.rank_order, row.active_until,
            tuple(posts.get(row.id, ())), tuple(stand_ins.get(row.id, ())), row.id in known,
        )
        for row in rows
    ]  # fmt: skip


def _speaks_of(text: str) -> ColumnElement[bool]:
    """Whether a person's name or key, or the title or department of a post of theirs, holds a text."""
    said = (post.c.title, department.c.name)
    held = (
        select(post.c.id)
        .outerjoin(department, department.c.id == post.c.department_id)
        .where(post.c.person_id == person.c.id, or_(*(one.contains(text, autoescape=True) for one in said)))
    )
    named = (one.contains(text, autoescape=True) for one in (person.c.name, person.c.key))
    return or_(*named, held.exists())


def units(tx: Tx, organization_id: int) -> list[Unit]:
    rows = tx.connection.execute(
        select(department.c.id, department.c.key, department.c.name, department.c.kind, department.c.rank_order)
        .where(department.c.organization_id == organization_id)
        .order_by(department.c.rank_order, department.c.id)
    )
    return [Unit(*row) for row in rows]


def roles_by_post(roles: Mapping[str, Role]) -> list[Role]:
    """The roles that a post gives; the others come from being assigned."""
    return [one for one in roles.values() if one.scope != "assignment" or one.name == "officer"]


def add_person(desk: Desk, organization_id: int, key: str, name: str, email: str) -> int:
    """A new colleague at the end of the order. Raises RefusedError: `bad_key`, `no_name`, `key_taken`."""
    _refuse_unless(desk, KEY.fullmatch(key), Refusal("bad_key", {"key": key}))
    called = _name(desk, name)
    with desk.database.begin() as tx:
        taken = tx.connection.scalar(select(person.c.id).where(person.c.key == key))
        _refuse_unless(desk, taken is None, Refusal("key_taken", {"key": key}))
        values = {"organization_id": organization_id, "key": key, "name": called, "email": email.strip() or None}
        return _insert(tx, person, organization_id, values)


def add_unit(desk: Desk, organization_id: int, name: str, kind: str) -> int:
    """A new department at the end of the order. Raises RefusedError: `no_name`, `name_taken`."""
    called = _name(desk, name)
    with desk.database.begin() as tx:
        same = (department.c.organization_id == organization_id, department.c.name == called)
        taken = tx.connection.scalar(select(department.c.id).where(*same))
        _refuse_unless(desk, taken is None, Refusal("name_taken", {"name": called}))
        values = {"organization_id": organization_id, "key": called, "name": called, "kind": kind}
        return _insert(tx, department, organization_id, values)


def post_values(desk: Desk, person_id: int, unit: str, role: Role, title: str, since: date) -> dict[str, object]:
    """A post from a local day on, as `give_post` wants it; `unit` is a department's id as text, or empty.

    Raises RefusedError: `post_needs_unit` where the role belongs to a department, `no_such_unit`.
    """
    with desk.database.read() as tx:
        place = tx.connection.scalar(select(person.c.organization_id).where(person.c.id == person_id))
        known = {str(one.id): one.id for one in units(tx, int(place or 0))}
    _refuse_unless(desk, unit or role.scope != "department", Refusal("post_needs_unit", {"role": role.label}))
    _refuse_unless(desk, not unit or unit in known, Refusal("no_such_unit"))
    return {
        "organization_id": place,
        "department_id": known.get(unit),
        "role": role.name,
        "title": title.strip()[:LONGEST_NAME],
        "from_on": since.isoformat(),
    }


def end_post(desk: Desk, organization_id: int, person_id: int, post_id: int, today: date) -> None:
    """The person holds the post until yesterday; one that has not begun ends before it does."""
    yesterday = (today - timedelta(days=1)).isoformat()
    mine = (post.c.id == post_id, post.c.person_id == person_id, post.c.organization_id == organization_id)
    with desk.database.begin() as tx:
        tx.connection.execute(update(post).where(*mine, post.c.to_on.is_(None)).values(to_on=yesterday))


def put_in_order(desk: Desk, organization_id: int, ranks: Mapping[int, int]) -> None:
    """Set the places of people of one organisation; those of another stay as they are."""
    with desk.database.begin() as tx:
        for one, rank in ranks.items():
            mine = (person.c.id == one, person.c.organization_id == organization_id)
            tx.connection.execute(update(person).where(*mine).values(rank_order=min(rank, LARGEST_RANK)))


def rename_unit(desk: Desk, organization_id: int, unit_id: int, name: str) -> None:
    """Raises RefusedError `no_name`."""
    called = _name(desk, name)
    mine = (department.c.id == unit_id, department.c.organization_id == organization_id)
    with desk.database.begin() as tx:
        tx.connection.execute(update(department).where(*mine).values(name=called))


def _posts(tx: Tx, ids: Sequence[int], today: date) -> dict[int, list[PostHeld]]:
    """Posts that are not over, by person."""
    unit = func.coalesce(department.c.name, organization.c.name)
    rows = tx.connection.execute(
        select(post.c.person_id, post.c.id, post.c.role, post.c.title, unit, post.c.from_on, post.c.to_on)
        .join(organization, organization.c.id == post.c.organization_id)
        .outerjoin(department, department.c.id == post.c.department_id)
        .where(post.c.person_id.in_(ids), func.coalesce(post.c.to_on, "9999") >= today.isoformat())
        .order_by(post.c.id)
    )
    found: dict[int, list[PostHeld]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(PostHeld(*row[1:]))
    return found


def _stand_ins(tx: Tx, ids: Sequence[int], today: date) -> dict[int, list[ActedFor]]:
    """Who acts for whom now or will, by the person who is away."""
    rows = tx.connection.execute(
        select(stand_in.c.person_id, stand_in.c.id, person.c.name)
        .add_columns(stand_in.c.from_on, stand_in.c.to_on, stand_in.c.reason)
        .join(person, person.c.id == stand_in.c.stand_in_id)
        .where(stand_in.c.person_id.in_(ids), stand_in.c.to_on >= today.isoformat())
        .order_by(stand_in.c.from_on, stand_in.c.id)
    )
    found: dict[int, list[ActedFor]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(ActedFor(*row[1:]))
    return found


def _insert(tx: Tx, table: Table, organization_id: int, values: Mapping[str, object]) -> int:
    last = select(func.coalesce(func.max(table.c.rank_order), 0)).where(table.c.organization_id == organization_id)
    rank = int(tx.connection.scalar(last) or 0) + 1
    made = insert(table).values(**values, rank_order=rank).returning(table.c.id)
    return int(tx.connection.execute(made).scalar_one())


def _name(desk: Desk, name: str) -> str:
    called = name.strip()[:LONGEST_NAME]
    _refuse_unless(desk, called, Refusal("no_name"))
    return called


def _refuse_unless(desk: Desk, holds: object, refusal: Refusal) -> None:
    if not holds:
        raise RefusedError(refusal, desk.words.refusal(refusal))


def ranks_of(pairs: Iterable[tuple[str, str]]) -> dict[int, int]:
    """Places as a form sends them, `rank-12` = 3; what is no number is passed over."""
    return {
        int(name[5:]): int(value)
        for name, value in pairs
        if name.startswith("rank-") and name[5:].isdecimal() and value.isdecimal() and len(name) < 24
    }
