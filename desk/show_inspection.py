"""What an inspection's own clock says: each milestone with its day, whether it is done, and by which paper."""

from dataclasses import dataclass
from datetime import date

from desk.desk import Desk
from engine.deadlines import is_overdue
from workflows.rectification.wording import MILESTONES


@dataclass(frozen=True)
class MilestoneRow:
    """One milestone. Dates ISO; `late` while it waits beyond its day."""

    id: int
    title: str
    state: str
    state_label: str
    due_on: str | None
    original_due_on: str | None
    done_on: str | None
    paper: str | None
    late: bool


def milestone_rows(desk: Desk, inspection_id: int, today: date) -> list[MilestoneRow]:
    """The milestones of an inspection in the order of their days."""
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        rows = []
        for case in view.children(view.case(inspection_id), "milestone"):
            fields, state = view.fields(case), view.definition(case).states[case.state]
            rows.append(
                MilestoneRow(
                    id=case.id,
                    title=fields["title"] or MILESTONES[fields["name"]],
                    state=case.state,
                    state_label=desk.words.label(state.label),
                    due_on=case.due_on,
                    original_due_on=fields["original_due_on"],
                    done_on=fields["done_on"],
                    paper=fields["paper"],
                    late=bool(case.live and case.due_on and is_overdue(today, date.fromisoformat(case.due_on))),
                )
            )
    return sorted(rows, key=lambda one: (one.due_on or "", one.id))
