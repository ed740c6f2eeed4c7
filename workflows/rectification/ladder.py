"""Which alert ladder a problem follows: its own, else its inspection's; else its organisation decides."""

from functools import lru_cache

from sqlalchemy import Table, select

from engine.canonical import loads
from engine.cases import CaseState
from engine.commands import Refusal, Result
from engine.context import Context
from engine.database import per_case
from engine.editions import LADDER
from engine.statements import cases
from engine.view import View
from workflows.rectification.tables import Problem

problem: Table = Problem.__table__  # type: ignore[attr-defined]
CHOICES = per_case(
    select(problem.c.case_id, problem.c.inspection_id, problem.c.ladder, cases.c.data).join(
        cases, cases.c.id == problem.c.inspection_id
    ),
    problem.c.case_id,
)
LADDER_ROWS = {"problem": CHOICES}


def chosen_ladder(view: View, case: CaseState) -> str | None:
    """The ladder chosen for a dossier or for the inspection it belongs to; None when nobody chose one."""
    root = view.root(case)
    if root.kind in LADDER_ROWS and root.fields is None:  # who has not looked at its fields wants no more of them
        _, inspection_id, own, data = view.row_of(CHOICES, root)
        return own or (_chosen_above(view, inspection_id) if view.knows(inspection_id) else _chosen_in(data))
    fields = view.fields(root)
    name: str | None = fields.get("ladder") or _chosen_above(view, fields.get("inspection_id"))
    return name


def _chosen_above(view: View, inspection_id: int | None) -> str | None:
    return None if inspection_id is None else view.fields(view.case(inspection_id)).get("ladder")


@lru_cache(maxsize=1024)
def _chosen_in(data: str) -> str | None:
    """Of the fields of an inspection as they are stored."""
    name: str | None = loads(data).get("ladder")
    return name


def ladder_is_there(context: Context) -> Refusal | None:
    """A misspelt name would only be missed at night; a ladder that belongs to a kind is not for problems."""
    wanted, view = context.params["ladder"], context.view
    if wanted is None:
        return None
    there = {name for kind, name in view.editions.in_force(view.tx) if kind == LADDER} - view.registry.own_ladders
    return None if wanted in there else Refusal("no_such_ladder", {"name": wanted, "there": sorted(there)})


def choose_ladder(context: Context) -> Result:
    """From now on; an empty choice goes back to what holds above. Nothing that was told is told again."""
    return Result({"ladder": context.params["ladder"]}, said=context.params, wakes=True)


GUARDS = {"ladder_is_there": ladder_is_there}
OPERATIONS = {"choose_ladder": choose_ladder}
