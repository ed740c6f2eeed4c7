"""Who is looking: the person behind the session, what they hold and where, and which day it is for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_, select

from engine import statements as sql
from engine.database import Statement, Tx
from engine.organizations import department, organization, post
from engine.view import FOR_GOOD, View
from engine.working_days import local_day

# Compiled once: every page asks these.
GET_HELD = Statement(
    select(post.c.role, post.c.organization_id, organization.c.name)
    .add_columns(post.c.department_id, department.c.name, post.c.title)
    .join(organization, organization.c.id == post.c.organization_id)
    .outerjoin(department, department.c.id == post.c.department_id)
    .where(post.c.person_id == bindparam("person_id"), post.c.from_on <= bindparam("day"))
    .where(func.coalesce(post.c.to_on, FOR_GOOD) >= bindparam("day"))
    .order_by(post.c.id)
)
_BORNE = sql.assignment.c
GET_GIVEN_ROLES = Statement(
    select(_BORNE.role)
    .where(_BORNE.person_id == bindparam("person_id"), _BORNE.from_on <= bindparam("day"))
    .where(or_(_BORNE.to_on.is_(None), _BORNE.to_on >= bindparam("day")))
    .distinct()
)


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

    @cached_property
    def today(self) -> date:
        return local_day(self.now, self.zone)

    @cached_property
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


def load_visitor(view: View, person_id: int, now: int) -> Visitor:
    """A person with their posts. Raises LookupError when there is no such person."""
    found = view.person(person_id)
    body = view.body(found.organization_id)
    day = local_day(now, body.settings.zone).isoformat()
    posts = view.of_house(("held", person_id, day), lambda tx: _posts(tx, person_id, day))
    roles = {one.role for one in posts} | _given_roles(view.tx, person_id, day)
    return Visitor(person_id, found.name, body.id, body.name, posts, frozenset(roles), body.settings.zone, now)


def _posts(tx: Tx, person_id: int, day: str) -> tuple[Held, ...]:
    return tuple(Held(*row) for row in tx.run(GET_HELD, {"person_id": person_id, "day": day}))


def _given_roles(tx: Tx, person_id: int, day: str) -> set[str]:
    """Roles held by being assigned to a case that is there today."""
    return {row[0] for row in tx.run(GET_GIVEN_ROLES, {"person_id": person_id, "day": day})}
