"""People, their posts and departments as an office keeps them; who leaves, and who acts for whom meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from desk.desk import Desk, RefusedError
from desk.set_up_office import set_up_office
from engine import statements as sql
from engine.canonical import loads
from engine.commands import SUCCEED, SYSTEM, Command, Outcome, Refusal
from engine.database import Tx
from engine.kinds import ADMINISTRATOR
from engine.organizations import department, load_body, names, organization, person, post, stand_in
from engine.runtime import Runtime
from engine.sweep import set_aside
from engine.tables import Quarantine
from engine.words import Words
from engine.working_days import local_day
from engine.writing import wake

LEAVING = f"{SYSTEM}leaving"
# Who keeps people and posts, beside an administrator.
KEEPERS = (ADMINISTRATOR.name, "coordinator")


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who acts for whom, on which local days (ISO, both included), and why."""

    person_id: int
    stand_in_id: int
    from_on: str
    to_on: str
    reason: str


def add_person(desk: Desk, row: Mapping[str, Any], actor: str, now: int) -> None:
    """Take somebody in, with posts as `set_up_office` wants them. Raises RefusedError, UnknownKeyError."""
    with desk.database.read() as tx:
        for one in row["posts"]:
            _may_keep(desk, tx, actor, _organization_of(tx, one["unit"]), now)
        if tx.connection.execute(select(person.c.id).where(person.c.key == row["key"])).first():
            raise _refused(desk, Refusal("key_taken", {"key": row["key"]}))
        today = _today(tx, _organization_of(tx, row["posts"][0]["unit"]), now)
    set_up_office(desk, {"people": [row]}, today)


def add_department(desk: Desk, row: Mapping[str, Any], actor: str, now: int) -> None:
    """Add a department of an organisation; its key, name, kind and place in the office's order."""
    with desk.database.read() as tx:
        _may_keep(desk, tx, actor, _organization_of(tx, row["organization"]), now)
        if tx.connection.execute(select(department.c.id).where(department.c.key == row["key"])).first():
            raise _refused(desk, Refusal("key_taken", {"key": row["key"]}))
    set_up_office(desk, {"departments": [row]}, "")


def order_departments(desk: Desk, ids: Sequence[int], actor: str, now: int) -> None:
    """Put departments into this order; those not named come after them, as they stood."""
    with desk.database.begin() as tx:
        homes = {one: home_of(tx, one) for one in ids}
        for home in set(homes.values()):
            _may_keep(desk, tx, actor, home, now)
        others = tx.connection.execute(
            select(department.c.id)
            .where(department.c.organization_id.in_(set(homes.values())), department.c.id.not_in(ids))
            .order_by(department.c.rank_order, department.c.id)
        ).scalars()
        for place, one in enumerate([*ids, *others]):
            tx.connection.execute(update(department).where(department.c.id == one).values(rank_order=place))


def give_post(desk: Desk, person_id: int, values: Mapping[str, Any], actor: str, now: int) -> None:
    """A post from a local day on: organization_id, department_id, role, title, from_on. Raises RefusedError."""
    with desk.database.begin() as tx:
        _may_keep(desk, tx, actor, values["organization_id"], now)
        if values["role"] not in desk.runtime.registry.roles:
            there = "、".join(sorted(desk.runtime.registry.roles))
            raise _refused(desk, Refusal("no_such_role", {"name": values["role"], "there": there}))
        tx.connection.execute(insert(post).values({**values, "person_id": person_id}))
        wake(tx, values["organization_id"], now)


def let_stand_in(desk: Desk, one: StandIn, actor: str, now: int) -> None:
    """Record who acts for whom: the person themself or a keeper says so. Raises RefusedError."""
    with desk.database.begin() as tx:
        home = _home_of_person(tx, one.person_id)
        if actor != str(one.person_id):
            _may_keep(desk, tx, actor, home, now)
        if one.person_id == one.stand_in_id or one.to_on < one.from_on:
            raise _refused(desk, Refusal("bad_stand_in"))
        values = {name: getattr(one, name) for name in StandIn.__slots__}
        tx.connection.execute(insert(stand_in).values({**values, "recorded_by": actor, "recorded_at": now}))
        wake(tx, home, now)


def end_stand_in(desk: Desk, stand_in_id: int, actor: str, now: int) -> None:
    """Today is the last day on which somebody acts for another; a time that has not begun is taken back.

    What was done in their stead today stays covered. Raises RefusedError, LookupError.
    """
    with desk.database.begin() as tx:
        away = tx.connection.scalar(select(stand_in.c.person_id).where(stand_in.c.id == stand_in_id))
        if away is None:
            raise LookupError(stand_in_id)
        home = _home_of_person(tx, away)
        if actor != str(away):
            _may_keep(desk, tx, actor, home, now)
        today, mine = _today(tx, home, now), stand_in.c.id == stand_in_id
        tx.connection.execute(delete(stand_in).where(mine, stand_in.c.from_on > today))
        tx.connection.execute(update(stand_in).where(mine, stand_in.c.to_on > today).values(to_on=today))
        wake(tx, home, now)


def leave(desk: Desk, leaver: int, last_day: str, to: int | None, actor: str, now: int) -> list[Outcome]:
    """Somebody leaves after a local day: posts end, and each open responsibility goes to `to` or whoever follows.

    An outcome per case; one that is refused hinders no other and is tried again by the next beat. What waits to be
    told to them is addressed anew by the beat after their last day.
    """
    with desk.database.begin() as tx:
        _may_keep(desk, tx, actor, _home_of_person(tx, leaver), now)
        tx.connection.execute(update(person).where(person.c.id == leaver).values(active_until=last_day))
        open_ = (post.c.person_id == leaver) & or_(post.c.to_on.is_(None), post.c.to_on > last_day)
        tx.connection.execute(update(post).where(open_).values(to_on=last_day))
        found = borne(tx, leaver, last_day)
    commands = _commands(found, {"leaver": leaver, "last_day": last_day, "to": to}, actor)
    return desk.commit(commands, now) if commands else []


