"""Sets the milestones of an inspection from a file of periods: each then its own matter, with its period kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.desk import Desk
from engine.commands import OPEN, Command, Outcome
from engine.deadlines import Policy
from engine.faults import FaultsError, Reader
from workflows.rectification.periods import HAPPENED, period_text
from workflows.rectification.wording import MILESTONES

ANCHORS = ("feedback", "plan_issued", "period_end")


@dataclass(frozen=True)
class Period:
    """One milestone and how its day follows from an anchor."""

    name: str
    policy: Policy


def read_periods(text: str, where: str) -> tuple[Period, ...]:
    """From the TOML text of a file of periods. Raises FaultsError with every fault."""
    top = Reader.of(text, where)
    periods = tuple(one for row in top.tables("milestones") if (one := _period(row)) is not None)
    top.done()
    if top.faults:
        raise FaultsError(top.faults)
    return periods


def _period(row: Reader) -> Period | None:
    name = row.choice("name", tuple(MILESTONES), default="")
    anchor = row.choice("anchor", ANCHORS, default="")
    unit = row.choice("unit", ("day", "workday", "month"), default="")
    roll = row.choice("roll", ("none", "forward", "backward"), default="none")
    amount = row.number("amount", default=-1)
    row.done()
    try:
        return Period(name, Policy(anchor, amount, unit, roll))  # type: ignore[arg-type]  # checked just above
    except ValueError as error:
        row.fault(row.path, str(error), "mend the period")
        return None


def set_milestones(
    desk: Desk, inspection_id: int, periods: Sequence[Period], actor: str, now: int
) -> tuple[list[Outcome], list[str]]:
    """Open a milestone for each period whose anchor is known; gives the outcomes and the names left out.

    A milestone that is there already is refused and hinders no other.
    """
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        inspection = view.fields(view.case(inspection_id))
    known = [one for one in periods if inspection[HAPPENED[one.policy.anchor]]]
    commands = [
        Command(
            action=OPEN,
            kind="milestone",
            parent_id=inspection_id,
            actor=actor,
            params={"name": one.name, "period": period_text(one.policy)},
        )
        for one in known
    ]
    return desk.commit(commands, now), [one.name for one in periods if one not in known]
