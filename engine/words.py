"""The catalogue: every sentence a person reads, by key, in Chinese first and English second."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands import Refusal

LANGUAGES = ("zh", "en")
Entries = Mapping[str, Mapping[str, str]]


class IncompleteCatalogueError(Exception):
    """The catalogue lacks a language for the named keys, or has a key twice: mend the words.toml named."""


@dataclass(frozen=True)
class Words:
    """One language of the catalogue. Keys are dotted: `refusal.no_evidence`, `state.closed`."""

    language: str
    sentences: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The sentence with its blanks filled. Raises KeyError for a key or a blank that is not there."""
        return self.sentences[key].format(**values)

    def label(self, label: Mapping[str, str]) -> str:
        return label[self.language]

    def refusal(self, refusal: Refusal) -> str:
        """The sentence for a refusal; a word without a sentence is shown as it is, never as silence."""
        key = f"refusal.{refusal.word}"
        if key not in self.sentences:
            return refusal.word
        return self.sentences[key].format_map(_Blanks(self, refusal.params))


class _Blanks(dict[str, Any]):
    """The blanks of a refusal; a parameter that is itself a word of the catalogue is put into words."""

    def __init__(self, words: Words, params: Mapping[str, Any]) -> None:
        super().__init__({name: _spoken(words, value) for name, value in params.items()})


def _spoken(words: Words, value: Any) -> str:
    if isinstance(value, Mapping) and words.language in value:
        return str(value[words.language])
    if isinstance(value, list | tuple):
        separator = "、" if words.language == "zh" else ", "
        return separator.join(_spoken(words, one) for one in value)
    return words.sentences.get(f"word.{value}", str(value))


def load(texts: Mapping[str, str], language: str) -> Words:
    """One language from the TOML texts of all rooms, by file name. Raises IncompleteCatalogueError."""
    sentences: dict[str, str] = {}
    faults: list[str] = []
    for where, text in texts.items():
        for key, entry in _flat(tomllib.loads(text)):
            faults += [f"{where}: {key}.{one}" for one in LANGUAGES if not entry.get(one)]
            if key in sentences:
                faults.append(f"{where}: {key} stands twice")
            sentences[key] = entry.get(language, "")
    if faults:
        raise IncompleteCatalogueError("; ".join(faults))
    return Words(language, sentences)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Mapping[str, str]]]:
    for name, value in tree.items():
        if isinstance(value, Mapping) and not value.keys() & set(LANGUAGES):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
