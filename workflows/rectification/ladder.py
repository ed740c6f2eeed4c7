"""Which alert ladder a problem follows: its own, else its inspection's; else its organisation decides."""

from engine.cases import CaseState
from engine.commands import Refusal, Result
from engine.context import Context
from engine.editions import LADDER
from engine.view import View


def chosen_ladder(view: View, case: CaseState) -> str | None:
    """The ladder chosen for a dossier or for the inspection it belongs to; None when nobody chose one."""
    fields = view.fields(view.root(case))
    inspection_id = fields.get("inspection_id")
    above = view.fields(view.case(inspection_id)) if inspection_id else {}
    name: str | None = fields.get("ladder") or above.get("ladder")
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
