"""What an inspection's own clock says: each milestone with its day, whether it is done, and by which paper."""

from dataclasses import dataclass
from datetime import date

from desk.desk import Desk
from desk.steps import Asking
from engine.cases import CaseState
from engine.deadlines import is_overdue
from engine.terms import parse_term
from engine.view import View


@dataclass(frozen=True)
class MilestoneRow:
    """One milestone. Dates ISO; `late` while it waits beyond its day.

    `completes`: whoever looks may say that it is done.
    """

    id: int
    title: str
    state: str
    state_label: str
    due_on: str | None
    original_due_on: str | None
    done_on: str | None
    paper: str | None
    late: bool
    provisional: bool
    completes: bool


def milestone_rows(desk: Desk, inspection_id: int, today: date, who: Asking | None = None) -> list[MilestoneRow]:
    """The milestones of an inspection in the order of their days."""
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        rows = []
        for case in view.children(view.case(inspection_id), "milestone"):
            fields, state = view.fields(case), view.definition(case).states[case.state]
            term = parse_term(case.term)
            rows.append(
                MilestoneRow(
                    id=case.id,
                    title=fields["title"] or desk.words.say(f"word.{fields['name']}"),
                    state=case.state,
                    state_label=desk.words.label(state.label),
                    due_on=case.due_on,
                    original_due_on=fields["original_due_on"],
                    done_on=fields["done_on"],
                    paper=fields["paper"],
                    late=bool(case.live and case.due_on and is_overdue(today, date.fromisoformat(case.due_on))),
                    provisional=term is not None and term.is_provisional(view.calendar()),
                    completes=who is not None and _completes(desk, view, case, who),
                )
            )
    return sorted(rows, key=lambda one: (one.due_on or "", one.id))


def _completes(desk: Desk, view: View, case: CaseState, who: Asking) -> bool:
    action = view.definition(case).actions["complete"]
    return desk.runtime.refusal(view, case, action, str(who.person_id), who.now) is None
