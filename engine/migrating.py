"""Between two editions of a kind: what differs, and where a case of the one stands in the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.commands import MIGRATE, Refusal
from engine.definitions import SAME, Action, Definition, Label, Param, State
from engine.kinds import ADMINISTRATOR

# The engine's own action: an administrator's, whatever the definition says.
MIGRATION = Action(
    name=MIGRATE,
    label={"zh": "迁移到另一版流程", "en": "Migrate to another edition"},
    sources=(),
    target=SAME,
    roles=(ADMINISTRATOR.name,),
    params=(
        Param("edition", "int", {"zh": "流程版本", "en": "Edition"}),
        Param("states", "list", {"zh": "状态对应", "en": "States"}, required=False),
    ),
)
How = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two editions do not share: `what` is `state`, `field`, `action` or `kind`.

    `aspects` names what changed about it, as (aspect, before, after); empty for what was added or removed.
    """

    what: str
    name: str
    label: Label
    how: How
    aspects: tuple[tuple[str, Any, Any], ...] = ()


def differences(old: Definition, new: Definition) -> list[Difference]:
    """Everything in which two editions differ: the kind's own settings, states, fields, actions."""
    own = _aspects(_settings(old), _settings(new))
    found = [Difference("kind", new.kind, new.label, "changed", own)] if own else []
    found += _between("state", old.states, new.states)
    found += _between("field", old.fields, new.fields)
    found += _between("action", _all_actions(old), _all_actions(new))
    return found


def place(
    state: str, fields: Mapping[str, Any], old: Definition, new: Definition, states: Mapping[str, str]
) -> State | Refusal:
    """The state in `new` of a case that stands at `state` with `fields` in `old`, or why it has none.

    `states` maps states of `old` to states of `new`; a state that it does not name keeps its name.
    """
    image = states.get(state, state)
    if image not in new.states:
        return (
            Refusal("no_such_image", {"state": image}) if state in states else Refusal("no_image", {"state": state})
        )
    lost = [old.fields[name].label for name in fields if fields[name] is not None and not _keeps(old, new, name)]
    return Refusal("field_lost", {"fields": lost}) if lost else new.states[image]


def state_map(pairs: Iterable[object]) -> dict[str, str]:
    """From `old=new` texts, as commands and history carry them."""
    split = (str(one).partition("=") for one in pairs)
    return {old.strip(): new.strip() for old, _, new in split}


def _keeps(old: Definition, new: Definition, name: str) -> bool:
    """A field of another type would be read as what it is not."""
    return name in new.fields and new.fields[name].type == old.fields[name].type and old.table == new.table


def _between(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Difference]:
    for name in [*old, *(one for one in new if one not in old)]:
        before, after = old.get(name), new.get(name)
        if before is None:
            yield Difference(what, name, new[name].label, "added")
        elif after is None:
            yield Difference(what, name, old[name].label, "removed")
        elif aspects := _aspects(_slots(before), _slots(after)):
            yield Difference(what, name, after.label, "changed", aspects)


def _aspects(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    return tuple((name, before[name], after[name]) for name in before if before[name] != after[name])


def _slots(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def _settings(definition: Definition) -> dict[str, Any]:
    """What is said once for the whole kind."""
    names = (
        "label", "initial", "table", "parents", "alert_roles", "recorders", "wakes_on", "absorbs", "seen_by",
        "ladder", "pause_ladder", "letter", "sign_off",
    )  # fmt: skip
    return {name: getattr(definition, name) for name in names}


def _all_actions(definition: Definition) -> dict[str, Action]:
    return {definition.opening.name: definition.opening, **definition.actions}
