"""A reviewer's word on a hint of paper rectification: why it is none, said once and kept."""

from collections.abc import Mapping
from typing import Any

from engine.commands import Result
from engine.context import Context
from engine.kinds import Guard, Operation


def clear_signal(context: Context) -> Result:
    """The newest word on a signal counts."""
    params = context.params
    kept = [one for one in context.fields["signals_cleared"] or [] if one["signal"] != params["signal"]]
    one = {"signal": params["signal"], "word": params["word"], "by": context.signer, "on": context.today}
    return Result({"signals_cleared": [*kept, one]}, said=params)


def cleared(fields: Mapping[str, Any]) -> dict[str, str]:
    """The word by signal."""
    return {one["signal"]: one["word"] for one in fields["signals_cleared"] or []}


GUARDS: dict[str, Guard] = {}
OPERATIONS: dict[str, Operation] = {"clear_signal": clear_signal}
