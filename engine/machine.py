"""The one file that knows `transitions`: a flat shared machine per definition that only plans."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from transitions import EventData, Machine

from engine.commands import Refusal
from engine.definitions import BACK, SAME, Action, Definition
from engine.kinds import Guard

if TYPE_CHECKING:
    from engine.context import Context

# The state it leads to, and the guards on the way.
Move = tuple[str, tuple[Guard, ...]]


class Carrier:
    """What the machine moves in place of a case: a state, the context for the guards, the last refusal."""

    __slots__ = ("context", "refusal", "state")

    def __init__(self, state: str, context: "Context | None") -> None:
        self.state = state
        self.context = context
        self.refusal: Refusal | None = None


class Condition:
    """A guard as the machine asks it."""

    __slots__ = ("guard",)

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    def __call__(self, event: EventData) -> bool:
        carrier: Any = event.model
        if carrier.context is None:
            return False
        carrier.refusal = self.guard(carrier.context)
        return carrier.refusal is None


class Planner:
    """Says where an action leads from a state. Shared by all cases of a definition; nothing in it changes.

    The machine is read once, not triggered for every step: a trigger walks some thirty callbacks and log lines that
    nobody has set, and costs as much as the rest of a decision. A test holds the one against the other.
    """

    def __init__(self, definition: Definition, guards: dict[str, Guard]) -> None:
        self.machine = Machine(
            model=None,
            states=list(definition.states),
            initial=definition.initial,
            # Off: an automatic `to_closed()` would walk round every guard.
            auto_transitions=False,
            # Off: a queued machine answers True although the guard refused.
            queued=False,
            send_event=True,
        )
        for action in definition.actions.values():
            self._add(action, guards)
        self._moves = dict(_moves(self.machine))

    def plan(self, state: str, action: str, context: "Context") -> str | Refusal:
        """The state that `action` leads to from `state`, or why it does not."""
        move = self._moves.get((action, state))
        if move is None:
            return Refusal("wrong_state", {"state": state, "action": action})
        target, guards = move
        for guard in guards:
            refusal = guard(context)
            if refusal is not None:
                return refusal
        return target

    def _add(self, action: Action, guards: dict[str, Guard]) -> None:
        self.machine.add_transition(
            action.name,
            list(action.sources),
            None if action.target in (SAME, BACK) else action.target,
            conditions=[Condition(guards[name]) for name in action.guards],
        )


def _moves(machine: Machine) -> Iterator[tuple[tuple[str, str], Move]]:
    """What the machine would do, by (action, state); of a definition's actions each has one way from a state."""
    for name, event in machine.events.items():
        for source, [way] in event.transitions.items():
            conditions: Any = [one.func for one in way.conditions]
            yield (name, source), (way.dest or source, tuple(one.guard for one in conditions))
