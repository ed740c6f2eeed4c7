"""Dates as these documents write them: whole, masked or damaged; only a whole one becomes a date."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.folding import fold

_MASK = r"[Xx×*某○〇]"
_HIDDEN = rf"(?:{_MASK}{{1,2}}|\d{{1,2}})"
_HIDDEN_YEAR = rf"(?:(?:19|20)(?:\d\d|\d?{_MASK}{{1,2}})|{_MASK}{{1,4}})"
_WHOLE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?: *年 *|[-./])(?P<month>\d{1,2})(?: *月 *|[-./])"
    r"(?P<day>\d{1,2})(?: *[日号]|(?![\d.]))"
)
_MONTH_END = re.compile(r"(?P<year>20\d\d) *年 *(?P<month>\d{1,2}) *月(?:份)?(?:底|末)?")
_YEAR_END = re.compile(r"(?P<year>20\d\d) *年(?:年)?底")
_PARTIAL = re.compile(
    r"(?:20\d\d|今|本|明|当|次)年(?:内|底|初|前|第?[一二三四]季度|[上下]半年)"
    r"|\d{1,2} *月(?:份)?(?: *\d{1,2} *[日号]|[上中下]旬|底|末|初)?"
    r"|20\d\d *年|[上下]半年|[一二三四]季度|[年月]底|(?:本|下|这)(?:个)?(?:月|季度|周)"
)
_MASKED = re.compile(
    rf"(?:{_MASK}{{1,4}}|(?:19|20)\d?{_MASK}{{1,2}}) *年(?: *{_HIDDEN} *月)?(?: *{_HIDDEN} *[日号])?"
    rf"|{_HIDDEN_YEAR} *年 *{_MASK}{{1,2}} *月(?: *{_HIDDEN} *[日号])?"
    rf"|{_MASK}{{1,2}} *月(?:份)?(?: *{_HIDDEN} *[日号]|[上中下]旬|[底末初])?"
    rf"|(?:{_HIDDEN_YEAR} *年 *)?\d{{1,2}} *月 *{_MASK}{{1,2}} *[日号]"
)
_BROKEN = re.compile(
    r"(?<!\d)20\d{3,6}[日号]|20\d\d年\d{3,4}[日号]|20\d\d年\d{1,2}[日号]|20\d\d年 *月"
    r"|20\d\d年\d{0,2}月 *日(?![常前后报志])"
    r"|(?<!\d)20\d{3,4}月(?:\d{1,2}[日号])?|(?<![\d个某一-龥*]) {0,4}年 {1,4}月 {1,4}日"
)
_PRINTED = re.compile(r"(?:\d[\d ]{3,6}年 *)?\d[\d ]{0,3}月(?: *\d[\d ]{0,3}[日号])?|\d[\d ]{3,6}年")


@dataclass(frozen=True)
class Stated:
    """A date in a text: `day` only where year, month and day follow from the words alone (月底 is its last day)."""

    start: int
    end: int
    words: str
    day: date | None


def stated(text: str) -> list[Stated]:
    """Find the dates that can be used, whole or partial, in the order of the text."""
    folded = _without(_BROKEN, _without(_MASKED, fold(text)))
    found: list[Stated] = []
    taken = [False] * len(folded)
    for pattern in (_WHOLE, _MONTH_END, _YEAR_END, _PARTIAL):
        for match in pattern.finditer(folded):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                found.append(Stated(match.start(), match.end(), text[match.start() : match.end()], _day(match)))
    return sorted(found, key=lambda each: each.start)


def _without(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "#" * len(match[0]), text)


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    if "year" not in parts:
        return None
    year, month = int(parts["year"]), int(parts.get("month") or 12)
    if not 1 <= month <= 12 or ("day" not in parts and not re.search("[底末]", match[0])):
        return None
    last = calendar.monthrange(year, month)[1]
    day = int(parts.get("day") or last)
    return date(year, month, day) if 1 <= day <= last else None


@dataclass(frozen=True)
class Flaw:
    """A date that cannot be used as it stands, and why."""

    kind: Literal["masked_date", "broken_date", "spaced_date", "impossible_date"]
    words: str


def flaws(text: str) -> Iterator[Flaw]:
    """Find the dates of a text that were masked, lost a part, hold blanks or never existed."""
    folded = fold(text)
    yield from (Flaw("masked_date", text[found.start() : found.end()]) for found in _MASKED.finditer(folded))
    left = _without(_MASKED, folded)
    yield from (Flaw("broken_date", text[found.start() : found.end()]) for found in _BROKEN.finditer(left))
    left = _without(_BROKEN, left)
    for found in _PRINTED.finditer(left):
        if " " in found[0]:
            yield Flaw("spaced_date", text[found.start() : found.end()])
    for found in _WHOLE.finditer(left):
        if _day(found) is None:
            yield Flaw("impossible_date", text[found.start() : found.end()])
