"""A recurring duty that lives on after its problem is closed: so many times in each period in each unit."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.commands import Bearer, FollowUp, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from workflows.rectification.cycles import first_day, first_day_after, next_period, period_of, previous_period

# How long before the end of a period its sheet is asked for.
ASKED_DAYS_BEFORE = 7
LONG_TERM = "mark_long_term"
UNIT_HEAD = "unit_head"


def commitment_fits(context: Context) -> Refusal | None:
    params = context.params
    if params["times"] is not None and params["times"] < 1:
        return Refusal("times_too_few")
    if params["problem_id"] is not None and context.view.case(params["problem_id"]).kind != "problem":
        return Refusal("not_a_problem_here")
    ends_on = params["ends_on"]
    return Refusal("ends_before_it_begins") if ends_on is not None and ends_on <= context.today else None


def open_commitment(context: Context) -> Result:
    """It begins with the period that is running; its problem is marked as kept up for the long term."""
    params, today = context.params, date.fromisoformat(context.today)
    period = period_of(today, params["per"])
    bearers = [Bearer("lead_department", None, params["lead_department"], context.today)]
    if params["officer"] is not None:
        bearers.append(Bearer("officer", params["officer"], None, context.today))
    marked = context.view.fields(context.view.case(params["problem_id"]))["long_term"]
    follow_ups = () if marked else (FollowUp(params["problem_id"], LONG_TERM, {"long_term": True}),)
    values = {"period": period, "look_on": _asked_on(period, params["per"], context.today)}
    return Result(values | {"bearers": tuple(bearers)}, follow_ups)


def _asked_on(period: str, per: str, today: str) -> str:
    """When its sheet is asked for; a duty that begins in the last days of a period is asked the next day."""
    asked = first_day_after(period, per) - timedelta(days=ASKED_DAYS_BEFORE)
    return max(asked, date.fromisoformat(today) + timedelta(days=1)).isoformat()


# --- the sheet ---


def sheet_fits(context: Context) -> Refusal | None:
    """One count for each unit, in the order of the units, for the running period or the one before."""
    fields, params = context.fields, context.params
    counts = params["counts"]
    if counts is not None and (len(counts) != len(fields["units"]) or None in _whole(counts)):
        return Refusal("counts_differ", {"units": len(fields["units"])})
    running = fields["period"]
    if params["period"] not in (None, running, previous_period(running, fields["per"])):
        return Refusal("no_such_period", {"period": running})
    return None


def _whole(counts: list[Any]) -> list[int | None]:
    """The counts as whole numbers; a command line gives them as text. None for what is none."""
    return [int(one) if str(one).isdecimal() else None for one in counts]


def fill_sheet(context: Context) -> Result:
    """A period has one sheet; filled again, the newer one counts, and what was missed is told from it."""
    fields, params = context.fields, context.params
    period = params["period"] or fields["period"]
    counts = [list(pair) for pair in zip(fields["units"], _whole(params["counts"]), strict=True)]
    sheet = {
        "period": period,
        "counts": counts,
        "on": context.today,
        "by": context.signer,
        "attachment": params["attachment"],
        "note": params["note"],
    }
    sheets = [one for one in fields["sheets"] or [] if one["period"] != period]
    values: dict[str, Any] = {"sheets": [*sheets, sheet]}
    if any(one["period"] == period for one in fields["missed"] or []):
        values["missed"] = _missed_with(fields, period, sheet)
    return Result(values, said={"period": period, "counts": [count for _, count in counts]})


def sheet_of(fields: Mapping[str, Any], period: str) -> Mapping[str, Any] | None:
    return next((one for one in fields["sheets"] or [] if one["period"] == period), None)


def units_below(fields: Mapping[str, Any], sheet: Mapping[str, Any] | None) -> list[int]:
    """The units that did it less often than promised, in the order of the units; a missing sheet tells of none."""
    return [] if sheet is None else [unit for unit, count in sheet["counts"] if count < fields["times"]]


def _missed_with(fields: Mapping[str, Any], period: str, sheet: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    kept = [one for one in fields["missed"] or [] if one["period"] != period]
    below = units_below(fields, sheet)
    return [*kept, {"period": period, "units": below, "sheet": sheet is not None}] if below or not sheet else kept


# --- what time does ---


def sheet_is_wanted(context: Context) -> Refusal | None:
    """The period nears its end: time to fill its sheet."""
    fields = context.fields
    over_on = first_day_after(fields["period"], fields["per"]).isoformat()
    return None if fields["look_on"] <= context.today and fields["look_on"] < over_on else Refusal("not_yet")


def ask_for_sheet(context: Context) -> Result:
    fields = context.fields
    over_on = first_day_after(fields["period"], fields["per"]).isoformat()
    return Result({"look_on": over_on}, said={"period": fields["period"]})


def period_is_over(context: Context) -> Refusal | None:
    fields = context.fields
    over_on = first_day_after(fields["period"], fields["per"]).isoformat()
    return None if over_on <= context.today else Refusal("not_yet")


def something_missed(context: Context) -> Refusal | None:
    fields = context.fields
    sheet = sheet_of(fields, fields["period"])
    return None if sheet is None or units_below(fields, sheet) else Refusal("nothing_missed")


def a_unit_missed(context: Context) -> Refusal | None:
    """Whether a unit, and not only the sheet, is missing in the newest period told of."""
    missed = context.fields["missed"]
    return None if missed and missed[-1]["units"] else Refusal("nothing_missed")


def note_missed(context: Context) -> Result:
    """The units that missed it hear of it through their people, its department anyhow."""
    fields = context.fields
    sheet = sheet_of(fields, fields["period"])
    below = units_below(fields, sheet)
    said = {"period": fields["period"], "units": below, "sheet": sheet is not None}
    values = {"missed": _missed_with(fields, fields["period"], sheet), "bearers": _bearers(context, below)}
    return Result(values | _next(context), said=said)


def _bearers(context: Context, units: list[int]) -> tuple[Bearer, ...]:
    """Who hears for the units of this period in place of who heard for the last one."""
    view = context.view
    yesterday = (date.fromisoformat(context.today) - timedelta(days=1)).isoformat()
    ended = [
        Bearer(one.role, one.person_id, one.department_id, one.from_on, yesterday)
        if one.role == UNIT_HEAD and one.to_on is None
        else one
        for one in view.bearers(context.case)
    ]
    found = view.post_holders("department_head", context.today, departments=tuple(units)) if units else []
    return (*ended, *(Bearer(UNIT_HEAD, one.person_id, None, context.today) for one in found))


def note_kept(context: Context) -> Result:
    return Result(_next(context), said={"period": context.fields["period"]})


def _next(context: Context) -> dict[str, Any]:
    fields = context.fields
    period = next_period(fields["period"], fields["per"])
    asked = first_day_after(period, fields["per"]) - timedelta(days=ASKED_DAYS_BEFORE)
    return {"period": period, "look_on": asked.isoformat()}


def duty_has_ended(context: Context) -> Refusal | None:
    """Its last period is the one in which its last day lies."""
    ends_on, begins_on = context.fields["ends_on"], first_day(context.fields["period"])
    return None if ends_on and date.fromisoformat(ends_on) < begins_on else Refusal("not_yet")


GUARDS: dict[str, Guard] = {
    one.__name__: one
    for one in (
        a_unit_missed,
        commitment_fits,
        duty_has_ended,
        period_is_over,
        sheet_fits,
        sheet_is_wanted,
        something_missed,
    )
}
OPERATIONS: dict[str, Operation] = {
    one.__name__: one for one in (ask_for_sheet, fill_sheet, note_kept, note_missed, open_commitment)
}
