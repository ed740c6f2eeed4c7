"""Dates and counts as people say them, for every page and document alike."""

import re
from datetime import date

from engine.words import Words

# A day inside a sentence; what stands in a file name or a number of a document is left alone.
ISO_DAY = re.compile(r"(?<![\w.-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w.-])", re.ASCII)


def day_text(words: Words, on: str | date) -> str:
    """2026年3月9日, from an ISO day."""
    day = date.fromisoformat(on) if isinstance(on, str) else on
    return _day(words, day.year, day.month, day.day)


def dated(words: Words, sentence: str) -> str:
    """A sentence with its ISO days as people write them; without one it stays as it is."""
    return ISO_DAY.sub(lambda found: _day(words, *map(int, found.groups())), sentence)


def _day(words: Words, year: int, month: int, day: int) -> str:
    return words.say("days.day", year=year, month=month, day=day)


def days_text(words: Words, left: int | None) -> str:
    """How long a deadline is away: 还剩12天, 今天到期, 逾期3天; empty where there is none."""
    if left is None:
        return ""
    if left == 0:
        return words.say("days.today")
    return words.say("days.left", n=left) if left > 0 else words.say("days.over", n=-left)
