"""Where a title ends and the text about it begins, with how sure that is."""

import re
from dataclasses import dataclass

from documents import numerals, phrases
from documents.folding import BLANKS, fold
from documents.sentences import bare, first, outside_quotes, parts, search

_OF_THE_PROBLEM = re.compile(
    r"问题(?:的?整改(?:落实|完成|进展)?(?:情况|方面)?)?(?:方面)?(?=[。,:;. ]|$)(?:[。,:;. ]*)"
)
_OPENING = re.compile(r"(?:\[?反馈)?(?:关于|针对|对于|对照|围绕|就|对)")
_ON_QUOTED = re.compile(
    r"(?:关于|针对|对于|对|就)(?:“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\")+(?=[。,:;]|$)[。,:; ]*"
)
_AREA_THEN_TEXT = re.compile(r"(在?[^,。;:]{2,30}方面)[,。:] *(?=.)")
_ITEM = re.compile(
    rf"(?:^|(?<=[。;:, ]))(?:(?P<firstly>[{numerals.CHARACTERS}]{{1,2}})是(?!否)"
    r"|\((?P<number>\d{1,2})\)|(?P<circled>[①-⑳]))"
)
_FIRSTLY = re.compile(r"(?<=[。;:,])\s*(?:一是|其一|第一,)")
LONGEST_BARE = 40
CONFIDENCE = {
    "marker": 1.0,
    "table": 1.0,
    "line": 0.9,
    "of_the_problem": 0.9,
    "firstly": 0.8,
    "status": 0.8,
    "sentences": 0.7,
    "sentence": 0.5,
}


@dataclass(frozen=True)
class Split:
    """A paragraph parted into title and rest; `basis` is a key of `CONFIDENCE`.

    `detail` is what stands between the two: text about the problem before a marker opens the answer.
    """

    title: str
    rest: str
    basis: str
    detail: str = ""


def split(body: str) -> Split:
    """Part a paragraph that may hold a title and its text in one; quoted titles stay whole."""
    for rule in (_by_marker, _by_status, _by_problem, _by_firstly):
        found = rule(body)
        if found:
            return found
    title, rest = first(body)
    return Split(bare(title), rest, "sentence" if rest else "line")


def before_marker(body: str) -> Split:
    """Part a paragraph whose answer follows under a marker: all of it is title, unless 的问题 or 一是 ends that."""
    found = _by_problem(body) or _by_firstly(body)
    if found:
        return Split(found.title, "", "marker", found.rest)
    return Split(bare(body), "", "sentences" if len(parts(body)) > 1 else "marker")


def area_and_text(body: str) -> Split | None:
    """Part 在…方面，… into the area and what is said of it."""
    found = _AREA_THEN_TEXT.match(fold(body))
    return Split(body[: found.end(1)], body[found.end() :].strip(BLANKS), "sentence") if found else None


@dataclass(frozen=True)
class Item:
    """One of 一是…二是… inside a paragraph, without its number."""

    number: str
    glyphs: str
    text: str


def items(text: str) -> tuple[str, list[Item]]:
    """Part a paragraph into what leads in and its items 一是, 二是 …; a second 一是 simply begins again."""
    mask = outside_quotes(text)
    found = [match for match in _ITEM.finditer(fold(text)) if mask[match.start()] or match["number"]]
    kind = found[0].lastgroup if found else None
    found = [match for match in found if match.lastgroup == kind]
    if not found:
        return text, []
    ends = [*(match.start() for match in found[1:]), len(text)]
    return bare(text[: found[0].start()]), [
        Item(_value(match), text[match.start() : match.end()], bare(text[match.end() : end]))
        for match, end in zip(found, ends, strict=True)
    ]


def _value(match: re.Match[str]) -> str:
    if match["circled"]:
        return str(ord(match["circled"]) - ord("①") + 1)
    return str(numerals.parse(match["firstly"] or match["number"]))


def names_a_problem(body: str) -> bool:
    """Say whether a text begins like a title of the form 关于…的问题."""
    folded = fold(body)
    return bool(_OPENING.match(folded) and _end_of_problem(folded))


def calls_itself_a_problem(title: str) -> bool:
    """Say whether a title says of itself that it is a problem: 关于…的问题, …不严格问题."""
    return names_a_problem(title) or fold(bare(title)).endswith("问题")


def _by_marker(body: str) -> Split | None:
    found = phrases.inline_label(body)
    if not found or not bare(body[: found.start()]):
        return None
    before = before_marker(body[: found.start()])
    return Split(before.title, body[found.end() :].strip(BLANKS), before.basis, before.detail)


def _by_problem(body: str) -> Split | None:
    found = _end_of_problem(fold(body))
    if not found:
        return None
    rest = body[found.end() :].strip(BLANKS)
    return Split(bare(body[: found.end()]), rest, "of_the_problem" if rest else "line")


def _end_of_problem(folded: str) -> re.Match[str] | None:
    found = search(_OF_THE_PROBLEM, folded)
    if _OPENING.match(folded):
        return found or _ON_QUOTED.match(folded)
    is_short = found is not None and found.start() <= LONGEST_BARE
    return found if found and is_short and found[0].rstrip()[-1:] in "。:" else None


def _by_firstly(body: str) -> Split | None:
    found = search(_FIRSTLY, fold(body))
    return Split(bare(body[: found.start()]), body[found.start() :].strip(BLANKS), "firstly") if found else None


def _by_status(body: str) -> Split | None:
    title, rest = first(body)
    if rest and phrases.is_status(rest):
        return Split(bare(title), rest, "status")
    return None
