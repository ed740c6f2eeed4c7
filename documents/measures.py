"""The steps inside an answer, with what their words suggest; a person confirms every suggestion."""

import re
from collections.abc import Iterator
from typing import Literal

from documents import dates, numerals, phrases
from documents.folding import fold
from documents.marks import split as split_mark
from documents.reading import Cadence, Measure
from documents.sentences import bare, outside_quotes

_STEP = re.compile(
    rf"(?:^|(?<=[。;:,. ]))(?:(?:[{numerals.CHARACTERS}]{{1,2}}是(?!否)|[其第][一二三四五六七八九十],)"
    r"|\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\)|\d{1,2}[.、](?=[^\d.、]|20\d\d年)|\d{1,2}\))|[①-⑳⑴-⒇⒈-⒛]"
)
_INSTITUTIONAL = re.compile(
    r"(?:制定|修订|出台|印发|完善|建立|健全|修改|细化|形成)[^。;,]{0,24}?"
    r"(?:制度|办法|机制|规定|细则|规则|规程|章程|规范(?!性?[化地管]))》?"
)
_IMMEDIATE = re.compile(
    r"立行立改|立即|当场|当天|当日|第一时间|即知即改|边查边改|马上|目前已|已于"
    r"|已经?(?:全部|全面|基本|及时|分别|按[^。;,]{0,6})?(?:完成|整改|拆除|清退|退还|退回|关停|清理|补齐|补发"
    r"|纠正|更换|修复|追回|收回|上缴|注销|到位|补缴)"
)
_TIMED = re.compile(
    r"限期|限时|预计|计划[于在用到]|计划(?=\d)|拟于|拟在|将[于在](?=[\dXx×某今明本年])|力争|分批|分阶段|确保[^。;,]{0,12}前"
)
_LASTING = re.compile(r"长期坚持|常态化|长期|持续|(?<!不)定期")
_PERIODS: tuple[tuple[Literal["day", "week", "half_month", "month", "quarter", "half_year", "year"], str], ...] = (
    ("day", "每(?:个)?(?:工作)?[日天]|日巡查|日调度"),
    ("half_month", "每半(?:个)?月"),
    ("week", "每(?:一)?(?:个)?(?:周|星期)|(?:一|1)周(?=至少|不少于|[一二两三四五\\d])|周例会|周调度"),
    ("half_year", "每半年|半年(?=至少|不少于|[一二两三四五\\d])"),
    ("quarter", "每(?:一)?(?:个)?季度?|(?:一|1)(?:个)?季度(?=至少|不少于)|按季度?"),
    ("month", "每(?:一)?(?:个)?月|(?:一|1)个月(?=至少|不少于|[一二两三四五\\d])|按月|月例会|月调度"),
    ("year", "每(?:一)?年(?:度)?|(?:一|1)年(?=至少|不少于)"),
)
_TIMES = re.compile(rf"[^。;,]{{0,16}}?([{numerals.CHARACTERS}]{{1,3}}|\d{{1,3}}) *(?:次|场|期|轮|回)")
_AT_LEAST = re.compile(
    r"(?:至少|不少于|不低于)[^。;,]{0,8}?([一二两三四五六七八九十]{1,3}|\d{1,3}) *(?:次|场|期|轮|回)"
)
_NEAR = 24  # characters before a date that can say what the date is for
_OUTCOME = re.compile("成效|效果|成果|结果|完成情况")
_FIELD_DEADLINE = re.compile("时限|期限|完成时间|办结时间")
_BY = re.compile(r"(?:之前|以前|前|内)")
_AHEAD = re.compile(r"(?:预计|计划|拟|将|力争|确保|限期|时限|期限|务必|争取|最迟)[^。;,已]{0,12}$")
_DONE = re.compile(r"已经?[^。;,]{0,8}$|截至$|截止$|截至目前$")


def propose(answer: list[str]) -> tuple[Measure, ...]:
    """Split an answer into steps at numbers, 一是/二是 and ；, leaving out what only states a status or a field."""
    paragraphs = [part for paragraph in answer for part in phrases.fields(paragraph)]
    common = next(filter(None, map(_field_deadline, paragraphs)), None)
    return tuple(
        _measure(piece, common) for text in _work(paragraphs) for piece in _pieces(text) if _is_step(piece)
    )


def _work(paragraphs: list[str]) -> Iterator[str]:
    """Give the paragraphs that tell of work: not fields, and not what stands under 整改成效."""
    is_outcome = False
    for paragraph in paragraphs:
        label = phrases.label(split_mark(paragraph)[1])
        if label:
            is_outcome = bool(_OUTCOME.search(label.name))
        if not is_outcome and not (label and label.is_field):
            yield label.rest if label else paragraph


def _field_deadline(paragraph: str) -> dates.Stated | None:
    """Give the date of a field such as 整改时限：, which holds for every step of the answer."""
    label = phrases.label(paragraph)
    if not label or not label.is_field or not _FIELD_DEADLINE.search(label.name):
        return None
    return next(iter(dates.stated(label.rest)), None)


def _pieces(text: str) -> Iterator[str]:
    folded = fold(text)
    mask = outside_quotes(text)
    cuts = {
        found.start() for found in _STEP.finditer(folded) if mask[found.start()] or folded[found.start()] == "("
    }
    cuts |= {place + 1 for place, character in enumerate(folded) if character == ";" and mask[place]}
    ends = [*sorted(cuts), len(text)]
    start = 0
    for end in ends:
        piece = text[start:end]
        start = end
        if not piece.rstrip().endswith(("：", ":")):
            yield bare(piece)


def _is_step(piece: str) -> bool:
    _, body = split_mark(piece)
    return len(body) > 1 and not phrases.is_status(body)


def _measure(piece: str, common: dates.Stated | None) -> Measure:
    _, body = split_mark(piece)
    folded = fold(body)
    deadline = _deadline(body, folded) or common
    cadence, cadence_words = _cadence(folded)
    signs = [
        found[0] for pattern in (_INSTITUTIONAL, _TIMED, _IMMEDIATE, _LASTING) for found in pattern.finditer(folded)
    ]
    words = [*signs, *([deadline.words] if deadline else []), *cadence_words]
    return Measure(
        text=body,
        track=_track(folded, deadline is not None),
        deadline=deadline.day.isoformat() if deadline and deadline.day else None,
        cadence=cadence,
        words=tuple(dict.fromkeys(words)),
    )


def _track(folded: str, has_deadline: bool) -> Literal["immediate", "time_limited", "institutional"] | None:
    if _INSTITUTIONAL.search(folded):
        return "institutional"
    if has_deadline or _TIMED.search(folded):
        return "time_limited"
    return "immediate" if _IMMEDIATE.search(folded) else None


def _deadline(body: str, folded: str) -> dates.Stated | None:
    """Give the first date that lies ahead by its words: …前, or after 预计, 计划, 拟; never after 已."""
    for found in dates.stated(body):
        before, after = folded[max(0, found.start - _NEAR) : found.start], folded[found.end : found.end + 2]
        if _DONE.search(before):
            continue
        if _BY.match(after) or _AHEAD.search(before):
            return found
    return None


def _cadence(folded: str) -> tuple[Cadence | None, list[str]]:
    for period, pattern in _PERIODS:
        found = re.search(pattern, folded)
        if found:
            count = _TIMES.match(folded, found.end())
            floor = _AT_LEAST.search(folded)
            stated = floor or count
            times = numerals.parse(stated[1]) if stated else None
            return Cadence(period, times), [found[0], *([floor[0]] if floor else [])]
    floor = _AT_LEAST.search(folded)
    return None, [floor[0]] if floor else []
