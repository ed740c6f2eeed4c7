"""The one door: `execute` is the only way a case changes, and `possible` says what it would let through."""

from collections.abc import Callable, Sequence

from engine.alerting import wake_at
from engine.cases import LINKED, CaseState
from engine.commands import Command, Outcome, Refusal
from engine.context import Context
from engine.database import Database, StaleError, Tx, is_busy
from engine.definitions import Action
from engine.door import Door
from engine.editions import Editions
from engine.permissions import permitted, sealed
from engine.registry import Registry
from engine.view import View
from engine.working_days import local_day
from engine.writing import wake, write

# How often a batch is tried again when another process was faster; each try reads everything anew.
TRIES = 5


class Runtime:
    """The engine put together: the families it knows and the editions it has parsed. Holds no case."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.editions = Editions(registry)

    def view(self, tx: Tx) -> View:
        return View(tx, self.registry, self.editions)

    def execute(self, tx: Tx, commands: Sequence[Command], now: int) -> list[Outcome]:
        """Do what each command asks, or refuse it with a reason; an outcome per command, in their order.

        `now` is epoch seconds UTC. State, history, next alert and messages are written in `tx` together.
        A refused command leaves no trace and does not hinder the others. Raises StaleError when another
        transaction was faster: roll back and try again (`commit` does).
        """
        view = self.view(tx)
        # The parent of a new part too: its dossier must be locked before anybody looks at it.
        touched = {one.parent_id if one.case_id is None else one.case_id for one in commands}
        view.load([one for one in touched if one is not None], {one.actor for one in commands})
        door = Door(view, now)
        outcomes = [door.take(command) for command in commands]
        # Listed first: what a wake-up depends on may have to be read.
        for case in list(view.known()):
            # A root whose chain grew by an entry of a part keeps its wake-up: nothing it depends on has changed,
            # and a root that cannot be planned must not take its parts with it.
            if not case.touched <= LINKED:
                _plan_wake(door, case)
        write(view, door.recorder.plan)
        for one in set(door.recorder.plan.woken):
            wake(tx, one, now)
        return outcomes

    def commit(self, database: Database, commands: Sequence[Command], now: int) -> list[Outcome]:
        """`execute` in a transaction of its own, tried again when somebody else was faster."""
        return self.again_if_busy(database, lambda tx: self.execute(tx, commands, now))

    def again_if_busy(self, database: Database, work: Callable[[Tx], list[Outcome]]) -> list[Outcome]:
        """Do `work` in a transaction; from the beginning again when another transaction was faster."""
        for _ in range(TRIES):
            try:
                with database.begin() as tx:
                    return work(tx)
            except Exception as error:
                if not (isinstance(error, StaleError) or is_busy(error)):
                    raise
        with database.begin() as tx:
            return work(tx)

    def openable(self, tx: Tx, command: Command, now: int) -> Refusal | None:
        """Whether the door would open a case (action `open`) once its form is filled in; None when it would."""
        return Door(self.view(tx), now).openable(command)

    def possible(self, tx: Tx, case_id: int, actor: str, now: int) -> dict[str, Refusal | None]:
        """For each action of a case: None when `actor` may take it now, else why not.

        Guards that look at parameters are asked without them, so a yes means: open the form.
        """
        view = self.view(tx)
        case = view.case(case_id)
        actions = view.definition(case).actions.values()
        return {one.name: self.refusal(view, case, one, actor, now) for one in actions if not one.auto}

    def refusal(self, view: View, case: CaseState, action: Action, actor: str, now: int) -> Refusal | None:
        """Why `actor` may not take an action of a case now; None when they may. Asked like `possible`."""
        workflow = view.workflow(case)
        today = local_day(now, view.body(case.organization_id).settings.zone).isoformat()
        empty = dict.fromkeys(param.name for param in action.params)
        command = Command(action=action.name, actor=actor, case_id=case.id)
        context = Context(view, workflow.definition, action, case, command, actor, empty, now, today)
        planned = (
            sealed(view, case) or permitted(context) or workflow.planner.plan(case.state, action.name, context)
        )
        return planned if isinstance(planned, Refusal) else None


def _plan_wake(door: Door, case: CaseState) -> None:
    seq, wake = door.wakes.get(case.id, (None, None))
    if seq != case.seq:
        wake = wake_at(door.view, case, door.now)
    if wake != case.next_alert_at:
        case.next_alert_at = wake
        case.touched.add("next_alert_at")
