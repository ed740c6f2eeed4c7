"""Tells a dossier's history in plain sentences: when, who, what, and what changed by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.canonical import loads
from engine.chain import Entry
from engine.commands import ALERT, OPEN, SYSTEM, VOID
from engine.definitions import Definition
from engine.history import entries_of
from engine.organizations import department_names, names
from engine.view import View
from engine.words import Words

# Fields that repeat what the action's own name says already.
UNTOLD = frozenset({"original_due_on", "deadline_no", "live", "started_on", "fired", "submission", "inspection_id",
                    "kind", "parent_id", "organization_id", "definition_id", "source_document", "sha256",
                    "extension_by"})  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """One entry as a sentence. `at` is local; `cause` the entry of another dossier that it followed from."""

    seq: int
    at: datetime
    who: str
    what: str
    details: tuple[str, ...]
    round: int
    cause: str | None


def tell(view: View, root_id: int, words: Words) -> list[Telling]:
    """The whole story of a dossier, oldest first."""
    return _Teller(view, root_id, words).all()


class _Teller:
    def __init__(self, view: View, root_id: int, words: Words) -> None:
        self._view, self._words = view, words
        self._entries = entries_of(view.tx, root_id)
        self._zone = view.body(view.case(root_id).organization_id).settings.zone
        self._names: Mapping[int, str] = names(view.tx, _people(self._entries))
        self._departments: Mapping[int, str] = department_names(view.tx, _departments(self._entries))

    def all(self) -> list[Telling]:
        return [self._tell(entry) for entry in self._entries]

    def _tell(self, entry: Entry) -> Telling:
        changes = loads(entry.changes)
        definition = self._view.definition(self._view.case(entry.case_id))
        return Telling(
            seq=entry.seq,
            at=datetime.fromtimestamp(entry.at, self._zone),
            who=self._who(entry),
            what=self._what(entry, definition),
            details=tuple(self._details(entry, definition, changes)),
            round=entry.round,
            cause=entry.cause,
        )

    def _who(self, entry: Entry) -> str:
        actor = self._person(entry.actor)
        if entry.signer == entry.actor:
            return actor
        return self._words.say("story.recorded_for", signer=self._person(entry.signer), actor=actor)

    def _person(self, who: str) -> str:
        if who.startswith(SYSTEM):
            return self._words.say("story.system")
        return self._names.get(int(who), who)

    def _what(self, entry: Entry, definition: Definition) -> str:
        if entry.action in (ALERT, VOID):
            return self._words.say(f"story.{entry.action}")
        action = definition.action(entry.action)
        label = self._words.label(action.label) if action else entry.action
        return label if entry.case_id == entry.root_id else f"{self._subject(entry, definition)}{label}"

    def _subject(self, entry: Entry, definition: Definition) -> str:
        if entry.action == OPEN:
            return ""
        fields = self._view.fields(self._view.case(entry.case_id))
        name = fields.get("text") or fields.get("title") or self._words.label(definition.label)
        return self._words.say("story.subject", name=_short(str(name)))

    def _details(self, entry: Entry, definition: Definition, changes: Mapping[str, Any]) -> Iterable[str]:
        if entry.action == ALERT:
            yield from self._alert_details(changes["said"])
            return
        images, said = changes["set"], changes["said"]
        if "state" in images and entry.action != OPEN:
            state = definition.states.get(images["state"])
            yield self._words.say(
                "story.to_state", state=self._words.label(state.label) if state else images["state"]
            )
        labels = {name: field.label for name, field in definition.fields.items()}
        labels |= {param.name: param.label for action in [definition.action(entry.action)] if action
                   for param in action.params}  # fmt: skip
        for name, value in {**images, **said}.items():
            if name in labels and name not in UNTOLD and value not in (None, [], ""):
                yield f"{self._words.label(labels[name])}：{self._value(name, value)}"
        if "due_on" in images and "due_on" not in labels and images["due_on"]:
            yield f"{self._words.say('story.due_on')}：{images['due_on']}"

    def _alert_details(self, said: Mapping[str, Any]) -> Iterable[str]:
        told = "、".join(self._names.get(one, str(one)) for one in said["told"])
        yield self._words.say("story.told", names=told or "—")
        if said["superseded"]:
            yield self._words.say("story.superseded", n=len(said["superseded"]))

    def _value(self, name: str, value: Any) -> str:
        if name in ("lead_official", "officer", "to") and isinstance(value, int):
            return self._names.get(value, str(value))
        if name == "lead_department" and isinstance(value, int):
            return self._departments.get(value, str(value))
        if isinstance(value, list):
            known = self._departments if "department" in name else self._names
            return "、".join(known.get(one, str(one)) if isinstance(one, int) else str(one) for one in value)
        if isinstance(value, bool):
            return self._words.say("story.yes" if value else "story.no")
        return self._words.sentences.get(f"word.{value}", str(value))


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _people(entries: Iterable[Entry]) -> set[int]:
    found = {int(who) for one in entries for who in (one.actor, one.signer) if not who.startswith(SYSTEM)}
    for one in entries:
        found |= _numbers(loads(one.changes)["said"], ("lead_official", "officer", "officers", "to", "told"))
        found |= _numbers(loads(one.changes)["set"], ("officer",))
    return found


def _departments(entries: Iterable[Entry]) -> set[int]:
    keys = ("lead_department", "supporting_departments")
    return {number for one in entries for number in _numbers(loads(one.changes)["said"], keys)}


def _numbers(said: Mapping[str, Any], keys: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for key in keys:
        value = said.get(key)
        found |= {one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)}
    return found
