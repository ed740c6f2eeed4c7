"""Keeping a problem out of the public notice: only on a ground, and only with the district's consent on record."""

from engine.commands import Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation

PUBLIC, INTERNAL = "public", "internal"
NOTHING_ASKED = {
    "withhold_ground": None,
    "withhold_reason": None,
    "withhold_by": None,
    "withhold_consented_on": None,
}


def withholding_is_asked(context: Context) -> Refusal | None:
    fields = context.fields
    if fields["withhold_ground"] is None:
        return Refusal("no_withholding_asked")
    return Refusal("withheld_already") if fields["withhold_consented_on"] else None


def is_not_withheld(context: Context) -> Refusal | None:
    return Refusal("withheld_already") if context.fields["withhold_consented_on"] else None


def is_withheld(context: Context) -> Refusal | None:
    return None if context.fields["withhold_ground"] else Refusal("no_withholding_asked")


def ask_withholding(context: Context) -> Result:
    params = context.params
    return Result(
        {
            "withhold_ground": params["ground"],
            "withhold_reason": params["reason"],
            "withhold_by": context.signer,
        }
    )


def consent_withholding(context: Context) -> Result:
    said = {"ground": context.fields["withhold_ground"], "reason": context.fields["withhold_reason"]}
    return Result({"withhold_consented_on": context.today, "publicity": INTERNAL}, said=said)


def publish_after_all(context: Context) -> Result:
    return Result(NOTHING_ASKED | {"publicity": PUBLIC}, said=context.params)


GUARDS: dict[str, Guard] = {one.__name__: one for one in (is_not_withheld, is_withheld, withholding_is_asked)}
OPERATIONS: dict[str, Operation] = {
    one.__name__: one for one in (ask_withholding, consent_withholding, publish_after_all)
}
