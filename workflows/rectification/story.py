"""Tells a dossier's history in plain sentences: when, who, what, and what changed by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.canonical import loads
from engine.chain import Entry
from engine.commands import ALERT, MIGRATE, OPEN, SUCCEED, SYSTEM, VOID
from engine.definitions import Definition, Field, Param
from engine.history import entries_of
from engine.organizations import department_names, names
from engine.view import View
from engine.words import Words
from workflows.letters import letter_name
from workflows.rectification.letters import LETTER
from workflows.rectification.wording import step_text

# Fields that repeat what the action's own name says already.
UNTOLD = frozenset({"original_due_on", "deadline_no", "live", "started_on", "fired", "submission", "inspection_id",
                    "kind", "parent_id", "organization_id", "definition_id", "source_document", "sha256",
                    "requested_by", "asked_on", "asked_from", "decided_on", "term"})  # fmt: skip

# What a letter's number says already, and what only programs know of it.
IN_ITS_NAME = frozenset({"form", "prefix", "year", "number", "step"})

PEOPLE = ("person", "people")
DEPARTMENTS = ("department", "departments")


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
    is_alert: bool = False


def tell(view: View, root_id: int, words: Words) -> list[Telling]:
    """The whole story of a dossier, oldest first."""
    return _Teller(view, root_id, words).all()


class _Teller:
    def __init__(self, view: View, root_id: int, words: Words) -> None:
        self._view, self._words = view, words
        self._entries = entries_of(view.tx, root_id)
        self._zone = view.body(view.case(root_id).organization_id).settings.zone
        numbers = _numbers(self._entries)
        self._names: Mapping[int, str] = names(view.tx, numbers)
        self._departments: Mapping[int, str] = department_names(view.tx, numbers)

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
            is_alert=entry.action == ALERT,
        )

    def _who(self, entry: Entry) -> str:
        behalf = loads(entry.changes).get("for")
        signer = self._person(entry.signer)
        if behalf:
            signer = self._words.say("story.stands_in", signer=signer, behalf=self._person(behalf))
        if entry.signer == entry.actor:
            return signer
        return self._words.say("story.recorded_for", signer=signer, actor=self._person(entry.actor))

    def _person(self, who: str) -> str:
        if who.startswith(SYSTEM):
            return self._words.say("story.system")
        return self._names.get(int(who), who)

    def _what(self, entry: Entry, definition: Definition) -> str:
        if entry.action in (ALERT, VOID, MIGRATE, SUCCEED):
            label = self._words.say(f"story.{entry.action}")
        else:
            action = definition.action(entry.action)
            label = self._words.label(action.label) if action else entry.action
        return label if entry.case_id == entry.root_id else f"{self._subject(entry, definition)}{label}"

    def _subject(self, entry: Entry, definition: Definition) -> str:
        if entry.action == OPEN:
            return ""
        fields = self._view.fields(self._view.case(entry.case_id))
        if definition.kind == LETTER:
            return letter_name(fields)
        name = fields.get("text") or fields.get("title") or self._words.label(definition.label)
        return self._words.say("story.subject", name=_short(str(name)))

    def _details(self, entry: Entry, definition: Definition, changes: Mapping[str, Any]) -> Iterable[str]:
        images, said = changes["set"], changes["said"]
        if entry.action == ALERT:
            yield from self._alert_details(said)
            return
        if entry.action == SUCCEED:
            yield from self._succession_details(said)
            return
        if "state" in images and entry.action != OPEN:
            state = definition.states.get(images["state"])
            label = self._words.label(state.label) if state else images["state"]
            yield self._words.say("story.to_state", state=label)
        told = _told(definition, entry.action)
        if definition.kind == LETTER and entry.action == OPEN:
            yield letter_name(images)
            told = {name: one for name, one in told.items() if name not in IN_ITS_NAME}
        for name, value in {**images, **said}.items():
            if name in told and name not in UNTOLD and value not in (None, [], ""):
                yield f"{self._words.label(told[name].label)}：{self._value(told[name].type, value)}"
        if images.get("due_on") and "due_on" not in told:
            yield f"{self._words.say('story.due_on')}：{images['due_on']}"

    def _succession_details(self, said: Mapping[str, Any]) -> Iterable[str]:
        leaver = self._names.get(said["leaver"], str(said["leaver"]))
        yield self._words.say("story.left", name=leaver, last_day=said["last_day"])
        for role, follower in said["followers"]:
            label = self._words.label(self._view.registry.roles[role].label)
            word = "story.follows" if follower else "story.nobody_follows"
            yield self._words.say(word, role=label, name=self._names.get(follower, str(follower)))

    def _alert_details(self, said: Mapping[str, Any]) -> Iterable[str]:
        for key, nth, _role, _on in said["due"]:
            yield self._words.say("story.step", step=step_text(self._view, self._words, key), nth=nth)
        told = "、".join(self._names.get(one, str(one)) for one in said["told"])
        yield self._words.say("story.told", names=told or "—")
        if said["superseded"]:
            yield self._words.say("story.superseded", n=len(said["superseded"]))

    def _value(self, kind: str, value: Any) -> str:
        if isinstance(value, list):
            return "、".join(self._value(kind, one) for one in value)
        if isinstance(value, bool):
            return self._words.say("story.yes" if value else "story.no")
        if kind in PEOPLE:
            return self._names.get(value, str(value))
        if kind in DEPARTMENTS:
            return self._departments.get(value, str(value))
        return self._words.sentences.get(f"word.{value}", str(value))


def _told(definition: Definition, action_name: str) -> dict[str, Field | Param]:
    """What a sentence may speak of: the kind's fields and what the action asked for, by name."""
    told: dict[str, Field | Param] = dict(definition.fields)
    if action := definition.action(action_name):
        told |= {param.name: param for param in action.params}
    return told


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _numbers(entries: Iterable[Entry]) -> set[int]:
    """Every number that may be somebody's: the names of too many are read, of too few never."""
    found: set[int] = set()
    for one in entries:
        changes = loads(one.changes)
        people = (one.actor, one.signer, changes.get("for", SYSTEM))
        found |= {int(who) for who in people if not who.startswith(SYSTEM)}
        found |= set(_whole_numbers([*changes["said"].values(), *changes["set"].values()]))
    return found


def _whole_numbers(value: Any) -> Iterable[int]:
    if isinstance(value, list):
        for one in value:
            yield from _whole_numbers(one)
    elif type(value) is int:
        yield value
