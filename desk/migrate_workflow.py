"""Running cases move from their edition of a workflow to another, all or none, and can be watched beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from desk.desk import Desk
from engine import statements as sql
from engine.commands import MIGRATE, Command, Outcome, Refusal
from engine.database import Tx
from engine.definitions import Label


@dataclass(frozen=True, slots=True)
class Migration:
    """Every live case of a kind goes to the edition with this number.

    `states` maps states of the old editions to states of the new one; a state that it does not name keeps its name.
    """

    kind: str
    number: int
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one case: its state before and after, in words; `refusal` where it has no place."""

    case_id: int
    before: Label
    after: Label | None
    refusal: Refusal | None


class UnknownStatesError(Exception):
    """A map names states that no edition of the kind has: correct the spelling, or leave them out."""

    def __init__(self, states: Sequence[str]) -> None:
        super().__init__(", ".join(states))
        self.states = states


class _NotDoneError(Exception):
    """Takes back a migration that was only asked for, or that some case stands in the way of."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


def running(tx: Tx, kind: str) -> dict[int, list[int]]:
    """The live cases of a kind by the id of the edition they are pinned to."""
    cases = sql.cases
    rows = tx.connection.execute(
        select(cases.c.definition_id, cases.c.id)
        .where(cases.c.kind == kind, cases.c.live == 1)
        .order_by(cases.c.id)
    )
    found: dict[int, list[int]] = {}
    for edition, case_id in rows:
        found.setdefault(edition, []).append(case_id)
    return found


def migrate(desk: Desk, wanted: Migration, actor: str, now: int, *, dry_run: bool) -> list[Step]:
    """What becomes of each case. All move, or none: when one is refused, or with `dry_run`, nothing is written.

    A dry run is the real one, taken back. Raises UnknownStatesError.
    """
    with desk.database.read() as tx:
        if unknown := _unknown(desk, tx, wanted):
            raise UnknownStatesError(unknown)
        before = _before(desk, tx, wanted)
    params = {"edition": wanted.number, "states": [f"{old}={new}" for old, new in wanted.states.items()]}
    commands = [Command(action=MIGRATE, actor=actor, case_id=one, params=params) for one in before]
    outcomes = _tried(desk, commands, now, dry_run=dry_run)
    with desk.database.read() as tx:
        labels = _labels(desk, tx, wanted)
    return [_step(one, before, labels) for one in outcomes]


def _unknown(desk: Desk, tx: Tx, wanted: Migration) -> list[str]:
    """The states that the map leads from and that nothing was ever in."""
    editions = desk.runtime.editions
    all_of = (editions.workflow(tx, one) for one in editions.numbered(tx, wanted.kind).values())
    known = {state for one in all_of for state in one.definition.states}
    return [state for state in wanted.states if state not in known]


def _tried(desk: Desk, commands: Sequence[Command], now: int, *, dry_run: bool) -> list[Outcome]:
    def whole(tx: Tx) -> list[Outcome]:
        outcomes = desk.runtime.execute(tx, commands, now)
        if dry_run or not all(one.done for one in outcomes):
            raise _NotDoneError(outcomes)
        return outcomes

    try:
        return desk.runtime.again_if_busy(desk.database, whole)
    except _NotDoneError as taken_back:
        return taken_back.outcomes


def _before(desk: Desk, tx: Tx, wanted: Migration) -> dict[int, Label]:
    """The label of the state of each live case that is on another edition."""
    view, editions = desk.runtime.view(tx), desk.runtime.editions
    target = editions.numbered(tx, wanted.kind).get(wanted.number)
    ids = [one for edition, cases in running(tx, wanted.kind).items() if edition != target for one in cases]
    view.load_read_only(ids)
    cases = [view.case(one) for one in ids]
    return {one.id: view.definition(one).states[one.state].label for one in cases}


def _labels(desk: Desk, tx: Tx, wanted: Migration) -> Mapping[str, Label]:
    edition = desk.runtime.editions.numbered(tx, wanted.kind).get(wanted.number)
    if edition is None:
        return {}
    states = desk.runtime.editions.workflow(tx, edition).definition.states
    return {name: state.label for name, state in states.items()}


def _step(outcome: Outcome, before: Mapping[int, Label], labels: Mapping[str, Label]) -> Step:
    case_id = outcome.case_id or 0
    after = None if outcome.state is None else labels[outcome.state]
    return Step(case_id, before[case_id], after, outcome.refusal)