def followed(tx: Tx, runtime: Runtime, words: Words, outcome: Outcome) -> str:
    """Who took over what in the case of an outcome of `leave`, as one line."""
    view = runtime.view(tx)
    case = view.case(outcome.case_id or 0)
    said = loads(view.entries(case)[0].changes)["said"]["followers"]
    named = names(tx, [follower for _, follower in said if follower])
    roles = view.registry.roles
    told = [f"{words.label(roles[role].label)} → {named.get(follower, '—')}" for role, follower in said]
    fields = view.fields(case)
    called = fields.get("title") or fields.get("text") or fields.get("name") or case.id
    return f"  {words.label(view.definition(case).label)}“{called}”：{'、'.join(told)}"


def hand_over_leavers(desk: Desk, now: int) -> list[Outcome]:
    """What people who have left still bear goes on, however they were entered as gone; for every beat.

    A case that cannot be read steps aside with its error, and the others go on.
    """
    with desk.database.read() as tx:
        gone = _gone(tx, now)
        left = {leaver: borne(tx, leaver, last_day) for leaver, last_day in gone.items()}
    return [
        outcome
        for leaver, last_day in gone.items()
        for case_id in left[leaver]
        for outcome in _tried(desk, leaver, last_day, case_id, now)
    ]


def _tried(desk: Desk, leaver: int, last_day: str, case_id: int, now: int) -> list[Outcome]:
    try:
        return desk.commit([handing_over(case_id, leaver, last_day)], now)
    except Exception as error:
        with desk.database.begin() as tx:
            set_aside(tx, case_id, now, repr(error))
        return []


def _commands(cases: Sequence[int], params: Mapping[str, Any], actor: str) -> list[Command]:
    return [Command(action=SUCCEED, actor=actor, case_id=one, params=params) for one in cases]


def handing_over(case_id: int, leaver: int, last_day: str) -> Command:
    """What a beat does for somebody who has left, in one case."""
    return _commands([case_id], {"leaver": leaver, "last_day": last_day}, LEAVING)[0]


def borne(tx: Tx, person_id: int, last_day: str) -> list[int]:
    """The live cases, of the present round, that somebody is responsible for beyond a local day."""
    cases, assignment = sql.cases, sql.assignment
    root = cases.alias("root")
    rows = tx.connection.execute(
        select(cases.c.id)
        .join(assignment, assignment.c.case_id == cases.c.id)
        .join(root, root.c.id == cases.c.root_id)
        .where(assignment.c.person_id == person_id, cases.c.live == 1, cases.c.round == root.c.round)
        .where(or_(assignment.c.to_on.is_(None), assignment.c.to_on > last_day), ~_is_aside())
        .distinct()
        .order_by(cases.c.id)
    )
    return list(rows.scalars())


def _is_aside() -> Any:
    """Whether a case was set aside and nobody has looked at it yet."""
    table = Quarantine.__table__  # type: ignore[attr-defined]
    return select(table.c.id).where(table.c.case_id == sql.cases.c.id, table.c.released_at.is_(None)).exists()


def _gone(tx: Tx, now: int) -> dict[int, str]:
    """Who has left and still bears something: the last local day by person."""
    tomorrow = (datetime.fromtimestamp(now, UTC).date() + timedelta(days=1)).isoformat()
    still = (sql.assignment.c.person_id == person.c.id) & (sql.assignment.c.to_on.is_(None))
    rows = tx.connection.execute(
        select(person.c.id, person.c.active_until, person.c.organization_id)
        .where(person.c.active_until < tomorrow, select(sql.assignment.c.id).where(still).exists())
        .order_by(person.c.id)
    )
    return {row[0]: row[1] for row in rows.all() if row[1] < _today(tx, row[2], now)}


def _may_keep(desk: Desk, tx: Tx, actor: str, organization_id: int, now: int) -> None:
    """Only who holds a keeper's post in the organisation, or in one above, today."""
    view = desk.runtime.view(tx)
    today = _today(tx, organization_id, now)
    places = {organization_id, *view.body(organization_id).above}
    held = view.posts(int(actor)) if view.is_here(int(actor), today) else ()
    if not any(
        place in places and role in KEEPERS and since <= today <= (until or date.max.isoformat())
        for place, _department, role, since, until in held
    ):
        raise _refused(desk, Refusal("not_yours", {"roles": list(KEEPERS)}))


def _refused(desk: Desk, refusal: Refusal) -> RefusedError:
    return RefusedError(refusal, desk.words.refusal(refusal))


def _today(tx: Tx, organization_id: int, now: int) -> str:
    return local_day(now, load_body(tx, organization_id).settings.zone).isoformat()


def _organization_of(tx: Tx, key: str) -> int:
    """The organisation that a unit's key names, or that of the department."""
    found = (
        tx.connection.execute(select(department.c.organization_id).where(department.c.key == key)).scalar()
        or tx.connection.execute(select(organization.c.id).where(organization.c.key == key)).scalar()
    )
    if found is None:
        raise LookupError(key)
    return int(found)


def home_of(tx: Tx, department_id: int) -> int:
    """The organisation that a department belongs to."""
    query = select(department.c.organization_id).where(department.c.id == department_id)
    return int(tx.connection.execute(query).scalar_one())


def _home_of_person(tx: Tx, person_id: int) -> int:
    return int(tx.connection.execute(select(person.c.organization_id).where(person.c.id == person_id)).scalar_one())
