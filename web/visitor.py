"""Who is looking: the person behind the session, what they hold and where, and which day it is for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from engine import statements as sql
from engine.database import Tx
from engine.organizations import department, load_body, organization, person, post
from engine.view import FOR_GOOD
from engine.working_days import local_day


@dataclass(frozen=True, slots=True)
class Held:
    """A post: which role, in which organisation, and in which department of it where it is one of those."""

    role: str
    organization_id: int
    organization: str
    department_id: int | None
    department: str | None
    title: str


@dataclass(frozen=True)
class Visitor:
    """A person who is logged in. `today` is the local day of their organisation, `now` epoch seconds UTC.

    `posts` are those in force today; `roles` holds their roles and those that cases have given them.
    """

    person_id: int
    name: str
    organization_id: int
    organization: str
    posts: tuple[Held, ...]
    roles: frozenset[str]
    zone: ZoneInfo
    now: int

    @property
    def today(self) -> date:
        return local_day(self.now, self.zone)

    @property
    def day(self) -> str:
        """Today as ISO text."""
        return self.today.isoformat()

    @property
    def actor(self) -> str:
        """As the door wants it."""
        return str(self.person_id)

    def holds(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def organizations(self, roles: Iterable[str] = ()) -> tuple[int, ...]:
        """Where they hold one of these roles by post, or any role; each organisation once."""
        wanted = set(roles)
        return tuple(dict.fromkeys(one.organization_id for one in self.posts if not wanted or one.role in wanted))

    def local(self, instant: int) -> datetime:
        return datetime.fromtimestamp(instant, self.zone)


def load_visitor(tx: Tx, person_id: int, now: int) -> Visitor:
    """A person with their posts. Raises LookupError when there is no such person."""
    row = tx.connection.execute(
        select(person.c.name, person.c.organization_id).where(person.c.id == person_id)
    ).first()
    if row is None:
        raise LookupError(f"no person {person_id}")
    body = load_body(tx, row.organization_id)
    day = local_day(now, body.settings.zone).isoformat()
    posts = _posts(tx, person_id, day)
    roles = {one.role for one in posts} | _given_roles(tx, person_id, day)
    return Visitor(person_id, row.name, body.id, body.name, posts, frozenset(roles), body.settings.zone, now)


def _posts(tx: Tx, person_id: int, day: str) -> tuple[Held, ...]:
    rows = tx.connection.execute(
        select(post.c.role, post.c.organization_id, organization.c.name)
        .add_columns(post.c.department_id, department.c.name, post.c.title)
        .join(organization, organization.c.id == post.c.organization_id)
        .outerjoin(department, department.c.id == post.c.department_id)
        .where(post.c.person_id == person_id, post.c.from_on <= day)
        .where(func.coalesce(post.c.to_on, FOR_GOOD) >= day)
        .order_by(post.c.id)
    )
    return tuple(Held(*row) for row in rows)


def _given_roles(tx: Tx, person_id: int, day: str) -> set[str]:
    """Roles held by being assigned to a case that is there today."""
    table = sql.assignment
    rows = tx.connection.scalars(
        select(table.c.role)
        .where(table.c.person_id == person_id, table.c.from_on <= day)
        .where(or_(table.c.to_on.is_(None), table.c.to_on >= day))
        .distinct()
    )
    return set(rows)
