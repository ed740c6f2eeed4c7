"""Which editions of which workflows there are, and how much lives on each of them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from desk.finding import NotFoundError
from engine import statements as sql
from engine.database import Tx
from engine.definitions import Label
from engine.editions import WORKFLOW, Workflow
from engine.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Use:
    """One edition of a kind: how many live cases and how many in all are pinned to it."""

    kind: str
    label: Label
    number: int
    in_force: bool
    live: int
    all: int


def in_use(tx: Tx, runtime: Runtime) -> list[Use]:
    """Every edition of every kind, kind by kind, oldest first."""
    cases = sql.cases
    counted = select(cases.c.definition_id, func.count(), func.sum(cases.c.live)).group_by(cases.c.definition_id)
    counts = {row[0]: (row[1], int(row[2])) for row in tx.connection.execute(counted)}
    in_force = runtime.editions.in_force(tx)
    found: list[Use] = []
    for kind in runtime.registry.workflows:
        for number, edition in runtime.editions.numbered(tx, kind).items():
            label = runtime.editions.workflow(tx, edition).definition.label
            all_, live = counts.get(edition, (0, 0))
            found.append(Use(kind, label, number, in_force[WORKFLOW, kind] == edition, live, all_))
    return found


def workflow_numbered(tx: Tx, runtime: Runtime, kind: str, number: int | None) -> tuple[Workflow, int]:
    """An edition of a kind by its number, or the one in force, and its number.

    Raises NotFoundError with the kinds or the numbers there are.
    """
    numbers = runtime.editions.numbered(tx, kind)
    if not numbers:
        raise NotFoundError(f"没有“{kind}”这一类，现有：{'、'.join(runtime.registry.workflows)}")
    wanted = max(numbers) if number is None else number
    if wanted not in numbers:
        raise NotFoundError(f"“{kind}”没有第 {wanted} 版，现有：{'、'.join(map(str, numbers))}")
    return runtime.editions.workflow(tx, numbers[wanted]), wanted
