"""An officer's work in a colleague's hands until a day: who may lend it, to whom, and how it comes back."""

from collections.abc import Sequence
from datetime import date, timedelta

from engine.cases import CaseState
from engine.commands import Bearer, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from engine.permissions import holds_any
from engine.view import View

OFFICER, DELEGATE = "officer", "delegate"
# The roles of those who do the work.
WORKING = (OFFICER, DELEGATE)


def newest(view: View, case: CaseState) -> Bearer | None:
    """The last delegation of a case, whether it still runs or not; None where there was none."""
    return next((one for one in reversed(view.bearers(case)) if one.role == DELEGATE), None)


def outlasting(bearers: Sequence[Bearer], today: str) -> Bearer | None:
    """The delegation that goes on after today. One that ends today is in nobody's way: the next may begin."""
    return next((one for one in bearers if one.role == DELEGATE and today < (one.to_on or today)), None)


def withdrawn(bearers: Sequence[Bearer], role: str, people: Sequence[int], today: str) -> list[Bearer]:
    """The bearers when a role goes to these people: what an officer lent ends with the officer's own part."""
    leaving = [one for one in bearers if one.role == role and one.to_on is None and one.person_id not in people]
    if role != OFFICER or not leaving:
        return list(bearers)
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    return [
        one._replace(to_on=yesterday) if one.role == DELEGATE and one.holds_on(today) else one for one in bearers
    ]


def may_be_delegated(context: Context) -> Refusal | None:
    """One colleague at a time, who does not work on it already, until a day that is not over."""
    bearers, until = context.view.bearers(context.case), context.params.get("until")
    if not any(one.role == OFFICER and one.holds_on(context.today) for one in bearers):
        return Refusal("no_officer_here")
    if running := outlasting(bearers, context.today):
        return Refusal("delegated_already", {"until": running.to_on})
    if _has_it_on_loan(context, bearers):
        return Refusal("lent_is_not_lent_on")
    if until and until < context.today:
        return Refusal("until_is_over", {"until": until})
    to = context.params.get("to")
    works = to and holds_any(context.view, context.case, str(to), (OFFICER,), context.today)
    return Refusal("works_on_it_already") if works else None


def _has_it_on_loan(context: Context, bearers: Sequence[Bearer]) -> bool:
    roles = {one.role for one in bearers if str(one.person_id) == context.signer and one.holds_on(context.today)}
    return DELEGATE in roles and OFFICER not in roles


def is_delegated(context: Context) -> Refusal | None:
    running = outlasting(context.view.bearers(context.case), context.today)
    return None if running else Refusal("not_delegated")


def delegate(context: Context) -> Result:
    lent = Bearer(DELEGATE, context.params["to"], None, context.today, context.params["until"])
    return Result({"bearers": (*context.view.bearers(context.case), lent)}, said=context.params)


def hand_back(context: Context) -> Result:
    """Today is the last day, as it would have been the later one: what was begun can be finished."""
    bearers = context.view.bearers(context.case)
    running = outlasting(bearers, context.today)
    ended = tuple(one._replace(to_on=context.today) if one is running else one for one in bearers)
    return Result({"bearers": ended}, said=context.params)


GUARDS: dict[str, Guard] = {one.__name__: one for one in (is_delegated, may_be_delegated)}
OPERATIONS: dict[str, Operation] = {one.__name__: one for one in (delegate, hand_back)}
