"""What letters are in every family: numbered without gaps, received, answered in writing, returned, closed."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.cases import CaseState
from engine.commands import SYSTEM, Draw, FollowUp, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from engine.term_steps import given, paused_refusal, renewed
from engine.terms import fixed, lasting_pause, parse_term
from engine.view import View


def series_prefix(prefixes: Mapping[str, str], form: str) -> str:
    """The letters before a number: as the office has set them, else the form's own name without 单."""
    return prefixes.get(form) or form.removesuffix("单")


def letter_number(fields: Mapping[str, Any]) -> str:
    """A letter's number as it is printed: 青街督〔2026〕3号."""
    return f"{fields['prefix']}〔{fields['year']}〕{fields['number']}号"


def letter_name(fields: Mapping[str, Any]) -> str:
    """A letter as people speak of it: 督办单（青街督〔2026〕3号）."""
    return f"{fields['form']}（{letter_number(fields)}）"


def lapsing(view: View, letters: Iterable[CaseState]) -> tuple[FollowUp, ...]:
    """Ends what is still open: nobody need answer for what is put right."""
    return tuple(FollowUp(one.id, "lapse") for one in letters if not _is_over(view, one))


def pausing(letters: Iterable[CaseState], params: Mapping[str, Any]) -> tuple[FollowUp, ...]:
    """What is still owed an answer waits with its matter."""
    waiting = [one for one in letters if one.live and parse_term(one.term) and not lasting_pause(one)]
    return tuple(FollowUp(one.id, "pause_with_problem", params) for one in waiting)


def resuming(letters: Iterable[CaseState]) -> tuple[FollowUp, ...]:
    """What was paused with its matter goes on with it."""
    return tuple(FollowUp(one.id, "resume_with_problem") for one in letters if one.live and lasting_pause(one))


def _is_over(view: View, case: CaseState) -> bool:
    return view.definition(case).states[case.state].resting


def matter_not_paused(context: Context) -> Refusal | None:
    """While its matter waits nobody asks for an answer; a ladder's step speaks for what does not wait."""
    return None if context.command.actor.startswith(SYSTEM) else paused_refusal(context.root)


def issue_letter(context: Context) -> Result:
    """Numbered without gaps per organisation, form and year; the prefix is kept as it was on the day."""
    form, year = context.params["form"], int(context.today[:4])
    prefixes = context.view.body(context.case.organization_id).settings.number_prefixes
    values = {
        "prefix": series_prefix(prefixes, form),
        "year": year,
        "number": Draw(form, year),
        "issued_on": context.today,
        **given(context, fixed(context.params["due_on"], context.today)),
    }
    return Result(values)


def receive_letter(context: Context) -> Result:
    return Result({"received_on": context.today, "received_by": signed_by(context)})


def answer_letter(context: Context) -> Result:
    """Who answers has received it, whether or not anybody pressed so."""
    values = answered(context)
    if context.fields["received_on"] is None:
        values |= {"received_on": context.today, "received_by": signed_by(context)}
    return Result(values)


def return_letter(context: Context) -> Result:
    """Asked again, with a new date: the old one would climb at once. Ladders that wait for it look again."""
    values = {
        "answered_on": None,
        "answered_by": None,
        **renewed(context, fixed(context.params["due_on"], context.today)),
    }
    return Result(values, said=context.params, wakes=True)


def close_letter(context: Context) -> Result:
    return Result({"closed_on": context.today})


def answered(context: Context) -> dict[str, Any]:
    """The values of an answer: its text, its day, and who answers for it."""
    return {
        "answer": context.params["answer"],
        "answered_on": context.today,
        "answered_by": signed_by(context),
    }


def signed_by(context: Context) -> int | None:
    """The person who answers for it; None for the system."""
    return None if context.signer.startswith(SYSTEM) else int(context.signer)


GUARDS: dict[str, Guard] = {matter_not_paused.__name__: matter_not_paused}
OPERATIONS: dict[str, Operation] = {
    one.__name__: one for one in (answer_letter, close_letter, issue_letter, receive_letter, return_letter)
}
