"""What a person may do with a case now: the door's own answer, with who may be recorded as signing on paper."""

from dataclasses import dataclass
from typing import Protocol

from desk.desk import Desk
from engine.cases import CaseState
from engine.commands import OPEN, Command, Refusal
from engine.database import Tx
from engine.definitions import Action, Definition
from engine.kinds import SYSTEM_ROLE
from engine.organizations import Holder
from engine.permissions import holders, holds_any
from engine.view import View


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a case. `refusal` is None where the person may take it themselves; `signers` are those for
    whom they may record it with the signed paper; `fits` tells that the present state has the action at all."""

    case_id: int
    action: Action
    refusal: Refusal | None
    fits: bool
    signers: tuple[Holder, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.refusal is None or bool(self.signers)


class Asking(Protocol):
    """Who asks and when: `now` epoch seconds UTC, `day` the local day (ISO)."""

    @property
    def person_id(self) -> int: ...

    @property
    def now(self) -> int: ...

    @property
    def day(self) -> str: ...


def steps_of(desk: Desk, tx: Tx, case_id: int, who: Asking) -> list[Step]:
    """Every action of a case, in the order of its definition."""
    view = desk.runtime.view(tx)
    case = view.case(case_id)
    definition = view.definition(case)
    found = desk.runtime.possible(tx, case_id, str(who.person_id), who.now)
    records = holds_any(view, case, str(who.person_id), definition.recorders, who.day)
    on_paper = _on_paper(desk, view, case, who) if records else {}
    return [
        Step(case_id, action, found[name], case.state in action.sources, tuple(on_paper.get(name, ())))
        for name, action in definition.actions.items()
        if name in found
    ]


def step_of(desk: Desk, tx: Tx, case_id: int, name: str, who: Asking) -> Step | None:
    """One of them by its name; None when the case knows no such action."""
    return next((one for one in steps_of(desk, tx, case_id, who) if one.action.name == name), None)


def may_open(desk: Desk, tx: Tx, kind: str, parent_id: int, who: Asking) -> Refusal | None:
    """Why somebody may not open a part of this kind under a case; None when they may."""
    command = Command(action=OPEN, kind=kind, parent_id=parent_id, actor=str(who.person_id))
    return desk.runtime.openable(tx, command, who.now)


def current_definition(desk: Desk, tx: Tx, kind: str) -> Definition:
    """What a new case of a kind would follow. Raises LookupError when none is in force."""
    workflow = desk.runtime.editions.current(tx, kind)
    if workflow is None:
        raise LookupError(f"no workflow for {kind} is in force: run `xiaohao init`")
    return workflow.definition


def _on_paper(desk: Desk, view: View, case: CaseState, who: Asking) -> dict[str, list[Holder]]:
    """For each action that may be signed on paper, those for whom the door would let it through, in rank order.

    Whoever asks is left out: they need no paper.
    """
    actions = [one for one in view.definition(case).actions.values() if one.paper]
    candidates = {action.name: _candidates(view, case, action, who.day) for action in actions}
    found: dict[str, list[Holder]] = {name: [] for name in candidates}
    for holder in sorted({one for some in candidates.values() for one in some}, key=_by_rank):
        if holder.person_id == who.person_id:
            continue
        possible = desk.runtime.possible(view.tx, case.id, str(holder.person_id), who.now)
        for name, some in candidates.items():
            if holder in some and possible[name] is None:
                found[name].append(holder)
    return found


def _by_rank(holder: Holder) -> tuple[int, int]:
    return holder.rank_order, holder.person_id


def _candidates(view: View, case: CaseState, action: Action, today: str) -> set[Holder]:
    """Everybody who holds one of the action's roles."""
    people = (role for role in action.roles if role != SYSTEM_ROLE)
    return {one for role in people for one in holders(view, case, role, today)}
