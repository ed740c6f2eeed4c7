"""Sets the milestones of an inspection from a file of periods: each due day computed, each then its own matter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from desk.desk import Desk
from engine.commands import OPEN, Command, Outcome
from engine.deadlines import Policy, due
from engine.faults import FaultsError, Reader
from engine.view import View
from workflows.rectification.wording import MILESTONES

ANCHORS = {"feedback": "feedback_on", "period_end": "period_ends_on"}


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
    anchor = row.choice("anchor", tuple(ANCHORS), default="")
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
    desk: Desk, inspection_id: int, periods: Iterable[Period], actor: str, now: int
) -> tuple[list[Outcome], list[str]]:
    """Open a milestone for each period whose anchor is known; gives the outcomes and the names left out.

    A milestone that is there already is refused and hinders no other.
    """
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        days = {one.name: _day(view, inspection_id, one) for one in periods}
    commands = [
        Command(
            action=OPEN,
            kind="milestone",
            parent_id=inspection_id,
            actor=actor,
            params={"name": name, "due_on": day.isoformat()},
        )
        for name, day in days.items()
        if day is not None
    ]
    return desk.commit(commands, now), [name for name, day in days.items() if day is None]


def _day(view: View, inspection_id: int, period: Period) -> date | None:
    fields: Mapping[str, str | None] = view.fields(view.case(inspection_id))
    anchor = fields[ANCHORS[period.policy.anchor]]
    return due(date.fromisoformat(anchor), period.policy, view.calendar()).on if anchor else None
