"""What cannot work in a definition, though each of its tables can be read: said before the first case meets it."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from engine.cases import BEARERS, COLUMNS, SIGNATURES
from engine.commands import ALERT, MIGRATE, OPEN, SUCCEED, VOID
from engine.definitions import BACK, SAME, Action, Definition, Known, Param, State

# Names that history entries use for what every case has.
TAKEN = frozenset({*COLUMNS, BEARERS, SIGNATURES})
# The door does these itself, and would never look for an action of such a name.
RESERVED = frozenset({OPEN, ALERT, VOID, MIGRATE, SUCCEED})
NAME = re.compile(r"[a-z][a-z0-9_]*")
SYSTEM = "system"

# (path, what is wrong, what mends it)
Found = Iterable[tuple[str, str, str]]


def check(definition: Definition, known: Known) -> Found:
    """Every fault of a definition against the words that its family knows, and in itself."""
    places = list(_check_places(definition))
    return chain(
        _check_names(definition),
        _check_actions(definition, known),
        _check_states(definition, known),
        _check_roles(definition, known),
        places,
        # Where a place is misspelt, states are cut off only because of it.
        () if places else _check_graph(definition),
        _check_automatic(definition),
        _check_params(definition),
        _check_sign_off(definition),
    )


def numbered(definition: Definition) -> list[tuple[str, Action]]:
    """The opening and the actions with their paths."""
    listed = [(f"actions[{number}]", action) for number, action in enumerate(definition.actions.values())]
    return [("open", definition.opening), *listed]


def _states(definition: Definition) -> Iterator[tuple[str, State]]:
    for number, state in enumerate(definition.states.values()):
        yield f"states[{number}]", state


def _check_names(definition: Definition) -> Found:
    """Names are stored for ever, in rows, histories and addresses."""
    named = {
        "kind": definition.kind,
        **{f"{path}.name": state.name for path, state in _states(definition)},
        **{f"{path}.name": action.name for path, action in numbered(definition)},
        **{f"fields[{number}].name": name for number, name in enumerate(definition.fields)},
        **{f"sign_off[{number}].name": step.name for number, step in enumerate(definition.sign_off)},
    }
    for path, name in named.items():
        if not NAME.fullmatch(name):
            yield path, f"{name!r} is no name", "small letters, digits and _, beginning with a letter"
    yield from _no_field(definition, "wakes_on", definition.wakes_on, "date")
    yield from _no_field(definition, "absorbs", definition.absorbs, "cases")
    for number, name in enumerate(definition.fields):
        if name in TAKEN:
            yield f"fields[{number}].name", f"{name!r} is a column of every case", "choose another name"


def _no_field(definition: Definition, key: str, name: str | None, wanted: str) -> Found:
    if name and (name not in definition.fields or definition.fields[name].type != wanted):
        yield key, f"{name!r} is no {wanted} field", f"name a declared field of type {wanted}"


def _check_actions(definition: Definition, known: Known) -> Found:
    for path, action in numbered(definition):
        yield from _unknown(f"{path}.roles", action.roles, known.roles, "role")
        yield from _unknown(f"{path}.guards", action.guards, known.guards, "guard")
        if action.operation and action.operation not in known.operations:
            yield f"{path}.operation", f"unknown operation {action.operation!r}", _one_of(known.operations)
        if action.name in RESERVED and action is not definition.opening:
            yield f"{path}.name", f"{action.name!r} belongs to the engine", "choose another name"
        optional = frozenset(param.name for param in action.params if not param.required)
        yield from _unknown(f"{path}.either", action.either, optional, "optional parameter")
        if not action.roles:
            yield path, f"nobody may take {action.name!r}", "name its roles, or `system`"
        if action.paper and not definition.recorders:
            yield (
                f"{path}.paper",
                f"nobody may record {action.name!r} for its signer",
                "name the kind's `recorders`",
            )


def _check_states(definition: Definition, known: Known) -> Found:
    for path, state in _states(definition):
        yield from _unknown(f"{path}.held_by", state.held_by, known.roles, "role")
        yield from _unknown(f"{path}.quiet_for", state.quiet_for, known.roles, "role")
        if not state.held_by and state.live:
            yield f"{path}.held_by", f"nobody holds {state.name!r}", "name who must act there"
        for number, role in enumerate(state.quiet_for):
            if role in known.roles and role not in definition.alert_roles:
                yield f"{path}.quiet_for[{number}]", f"{role!r} hears no deadline anyway", "see `alert_roles`"


def _check_roles(definition: Definition, known: Known) -> Found:
    for number, step in enumerate(definition.sign_off):
        if step.role not in known.roles:
            yield f"sign_off[{number}].role", f"unknown role {step.role!r}", _one_of(known.roles)
        yield from _unknown(f"sign_off[{number}].alternates", step.alternates, known.roles, "role")
        yield from _unknown(f"sign_off[{number}].deciders", step.deciders, known.roles, "role")
    yield from _unknown("alert_roles", definition.alert_roles, known.roles, "role")
    yield from _unknown("recorders", definition.recorders, known.roles, "role")
    yield from _unknown("seen_by", definition.seen_by, known.roles, "role")


def _check_places(definition: Definition) -> Found:
    states = frozenset(definition.states)
    if not states:
        yield "states", "there are none", "add [[states]]"
    elif definition.initial not in states:
        yield "initial", f"no state {definition.initial!r}", _one_of(states)
    for path, action in numbered(definition)[1:]:
        yield from _unknown(f"{path}.from", action.sources, states, "state")
        if action.target not in (SAME, BACK, *states):
            yield f"{path}.to", f"unknown state {action.target!r}", _one_of(states)
        if not action.sources:
            yield f"{path}.from", f"{action.name!r} starts nowhere", "name the states it leaves"


def _check_graph(definition: Definition) -> Found:
    reached = _reachable(definition)
    for path, state in _states(definition):
        if state.name not in reached:
            yield path, f"{state.name!r} is unreachable", "lead an action to it, or remove it"
        if not state.resting and not _ways_out(definition, state.name):
            yield path, f"{state.name!r} is a trap: no way out", "add an action, or say `resting = true`"


def _ways_out(definition: Definition, name: str) -> set[str]:
    moves = (action for action in definition.actions.values() if name in action.sources)
    return {action.target for action in moves} - {SAME, name}


def _reachable(definition: Definition) -> set[str]:
    reached: set[str] = set()
    waiting = [definition.initial]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(_ways_out(definition, name))
    return reached


def _check_automatic(definition: Definition) -> Found:
    """An automatic action is tried after every step: nobody presses it, nobody fills anything in."""
    for path, action in numbered(definition):
        if not action.auto:
            continue
        if action.roles and action.roles != (SYSTEM,):
            yield f"{path}.roles", f"{action.name!r} moves by itself", f'write roles = ["{SYSTEM}"]'
        if any(param.required for param in action.params):
            yield f"{path}.params", f"nobody fills in {action.name!r}", "remove its parameters"
        if not action.guards and action.target in (SAME, *action.sources):
            yield f"{path}.guards", f"{action.name!r} would follow itself for ever", "name a guard that ends it"


def _check_params(definition: Definition) -> Found:
    for path, action in numbered(definition):
        for number, param in enumerate(action.params):
            yield from _check_param(f"{path}.params[{number}]", param)


def _check_param(path: str, param: Param) -> Found:
    if not NAME.fullmatch(param.name):
        yield f"{path}.name", f"{param.name!r} is no name", "small letters, digits and _, beginning with a letter"
    if param.choices and param.type != "text":
        yield f"{path}.choices", f"only a text has choices, not a {param.type}", "remove `choices` or `type`"


def _check_sign_off(definition: Definition) -> Found:
    if definition.sign_off and "submission" not in definition.fields:
        yield "sign_off", "a sign-off counts its submissions", 'declare a field "submission" of type int'
    if definition.sign_off and not any(state.signing for state in definition.states.values()):
        yield "sign_off", "there is no state in which it happens", "say `signing = true` in one"
    for path, state in _states(definition):
        if state.signing and not definition.sign_off:
            yield f"{path}.signing", "there is no sign-off", "add [[sign_off]]"


def _unknown(path: str, words: Iterable[str], known: frozenset[str], what: str) -> Found:
    for number, word in enumerate(words):
        if word not in known:
            yield f"{path}[{number}]", f"unknown {what} {word!r}", _one_of(known)


def _one_of(known: frozenset[str]) -> str:
    return f"one of: {', '.join(sorted(known))}"
