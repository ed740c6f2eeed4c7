"""Finds what a person means by a name: an inspection, a problem by its number, a colleague by key or name."""

from dataclasses import dataclass

from sqlalchemy import Table, or_, select

from engine import statements as sql
from engine.canonical import loads
from engine.database import Tx
from engine.organizations import department, organization, person
from workflows.rectification.tables import TABLES


class NotFoundError(LookupError):
    """Nothing, or more than one thing, goes by that name; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection: its case id, its organisation and its name."""

    id: int
    organization_id: int
    name: str


def inspections(tx: Tx) -> list[Inspection]:
    rows = tx.connection.execute(
        select(sql.cases.c.id, sql.cases.c.organization_id, sql.cases.c.data)
        .where(sql.cases.c.kind == "inspection")
        .order_by(sql.cases.c.id)
    )
    return [Inspection(row[0], row[1], loads(row[2])["name"]) for row in rows]


def find_inspection(tx: Tx, name: str | None) -> Inspection:
    """By its name, its id, a part of the name that no other has, or the only one there is. Raises NotFoundError."""
    there_are = inspections(tx)
    found = [one for one in there_are if name in (None, one.name, str(one.id))]
    if not found and name:
        found = [one for one in there_are if name in one.name]
    if len(found) == 1:
        return found[0]
    there = "、".join(one.name for one in there_are) or "（还没有）"
    raise NotFoundError(f"请用 --inspection 指明巡察；现有：{there}")


def find_problem(tx: Tx, number: str, inspection: Inspection) -> int:
    """The case id of the problem with this number in the source, or with this id written as #12.

    Raises NotFoundError; where a number stands twice, it lists the ids to choose from.
    """
    problem = TABLES["problem"]
    wanted = problem.c.case_id == int(number[1:]) if number[1:].isdecimal() and number[0] == "#" else None
    rows = tx.connection.execute(
        select(problem.c.case_id, problem.c.title)
        .where(problem.c.inspection_id == inspection.id)
        .where(problem.c.number == number if wanted is None else wanted)
        .order_by(problem.c.case_id)
    ).all()
    if not rows:
        raise NotFoundError(f"{inspection.name}中没有编号为“{number}”的问题")
    if len(rows) > 1:
        there = "；".join(f"#{case_id} {title}" for case_id, title in rows)
        raise NotFoundError(f"编号“{number}”不止一个，请用其中一个：{there}")
    return int(rows[0][0])


def find_person(tx: Tx, key: str) -> int:
    """A person by key or by full name. Raises NotFoundError."""
    return _find(tx, person, key, "人员")


def find_department(tx: Tx, key: str) -> int:
    return _find(tx, department, key, "科室（部门）")


def find_organization(tx: Tx, key: str) -> int:
    return _find(tx, organization, key, "单位")


def _find(tx: Tx, table: Table, key: str, what: str) -> int:
    ids = (
        tx.connection.execute(select(table.c.id).where(or_(table.c.key == key, table.c.name == key)))
        .scalars()
        .all()
    )
    if len(ids) != 1:
        raise NotFoundError(f"没有找到{what}“{key}”" if not ids else f"{what}“{key}”有重名，请用代号")
    return int(ids[0])
