"""A lead that was handed on: three months to be dealt with, and nothing on record but its number and its body."""

from datetime import date

from engine.commands import Bearer, Refusal, Result
from engine.context import Context
from engine.deadlines import add_months
from engine.kinds import Guard, Operation
from engine.term_steps import given
from engine.terms import fixed

MONTHS = 3
# A number or the name of an office is short; what is longer would be content.
LONGEST = 30


def lead_is_bare(context: Context) -> Refusal | None:
    texts = (context.params["number"], context.params["handling_body"])
    too_long = any(len(one or "") > LONGEST for one in texts)
    return Refusal("lead_too_long", {"longest": LONGEST}) if too_long else None


def open_lead(context: Context) -> Result:
    transferred = date.fromisoformat(context.params["transferred_on"])
    officer = Bearer("officer", int(context.signer), None, context.today)
    due_on = add_months(transferred, MONTHS).isoformat()
    term = given(context, fixed(due_on, context.today))
    return Result({**term, "started_on": context.params["transferred_on"], "bearers": (officer,)})


def complete_lead(context: Context) -> Result:
    return Result({"done_on": context.params["done_on"]})


def reopen_lead(_context: Context) -> Result:
    return Result({"done_on": None})


GUARDS: dict[str, Guard] = {"lead_is_bare": lead_is_bare}
OPERATIONS: dict[str, Operation] = {one.__name__: one for one in (complete_lead, open_lead, reopen_lead)}
