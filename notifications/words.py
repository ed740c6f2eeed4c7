"""The catalogue of what delivery says to people, so that no sentence hides in code and none lacks a language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

LANGUAGES = ("zh", "en")


class IncompleteCatalogueError(Exception):
    """words.toml lacks a language for the named keys: add the missing zh or en."""


@dataclass(frozen=True)
class Words:
    """One language of the catalogue, by key."""

    sentences: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The sentence with its blanks filled; KeyError for a key or a blank that does not exist."""
        return self.sentences[key].format(**values)

    def day(self, day: date, today: date) -> str:
        """A date as people say it; the year only where it differs from today's."""
        key = "day" if day.year == today.year else "day_of_another_year"
        return self.say(key, year=day.year, month=day.month, day=day.day)


@cache
def load_words(language: str = "zh") -> Words:
    """The catalogue in one of LANGUAGES; raises IncompleteCatalogueError."""
    entries = tomllib.loads(files("notifications").joinpath("words.toml").read_text(encoding="utf-8"))
    faults = incomplete(entries)
    if faults:
        raise IncompleteCatalogueError(", ".join(faults))
    return Words({key: entry[language] for key, entry in entries.items()})


def incomplete(entries: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The keys that lack a language, as `key.language`."""
    return [
        f"{key}.{language}" for key, entry in entries.items() for language in LANGUAGES if not entry.get(language)
    ]
