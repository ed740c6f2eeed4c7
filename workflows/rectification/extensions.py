"""The life of a request for more time: who may ask, who may answer, and what must be reported upward."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.cases import CaseState
from engine.commands import FollowUp, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from engine.permissions import holds_any
from engine.view import View
from workflows.rectification import facts

# Who answers: for a measure, for a problem, and for a date beyond the rectification period of the inspection.
ANSWERERS: Mapping[str, tuple[str, ...]] = {
    "measure": ("lead_official", "coordinator"),
    "problem": ("lead_official", "head", "deputy_head"),
}
BEYOND = ("head", "deputy_head")
ASKERS: Mapping[str, tuple[str, ...]] = {
    "measure": ("officer", "department_head"),
    "problem": ("department_head", "coordinator"),
}


def extended_case(context: Context) -> CaseState:
    """The problem or measure whose deadline is asked to move."""
    return context.view.lineage(context.case)[1]


def waiting_requests(view: View, case: CaseState) -> list[CaseState]:
    """The requests for more time on a case that nobody has answered yet: one at most."""
    return [one for one in view.children(case, "extension") if one.state == "requested"]


def lapses(view: View, case: CaseState) -> tuple[FollowUp, ...]:
    """What becomes of a request when the matter itself is settled."""
    return tuple(FollowUp(one.id, "lapse") for one in waiting_requests(view, case))


def ends_beyond(view: View, problem: CaseState, until: str | None) -> bool:
    """Whether a date (ISO) lies after the rectification period of the problem's inspection."""
    ends_on = facts.period_ends_on(view, problem)
    return bool(until and ends_on and until > ends_on)


def is_beyond_period(context: Context) -> bool:
    until = context.params.get("until") or context.fields.get("until")
    return ends_beyond(context.view, context.root, until)


def may_be_extended(context: Context) -> Refusal | None:
    """Guard: the matter is in work with a deadline, the new date is later, and no other request waits."""
    case = extended_case(context)
    if not case.live or context.root.state not in (*facts.FIX_STATES, "assignment"):
        return Refusal("not_in_work", {"state": context.root.state})
    others = [one for one in waiting_requests(context.view, case) if one.id != context.case.id]
    return Refusal("extension_waits") if others else _later(context, case)


def is_still_later(context: Context) -> Refusal | None:
    return _later(context, extended_case(context))


def _later(context: Context, case: CaseState) -> Refusal | None:
    """Of an overdue matter the new date must not have passed either, when it is asked for or granted."""
    until = context.params.get("until") or context.fields.get("until")
    if case.due_on is None:
        return Refusal("no_deadline")
    earliest = max(case.due_on, _yesterday(context))
    return Refusal("not_later", {"due_on": earliest}) if until and until <= earliest else None


def _yesterday(context: Context) -> str:
    return (date.fromisoformat(context.today) - timedelta(days=1)).isoformat()


def may_ask(context: Context) -> Refusal | None:
    """Guard: an officer asks for their measure, the department for its problem."""
    return _entitled(context, ASKERS[extended_case(context).kind], context.command.actor)


def may_answer(context: Context) -> Refusal | None:
    return _entitled(context, ANSWERERS[extended_case(context).kind], context.signer)


def may_refuse(context: Context) -> Refusal | None:
    """Guard: whoever could grant it, and nobody else."""
    roles = BEYOND if is_beyond_period(context) else ANSWERERS[extended_case(context).kind]
    return _entitled(context, roles, context.signer)


def _entitled(context: Context, roles: tuple[str, ...], who: str) -> Refusal | None:
    holds = holds_any(context.view, context.case, who, roles, context.today)
    return None if holds else Refusal("not_yours", {"roles": list(roles)})


def asked_by_another(context: Context) -> Refusal | None:
    """Guard: whoever answers for the decision did not ask for it, be it on screen or on paper."""
    return Refusal("own_request") if context.signer == context.fields["requested_by"] else None


def asked_by_signer(context: Context) -> Refusal | None:
    own = context.signer == context.fields["requested_by"]
    coordinates = holds_any(context.view, context.case, context.signer, ("coordinator",), context.today)
    return None if own or coordinates else Refusal("not_your_request")


def within_period(context: Context) -> Refusal | None:
    ends_on = facts.period_ends_on(context.view, context.root)
    return Refusal("beyond_period", {"ends_on": ends_on}) if is_beyond_period(context) else None


def beyond_period(context: Context) -> Refusal | None:
    return None if is_beyond_period(context) else Refusal("within_period")


def request_extension(context: Context) -> Result:
    case = extended_case(context)
    return Result({"requested_by": context.signer, "asked_on": context.today, "asked_from": case.due_on})


def grant_extension(context: Context) -> Result:
    """The matter's own deadline moves with it, or nothing does."""
    fields = context.fields
    moved = FollowUp(extended_case(context).id, "extend", {"until": fields["until"], "reason": fields["reason"]})
    return Result({"decided_on": context.today}, follow_ups=(moved,), said={"until": fields["until"]})


def refuse_extension(context: Context) -> Result:
    return Result({"decided_on": context.today, "answer": context.params["answer"]}, said=context.params)


def report_extension(context: Context) -> Result:
    values: dict[str, Any] = {"reported_on": context.params["reported_on"] or context.today}
    return Result({**values, "report_number": context.params["report_number"]}, said=context.params)


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        asked_by_another, asked_by_signer, beyond_period, is_still_later, may_answer, may_ask, may_be_extended,
        may_refuse, within_period,
    )
}  # fmt: skip
OPERATIONS: dict[str, Operation] = {
    operation.__name__: operation
    for operation in (grant_extension, refuse_extension, report_extension, request_extension)
}
