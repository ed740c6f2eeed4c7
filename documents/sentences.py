"""Where a sentence ends, because a quoted title may hold full stops and must stay whole."""

import re
from collections import Counter
from collections.abc import Mapping

QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", '"': '"'}
PAIRS = {**QUOTES, "（": "）", "(": ")", "【": "】", "〔": "〕"}
STOPS = "。！？!?"
_TRAILING = "。；;：:，,、 　"


def outside_quotes(text: str, pairs: Mapping[str, str] = PAIRS) -> list[bool]:
    """Say for each character whether it stands outside quotes and brackets; one never closed hides nothing."""
    depth = 0
    mask = []
    changes = _changes(text, pairs)
    for place in range(len(text)):
        depth += changes[place]
        mask.append(depth == 0)
    return mask


def _changes(text: str, pairs: Mapping[str, str]) -> list[int]:
    """Give the change of depth at each place, for pairs that are closed; linear however deep they nest."""
    changes = [0] * (len(text) + 1)
    opened: list[int] = []
    waiting = Counter[str]()
    for place, character in enumerate(text):
        if waiting[character]:
            start = _close(text, pairs, opened, waiting, character)
            changes[start] += 1
            changes[place + 1] -= 1
        elif character in pairs:
            opened.append(place)
            waiting[pairs[character]] += 1
    return changes


def _close(text: str, pairs: Mapping[str, str], opened: list[int], waiting: Counter[str], closer: str) -> int:
    """Take the opening that a closer belongs to, and with it those left open inside."""
    while True:
        start = opened.pop()
        expected = pairs[text[start]]
        waiting[expected] -= 1
        if expected == closer:
            return start


def search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Find the first match that both begins and ends outside quotes and brackets."""
    mask = outside_quotes(text)
    for found in pattern.finditer(text):
        if found.end() > found.start() and mask[found.start()] and mask[found.end() - 1]:
            return found
    return None


def first(text: str) -> tuple[str, str]:
    """Part a text after its first full stop outside quotes; the rest may be empty."""
    mask = outside_quotes(text)
    for place, character in enumerate(text):
        if character in STOPS and mask[place]:
            return text[: place + 1], text[place + 1 :].lstrip(_TRAILING)
    return text, ""


def parts(text: str) -> list[str]:
    """List the sentences of a text without their stops."""
    mask = outside_quotes(text)
    found, start = [], 0
    for place, character in enumerate(text):
        if character in STOPS and mask[place]:
            found.append(bare(text[start:place]))
            start = place + 1
    return [sentence for sentence in (*found, bare(text[start:])) if sentence]


def bare(text: str) -> str:
    """Take the closing punctuation from a title."""
    return text.strip(" 　").rstrip(_TRAILING)


def ends_like_text(text: str) -> bool:
    """Say whether a paragraph ends as running text does; a title has no stop at its end."""
    return text.rstrip("”’」』）)】 　")[-1:] in "。；;！!？?…，,、：:"
