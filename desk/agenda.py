"""What a meeting can decide: the problems of an inspection in their sign-off, and what each still lacks."""

from dataclasses import dataclass

from sqlalchemy import select

from engine import statements as sql
from engine.commands import Refusal
from engine.organizations import Holder, names
from engine.sign_off import eligible, next_step
from engine.view import View
from workflows.rectification.tables import TABLES

CHAIRS = ("head", "deputy_head")


@dataclass(frozen=True, slots=True)
class Matter:
    """One problem that waits: `missing` is the step that must be signed first, None when only the decision is left;
    `may_decide` are the names of those who may."""

    id: int
    number: str
    title: str
    missing: Refusal | None
    may_decide: tuple[str, ...]


def agenda(view: View, inspection_id: int, today: str) -> list[Matter]:
    """In the order of the document; those that can be decided first."""
    problem = TABLES["problem"]
    rows = view.tx.connection.scalars(
        select(sql.cases.c.id)
        .join(problem, problem.c.case_id == sql.cases.c.id)
        .where(problem.c.inspection_id == inspection_id, sql.cases.c.state == "close_out")
        .order_by(sql.cases.c.id)
    )
    matters = [_matter(view, one, today) for one in rows]
    return sorted(matters, key=lambda one: one.missing is not None)


def _matter(view: View, problem_id: int, today: str) -> Matter:
    case = view.case(problem_id)
    fields, step, last = view.fields(case), next_step(view, case), view.sign_steps(case)[-1]
    missing = None if step is None or step == last else Refusal("signature_missing", {"step": step.name})
    able = names(view.tx, eligible(view, case, last, today))
    return Matter(case.id, fields["number"] or "", fields["title"], missing, tuple(able.values()))


def chairs(view: View, organization_id: int, today: str) -> list[Holder]:
    """Who may chair: the head and the deputies, in rank order."""
    found = {one for role in CHAIRS for one in view.post_holders(role, today, organizations=(organization_id,))}
    return sorted(found, key=lambda one: (one.rank_order, one.person_id))
