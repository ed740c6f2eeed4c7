"""Letters (提醒单, 督办单) and the instructions written on them: guards, operations and the words for them."""

from engine.cases import CaseState
from engine.commands import OPEN, SYSTEM, Bearer, FollowUp, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from engine.term_steps import given
from engine.terms import fixed
from engine.view import View
from workflows.letters import GUARDS as LETTER_GUARDS
from workflows.letters import OPERATIONS as LETTER_OPERATIONS
from workflows.letters import answered, signed_by

LETTER, INSTRUCTION = "letter", "instruction"
KINDS = (LETTER, INSTRUCTION)


def letters_of(view: View, problem: CaseState) -> list[CaseState]:
    """The letters about a problem in its present round, oldest first."""
    return view.children(problem, LETTER)


def instructions_on(view: View, letter: CaseState) -> list[CaseState]:
    return view.children(letter, INSTRUCTION)


def letters_and_instructions(view: View, problem: CaseState) -> list[CaseState]:
    letters = letters_of(view, problem)
    return [*(one for letter in letters for one in instructions_on(view, letter)), *letters]


def matter_is_open(context: Context) -> Refusal | None:
    """Once a problem is closed there is nothing left to answer for; before it has a deadline only what a measure of
    it owes, of which a ladder's step speaks."""
    root = context.root
    owed = root.due_on or context.command.actor.startswith(SYSTEM)
    return None if root.live and owed else Refusal("not_in_work", {"state": root.state})


def instructions_are_answered(context: Context) -> Refusal | None:
    open_now = [one for one in instructions_on(context.view, context.case) if one.live]
    return Refusal("instructions_open", {"n": len(open_now)}) if open_now else None


def instruct(context: Context) -> Result:
    """What a leader writes becomes a task of its own."""
    return Result(follow_ups=(FollowUp(context.case.id, OPEN, context.params, INSTRUCTION),), said=context.params)


def answer_instruction(context: Context) -> Result:
    return Result(answered(context))


def give_instruction(context: Context) -> Result:
    officer = Bearer("officer", context.params["officer"], None, context.today)
    values = {
        "given_by": signed_by(context),
        "given_on": context.today,
        **given(context, fixed(context.params["due_on"], context.today)),
        "bearers": (officer,),
    }
    return Result(values, said={"officer": context.params["officer"]})


GUARDS: dict[str, Guard] = {
    **LETTER_GUARDS,
    **{one.__name__: one for one in (instructions_are_answered, matter_is_open)},
}
OPERATIONS: dict[str, Operation] = {
    **LETTER_OPERATIONS,
    **{one.__name__: one for one in (answer_instruction, give_instruction, instruct)},
}
