"""Why a step of a hazard's life is not possible: each guard answers None, or a word with its parameters."""

from engine.commands import Refusal
from engine.context import Context
from engine.kinds import Guard
from engine.term_steps import GUARDS as TERM_GUARDS
from workflows.safety_hazard.operations import GENERAL, MAJOR


def hazard_is_general(context: Context) -> Refusal | None:
    return None if context.fields["grade"] == GENERAL else Refusal("hazard_is_major")


def hazard_is_major(context: Context) -> Refusal | None:
    return None if context.fields["grade"] == MAJOR else Refusal("hazard_is_general")


def hazard_grade_differs(context: Context) -> Refusal | None:
    grade = context.params.get("grade")
    return Refusal("same_grade", {"grade": grade}) if grade == context.fields["grade"] else None


def hazard_not_own_fix(context: Context) -> Refusal | None:
    """Who did the work neither accepts nor re-inspects it."""
    own = context.signer in context.view.workers(context.root)
    return Refusal("own_fix") if own else None


GUARDS: dict[str, Guard] = {
    **TERM_GUARDS,
    **{
        guard.__name__: guard
        for guard in (hazard_grade_differs, hazard_is_general, hazard_is_major, hazard_not_own_fix)
    },
}
