"""What a form offers to choose from: people and departments in the office's own order, grouped by place."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select

from desk.inspections import Listed
from desk.ladders import ladder_names
from engine import statements as sql
from engine.cases import CaseState
from engine.database import Statement, Tx
from engine.definitions import Definition
from engine.organizations import department, organization, person, post
from engine.view import FOR_GOOD, View
from engine.words import Words

SHORT = 40  # characters of a case's text in a list
# Compiled once: the register and every form ask these.
GET_PEOPLE = Statement(
    select(person.c.id, person.c.name, post.c.title, department.c.name, organization.c.name)
    .join(post, post.c.person_id == person.c.id)
    .join(organization, organization.c.id == post.c.organization_id)
    .outerjoin(department, department.c.id == post.c.department_id)
    .where(post.c.organization_id == bindparam("organization_id"))
    .where(post.c.from_on <= bindparam("today"), func.coalesce(post.c.to_on, FOR_GOOD) >= bindparam("today"))
    .where(or_(person.c.active_until.is_(None), person.c.active_until >= bindparam("today")))
    .order_by(func.coalesce(department.c.rank_order, -1), person.c.rank_order, person.c.id)
)
GET_DEPARTMENTS = Statement(
    select(department.c.id, department.c.name)
    .where(department.c.organization_id == bindparam("organization_id"))
    .order_by(department.c.rank_order, department.c.id)
)


class Option(NamedTuple):
    """One thing to choose: its id as the form sends it, and what is read."""

    id: int | str
    label: str


class Group(NamedTuple):
    """Options that belong together; `label` is empty where no heading is needed."""

    label: str
    options: tuple[Option, ...]


def people_groups(view: View, organization_id: int, today: str) -> tuple[Group, ...]:
    """Everybody of an organisation who is here on a local day (ISO).

    First its leaders, then department by department, in rank order; each person once, with their title.
    """
    asked = ("people_groups", organization_id, today)
    return view.of_house(asked, lambda tx: _people_groups(tx, organization_id, today))


def _people_groups(tx: Tx, organization_id: int, today: str) -> tuple[Group, ...]:
    rows = tx.run(GET_PEOPLE, {"organization_id": organization_id, "today": today})
    groups: dict[str, list[Option]] = {}
    seen: set[int] = set()
    for person_id, name, title, unit, body in rows:
        if person_id not in seen:
            seen.add(person_id)
            label = f"{name}（{title}）" if title else name
            groups.setdefault(unit or body, []).append(Option(person_id, label))
    return tuple(Group(label, tuple(options)) for label, options in groups.items())


def department_groups(view: View, organization_id: int) -> tuple[Group, ...]:
    """The departments of an organisation in its own order: one group."""
    return view.of_house(("department_groups", organization_id), lambda tx: _department_groups(tx, organization_id))


def _department_groups(tx: Tx, organization_id: int) -> tuple[Group, ...]:
    rows = tx.run(GET_DEPARTMENTS, {"organization_id": organization_id})
    return (Group("", tuple(Option(*row) for row in rows)),)


def inspection_groups(listed: Iterable[Listed]) -> tuple[Group, ...]:
    """Inspections, each with its body: one group."""
    named = (Option(one.inspection.id, f"{one.organization} · {one.inspection.name}") for one in listed)
    return (Group("", tuple(named)),)


def state_groups(words: Words, definition: Definition) -> tuple[Group, ...]:
    """The states of a kind, in their order: one group."""
    return (Group("", tuple(Option(one.name, words.label(one.label)) for one in definition.states.values())),)


def part_groups(view: View, case: CaseState, kind: str | None) -> list[Group]:
    """The parts of a case in its present round, of one kind or all, by what they say."""
    return [Group("", tuple(Option(one.id, _text(view, one)) for one in view.children(case, kind)))]


def ladder_groups(words: Words, view: View) -> list[Group]:
    """The ladders in force that can be chosen, as they are called on screen."""
    names = ladder_names(view.tx, view)
    ladders = [view.editions.ladders(view.tx, one)[0] for one in names]
    return [Group("", tuple(Option(one.name, words.label(one.label)) for one in ladders))]


def kind_groups(view: View, organization_id: int, kind: str, but: int | None = None) -> list[Group]:
    """The cases of a kind in an organisation, oldest first, by number and what they say; `but` is left out."""
    rows = view.tx.connection.execute(
        select(sql.cases.c.id)
        .where(sql.cases.c.organization_id == organization_id, sql.cases.c.kind == kind)
        .order_by(sql.cases.c.id)
    )
    ids = [row[0] for row in rows if row[0] != but]
    view.load_read_only(ids)
    return [Group("", tuple(Option(one, _numbered(view, view.case(one))) for one in ids))]


def _numbered(view: View, case: CaseState) -> str:
    number = view.fields(case).get("number")
    return f"（{number}）{_text(view, case)}" if number else _text(view, case)


def _text(view: View, case: CaseState) -> str:
    fields = view.fields(case)
    found = str(next((fields[name] for name in ("text", "title", "name") if fields.get(name)), case.id))
    return found if len(found) <= SHORT else f"{found[: SHORT - 1]}…"
