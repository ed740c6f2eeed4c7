"""A dossier as it stood at any instant: replayed from its history, told in lines."""

from collections.abc import Iterable
from typing import Any

from desk.desk import Desk
from engine.cases import CaseState
from engine.database import Tx
from engine.definitions import Field
from engine.history import entries_of
from engine.organizations import department_names, names
from engine.past import PastView, view_then
from engine.words import Words

UNTOLD = frozenset({"inspection_id", "submission", "sha256", "source_document", "source_line"})


def told_then(tx: Tx, desk: Desk, root_id: int, until: int) -> list[str]:
    """The root, then its parts of that round, after everything that had happened up to `until` (epoch seconds)."""
    view = view_then(desk.runtime, tx, entries_of(tx, root_id), until)
    try:
        root = view.case(root_id)
    except LookupError:
        return [desk.words.say("then.not_yet")]
    teller = _Teller(tx, view, desk.words)
    return [line for case in view.dossier(root) for line in teller.lines(case)]


class _Teller:
    def __init__(self, tx: Tx, view: PastView, words: Words) -> None:
        self._tx, self._view, self._words = tx, view, words

    def lines(self, case: CaseState) -> Iterable[str]:
        definition, words = self._view.definition(case), self._words
        state = words.label(definition.states[case.state].label)
        indent = "" if case.is_root else "  "
        yield f"{indent}{words.label(definition.label)}：{state}　{words.say('round.nth', round=case.round)}"
        if case.due_on:
            yield f"{indent}  {words.say('story.due_on')}：{case.due_on}"
        fields = self._view.fields(case)
        for field in definition.fields.values():
            if field.name not in UNTOLD and fields.get(field.name) not in (None, "", []):
                yield f"{indent}  {words.label(field.label)}：{self._value(field, fields[field.name])}"
        yield from (f"{indent}  {line}" for line in self._bearers(case))

    def _bearers(self, case: CaseState) -> Iterable[str]:
        for one in self._view.bearers(case):
            role = self._words.label(self._view.registry.roles[one.role].label)
            until = one.to_on or ""
            yield f"{role}：{self._bearer(one.person_id, one.department_id)}（{one.from_on}—{until}）"

    def _bearer(self, person_id: int | None, department_id: int | None) -> str:
        if person_id is not None:
            return names(self._tx, [person_id]).get(person_id, str(person_id))
        return department_names(self._tx, [department_id or 0]).get(department_id or 0, str(department_id))

    def _value(self, field: Field, value: Any) -> str:
        if isinstance(value, list):
            return "、".join(self._value(field, one) for one in value)
        if isinstance(value, bool):
            return self._words.say("story.yes" if value else "story.no")
        if field.type in ("person", "people"):
            return self._bearer(int(value), None)
        return self._words.sentences.get(f"word.{value}", str(value))
