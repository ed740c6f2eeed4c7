"""Notices of what was put right: kept as they were made, then recorded as published or thrown away."""

from engine.commands import Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation


def published_not_in_future(context: Context) -> Refusal | None:
    given = context.params["published_on"]
    return Refusal("published_in_future") if given and given > context.today else None


def make_notice(context: Context) -> Result:
    return Result({"made_on": context.today})


def publish_notice(context: Context) -> Result:
    return Result({"published_on": context.params["published_on"], "number": context.params["number"]})


GUARDS: dict[str, Guard] = {"published_not_in_future": published_not_in_future}
OPERATIONS: dict[str, Operation] = {one.__name__: one for one in (make_notice, publish_notice)}
