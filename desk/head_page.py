"""The head's one page for the meeting: how many are done, which are not and whose, and who was reminded last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import and_, func, select

from desk.figures import Figures, count
from desk.make_register import Register
from desk.wording import days_text
from engine import statements as sql
from engine.canonical import loads
from engine.commands import ALERT
from engine.organizations import department, person
from engine.view import View
from engine.words import Words
from engine.working_days import local_day
from workflows.rectification.register import ProblemRow
from workflows.rectification.wording import number_text, step_text

LAST = (1 << 31, 0, "")
Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Open:
    """One problem that is not done. `standing` and `time` are words, `escalated` the last reminder or empty."""

    id: int
    number: str
    title: str
    officers: str
    standing: str
    due_on: str | None
    time: str
    late: bool
    escalated: str


@dataclass(frozen=True, slots=True)
class Group:
    """What one lead official answers for, with one department; names are empty where nobody is assigned yet."""

    official: str
    department: str
    problems: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class HeadPage:
    """Everything on the page. `done` are the numbers of the problems that are done."""

    figures: Figures
    groups: tuple[Group, ...]
    done: tuple[str, ...]


def head_page(view: View, register: Register) -> HeadPage:
    """The page of a register: the same rows, the same figures, in the rank order of officials and departments."""
    left = [row for row in register.rows if not row.is_done]
    ids = [row.id for row in left]
    officials, departments = _bearers(view, ids, "lead_official"), _bearers(view, ids, "lead_department")
    escalations = _escalations(view, register.words, ids)

    def place(row: ProblemRow) -> tuple[Place, Place]:
        return officials.get(row.id, LAST), departments.get(row.id, LAST)

    ordered = sorted(left, key=lambda row: (*place(row), row.id))
    return HeadPage(
        figures=count(register.rows, register.as_of),
        groups=tuple(
            Group(official[2], unit[2], tuple(_open(register, row, escalations) for row in rows))
            for (official, unit), rows in groupby(ordered, key=place)
        ),
        done=tuple(number_text(row.fields) for row in register.rows if row.is_done),
    )


def _open(register: Register, row: ProblemRow, escalations: Mapping[int, str]) -> Open:
    late = row.is_overdue(register.as_of)
    waiting = (row.state == "close_out" or row.clock.pause is not None) and not late
    return Open(
        id=row.id,
        number=number_text(row.fields),
        title=row.fields["title"],
        officers=row.names("officer"),
        standing=register.where_it_stands(row),
        due_on=row.due_on,
        time="" if waiting else days_text(register.words, row.days_left(register.as_of)),
        late=late,
        escalated=escalations.get(row.id, ""),
    )


def _bearers(view: View, ids: Sequence[int], role: str) -> dict[int, Place]:
    """By problem the rank, id and name of who bears a role now; of several the first in rank."""
    bearer = sql.assignment
    rows = view.tx.connection.execute(
        select(
            bearer.c.case_id,
            func.coalesce(person.c.rank_order, department.c.rank_order),
            func.coalesce(person.c.id, department.c.id),
            func.coalesce(person.c.name, department.c.name),
        )
        .outerjoin(person, person.c.id == bearer.c.person_id)
        .outerjoin(department, department.c.id == bearer.c.department_id)
        .where(bearer.c.case_id.in_(ids), bearer.c.role == role, bearer.c.to_on.is_(None))
    )
    found: dict[int, Place] = {}
    for case_id, rank, who, name in rows:
        found[case_id] = min(found.get(case_id, LAST), (rank, who, name))
    return found


def _escalations(view: View, words: Words, ids: Sequence[int]) -> dict[int, str]:
    """The last reminder of each dossier, in words: when, which step, to which role."""
    table = sql.history
    last = (
        select(table.c.root_id, func.max(table.c.seq).label("seq"))
        .where(table.c.root_id.in_(ids), table.c.action == ALERT)
        .group_by(table.c.root_id)
        .subquery()
    )
    rows = view.tx.connection.execute(
        select(table.c.root_id, table.c.case_id, table.c.at, table.c.changes).join(
            last, and_(last.c.root_id == table.c.root_id, last.c.seq == table.c.seq)
        )
    ).all()
    view.load_read_only(row.case_id for row in rows)
    return {row.root_id: _escalation(view, words, row.case_id, row.at, row.changes) for row in rows}


def _escalation(view: View, words: Words, case_id: int, at: int, changes: str) -> str:
    case = view.case(case_id)
    due: Iterable[Sequence[str]] = loads(changes)["said"]["due"]
    roles = dict.fromkeys(words.label(view.registry.roles[row[2]].label) for row in due)
    steps = dict.fromkeys(step_text(view, words, row[0]) for row in due)
    day = local_day(at, view.body(case.organization_id).settings.zone)
    return words.say("head_page.escalated", day=day.isoformat(), steps="、".join(steps), roles="、".join(roles))
