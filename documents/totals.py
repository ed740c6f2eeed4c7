"""The totals a document states about itself, so that they can be held against its list."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from documents import numerals
from documents.folding import fold
from documents.reading import Fault

_COUNT = rf"(\d{{1,4}}|[{numerals.CHARACTERS}]{{1,5}}) *"
_UNIT = r"(?:个|项|条)"


def _either(state: str, before: str = "") -> re.Pattern[str]:
    """Match a state with its count after it (已完成19个) or before it (19个问题已完成)."""
    after = rf"{before}{state}(?:的|了|问题)? *{_COUNT}{_UNIT}"
    ahead = rf"{_COUNT}{_UNIT}(?:问题|事项)?(?:已经?|均已?|全部|目前|还在|仍在|基本)*{before}{state}"
    return re.compile(f"{after}|{ahead}")


_NOT_A_PART = rf"(?<![成改结中{numerals.CHARACTERS}\d])"
_ADJECTIVE = "(?:具体|突出|反馈|整改|存在的?|巡察|巡视|主要的?)?"
_LISTED = r"(?:反馈|指出|发现|涉及|存在|梳理|提出|共)[^。;,\d]{0,12}问题"
_CONCRETE = re.compile(rf"{_NOT_A_PART}{_COUNT}{_UNIT}具体(?:问题|事项)")
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("areas", re.compile(rf"{_COUNT}(?:个|大)?方面")),
    ("headings", re.compile(rf"{_COUNT}(?:个|项|类)?(?:大类|大|类|主要|方面的?)问题")),
    (
        "problems",
        re.compile(rf"{_NOT_A_PART}{_COUNT}{_UNIT}{_ADJECTIVE}(?:问题|事项)(?!线索)|{_LISTED} *{_COUNT}{_UNIT}"),
    ),
    ("measures", re.compile(rf"{_COUNT}{_UNIT}(?:具体)?(?:整改)?(?:措施|举措)|整改(?:措施|举措) *{_COUNT}{_UNIT}")),
    ("completed", _either(r"(?:整改完成|完成整改|完成|整改到位|办结|销号)", before=r"(?<!未)")),
    ("in_progress", _either(r"(?:正在整改|正在推进|持续推进|持续整改|推进中|整改中|正在办理)")),
    ("not_completed", _either(r"(?:尚未|还?未)(?:整改)?(?:完成|整改)(?:整改)?(?:到位)?")),
    ("long_term", _either(r"(?:需要?)?长期(?:坚持|整改)")),
)
_SUMMARY = re.compile("反馈|指出|涉及|发现|梳理|细化|分解|共|提出|认领|存在|总|截至|目前|完成|制定")
_EARLIER = re.compile("上[一轮次]|上届|历次|以往|前[几三两]轮")


@dataclass(frozen=True)
class StatedTotal:
    """A figure of the text about the list as a whole."""

    name: str
    value: int
    line: int
    words: str


def every(lines: Iterable[tuple[int, str]]) -> list[StatedTotal]:
    """Find all totals in lines that stand outside the list, in the order of the text."""
    return [total for number, text in lines for total in _in_line(number, text)]


def by_name(stated: Iterable[StatedTotal]) -> dict[str, int]:
    """Give the figure of each name; where the text contradicts itself, the first one."""
    return {name: total.value for name, total in _first(stated).items()}


def _first(stated: Iterable[StatedTotal]) -> dict[str, StatedTotal]:
    found: dict[str, StatedTotal] = {}
    for total in stated:
        found.setdefault(total.name, total)
    return found


def _in_line(number: int, text: str) -> Iterator[StatedTotal]:
    for sentence in re.split("[。;]", fold(text)):
        if not _SUMMARY.search(sentence) or _EARLIER.search(sentence):
            continue
        named = [(name, found) for name, pattern in _PATTERNS if (found := pattern.search(sentence))]
        concrete = _CONCRETE.search(sentence)
        for name, found in _apart(named, concrete) if concrete else named:
            value = numerals.parse(next(filter(None, found.groups())))
            if value is not None:
                yield StatedTotal(name, value, number, found[0])


def _apart(named: list[tuple[str, re.Match[str]]], concrete: re.Match[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Where 具体问题 are counted too, the plain 问题 before them are the headings: 8个问题17个具体问题."""
    names = {name for name, _ in named}
    for name, found in named:
        if name != "problems":
            yield name, found
        elif found.start() != concrete.start() and "headings" not in names:
            yield "headings", found
    yield "problems", concrete


def reconcile(stated: list[StatedTotal], counted: Mapping[str, int]) -> Iterator[Fault]:
    """Report each stated total that the list, or the other totals, do not bear out."""
    first = _first(stated)
    if not counted["problems"]:
        yield _nothing_listed(first)
    yield from _conflicts(stated, first)
    yield from _against_list(first, counted)
    yield from _sum(first)


def _nothing_listed(first: Mapping[str, StatedTotal]) -> Fault:
    """Explain a document without a list: its totals alone open no problem."""
    total = first.get("problems") or next(iter(first.values()), None)
    if total:
        where = f"第{total.line}行：文中只写了总数（“{total.words}”）"
        return Fault("only_totals", total.line, f"{where}，没有逐条列出问题，无法导入。请向发文单位要问题清单。")
    return Fault(
        "no_problems_found", 1, "全文没有认出问题清单。请确认选对了文件；如确是反馈意见或通报，请手工登记问题。"
    )


def _conflicts(stated: list[StatedTotal], first: Mapping[str, StatedTotal]) -> Iterator[Fault]:
    for total in stated:
        if total.value != first[total.name].value:
            other = first[total.name]
            message = f"第{total.line}行：“{total.words}”与第{other.line}行的“{other.words}”不一致。"
            yield Fault("totals_conflict", total.line, message)


def _against_list(first: Mapping[str, StatedTotal], counted: Mapping[str, int]) -> Iterator[Fault]:
    for name, label in (("areas", "方面"), ("headings", "类问题"), ("problems", "问题")):
        total = first.get(name)
        if not total or not counted["problems"] or total.value in _countable(name, first, counted):
            continue
        message = f"第{total.line}行：文中称“{total.words}”，实际列出{counted[name]}个{label}，请核对。"
        yield Fault("totals_differ", total.line, message)


def _countable(name: str, first: Mapping[str, StatedTotal], counted: Mapping[str, int]) -> set[int]:
    """Where only one figure is stated for problems, offices may have counted the headings."""
    own = {counted[name]}
    return own | {counted["headings"]} if name == "problems" and "headings" not in first else own


def _sum(first: Mapping[str, StatedTotal]) -> Iterator[Fault]:
    whole = first.get("problems")
    parts = [first[name] for name in ("completed", "in_progress", "not_completed") if name in first]
    if not whole or len(parts) < 2 or sum(part.value for part in parts) == whole.value:
        return
    sum_of = "、".join(part.words for part in parts)
    message = f"第{parts[0].line}行：“{sum_of}”相加不等于“{whole.words}”，请核对。"
    yield Fault("totals_do_not_add_up", parts[0].line, message)
