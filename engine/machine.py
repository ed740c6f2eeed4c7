"""The one file that knows `transitions`: a flat shared machine per definition that only plans."""

from typing import TYPE_CHECKING, Any

from transitions import EventData, Machine, MachineError

from engine.commands import Refusal
from engine.definitions import BACK, SAME, Action, Definition
from engine.kinds import Guard

if TYPE_CHECKING:
    from engine.context import Context


class Carrier:
    """What the machine moves in place of a case: a state, the context for the guards, the last refusal."""

    __slots__ = ("context", "refusal", "state")

    def __init__(self, state: str, context: "Context | None") -> None:
        self.state = state
        self.context = context
        self.refusal: Refusal | None = None


class Planner:
    """Says where an action leads from a state. Shared by all cases of a definition; nothing in it changes."""

    def __init__(self, definition: Definition, guards: dict[str, Guard]) -> None:
        self._machine = Machine(
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

    def plan(self, state: str, action: str, context: "Context") -> str | Refusal:
        """The state that `action` leads to from `state`, or why it does not."""
        carrier = Carrier(state, context)
        try:
            moved = self._machine.events[action].trigger(carrier)
        except MachineError:
            return Refusal("wrong_state", {"state": state, "action": action})
        return carrier.state if moved else carrier.refusal or Refusal("wrong_state", {"state": state})

    def _add(self, action: Action, guards: dict[str, Guard]) -> None:
        self._machine.add_transition(
            action.name,
            list(action.sources),
            None if action.target in (SAME, BACK) else action.target,
            conditions=[_condition(guards[name]) for name in action.guards],
        )


def _condition(guard: Guard) -> Any:
    def passes(event: EventData) -> bool:
        carrier: Any = event.model
        if carrier.context is None:
            return False
        carrier.refusal = guard(carrier.context)
        return carrier.refusal is None

    return passes
