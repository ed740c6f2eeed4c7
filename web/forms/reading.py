"""Reads a form back into an action's parameters, field by field, with the sentence for what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from engine.commands import Refusal
from engine.definitions import Action, Param
from engine.params import check_params
from engine.words import Words
from web.forms.fields import Given

MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class ReadForm:
    """What a form said: the parameters as the door takes them, and the texts as they were typed."""

    params: Mapping[str, Any]
    given: Given

    @property
    def is_sound(self) -> bool:
        return not self.given.errors


def read_form(words: Words, action: Action, form: FormData) -> ReadForm:
    """The parameters of an action from a posted form; every faulty field has its sentence."""
    values = {param.name: _texts(form, param.name) for param in action.params}
    params: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for param in action.params:
        found = _read(param, values[param.name])
        checked = found if isinstance(found, Refusal) else check_params((param,), {param.name: found})
        if isinstance(checked, Refusal):
            errors[param.name] = words.refusal(checked)
        elif checked[param.name] is not None:
            params[param.name] = checked[param.name]
    return ReadForm(params, Given(values, errors))


def _texts(form: FormData, name: str) -> list[str]:
    return [one for one in form.getlist(name) if isinstance(one, str)]


def _read(param: Param, texts: Sequence[str]) -> Any:
    text = texts[0].strip().replace("\r\n", "\n") if texts else ""
    if len(text) > MOST_CHARACTERS:
        return Refusal("too_long", {"label": dict(param.label), "n": MOST_CHARACTERS})
    reader = _READERS.get(param.type)
    if reader is None:
        return text or None
    try:
        return reader([one.strip() for one in texts if one.strip()])
    except ValueError:
        return Refusal("bad_param", {"name": param.name, "label": dict(param.label), "type": param.type})


def _whole(texts: Sequence[str]) -> int | None:
    return int(texts[0]) if texts else None


def _wholes(texts: Sequence[str]) -> list[int]:
    return [int(one) for one in texts]


def _lines(texts: Sequence[str]) -> list[str]:
    return [line.strip() for one in texts for line in one.splitlines() if line.strip()]


_READERS: Mapping[str, Callable[[Sequence[str]], Any]] = {
    "int": _whole,
    "person": _whole,
    "department": _whole,
    "case": _whole,
    "people": _wholes,
    "departments": _wholes,
    "cases": _wholes,
    "list": _lines,
    "bool": bool,
}
