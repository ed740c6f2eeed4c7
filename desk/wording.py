"""Dates and counts as people say them, for every page and document alike."""

from engine.words import Words


def days_text(words: Words, left: int | None) -> str:
    """How long a deadline is away: 还剩12天, 今天到期, 逾期3天; empty where there is none."""
    if left is None:
        return ""
    if left == 0:
        return words.say("days.today")
    return words.say("days.left", n=left) if left > 0 else words.say("days.over", n=-left)
