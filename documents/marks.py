"""The numbers that begin a line, because they are the only skeleton these documents have."""

import re
from dataclasses import dataclass

from documents import numerals
from documents.folding import BLANKS, fold

_CHINESE = f"[{numerals.CHARACTERS}]{{1,5}}"
_UNITS = "万亿千百%元米公平亩吨倍个人次级年月日天小时分"
_RUNNING_TEXT = "季度|级|线|类|月|年|楼|班|等|期"

#: kind → pattern over folded text. The kinds say how a number is written, never how deep it stands.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("一、", re.compile(rf"({_CHINESE}) *[、.](?!(?:{_CHINESE})(?:{_RUNNING_TEXT}))")),
    ("（一）", re.compile(rf"\( *({_CHINESE}) *\) *[、.,]?")),
    ("一）", re.compile(rf"({_CHINESE}) *\) *[、.]?")),
    ("（1）", re.compile(r"\( *(\d{1,3}) *\) *[、.,]?")),
    ("1）", re.compile(r"(\d{1,3}) *\) *[、.]?")),
    ("1.", re.compile(r"(\d{1,3}) *[.、。] *(?=(?:19|20)\d\d ?年|[^\d.、 ]|$)")),
    ("1.1", re.compile(rf"(\d{{1,2}}\.\d{{1,2}})[.、 ]*(?=[^\d.、 {_UNITS}])")),
    ("1.1.1", re.compile(rf"(\d{{1,2}}\.\d{{1,2}}\.\d{{1,2}})[.、 ]*(?=[^\d.、 {_UNITS}])")),
    ("一是", re.compile(rf"({_CHINESE})是(?!否)")),
    ("第一", re.compile(rf"[第其]({_CHINESE})[,、:]")),
    ("第一章", re.compile(rf"第({_CHINESE}|\d{{1,2}})(?:章|节|部分) *[,、:.]?")),
    ("问题一", re.compile(rf"(?:反馈|具体|存在)?问题 *\(? *({_CHINESE}|\d{{1,3}}) *\)? *[:、., ]")),
)
_ENCLOSED: tuple[tuple[str, int, int], ...] = (
    ("①", 0x2460, 20),
    ("①", 0x3251, 15),
    ("①", 0x2776, 10),
    ("①", 0x2780, 10),
    ("（1）", 0x2474, 20),
    ("1.", 0x2488, 20),
    ("（一）", 0x3220, 10),
)
_FIRST_VALUE = {0x3251: 21}
BULLETS = "●■◆▲▶►★☆※•·◎◇□"
WRITTEN = frozenset(kind for kind, _ in _PATTERNS) | {"①"}
BRACKETED = frozenset({"（一）", "（1）"})


@dataclass(frozen=True)
class Mark:
    """A leading number: how it is written, what it says, and its glyphs exactly as in the source."""

    kind: str
    number: str
    glyphs: str

    @property
    def value(self) -> int:
        """Give its place among its siblings: 3 for both `3.` and `2.3`."""
        return int(self.number.rpartition(".")[2])

    @property
    def half_width(self) -> bool:
        return "(" in self.glyphs or ")" in self.glyphs


def split(text: str) -> tuple[Mark | None, str]:
    """Part a line into its leading mark, if it has one, and the rest, both as written."""
    body = text.strip(BLANKS).lstrip(BULLETS + BLANKS)
    enclosed = _enclosed(body)
    if enclosed:
        return enclosed, body[1:].lstrip(BLANKS + "、.．")
    folded = fold(body)
    for kind, pattern in _PATTERNS:
        found = pattern.match(folded)
        number = found and _number(found[1])
        if found and number:
            return Mark(kind, number, body[: found.end()].strip(BLANKS)), body[found.end() :].lstrip(BLANKS)
    return None, body


def last_counted(text: str) -> tuple[str, int] | None:
    """Give the kind and last value of a count that runs on inside a paragraph: `1.…。2.…。` counts to 2."""
    mark, _ = split(text)
    if not mark:
        return None
    folded, value = fold(text), mark.value
    while _further(mark.kind, value + 1).search(folded):
        value += 1
    return mark.kind, value


def _further(kind: str, value: int) -> re.Pattern[str]:
    written = fold(write(kind, value)) if kind != "①" else re.escape(chr(0x2460 + value - 1))
    return re.compile(rf"[。;:,.] *{re.escape(written.rstrip('.、'))}" + ("[.、]" if kind[-1] in ".、" else ""))


def _number(figures: str) -> str | None:
    if "." in figures:
        return figures
    value = numerals.parse(figures)
    return str(value) if value else None


def _enclosed(body: str) -> Mark | None:
    code = ord(body[0]) if body else 0
    for kind, start, count in _ENCLOSED:
        if start <= code < start + count:
            return Mark(kind, str(code - start + _FIRST_VALUE.get(start, 1)), body[0])
    return None


def write(kind: str, value: int) -> str:
    """Write a number in a kind, for messages: (`（一）`, 3) → `（三）`."""
    if "一" in kind:
        return kind.replace("一", numerals.chinese(value))
    return kind.replace("1", str(value)) if kind != "①" else f"第{value}项"
