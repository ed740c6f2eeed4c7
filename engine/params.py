"""Checks what an action was given against what it asks for, so that operations meet only sound values."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.commands import Refusal
from engine.context import Context
from engine.definitions import Action, Param

# Both databases keep whole numbers in 64 bits; a longer one would only fail at the commit, with the whole batch.
LARGEST = 2**63


def check_params(asked: tuple[Param, ...], given: Mapping[str, Any]) -> dict[str, Any] | Refusal:
    """The parameters by name, every asked one there (None when left out), or a refusal naming the first fault."""
    unknown = given.keys() - {param.name for param in asked}
    if unknown:
        return Refusal("unknown_param", {"name": min(unknown)})
    checked: dict[str, Any] = {}
    for param in asked:
        value = given.get(param.name)
        if value is None or value in ("", []):
            if param.required:
                return Refusal("missing_param", {"name": param.name, "label": dict(param.label)})
            checked[param.name] = None
        elif not _fits(param, value):
            return Refusal("bad_param", {"name": param.name, "label": dict(param.label), "type": param.type})
        else:
            checked[param.name] = value
    return checked


def check_either(action: Action, checked: Mapping[str, Any]) -> Refusal | None:
    """Of parameters that say the same thing in two ways, one must be given: two could contradict each other."""
    if not action.either or sum(checked[name] is not None for name in action.either) == 1:
        return None
    labels = {param.name: dict(param.label) for param in action.params}
    return Refusal("one_of", {"labels": [labels[name] for name in action.either]})


def check_references(context: Context, checked: Mapping[str, Any]) -> Refusal | None:
    """Whether everybody and everything named is there, and a case or a department of the same organisation."""
    for param in context.action.params:
        value = checked[param.name]
        if value is not None and param.type in _REFERENCES:
            ids = value if isinstance(value, list) else [value]
            if not all(_REFERENCES[param.type](context, one) for one in ids):
                return Refusal("bad_param", {"name": param.name, "label": dict(param.label), "type": param.type})
    return None


def _is_person(context: Context, person_id: int) -> bool:
    return context.view.is_here(person_id, context.today)


def _is_department(context: Context, department_id: int) -> bool:
    return bool(context.view.department_organization(department_id) == context.case.organization_id)


def _is_case(context: Context, case_id: int) -> bool:
    try:
        return bool(context.view.case(case_id).organization_id == context.case.organization_id)
    except LookupError:
        return False


def _fits(param: Param, value: Any) -> bool:
    fits = _TYPES[param.type](value)
    return fits and (not param.choices or value in param.choices)


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST


def _are_whole(value: Any) -> bool:
    return isinstance(value, list) and all(_is_whole(one) for one in value)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str) and bool(value.strip()),
    "date": _is_date,
    "int": _is_whole,
    "bool": lambda value: isinstance(value, bool),
    "person": _is_whole,
    "department": _is_whole,
    "case": _is_whole,
    "people": _are_whole,
    "departments": _are_whole,
    "cases": _are_whole,
    "list": lambda value: isinstance(value, list),
}
_REFERENCES: Mapping[str, Callable[[Context, int], bool]] = {
    "person": _is_person,
    "people": _is_person,
    "department": _is_department,
    "departments": _is_department,
    "case": _is_case,
    "cases": _is_case,
}
