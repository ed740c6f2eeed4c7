"""What cannot work in a definition, though each of its tables can be read: said before the first case meets it."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from engine.asks import Asks
from engine.cases import BEARERS, COLUMNS, SIGNATURES
from engine.commands import ALERT, MIGRATE, OPEN, SUCCEED, VOID
from engine.definitions import BACK, FIELD_TYPES, SAME, Action, Definition, Known, Param, SignStep, State

# Names that history entries use for what every case has.
TAKEN = frozenset({*COLUMNS, BEARERS, SIGNATURES})
# The door does these itself, and would never look for an action of such a name.
RESERVED = frozenset({OPEN, ALERT, VOID, MIGRATE, SUCCEED})
NAME = re.compile(r"[a-z][a-z0-9_]*")
SYSTEM = "system"
OTHER_THAN_A_NUMBER = frozenset(FIELD_TYPES) - {"int"}

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
        _check_parts(definition),
        _check_params(definition, known),
        _check_sign_off(definition),
    )


def numbered(definition: Definition) -> list[tuple[str, Action]]:
    """The opening and the actions with their paths."""
    listed = [(f"actions[{number}]", action) for number, action in enumerate(definition.actions.values())]
    return [("open", definition.opening), *listed]


def _states(definition: Definition) -> Iterator[tuple[str, State]]:
    for number, state in enumerate(definition.states.values()):
        yield f"states[{number}]", state


def _sign_steps(definition: Definition) -> Iterator[tuple[str, SignStep]]:
    """The steps with the path of their table: one of several roles makes as many steps."""
    tables = list(dict.fromkeys(step.group for step in definition.sign_off))
    for step in definition.sign_off:
        yield f"sign_off[{tables.index(step.group)}]", step


def _check_names(definition: Definition) -> Found:
    """Names are stored for ever, in rows, histories and addresses."""
    named = {
        "kind": definition.kind,
        **{f"{path}.name": state.name for path, state in _states(definition)},
        **{f"{path}.name": action.name for path, action in numbered(definition)},
        **{f"fields[{number}].name": name for number, name in enumerate(definition.fields)},
        **{f"{path}.name": step.name for path, step in _sign_steps(definition)},
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
        yield from _unknown(f"{path}.held_by", state.held_by, known.roles - {SYSTEM}, "role")
        yield from _unknown(f"{path}.quiet_for", state.quiet_for, known.roles, "role")
        if not state.held_by and state.live:
            yield f"{path}.held_by", f"nobody holds {state.name!r}", "name who must act there"
        for number, role in enumerate(state.quiet_for):
            if role in known.roles and role not in definition.alert_roles:
                yield f"{path}.quiet_for[{number}]", f"{role!r} hears no deadline anyway", "see `alert_roles`"


def _check_roles(definition: Definition, known: Known) -> Found:
    """Who is told, who signs and who looks is somebody: the system is none of them."""
    people = known.roles - {SYSTEM}
    for path, step in _sign_steps(definition):
        if step.role not in people:
            yield f"{path}.role", f"unknown role {step.role!r}", _one_of(people)
        yield from _unknown(f"{path}.alternates", step.alternates, people, "role")
        yield from _unknown(f"{path}.deciders", step.deciders, people, "role")
    yield from _unknown("alert_roles", definition.alert_roles, people, "role")
    yield from _unknown("recorders", definition.recorders, people, "role")
    yield from _unknown("seen_by", definition.seen_by, people, "role")


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
        elif ring := _ring(definition, action):
            told = f"{action.name!r} would come back to where it began, through {', '.join(ring)}"
            yield f"{path}.guards", f"{told}, for ever", "name guards that exclude each other"


def _ring(definition: Definition, first: Action) -> tuple[str, ...]:
    """The automatic actions that lead back to where one began, and ask for nothing that it did not ask for."""
    asked = set(first.guards)
    free = [one for one in definition.auto_actions if asked.issuperset(one.guards) and one is not first]
    waiting: list[tuple[str, ...]] = [()]
    seen: set[str] = set()
    while waiting:
        taken = waiting.pop()
        place = definition.actions[taken[-1]].target if taken else first.target
        if taken and place in first.sources:
            return taken
        onward = [one for one in free if place in one.sources and one.name not in seen]
        seen.update(one.name for one in onward)
        waiting += [(*taken, one.name) for one in onward]
    return ()


def _check_parts(definition: Definition) -> Found:
    """What the door does for roots alone would silently never come in a kind that is always a part."""
    if not definition.parents or "" in definition.parents:
        return
    if set(definition.parents) == {definition.kind}:
        yield "parents", f"{definition.kind!r} is a part of itself alone", "name a kind that stands by itself"
    for path, action in numbered(definition):
        for key in ("auto", "next_round"):
            if getattr(action, key):
                yield f"{path}.{key}", "a part does not move by itself", "leave it to the kind it is a part of"
    for key in ("wakes_on", "sign_off", "letter", "absorbs"):
        if getattr(definition, key):
            yield key, "a part has none of its own", "leave it to the kind it is a part of"


def _check_params(definition: Definition, known: Known) -> Found:
    for path, action in numbered(definition):
        for number, param in enumerate(action.params):
            yield from _check_param(f"{path}.params[{number}]", param)
        yield from _check_asked(path, action, definition, known)
    names = frozenset(param.name for param in definition.opening.params)
    yield from _no_place("open", definition.opening, definition, names)


def _check_asked(path: str, action: Action, definition: Definition, known: Known) -> Found:
    """What guards and the operation read must be asked for: else it is missed only by who presses the button."""
    given = {param.name for param in action.params}
    steps = [(f"{path}.guards[{number}]", name) for number, name in enumerate(action.guards)]
    steps += [(f"{path}.operation", action.operation)] if action.operation else []
    for place, name in steps:
        asks = known.asks.get(name, Asks())
        for lacking in sorted(asks.params - given):
            yield place, f"{name!r} reads the parameter {lacking!r}, which is not asked for", "add it to `params`"
        for lacking in sorted(asks.fields - definition.fields.keys()):
            yield place, f"{name!r} reads the field {lacking!r}, which is not declared", "add it to `fields`"
    if action.operation and (asks := known.asks.get(action.operation, Asks())).fills_fields:
        yield from _no_place(path, action, definition, asks.spares)


def _no_place(path: str, action: Action, definition: Definition, spared: frozenset[str] = frozenset()) -> Found:
    """What goes into the field of its name must have one of its type."""
    for number, param in enumerate(action.params):
        field = definition.fields.get(param.name)
        if field is None and param.name not in spared:
            what = f"{action.operation!r} has no field {param.name!r} to put it into"
            yield f"{path}.params[{number}].name", what, "add it to `fields`"
        elif field is not None and field.type != param.type:
            what = f"{param.name!r} is a {param.type} here and a {field.type} as a field"
            yield f"{path}.params[{number}].type", what, f'write type = "{field.type}"'


def _check_param(path: str, param: Param) -> Found:
    if not NAME.fullmatch(param.name):
        yield f"{path}.name", f"{param.name!r} is no name", "small letters, digits and _, beginning with a letter"
    if param.choices and param.type != "text":
        yield f"{path}.choices", f"only a text has choices, not a {param.type}", "remove `choices` or `type`"
    if param.of and param.type not in ("case", "cases"):
        yield f"{path}.of", f"only a case is of a kind, not a {param.type}", 'write type = "case" or "cases"'


def _check_sign_off(definition: Definition) -> Found:
    submission = definition.fields.get("submission")
    if definition.sign_off and (submission is None or submission.type in OTHER_THAN_A_NUMBER):
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
