"""Draws the fields of an action from its parameters: control, label, help, choices and what was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.choosing import Group, department_groups, kind_groups, ladder_groups, part_groups, people_groups
from engine.cases import CaseState
from engine.definitions import Action, Param
from engine.view import View
from engine.words import Words
from web.rendering import spoken

PLURAL = ("people", "departments", "cases")
# A ladder is kept by its name; nobody should have to type one.
LADDER = "ladder"
REFERENCES = ("person", "people", "department", "departments", "case", "cases")


@dataclass(frozen=True, slots=True)
class Field:
    """One control. `control` names its macro; `values` are the texts that are filled in or chosen."""

    name: str
    control: str
    label: str
    help: str
    required: bool
    values: tuple[str, ...]
    groups: tuple[Group, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    error: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a form starts from or came back with: texts by field, and what is wrong with each."""

    values: Mapping[str, Sequence[str]]
    errors: Mapping[str, str]


def draw(words: Words, view: View, case: CaseState, action: Action, given: Given, today: str) -> list[Field]:
    """The fields of an action on a case, in their order; `today` is a local day (ISO)."""
    groups = {param.name: _groups(words, view, case, param, today) for param in action.params}
    return [field_of(words, param, groups[param.name], given) for param in action.params]


def draw_opening(
    words: Words, view: View, organization_id: int, opening: Action, given: Given, today: str
) -> list[Field]:
    """The fields of a case that is still to be opened in an organisation."""
    return [
        field_of(words, param, _groups_of_place(words, view, organization_id, param, today), given)
        for param in opening.params
    ]


def field_of(words: Words, param: Param, groups: Sequence[Group], given: Given) -> Field:
    return Field(
        name=param.name,
        control="select" if param.name == LADDER else _control(param),
        label=words.label(param.label),
        help=words.label(param.help) if param.help else "",
        required=param.required,
        values=tuple(given.values.get(param.name, ())),
        groups=tuple(groups),
        choices=tuple((one, spoken(words, one)) for one in param.choices),
        error=given.errors.get(param.name, ""),
    )


def starting_values(view: View, case: CaseState, action: Action, today: str) -> Mapping[str, Sequence[str]]:
    """What is known already: a field of the same name, or who bears the role of that name today."""
    fields = view.fields(case)
    found: dict[str, Sequence[str]] = {}
    for param in action.params:
        value = fields.get(param.name)
        value = case.due_on if value is None and param.name == "due_on" else value
        value = _bearers(view, case, param, today) if value is None and param.type in REFERENCES else value
        found[param.name] = _texts(value)
    return found


def _texts(value: Any) -> Sequence[str]:
    if value in (None, "", []):
        return ()
    if isinstance(value, bool):
        return ("yes",) if value else ()
    return tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)


def _bearers(view: View, case: CaseState, param: Param, today: str) -> list[int]:
    """Of `officers` those who are `officer` now: changing an assignment starts from how it is."""
    roles = (param.name, param.name.removesuffix("s"))
    ids = [
        one.department_id if param.type.startswith("department") else one.person_id
        for one in view.bearers(case)
        if one.role in roles and one.holds_on(today)
    ]
    return [one for one in ids if one is not None]


def _control(param: Param) -> str:
    if param.type in PLURAL:
        return "checks"
    if param.type in REFERENCES:
        return "select"
    if param.choices:
        return "radios"
    return {"text": "long" if param.long else "line", "list": "long"}.get(param.type, param.type)


def _groups(words: Words, view: View, case: CaseState, param: Param, today: str) -> Sequence[Group]:
    if param.type in ("case", "cases") and not param.of:
        return part_groups(view, case, _kind(view, param))
    return _groups_of_place(words, view, case.organization_id, param, today, case.id)


def _groups_of_place(
    words: Words, view: View, organization_id: int, param: Param, today: str, but: int | None = None
) -> Sequence[Group]:
    if param.type in ("person", "people"):
        return people_groups(view, organization_id, today)
    if param.type in ("department", "departments"):
        return department_groups(view, organization_id)
    if param.name == LADDER:
        return ladder_groups(words, view)
    return kind_groups(view, organization_id, param.of, but) if param.of else []


def _kind(view: View, param: Param) -> str | None:
    """`measures` asks for measures."""
    name = param.name.removesuffix("s")
    return name if name in view.registry.workflows else None
