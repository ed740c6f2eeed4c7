"""Deadlines that another calendar or another period would move: a list to look at, and its approval row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from desk.desk import Desk
from desk.heard import matter_name
from engine import statements as sql
from engine.cases import CaseState
from engine.commands import Command, Outcome
from engine.database import Tx
from engine.deadlines import Policy
from engine.terms import Term, parse_term
from engine.view import View
from workflows.rectification.periods import anchor_of, period_text

RECOMPUTE, CHANGE_PERIOD = "recompute", "change_period"


@dataclass(frozen=True, slots=True)
class Move:
    """One deadline that would move. `period` is how it is given now; `to_period` the period asked for, if any."""

    case_id: int
    root_id: int
    matter: str
    period: str
    was: date
    now: date
    provisional: bool
    to_period: str | None = None

    @property
    def command(self) -> tuple[str, dict[str, str]]:
        """The step that carries it out, and its parameters: exactly the date that was shown."""
        if self.to_period is None:
            return RECOMPUTE, {"due_on": self.now.isoformat()}
        return CHANGE_PERIOD, {"due_on": self.now.isoformat(), "period": self.to_period}


def propose(desk: Desk, tx: Tx, organization_id: int) -> list[Move]:
    """What the calendar in force moves, in the order of the dossiers. Dates that people set never move by it."""
    view = desk.runtime.view(tx)
    calendar = view.calendar()
    found = []
    for case, term in _given_by_policy(view, organization_id, RECOMPUTE):
        due = term.due(calendar)
        if due.on.isoformat() != case.due_on:
            found.append(_move(desk, view, case, term, term, None))
    return found


def propose_period(desk: Desk, tx: Tx, organization_id: int, old: Policy, new: Policy) -> list[Move]:
    """What moves when every deadline that was given as one period is given as another."""
    view = desk.runtime.view(tx)
    found = []
    for case, term in _given_by_policy(view, organization_id, CHANGE_PERIOD):
        if term.rule == old:
            begins = anchor_of(view, case, term, new.anchor)
            if begins is not None:
                wanted = replace(term, rule=new, began_on=begins)
                found.append(_move(desk, view, case, term, wanted, period_text(new)))
    return found


def approve(desk: Desk, actor: str, moves: Sequence[Move], now: int) -> list[Outcome]:
    """Carry the moves out, each for itself: an outcome per row, in their order."""
    commands = [
        Command(action=action, case_id=one.case_id, actor=actor, params=params)
        for one in moves
        for action, params in (one.command,)
    ]
    return desk.commit(commands, now) if commands else []


def _given_by_policy(view: View, organization_id: int, action: str) -> list[tuple[CaseState, Term]]:
    query = select(sql.cases.c.id).where(
        sql.cases.c.organization_id == organization_id,
        sql.cases.c.live == 1,
        sql.cases.c.term.is_not(None),
    )
    ids = list(view.tx.connection.execute(query.order_by(sql.cases.c.root_id, sql.cases.c.id)).scalars())
    view.load_read_only(ids)
    terms = ((view.case(one), parse_term(view.case(one).term)) for one in ids)
    return [(case, term) for case, term in terms if term and term.policy and _may_move(view, case, action)]


def _may_move(view: View, case: CaseState, action: str) -> bool:
    """Whether the kind has the step, and the case is of its dossier's present round."""
    return action in view.definition(case).actions and view.root(case).round == case.round


def _move(desk: Desk, view: View, case: CaseState, term: Term, wanted: Term, period: str | None) -> Move:
    due = wanted.due(view.calendar())
    policy = term.policy
    return Move(
        case_id=case.id,
        root_id=case.root_id,
        matter=matter_name(desk.words, view, case),
        period=period_text(policy) if policy else "",
        was=date.fromisoformat(case.due_on or ""),
        now=due.on,
        provisional=due.provisional,
        to_period=period,
    )
