"""Duties that are kept up: each with its sheets by period, and what each unit did, in the order of the units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from desk.desk import Desk
from desk.steps import Asking
from engine import statements as sql
from engine.cases import CaseState
from engine.organizations import department_names
from engine.view import View
from workflows.rectification.commitments import sheet_of, units_below
from workflows.rectification.cycles import previous_period
from workflows.rectification.wording import cycle_text

KIND = "commitment"


@dataclass(frozen=True, slots=True)
class Period:
    """One period with its sheet: `counts` beside the units, in their order; None where no sheet was filled."""

    name: str
    text: str
    counts: tuple[int, ...] | None
    below: tuple[str, ...]
    is_missed: bool
    note: str
    attachment: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """One duty. `fills`: whoever looks may fill its sheet now; `periods` newest first, the running one leads."""

    id: int
    problem_id: int
    problem: str
    text: str
    per: str
    times: int
    units: tuple[str, ...]
    is_running: bool
    fills: bool
    ends_on: str | None
    end_condition: str
    periods: tuple[Period, ...]

    @property
    def running(self) -> Period:
        return self.periods[0]

    @property
    def missed(self) -> list[Period]:
        return [one for one in self.periods if one.is_missed]

    def period(self, name: str) -> Period | None:
        return next((one for one in self.periods if one.name == name), None)


def commitments(desk: Desk, view: View, cases: list[CaseState], who: Asking) -> list[Commitment]:
    """These, those first whose sheet is to be filled by whoever looks."""
    found = [commitment(desk, view, one, who) for one in cases]
    return sorted(found, key=lambda one: (not one.fills, not one.is_running, one.id))


def commitment_cases(view: View) -> list[CaseState]:
    rows = view.tx.connection.execute(
        select(sql.cases.c.id).where(sql.cases.c.kind == KIND).order_by(sql.cases.c.id)
    )
    ids = list(rows.scalars())
    view.load_read_only(ids)
    return [view.case(one) for one in ids]


def commitment(desk: Desk, view: View, case: CaseState, who: Asking) -> Commitment:
    fields, definition = view.fields(case), view.definition(case)
    problem = view.fields(view.case(fields["problem_id"]))
    names = department_names(view.tx, fields["units"])
    fill = definition.actions["fill_sheet"]
    return Commitment(
        id=case.id,
        problem_id=fields["problem_id"],
        problem=problem["title"],
        text=fields["text"],
        per=fields["per"],
        times=fields["times"],
        units=tuple(names[one] for one in fields["units"]),
        is_running=bool(case.live),
        fills=desk.runtime.refusal(view, case, fill, str(who.person_id), who.now) is None,
        ends_on=fields["ends_on"],
        end_condition=fields["end_condition"] or "",
        periods=tuple(_period(fields, names, one) for one in _names(fields)),
    )


def _names(fields: Mapping[str, Any]) -> list[str]:
    """The running period, the one before, and every other of which something is on record; newest first."""
    running = fields["period"]
    told = [*(fields["sheets"] or []), *(fields["missed"] or [])]
    older = {previous_period(running, fields["per"]), *(one["period"] for one in told)} - {running}
    return [running, *sorted(older, reverse=True)]


def _period(fields: Mapping[str, Any], names: Mapping[int, str], name: str) -> Period:
    sheet = sheet_of(fields, name)
    return Period(
        name=name,
        text=cycle_text(name),
        counts=None if sheet is None else tuple(count for _, count in sheet["counts"]),
        below=tuple(names[one] for one in units_below(fields, sheet)),
        is_missed=any(one["period"] == name for one in fields["missed"] or []),
        note=(sheet or {}).get("note") or "",
        attachment=(sheet or {}).get("attachment") or "",
    )
