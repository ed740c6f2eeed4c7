"""Why a step of a hazard's life is not possible: each guard answers None, or a word with its parameters."""

from engine.commands import Refusal
from engine.context import Context
from engine.kinds import Guard
from engine.term_steps import GUARDS as TERM_GUARDS
from workflows.letters import GUARDS as LETTER_GUARDS
from workflows.safety_hazard.operations import GENERAL, MAJOR


def hazard_is_general(context: Context) -> Refusal | None:
    return None if context.fields["grade"] == GENERAL else Refusal("hazard_is_major")


def hazard_is_major(context: Context) -> Refusal | None:
    return None if context.fields["grade"] == MAJOR else Refusal("hazard_is_general")


def hazard_takes_letters(context: Context) -> Refusal | None:
    """Before it is graded nobody is responsible, and once it is closed there is nothing left to answer for."""
    state = context.root.state
    return None if state in ("fixing", "accepting") else Refusal("hazard_not_in_work", {"state": state})


def hazard_grade_differs(context: Context) -> Refusal | None:
    grade = context.params.get("grade")
    return Refusal("same_grade", {"grade": grade}) if grade == context.fields["grade"] else None


def hazard_not_own_fix(context: Context) -> Refusal | None:
    """Who did the work neither accepts nor re-inspects it."""
    own = context.signer in context.view.workers(context.root)
    return Refusal("own_fix") if own else None


GUARDS: dict[str, Guard] = {
    **TERM_GUARDS,
    **LETTER_GUARDS,
    **{
        guard.__name__: guard
        for guard in (
            hazard_grade_differs, hazard_is_general, hazard_is_major, hazard_not_own_fix, hazard_takes_letters,
        )
    },
}  # fmt: skip
