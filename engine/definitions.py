"""Workflows as data: reads a definition from TOML, and names every fault before the first case can meet it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from engine.cases import BEARERS, COLUMNS, SIGNATURES
from engine.commands import ALERT, MIGRATE, OPEN, VOID
from engine.faults import FaultsError, Reader

SAME = "="
# Where an action leads to the state that the case was in before its present one.
BACK = "<"
FIELD_TYPES = (
    "text", "date", "int", "bool", "person", "department", "case", "people", "departments", "cases", "list",
)  # fmt: skip
# Names that history entries use for what every case has.
TAKEN = frozenset({*COLUMNS, BEARERS, SIGNATURES})
# The door does these itself, and would never look for an action of such a name.
RESERVED = frozenset({OPEN, ALERT, VOID, MIGRATE})
Label = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field of a kind. `signed` ones are what a signature is bound to."""

    name: str
    type: str
    label: Label
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Param:
    """What an action asks for; `choices` limit a text, a `long` one has paragraphs, `help` tells how to fill it."""

    name: str
    type: str
    label: Label
    required: bool = True
    choices: tuple[str, ...] = ()
    long: bool = False
    help: Label | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A place in a life. Resting places may be left again; `signing` is where the sign-off happens.

    `quiet_for` are the roles whom the deadline no longer concerns here: they have done their part.
    """

    name: str
    label: Label
    held_by: tuple[str, ...]
    live: bool = True
    resting: bool = False
    signing: bool = False
    quiet_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """A step somebody may take. `work` marks what bars its doer from signing; `paper` may be recorded for
    another with a scan; `auto` ones are tried by the door itself; `next_round` begins a new round.
    Of the parameters named in `either` exactly one is to be given."""

    name: str
    label: Label
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    guards: tuple[str, ...] = ()
    operation: str | None = None
    params: tuple[Param, ...] = ()
    work: bool = False
    paper: bool = False
    auto: bool = False
    next_round: bool = False
    either: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignStep:
    """One signature of the sign-off: the role, and who stands in when all of that role are recused."""

    name: str
    label: Label
    role: str
    alternates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """One edition of a kind's state machine, checked. `hash` is of its text.

    `wakes_on` names a date field: on that local day the automatic actions are tried, though nobody does anything.
    `seen_by` are the roles that may look at its cases; empty: everybody of the organisation and those above.
    """

    kind: str
    label: Label
    initial: str
    table: str | None
    parents: tuple[str, ...]
    alert_roles: tuple[str, ...]
    recorders: tuple[str, ...]
    wakes_on: str | None
    states: Mapping[str, State]
    opening: Action
    actions: Mapping[str, Action]
    fields: Mapping[str, Field]
    sign_off: tuple[SignStep, ...] = ()
    seen_by: tuple[str, ...] = ()
    auto_actions: tuple[Action, ...] = field(default=())
    signed_fields: tuple[str, ...] = field(default=())

    def action(self, name: str) -> Action | None:
        return self.opening if name == OPEN else self.actions.get(name)


@dataclass(frozen=True, slots=True)
class Known:
    """The words a definition may use: what the family's code and its role file offer."""

    roles: frozenset[str]
    guards: frozenset[str]
    operations: frozenset[str]


def parse(text: str, where: str, known: Known) -> Definition:
    """A definition from its TOML text.

    Raises FaultsError listing every fault with `where` (the file), its path, the line of its table and a remedy.
    """
    reader = Reader.of(text, where)
    definition = _read(reader)
    if not reader.faults:
        for fault in _check(definition, known):
            reader.fault(*fault)
    if reader.faults:
        raise FaultsError(reader.faults)
    return definition


def _read(top: Reader) -> Definition:
    states = _index(top, "states", [_state(row) for row in top.tables("states")])
    actions = _index(top, "actions", [_action(row) for row in top.tables("actions")])
    fields = _index(top, "fields", [_field(row) for row in top.tables("fields")])
    steps = tuple(_index(top, "sign_off", [_step(row) for row in top.tables("sign_off")]).values())
    opening = _opening(top)
    definition = Definition(
        kind=top.text("kind"),
        label=top.label("label"),
        initial=top.text("initial"),
        table=top.maybe_text("table"),
        parents=top.words("parents"),
        alert_roles=top.words("alert_roles"),
        recorders=top.words("recorders"),
        wakes_on=top.maybe_text("wakes_on"),
        states=states,
        opening=opening,
        actions=actions,
        fields=fields,
        sign_off=steps,
        seen_by=top.words("seen_by"),
        auto_actions=tuple(action for action in actions.values() if action.auto),
        signed_fields=tuple(name for name, one in fields.items() if one.signed),
    )
    top.done()
    return definition


Named = TypeVar("Named", State, Action, Field, Param, SignStep)


def _index(top: Reader, key: str, found: list[Named]) -> dict[str, Named]:
    """By name; a second one of the same name is a fault, because it would silently replace the first."""
    index: dict[str, Named] = {}
    place = f"{top.path}.{key}" if top.path else key
    for number, one in enumerate(found):
        if one.name in index:
            top.fault(f"{place}[{number}].name", f"{one.name!r} stands twice", "give each its own name")
        index[one.name] = one
    return index


def _state(row: Reader) -> State:
    state = State(
        name=row.text("name"),
        label=row.label("label"),
        held_by=row.words("held_by"),
        live=row.flag("live", default=True),
        resting=row.flag("resting"),
        signing=row.flag("signing"),
        quiet_for=row.words("quiet_for"),
    )
    row.done()
    return state


