"""What delivery itself says to people, from its part of the catalogue."""

from datetime import date
from functools import cache
from importlib.resources import files

from engine.words import Words, load


@cache
def load_words(language: str = "zh") -> Words:
    """Delivery's words in one language; raises engine.words.IncompleteCatalogueError."""
    text = files("notifications").joinpath("words.toml").read_text(encoding="utf-8")
    return load({"notifications/words.toml": text}, language)


def day_text(words: Words, day: date, today: date) -> str:
    """A date as people say it; the year only where it differs from today's."""
    key = "day" if day.year == today.year else "day_of_another_year"
    return words.say(key, year=day.year, month=day.month, day=day.day)


def explain(words: Words, error: str) -> str:
    """An envelope's `error`, stored as `word: word: detail`, as a person reads it: sentences, then the detail."""
    word, _, rest = error.partition(": ")
    if word not in words.sentences:
        return words.say("error_detail", detail=error)
    return words.say(word) + (explain(words, rest) if rest else "")
