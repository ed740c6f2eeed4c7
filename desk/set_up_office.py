"""Sets up organisations, departments, people and posts from a plan, adding what is not there yet."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, insert, select

from desk.desk import Desk
from engine.canonical import dumps
from engine.database import Tx
from engine.organizations import Settings, department, organization, parse_settings, person, post

Row = Mapping[str, Any]


class UnknownKeyError(ValueError):
    """The plan names a key that nothing in it or in the database carries: correct the spelling."""


def set_up_office(desk: Desk, plan: Mapping[str, Sequence[Row]], from_on: str) -> None:
    """Write the plan. `from_on` is the local day (ISO) from which the posts are held.

    `organizations`: key, name, parent?, settings?; `departments`: key, organization, name, kind, rank_order;
    `people`: key, name, email, rank_order, posts = [{unit, role, title}], organization for who has no post.
    A key that is there already keeps its row. Raises UnknownKeyError, and writes nothing.
    """
    with desk.database.begin() as tx:
        for row in plan.get("organizations", ()):
            _add_organization(desk, tx, row)
        for row in plan.get("departments", ()):
            _add_department(tx, row)
        for row in plan.get("people", ()):
            _add_person(tx, row, from_on)


def _add_organization(desk: Desk, tx: Tx, row: Row) -> None:
    settings = dumps(row.get("settings", {}))
    _check_names(desk, tx, row["key"], parse_settings(settings))
    parent = _id(tx, organization, row["parent"]) if "parent" in row else None
    _insert(tx, organization, {"key": row["key"], "name": row["name"], "parent_id": parent, "settings": settings})


def _check_names(desk: Desk, tx: Tx, key: str, settings: Settings) -> None:
    """A misspelt ladder would stop every alert of the organisation at night, a misspelt step be without effect."""
    editions = desk.runtime.editions
    try:
        editions.ladders(tx, settings.ladder)
    except LookupError as error:
        raise UnknownKeyError(f"settings of {key!r}: {error}") from None
    workflows = (editions.current(tx, kind) for kind in desk.runtime.registry.workflows)
    steps = {step.group for one in workflows if one for step in one.definition.sign_off}
    if unknown := sorted({*settings.skip_sign_steps, *settings.extra_sign_steps} - steps):
        there = ", ".join(sorted(steps))
        raise UnknownKeyError(
            f"settings of {key!r}: no step {', '.join(unknown)} in a sign-off; there are: {there}"
        )


def _add_department(tx: Tx, row: Row) -> None:
    kept = {name: row[name] for name in ("key", "name", "kind", "rank_order")}
    _insert(tx, department, kept | {"organization_id": _id(tx, organization, row["organization"])})


def _add_person(tx: Tx, row: Row, from_on: str) -> None:
    units = [_unit(tx, one["unit"]) for one in row["posts"]]
    kept = {name: row.get(name) for name in ("key", "name", "email", "rank_order")}
    home = units[0][0] if units else _id(tx, organization, row["organization"])
    person_id = _insert(tx, person, kept | {"organization_id": home})
    if person_id is None:
        return
    for (organization_id, department_id), one in zip(units, row["posts"], strict=True):
        values = {
            "organization_id": organization_id,
            "department_id": department_id,
            "role": one["role"],
            "person_id": person_id,
            "title": one.get("title", ""),
            "from_on": from_on,
        }
        tx.connection.execute(insert(post).values(values))


def _unit(tx: Tx, key: str) -> tuple[int, int | None]:
    """The organisation and department that a key names."""
    found = tx.connection.execute(
        select(department.c.organization_id, department.c.id).where(department.c.key == key)
    ).first()
    return (found[0], found[1]) if found else (_id(tx, organization, key), None)


def _id(tx: Tx, table: Table, key: str) -> int:
    found = tx.connection.execute(select(table.c.id).where(table.c.key == key)).scalar()
    if found is None:
        raise UnknownKeyError(f"no {table.name} with the key {key!r}")
    return int(found)


def _insert(tx: Tx, table: Table, values: Mapping[str, Any]) -> int | None:
    """The new row's id, or None when its key is there already."""
    if tx.connection.execute(select(table.c.id).where(table.c.key == values["key"])).first():
        return None
    return int(tx.connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())
