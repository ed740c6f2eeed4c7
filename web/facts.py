"""What a case holds, as label and text: people and departments by name, words as people say them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from desk.wording import day_text
from engine.cases import CaseState
from engine.definitions import Definition
from engine.organizations import department_names, names
from engine.view import View
from engine.words import Words
from web.rendering import spoken
from workflows.letters import letter_name

PEOPLE = ("person", "people")
DEPARTMENTS = ("department", "departments")
# What only auditors and programs look at.
HASH = re.compile(r"[0-9a-f]{64}")
TECHNICAL = frozenset(
    {"sha256", "source_document", "source_line", "submission", "requested_by", "inspection_id", "step"}
)


def title_of(words: Words, view: View, case: CaseState) -> str:
    """What people call a case: its text, title or name, after its number where it has one."""
    fields = view.fields(case)
    if case.kind in view.registry.letters:
        return letter_name(fields)
    name = next((spoken(words, fields[one]) for one in ("title", "text", "name") if fields.get(one)), "")
    number = fields.get("number")
    called = f"（{number}）{name}" if number else name
    return called or words.label(view.definition(case).label)


def facts_of(words: Words, view: View, case: CaseState) -> list[tuple[str, str]]:
    """Every declared field that is filled in, in the order of the definition, as (label, text)."""
    definition, fields = view.definition(case), view.fields(case)
    called = _names(view, definition, fields)
    return [
        (words.label(one.label), _text(words, one.type, fields[one.name], called))
        for one in definition.fields.values()
        if one.name not in TECHNICAL and not _is_nothing_to_read(fields.get(one.name))
    ]


def _is_nothing_to_read(value: Any) -> bool:
    """Nothing at all, or the hash of a file."""
    return value in (None, "", []) or (isinstance(value, str) and HASH.fullmatch(value) is not None)


def _names(view: View, definition: Definition, fields: Mapping[str, Any]) -> Mapping[str, Mapping[int, str]]:
    """Names by id, for people and for departments, of everything the fields speak of."""

    def ids(kinds: Iterable[str]) -> list[int]:
        values = [fields.get(one.name) for one in definition.fields.values() if one.type in kinds]
        return [number for value in values if value for number in (value if isinstance(value, list) else [value])]

    return {"people": names(view.tx, ids(PEOPLE)), "departments": department_names(view.tx, ids(DEPARTMENTS))}


def _text(words: Words, kind: str, value: Any, called: Mapping[str, Mapping[int, str]]) -> str:
    if isinstance(value, list):
        return "、".join(_text(words, kind, one, called) for one in value)
    if isinstance(value, Mapping):
        return str(value.get("file_name") or value.get("name") or "")
    if kind == "date":
        return day_text(words, value)
    names_of = "people" if kind in PEOPLE else "departments" if kind in DEPARTMENTS else ""
    if names_of:
        return called[names_of].get(value, str(value))
    return words.say("story.yes" if value else "story.no") if isinstance(value, bool) else spoken(words, value)
