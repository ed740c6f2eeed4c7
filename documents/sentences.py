"""Where a sentence ends, because a quoted title may hold full stops and must stay whole."""

import re

_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "（": "）", "(": ")", "【": "】", "〔": "〕"}
STOPS = "。！？!?"
_TRAILING = "。；;：:，,、 　"


def outside_quotes(text: str) -> list[bool]:
    """Say for each character whether it stands outside quotes and brackets; one never closed hides nothing."""
    open_until = 0
    mask = []
    for place, character in enumerate(text):
        if place >= open_until:
            end = _closing(text, place, character)
            open_until = end + 1 if end > place else open_until
        mask.append(place >= open_until)
    return mask


def _closing(text: str, place: int, character: str) -> int:
    if character == '"':
        return text.find('"', place + 1)
    if character not in _PAIRS:
        return -1
    depth, closer = 0, _PAIRS[character]
    for end in range(place, len(text)):
        depth += (text[end] == character) - (text[end] == closer)
        if depth == 0:
            return end
    return -1


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
    found = []
    rest = text
    while rest:
        sentence, rest = first(rest)
        found.append(bare(sentence))
    return [sentence for sentence in found if sentence]


def bare(text: str) -> str:
    """Take the closing punctuation from a title."""
    return text.strip(" 　").rstrip(_TRAILING)


def ends_like_text(text: str) -> bool:
    """Say whether a paragraph ends as running text does; a title has no stop at its end."""
    return text.rstrip("”’」』）)】 　")[-1:] in "。；;！!？?…，,、：:"
