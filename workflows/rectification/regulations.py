"""A rule that came out of a problem: how it is opened from its measure, issued, and looked at every year."""

from datetime import date
from typing import Any

from engine.commands import OPEN, Bearer, FollowUp, Refusal, Result
from engine.context import Context
from engine.deadlines import add_months
from engine.kinds import Guard, Operation
from workflows.rectification import facts

CHECKED_EVERY_MONTHS = 12


# --- from the measure ---


def record_regulation(context: Context) -> Result:
    """The regulation that the measure ended with: opened the first time, corrected when it is recorded again."""
    params, fields = context.params, context.fields
    given = {
        "title": params["regulation_title"],
        "number": params["regulation_number"],
        "issued_on": params["regulation_on"],
    }
    linked = fields["regulation_id"]
    if linked is not None and context.view.case(linked).state == "issued":
        return Result(dict(params), (FollowUp(linked, "amend", given),))
    department = next(
        (one.department_id for one in context.view.bearers(context.root) if one.role == "lead_department"), None
    )
    opened = {**given, "measure_id": context.case.id, "lead_department": department}
    return Result(dict(params), (FollowUp(None, OPEN, opened, kind="regulation"),))


def is_in_force(context: Context) -> Refusal | None:
    chosen = context.params["regulation"]
    if chosen is None:
        return None
    case = context.view.case(chosen)
    in_force = case.kind == "regulation" and case.state == "issued"
    return None if in_force else Refusal("not_in_force")


def use_regulation(context: Context) -> Result:
    """A regulation that is in force already serves this measure too; the register names it like any other."""
    regulation = context.view.case(context.params["regulation"])
    fields = context.view.fields(regulation)
    values = {
        "regulation_id": regulation.id,
        "regulation_title": fields["title"],
        "regulation_number": fields["number"],
        "regulation_on": fields["issued_on"],
    }
    return Result(values, (FollowUp(regulation.id, "serve", {"measure": context.case.id}),), said=context.params)


def is_in_dossier(context: Context) -> Refusal | None:
    """Only the regulation that names this measure is linked to it."""
    chosen = context.params["regulation"]
    measures = context.view.fields(context.view.case(chosen)).get("measures") if chosen else None
    return None if context.case.id in (measures or ()) else Refusal("not_in_force")


def link_regulation(context: Context) -> Result:
    return Result({"regulation_id": context.params["regulation"]})


# --- its own life ---


def open_regulation(context: Context) -> Result:
    params = context.params
    bearers = []
    if params["lead_department"] is not None:
        bearers.append(Bearer("lead_department", None, params["lead_department"], context.today))
    if params["officer"] is not None:
        bearers.append(Bearer("officer", params["officer"], None, context.today))
    measure = params["measure_id"]
    linked = () if measure is None else (FollowUp(measure, "link_regulation", {"regulation": context.case.id}),)
    values: dict[str, Any] = {"bearers": tuple(bearers)}
    if measure is not None:
        values["measures"] = [measure]
    return Result(values, linked)


def issued_not_in_future(context: Context) -> Refusal | None:
    issued_on = context.params["issued_on"]
    return Refusal("not_done_yet") if issued_on is not None and issued_on > context.today else None


def is_issued_already(context: Context) -> Refusal | None:
    fields = context.fields
    return None if fields["number"] and fields["issued_on"] else Refusal("not_in_force")


def issue_regulation(context: Context) -> Result:
    given = {name: context.params[name] for name in ("number", "issued_on")}
    return Result(given | _checked_again(context, given["issued_on"]))


def come_into_force(context: Context) -> Result:
    return Result(_checked_again(context, context.fields["issued_on"]))


def check_regulation(context: Context) -> Result:
    values = {"checked_on": context.today, "finding": context.params["finding"]}
    return Result(values | _checked_again(context, context.today))


def _checked_again(context: Context, since: str) -> dict[str, Any]:
    """A year later, or a year from today where that year is over: nothing begins its life overdue."""
    due_on = add_months(date.fromisoformat(since), CHECKED_EVERY_MONTHS)
    if due_on <= date.fromisoformat(context.today):
        due_on = add_months(date.fromisoformat(context.today), CHECKED_EVERY_MONTHS)
    return facts.new_deadline(context, due_on.isoformat())


def serve_measure(context: Context) -> Result:
    before = context.fields["measures"] or []
    return Result({"measures": sorted({*before, context.params["measure"]})})


def amend_regulation(context: Context) -> Result:
    return Result(dict(context.params))


def revise_regulation(context: Context) -> Result:
    """Back to a draft, without number and date until it is issued anew; what was in force stands in its history."""
    values: dict[str, Any] = {"number": None, "issued_on": None, "due_on": None, "term": None, "fired": {}}
    return Result(values, said=context.params)


GUARDS: dict[str, Guard] = {
    one.__name__: one for one in (is_in_dossier, is_in_force, is_issued_already, issued_not_in_future)
}
OPERATIONS: dict[str, Operation] = {
    one.__name__: one
    for one in (
        amend_regulation, check_regulation, come_into_force, issue_regulation, link_regulation, open_regulation,
        record_regulation, revise_regulation, serve_measure, use_regulation,
    )
}  # fmt: skip
