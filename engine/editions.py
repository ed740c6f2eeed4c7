"""Numbered editions of workflows, ladders and calendar years: what is in force, and what a case is pinned to."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table, func, insert, select

from engine.calendar_years import CalendarYear, parse_year
from engine.canonical import sha256
from engine.database import Statement, Tx
from engine.definitions import Definition
from engine.fields import FieldStore
from engine.ladder_files import Audience, parse_ladder
from engine.ladders import Ladder
from engine.machine import Planner
from engine.registry import Registry
from engine.standing import InForce, standing
from engine.tables import Definition as DefinitionRow
from engine.working_days import WorkingCalendar

WORKFLOW = "workflow"
LADDER = "ladder"
CALENDAR = "calendar"
COLUMNS = "columns"

definition: Table = DefinitionRow.__table__  # type: ignore[attr-defined]

LIST_EDITIONS = Statement(
    select(definition.c.id, definition.c.kind, definition.c.name).order_by(definition.c.number)
)


@dataclass(frozen=True, slots=True)
class Workflow:
    """One edition of a kind's workflow, ready to plan with; `store` is its own table, if it has one."""

    id: int
    definition: Definition
    planner: Planner
    store: FieldStore | None


class Editions:
    """Parses each edition once; which ones are in force may be otherwise in every transaction."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        # What has been parsed already, by its id.
        self.parsed: dict[int, Workflow] = {}
        self._ladders: dict[int, Ladder] = {}
        self._calendars: dict[tuple[int, ...], WorkingCalendar] = {}

    def in_force(self, tx: Tx) -> InForce:
        """The newest edition's id by (kind, name); not to be changed by who asks."""
        known = standing(tx)
        if known.in_force is not None:
            return known.in_force
        found = {(kind, name): one for one, kind, name in tx.run(LIST_EDITIONS, {})}
        known.or_own(tx).in_force = found
        return found

    def workflow(self, tx: Tx, edition_id: int) -> Workflow:
        """An edition, in force or not. Raises FaultsError when this program lacks something that it names."""
        if edition_id not in self.parsed:
            body, name = _body(tx, edition_id)
            parsed = self._registry.parse_stored(body, name)
            planner = Planner(parsed, self._registry.guards)
            self.parsed[edition_id] = Workflow(edition_id, parsed, planner, self._registry.store(parsed))
        return self.parsed[edition_id]

    def current(self, tx: Tx, kind: str) -> Workflow | None:
        """The edition that a new case of this kind is pinned to."""
        edition_id = self.in_force(tx).get((WORKFLOW, kind))
        return None if edition_id is None else self.workflow(tx, edition_id)

    def numbered(self, tx: Tx, kind: str) -> dict[int, int]:
        """All editions of a kind's workflow: number → id, oldest first."""
        rows = tx.connection.execute(
            select(definition.c.number, definition.c.id)
            .where(definition.c.kind == WORKFLOW, definition.c.name == kind)
            .order_by(definition.c.number)
        )
        return {row.number: row.id for row in rows}

    def number_of(self, tx: Tx, edition_id: int) -> int:
        """The number that an edition has among those of its kind."""
        query = select(definition.c.number).where(definition.c.id == edition_id)
        return int(tx.connection.execute(query).scalar_one())

    def ladders(self, tx: Tx, name: str, in_force: InForce | None = None) -> tuple[Ladder, ...]:
        """The ladder of this name in force (asked for when not given). Raises LookupError with those there are."""
        in_force = self.in_force(tx) if in_force is None else in_force
        edition_id = in_force.get((LADDER, name))
        if edition_id is None:
            there = ", ".join(sorted(one for kind, one in in_force if kind == LADDER))
            raise LookupError(f"no ladder {name!r}; there are: {there}")
        if edition_id not in self._ladders:
            body, where = _body(tx, edition_id)
            everybody = Audience(frozenset(self._registry.roles))
            self._ladders[edition_id] = parse_ladder(tomllib.loads(body), where, everybody, body)
        return (self._ladders[edition_id],)

    def calendar_year(self, tx: Tx, year: int) -> CalendarYear | None:
        """The list of a year in force; None where not even its statutory days are known."""
        edition_id = self.in_force(tx).get((CALENDAR, str(year)))
        if edition_id is None:
            return None
        body, where = _body(tx, edition_id)
        return parse_year(tomllib.loads(body), where, body)

    def calendar(self, tx: Tx, in_force: InForce | None = None) -> WorkingCalendar:
        """The working calendar made of all calendar years in force (asked for when not given)."""
        in_force = self.in_force(tx) if in_force is None else in_force
        ids = tuple(sorted(one for (kind, _), one in in_force.items() if kind == CALENDAR))
        if ids not in self._calendars:
            years = [parse_year(tomllib.loads(body), name) for body, name in (_body(tx, one) for one in ids)]
            self._calendars[ids] = WorkingCalendar.of(years, number=max(ids, default=0))
        return self._calendars[ids]


