"""What two editions of a workflow do not share, in sentences."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.definitions import SAME, Param, SignStep
from engine.migrating import Difference
from engine.registry import Registry
from engine.words import Words

ROLES = frozenset({"roles", "held_by", "quiet_for", "alert_roles", "recorders", "role"})


def told(one: Difference, registry: Registry, words: Words) -> Iterable[str]:
    """One difference as a line, and below it a line for each thing that changed about it."""
    what = words.say(f"difference.{one.what}")
    yield words.say(f"difference.{one.how}", what=what, name=one.name, label=words.label(one.label))
    teller = _Teller(registry, words)
    for aspect, old, new in one.aspects:
        before, after = teller.value(aspect, old), teller.value(aspect, new)
        called = words.say(f"aspect.{aspect}")
        yield words.say("difference.aspect", aspect=called, before=before, after=after)


class _Teller:
    def __init__(self, registry: Registry, words: Words) -> None:
        self._registry, self._words = registry, words

    def value(self, aspect: str, value: Any) -> str:
        """What an aspect is set to; several things are told one after the other."""
        if value is None or value in ((), ""):
            return self._words.say("difference.nothing")
        if isinstance(value, tuple):
            return self._words.say("diagram.and").join(self._one(aspect, each) for each in value)
        return self._one(aspect, value)

    def _one(self, aspect: str, value: Any) -> str:
        if isinstance(value, bool):
            return self._words.say("story.yes" if value else "story.no")
        if isinstance(value, Mapping):
            return self._words.label(value)
        if isinstance(value, Param | SignStep):
            return f"{self._words.label(value.label)}（{value.name}）"
        if aspect in ROLES and value in self._registry.roles:
            return self._words.label(self._registry.roles[value].label)
        return self._words.say("difference.same_state") if value == SAME else str(value)
