"""Who has or had to do with a problem: its people today and before, and everybody written to about it."""

from collections.abc import Iterator

from sqlalchemy import select

from engine.organizations import Holder, person
from engine.permissions import hearers
from engine.view import View
from notifications.waiting import ENVELOPE, LINE


def concerned(view: View, problem_id: int, day: str) -> list[Holder]:
    """In rank order, as of a local day (ISO); leavers too, because a silence is asked about a year later."""
    ids = {*_of_roles(view, problem_id, day), *_written_to(view, problem_id)}
    query = select(person.c.id, person.c.name, person.c.rank_order).where(person.c.id.in_(ids))
    rows = view.tx.connection.execute(query.order_by(person.c.rank_order, person.c.id))
    return [Holder(*row) for row in rows]


def _of_roles(view: View, problem_id: int, day: str) -> Iterator[int]:
    for case in view.dossier(view.case(problem_id)):
        yield from (one.person_id for one in view.bearers(case) if one.person_id is not None)
        for role in view.definition(case).alert_roles:
            yield from (one.person_id for one in hearers(view, case, role, day))


def _written_to(view: View, problem_id: int) -> Iterator[int]:
    mark = f"{problem_id}:"
    yield from view.tx.connection.scalars(select(ENVELOPE.c.person_id).where(ENVELOPE.c.lines.contains(f'"{mark}')))
    yield from view.tx.connection.scalars(select(LINE.c.person_id).where(LINE.c.key.startswith(mark)))