def check(kind: str, name: str, body: str, registry: Registry) -> None:
    """Read an edition as if in force. Raises FaultsError: a bad file stops the start, not the night."""
    if kind == WORKFLOW:
        registry.parse(body, name)
    elif kind == LADDER:
        parse_ladder(tomllib.loads(body), name, registry.audience(name), body)
    else:
        parse_year(tomllib.loads(body), name, body)


def publish(tx: Tx, kind: str, name: str, body: str) -> int:
    """Put an edition in force and give its id; the very same text as the newest one changes nothing."""
    newest = tx.connection.execute(
        select(definition.c.id, definition.c.hash)
        .where(definition.c.kind == kind, definition.c.name == name)
        .order_by(definition.c.number.desc())
        .limit(1)
    ).first()
    if newest is not None and newest.hash == sha256(body):
        return int(newest.id)
    number = tx.connection.execute(
        select(func.coalesce(func.max(definition.c.number), 0) + 1).where(
            definition.c.kind == kind, definition.c.name == name
        )
    ).scalar_one()
    made = insert(definition).values(kind=kind, name=name, number=number, hash=sha256(body), body=body)
    return int(tx.connection.execute(made.returning(definition.c.id)).scalar_one())


def altered(tx: Tx) -> Iterator[str]:
    """Editions that are not as they were put in force: another text, another name, or one of them gone."""
    columns = (definition.c[name] for name in ("kind", "name", "number", "hash", "body"))
    rows = tx.connection.execute(
        select(*columns).order_by(definition.c.kind, definition.c.name, definition.c.number)
    )
    before: dict[tuple[str, str], int] = {}
    for kind, name, number, kept, body in rows:
        if sha256(body) != kept or _own_name(kind, body) not in (None, name):
            yield f"{kind} {name} no. {number}"
        elif number != before.get((kind, name), 0) + 1:
            yield f"{kind} {name} no. {before.get((kind, name), 0) + 1}"
        before[kind, name] = number


def _own_name(kind: str, body: str) -> str | None:
    """What the text itself says it is called."""
    key = {WORKFLOW: "kind", LADDER: "name", CALENDAR: "year"}.get(kind)
    return str(tomllib.loads(body).get(key)) if key else None


def newest(tx: Tx, kind: str, name: str) -> str | None:
    """The text in force under a kind and a name, None if nothing is."""
    found = tx.connection.execute(
        select(definition.c.body)
        .where(definition.c.kind == kind, definition.c.name == name)
        .order_by(definition.c.number.desc())
        .limit(1)
    )
    return found.scalar()


def _body(tx: Tx, edition_id: int) -> tuple[str, str]:
    found = tx.connection.execute(
        select(definition.c.body, definition.c.kind, definition.c.name, definition.c.number).where(
            definition.c.id == edition_id
        )
    ).first()
    if found is None:
        raise LookupError(f"no definition {edition_id}")
    return found.body, f"{found.kind} {found.name} no. {found.number}"
