"""Who follows somebody who leaves: what was theirs in a case goes to a named successor, or to the next in line."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.commands import SUCCEED, Bearer, Result
from engine.context import Context
from engine.definitions import SAME, Action, Definition, Param
from engine.kinds import ADMINISTRATOR, SYSTEM_ROLE
from engine.permissions import hearers, own_holders

# In these scopes a role is held towards the case itself: whoever holds it is near enough to take the work over.
NEAR = ("assignment", "department")


def succession(definition: Definition) -> Action:
    """The engine's own action for every kind; besides the system an administrator or a recorder takes it."""
    return Action(
        name=SUCCEED,
        label={"zh": "离岗交接", "en": "Hand over on leaving"},
        sources=(),
        target=SAME,
        roles=(SYSTEM_ROLE, ADMINISTRATOR.name, *definition.recorders),
        params=(
            # Not of the type `person`: who has left already is not one that can be given anything.
            Param("leaver", "int", {"zh": "离岗人员", "en": "Who leaves"}),
            Param("last_day", "date", {"zh": "最后在岗日", "en": "Last day"}),
            Param("to", "person", {"zh": "接手人", "en": "Successor"}, required=False),
        ),
    )


def succeed(context: Context) -> Result:
    """Everything the leaver bears in this case ends with their last day and goes on with whoever follows.

    A role that nobody near can take stays empty: its messages fall to the next in line, who is asked to name one.
    """
    leaver, last_day = context.params["leaver"], context.params["last_day"]
    kept: list[Bearer] = []
    said: list[list[object]] = []
    for one in context.view.bearers(context.case):
        if one.person_id != leaver or (one.to_on is not None and one.to_on <= last_day):
            kept.append(one)
            continue
        if one.from_on <= last_day:
            kept.append(Bearer(one.role, leaver, None, one.from_on, last_day))
        if context.view.registry.roles[one.role].counts_as:
            continue  # only lent: whoever keeps it goes on alone
        follower = _follower(context, one.role)
        said.append([one.role, follower])
        if follower is not None and not _bears(kept, one.role, follower):
            kept.append(Bearer(one.role, follower, None, max(one.from_on, _next_day(last_day)), one.to_on))
    return Result({"bearers": tuple(kept)}, said={"leaver": leaver, "last_day": last_day, "followers": said})


def followers(context: Context, said: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Whom `succeed` made responsible, each with the role; where nobody follows, who hears that somebody should."""
    after = _next_day(said["last_day"])
    told: list[tuple[int, str]] = []
    for role, person_id in said["followers"]:
        asked = hearers(context.view, context.case, role, after) if person_id is None else ()
        told += [(person_id, role)] if person_id is not None else [(one.person_id, role) for one in asked]
    return told


def _follower(context: Context, role: str) -> int | None:
    """The successor named, the stand-in of these days, or the first holder of the next role in line."""
    if context.params["to"] is not None:
        return int(context.params["to"])
    view, leaver, last_day = context.view, context.params["leaver"], context.params["last_day"]
    stand_in = next((one for one in view.stand_ins(last_day) if one.for_id == leaver), None)
    if stand_in is not None and view.is_here(stand_in.person_id, _next_day(last_day)):
        return stand_in.person_id
    return _next_in_line(context, role)


def _next_in_line(context: Context, role: str) -> int | None:
    roles, after = context.view.registry.roles, _next_day(context.params["last_day"])
    name = roles[role].falls_to
    while name is not None and roles[name].scope in NEAR:
        found = own_holders(context.view, context.case, name, after)
        if free := [one.person_id for one in found if one.person_id != context.params["leaver"]]:
            return free[0]
        name = roles[name].falls_to
    return None


def _bears(bearers: list[Bearer], role: str, person_id: int) -> bool:
    return any(one.role == role and one.person_id == person_id and one.to_on is None for one in bearers)


def _next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
