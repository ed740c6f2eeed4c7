"""What the steps of a hazard's life do: pure, from a context to the values to set."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.cases import CaseState
from engine.commands import Bearer, Draw, Result
from engine.context import Context
from engine.deadlines import Policy
from engine.kinds import Operation
from engine.term_steps import OPERATIONS as TERM_OPERATIONS
from engine.term_steps import given
from engine.terms import Term
from workflows.letters import OPERATIONS as LETTER_OPERATIONS
from workflows.letters import lapsing, pausing, resuming

LETTER = "hazard_letter"
GENERAL, MAJOR = "general", "major"
# A graver hazard has less time. A date on a day off moves forward to the next worked day, a major one's backward.
DEADLINES: Mapping[str, Policy] = {
    GENERAL: Policy("graded", 15, "workday", "forward"),
    MAJOR: Policy("graded", 7, "day", "backward"),
}


def grade_hazard(context: Context) -> Result:
    """Graded and handed to those who put it right; the deadline follows from the grade."""
    params = context.params
    bearers = (
        Bearer("lead_official", params["lead_official"], None, context.today),
        Bearer("lead_department", None, params["lead_department"], context.today),
        Bearer("officer", params["officer"], None, context.today),
    )
    values = {"grade": params["grade"], "bearers": bearers, **_deadline(context, params["grade"])}
    return Result(values, said=params)


def regrade_hazard(context: Context) -> Result:
    """Another grade has another deadline; its reminders begin anew."""
    grade = context.params["grade"]
    number = context.case.deadline_no + 1
    values = {"grade": grade, "fired": {}, "deadline_no": number, **_deadline(context, grade)}
    return Result(values, said=context.params)


def pause_hazard(context: Context) -> Result:
    """Its letters wait with it."""
    result = TERM_OPERATIONS["pause"](context)
    return result._replace(follow_ups=pausing(_letters(context), context.params))


def resume_hazard(context: Context) -> Result:
    result = TERM_OPERATIONS["resume"](context)
    return result._replace(follow_ups=resuming(_letters(context)))


def _letters(context: Context) -> list[CaseState]:
    return context.view.children(context.case, LETTER)


def submit_fix(context: Context) -> Result:
    return Result({"result": context.params["result"]})


def accept_fix(context: Context) -> Result:
    """Closed with its number; a hazard that came back keeps the number it has. Its letters end with it."""
    values: dict[str, Any] = {"accepted_on": context.today}
    if context.fields["close_number"] is None:
        year = int(context.today[:4])
        values |= {"close_number": Draw("hazard", year), "close_year": year}
    return Result(values, lapsing(context.view, _letters(context)))


def pass_reinspection(context: Context) -> Result:
    return Result({"finding": context.params["finding"]})


def reopen_hazard(context: Context) -> Result:
    """It came back: the same people, the time that its grade gives, from today."""
    values = {"finding": context.params["finding"], "result": None, "accepted_on": None}
    return Result(values | _deadline(context, context.fields["grade"]))


def _deadline(context: Context, grade: str) -> dict[str, Any]:
    return given(context, Term(date.fromisoformat(context.today), DEADLINES[grade]))


OPERATIONS: dict[str, Operation] = {
    **TERM_OPERATIONS,
    **LETTER_OPERATIONS,
    **{
        operation.__name__: operation
        for operation in (
            accept_fix, grade_hazard, pass_reinspection, pause_hazard, regrade_hazard, reopen_hazard, resume_hazard,
            submit_fix,
        )
    },
}  # fmt: skip
