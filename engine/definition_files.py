"""Reads a definition from its TOML text, and names every fault before the first case can meet it."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from engine.commands import OPEN
from engine.definition_checks import Found, check
from engine.definitions import FIELD_TYPES, Action, Definition, Field, Known, Param, SignStep, State
from engine.faults import Fault, FaultsError, Reader, whole


def parse(text: str, where: str, known: Known) -> Definition:
    """A definition from its TOML text.

    Raises FaultsError listing every fault with `where` (the file), its path, the line of its table and a remedy.
    """
    reader = Reader.of(text, where)
    definition = _read(reader)
    read = list(reader.faults)
    for fault in _new(read, check(definition, known)):
        reader.fault(*fault)
    if reader.faults:
        raise FaultsError(reader.faults)
    return definition


def _new(read: list[Fault], found: Found) -> Iterable[tuple[str, str, str]]:
    """What is a fault of its own: what could not be read need not be called wrong a second time.

    Where a name stands twice, the numbers of the tables after it would name the wrong ones.
    """
    if any("stands twice" in one.message for one in read):
        return
    for path, message, remedy in found:
        if not any(one.path.startswith(path) or path.startswith(one.path) for one in read):
            yield path, message, remedy


@whole
def _read(top: Reader) -> Definition:
    states = _index(top, "states", [_state(row) for row in top.tables("states")])
    actions = _index(top, "actions", [_action(row) for row in top.tables("actions")])
    fields = _index(top, "fields", [_field(row) for row in top.tables("fields")])
    signers = [_signers(row) for row in top.tables("sign_off")]
    places = [number for number, steps in enumerate(signers) for _ in steps]
    steps = tuple(_index(top, "sign_off", [one for steps in signers for one in steps], places).values())
    opening = _opening(top)
    return Definition(
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
        ladder=top.maybe_text("ladder"),
        letter=top.maybe_text("letter"),
        pause_ladder=top.maybe_text("pause_ladder"),
        absorbs=top.maybe_text("absorbs"),
        auto_actions=tuple(action for action in actions.values() if action.auto),
        signed_fields=tuple(name for name, one in fields.items() if one.signed),
    )


Named = TypeVar("Named", State, Action, Field, Param, SignStep)


def _index(top: Reader, key: str, found: list[Named], places: Sequence[int] = ()) -> dict[str, Named]:
    """By name; a second one of the same name is a fault, because it would silently replace the first.

    `places` are the numbers of the tables that they stand in, where one table makes several.
    """
    index: dict[str, Named] = {}
    place = f"{top.path}.{key}" if top.path else key
    for number, one in zip(places or range(len(found)), found, strict=True):
        if one.name in index:
            top.fault(f"{place}[{number}].name", f"{one.name!r} stands twice", "give each its own name")
        index[one.name] = one
    return index


@whole
def _state(row: Reader) -> State:
    return State(
        name=row.text("name"),
        label=row.label("label"),
        held_by=row.words("held_by"),
        live=row.flag("live", default=True),
        resting=row.flag("resting"),
        signing=row.flag("signing"),
        quiet_for=row.words("quiet_for"),
    )


@whole
def _action(row: Reader) -> Action:
    return Action(
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


@whole
def _param(row: Reader) -> Param:
    return Param(
        name=row.text("name"),
        type=row.choice("type", FIELD_TYPES, default="text"),
        label=row.label("label"),
        required=row.flag("required", default=True),
        choices=row.words("choices"),
        long=row.flag("long"),
        help=row.maybe_label("help"),
        of=row.maybe_text("of"),
    )


@whole
def _field(row: Reader) -> Field:
    return Field(
        name=row.text("name"),
        type=row.choice("type", FIELD_TYPES, default="text"),
        label=row.label("label"),
        signed=row.flag("signed"),
    )


def _signers(row: Reader) -> list[SignStep]:
    """A step of one role, or one of each role in `all_of`, named NAME_ROLE."""
    name, label, all_of = row.text("name"), row.label("label"), row.words("all_of")
    alternates, deciders, optional = row.words("alternates"), row.words("deciders"), row.flag("optional")
    roles = {f"{name}_{role}": role for role in all_of} if all_of else {name: row.text("role")}
    row.done()
    return [SignStep(one, label, role, alternates, name, optional, deciders) for one, role in roles.items()]
