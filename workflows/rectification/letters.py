"""Letters (提醒单, 督办单) and the instructions written on them: guards, operations and the words for them."""

from collections.abc import Mapping
from typing import Any

from engine.cases import CaseState
from engine.commands import OPEN, SYSTEM, Bearer, Draw, FollowUp, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from engine.term_steps import given, paused_refusal, renewed
from engine.terms import fixed, lasting_pause, parse_term
from engine.view import View

LETTER, INSTRUCTION = "letter", "instruction"
KINDS = (LETTER, INSTRUCTION)


def series_prefix(prefixes: Mapping[str, str], form: str) -> str:
    """The letters before a number: as the office has set them, else the form's own name without 单."""
    return prefixes.get(form) or form.removesuffix("单")


def letter_number(fields: Mapping[str, Any]) -> str:
    """A letter's number as it is printed: 青街督〔2026〕3号."""
    return f"{fields['prefix']}〔{fields['year']}〕{fields['number']}号"


def letter_name(fields: Mapping[str, Any]) -> str:
    """A letter as people speak of it: 督办单（青街督〔2026〕3号）."""
    return f"{fields['form']}（{letter_number(fields)}）"


def letters_of(view: View, problem: CaseState) -> list[CaseState]:
    """The letters about a problem in its present round, oldest first."""
    return view.children(problem, LETTER)


def instructions_on(view: View, letter: CaseState) -> list[CaseState]:
    return view.children(letter, INSTRUCTION)


def lapsing(view: View, problem: CaseState) -> tuple[FollowUp, ...]:
    """Ends what is still open of a problem's letters: nobody need answer for what is put right."""
    letters = letters_of(view, problem)
    instructions = [one for letter in letters for one in instructions_on(view, letter)]
    waiting = [one for one in (*instructions, *letters) if not _is_over(view, one)]
    return tuple(FollowUp(one.id, "lapse") for one in waiting)


def pausing(view: View, problem: CaseState, params: Mapping[str, Any]) -> tuple[FollowUp, ...]:
    """What is still owed an answer waits with its problem."""
    waiting = [one for one in _owed(view, problem) if parse_term(one.term) and not lasting_pause(one)]
    return tuple(FollowUp(one.id, "pause_with_problem", params) for one in waiting)


def resuming(view: View, problem: CaseState) -> tuple[FollowUp, ...]:
    """What was paused with the problem goes on with it."""
    return tuple(FollowUp(one.id, "resume_with_problem") for one in _owed(view, problem) if lasting_pause(one))


def _owed(view: View, problem: CaseState) -> list[CaseState]:
    letters = letters_of(view, problem)
    instructions = [one for letter in letters for one in instructions_on(view, letter)]
    return [one for one in (*letters, *instructions) if one.live]


def matter_is_open(context: Context) -> Refusal | None:
    """Once a problem is closed there is nothing left to answer for."""
    root = context.root
    return None if root.live and root.due_on else Refusal("not_in_work", {"state": root.state})


def matter_not_paused(context: Context) -> Refusal | None:
    """While its problem waits nobody asks for an answer; a ladder's step speaks for what does not wait."""
    return None if context.command.actor.startswith(SYSTEM) else paused_refusal(context.root)


def instructions_are_answered(context: Context) -> Refusal | None:
    open_now = [one for one in instructions_on(context.view, context.case) if one.live]
    return Refusal("instructions_open", {"n": len(open_now)}) if open_now else None


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
    return Result({"received_on": context.today, "received_by": _signer(context)})


def answer_letter(context: Context) -> Result:
    """Who answers has received it, whether or not anybody pressed so."""
    values = _answered(context)
    if context.fields["received_on"] is None:
        values |= {"received_on": context.today, "received_by": _signer(context)}
    return Result(values)


def answer_instruction(context: Context) -> Result:
    return Result(_answered(context))


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


def instruct(context: Context) -> Result:
    """What a leader writes becomes a task of its own."""
    return Result(follow_ups=(FollowUp(context.case.id, OPEN, context.params, INSTRUCTION),), said=context.params)


def give_instruction(context: Context) -> Result:
    officer = Bearer("officer", context.params["officer"], None, context.today)
    values = {
        "given_by": _signer(context),
        "given_on": context.today,
        **given(context, fixed(context.params["due_on"], context.today)),
        "bearers": (officer,),
    }
    return Result(values, said={"officer": context.params["officer"]})


def _answered(context: Context) -> dict[str, Any]:
    return {
        "answer": context.params["answer"],
        "answered_on": context.today,
        "answered_by": _signer(context),
    }


def _signer(context: Context) -> int | None:
    """The person who answers for it; None for the system."""
    return None if context.signer.startswith(SYSTEM) else int(context.signer)


def _is_over(view: View, case: CaseState) -> bool:
    return view.definition(case).states[case.state].resting


GUARDS: dict[str, Guard] = {
    one.__name__: one for one in (instructions_are_answered, matter_is_open, matter_not_paused)
}
OPERATIONS: dict[str, Operation] = {
    one.__name__: one
    for one in (
        answer_instruction, answer_letter, close_letter, give_instruction, instruct, issue_letter, receive_letter,
        return_letter,
    )
}  # fmt: skip