def _action(row: Reader) -> Action:
    action = Action(
        name=row.text("name"),
        label=row.label("label"),
        sources=row.words("from"),
        target=row.text("to"),
        roles=row.words("roles"),
        guards=row.words("guards"),
        operation=row.maybe_text("operation"),
        params=_params(row),
        work=row.flag("work"),
        paper=row.flag("paper"),
        auto=row.flag("auto"),
        next_round=row.flag("next_round"),
        either=row.words("either"),
    )
    row.done()
    return action


def _opening(top: Reader) -> Action:
    row = top.table("open")
    action = Action(
        name=OPEN,
        label=row.label("label"),
        sources=(),
        target=top.text("initial"),
        roles=row.words("roles"),
        guards=row.words("guards"),
        operation=row.maybe_text("operation"),
        params=_params(row),
        work=row.flag("work"),
        either=row.words("either"),
    )
    row.done()
    return action


def _params(row: Reader) -> tuple[Param, ...]:
    return tuple(_index(row, "params", [_param(one) for one in row.tables("params")]).values())


def _param(row: Reader) -> Param:
    param = Param(
        name=row.text("name"),
        type=row.choice("type", FIELD_TYPES, default="text"),
        label=row.label("label"),
        required=row.flag("required", default=True),
        choices=row.words("choices"),
        long=row.flag("long"),
        help=row.maybe_label("help"),
    )
    row.done()
    return param


def _field(row: Reader) -> Field:
    one = Field(
        name=row.text("name"),
        type=row.choice("type", FIELD_TYPES, default="text"),
        label=row.label("label"),
        signed=row.flag("signed"),
    )
    row.done()
    return one


def _step(row: Reader) -> SignStep:
    step = SignStep(
        name=row.text("name"),
        label=row.label("label"),
        role=row.text("role"),
        alternates=row.words("alternates"),
    )
    row.done()
    return step


Found = Iterable[tuple[str, str, str]]


def _check(definition: Definition, known: Known) -> Found:
    yield from _check_words(definition, known)
    yield from _check_places(definition)
    yield from _check_graph(definition)
    yield from _check_fields(definition)


def _check_words(definition: Definition, known: Known) -> Found:
    for path, action in _numbered(definition):
        yield from _unknown(f"{path}.roles", action.roles, known.roles, "role")
        yield from _unknown(f"{path}.guards", action.guards, known.guards, "guard")
        operation = (action.operation,) if action.operation else ()
        yield from _unknown(f"{path}.operation", operation, known.operations, "operation")
        if action.name in RESERVED and action is not definition.opening:
            yield f"{path}.name", f"{action.name!r} belongs to the engine", "choose another name"
        optional = frozenset(param.name for param in action.params if not param.required)
        yield from _unknown(f"{path}.either", action.either, optional, "optional parameter")
        if not action.roles:
            yield path, f"nobody may take {action.name!r}", "name its roles, or `system`"
    for number, state in enumerate(definition.states.values()):
        yield from _unknown(f"states[{number}].held_by", state.held_by, known.roles, "role")
        yield from _unknown(f"states[{number}].quiet_for", state.quiet_for, known.roles, "role")
        if not state.held_by and state.live:
            yield f"states[{number}].held_by", f"nobody holds {state.name!r}", "name who must act there"
    for number, step in enumerate(definition.sign_off):
        yield from _unknown(f"sign_off[{number}]", (step.role, *step.alternates), known.roles, "role")
    yield from _unknown("alert_roles", definition.alert_roles, known.roles, "role")
    yield from _unknown("recorders", definition.recorders, known.roles, "role")
    yield from _unknown("seen_by", definition.seen_by, known.roles, "role")


def _numbered(definition: Definition) -> list[tuple[str, Action]]:
    numbered = [(f"actions[{number}]", action) for number, action in enumerate(definition.actions.values())]
    return [("open", definition.opening), *numbered]


def _unknown(path: str, words: Iterable[str], known: frozenset[str], what: str) -> Found:
    for word in words:
        if word not in known:
            yield path, f"unknown {what} {word!r}", f"one of: {', '.join(sorted(known))}"


def _check_places(definition: Definition) -> Found:
    states = frozenset(definition.states)
    if definition.initial not in states:
        yield "initial", f"no state {definition.initial!r}", f"one of: {', '.join(sorted(states))}"
    for path, action in _numbered(definition)[1:]:
        yield from _unknown(f"{path}.from", action.sources, states, "state")
        if action.target not in (SAME, BACK):
            yield from _unknown(f"{path}.to", (action.target,), states, "state")
        if not action.sources:
            yield f"{path}.from", f"{action.name!r} starts nowhere", "name the states it leaves"


def _check_graph(definition: Definition) -> Found:
    reached = _reachable(definition)
    for number, state in enumerate(definition.states.values()):
        path = f"states[{number}]"
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


def _check_fields(definition: Definition) -> Found:
    for number, name in enumerate(definition.fields):
        if name in TAKEN:
            yield f"fields[{number}].name", f"{name!r} is a column of every case", "choose another name"
    wakes_on = definition.wakes_on
    if wakes_on and (wakes_on not in definition.fields or definition.fields[wakes_on].type != "date"):
        yield "wakes_on", f"{wakes_on!r} is no date field", "name a declared field of type date"
    if definition.sign_off and "submission" not in definition.fields:
        yield "sign_off", "a sign-off counts its submissions", 'declare a field "submission" of type int'
