"""Requests for more time that wait: for an answer, or to be reported upward."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from desk.heard import matter_name
from engine import statements as sql
from engine.cases import CaseState
from engine.commands import SYSTEM
from engine.organizations import names
from engine.permissions import holds_any
from engine.view import View
from engine.words import Words
from workflows.rectification.extensions import ASKERS, ends_beyond

WAITING = ("requested", "to_report")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a list shows it. Days are ISO; `beyond`: the date lies after the rectification period."""

    case_id: int
    root_id: int
    matter: str
    state: str
    asked_by: str
    asked_on: str
    asked_from: str
    until: str
    reason: str
    beyond: bool


def may_ask(view: View, case: CaseState, person_id: int, today: str) -> bool:
    """Whether a person may ask for more time on a case: it lives, has a deadline, and is theirs to ask for."""
    roles = ASKERS.get(case.kind, ())
    return bool(case.live and case.due_on) and holds_any(view, case, str(person_id), roles, today)


def waiting_requests(words: Words, view: View, may_see: Callable[[int], bool]) -> list[Request]:
    """Those that somebody may see, oldest first."""
    query = select(sql.cases.c.id).where(sql.cases.c.kind == "extension", sql.cases.c.state.in_(WAITING))
    ids = [one for one in view.tx.connection.execute(query.order_by(sql.cases.c.id)).scalars() if may_see(one)]
    cases = [view.case(one) for one in ids]
    present = [one for one in cases if one.round == view.root(one).round]
    return [_request(words, view, one) for one in present]


def _request(words: Words, view: View, case: CaseState) -> Request:
    fields = view.fields(case)
    asked_by = str(fields["requested_by"])
    known = names(view.tx, [] if asked_by.startswith(SYSTEM) else [int(asked_by)])
    return Request(
        case_id=case.id,
        root_id=case.root_id,
        matter=matter_name(words, view, view.lineage(case)[1]),
        state=words.label(view.definition(case).states[case.state].label),
        asked_by=next(iter(known.values()), asked_by),
        asked_on=fields["asked_on"],
        asked_from=fields["asked_from"],
        until=fields["until"],
        reason=fields["reason"],
        beyond=ends_beyond(view, view.root(case), fields["until"]),
    )
