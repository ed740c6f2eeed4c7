"""Reports what is wrong in a document: it is never put right in silence, for only its author knows how."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from documents import dates, titles
from documents.folding import fold
from documents.marks import BRACKETED, WRITTEN, write
from documents.outline.entries import Entry
from documents.outline.growth import Growth
from documents.outline.harvest import Harvest
from documents.outline.tables import AREA, HEADING
from documents.outline.tree import Node
from documents.reading import Fault, FaultCode
from documents.sentences import parts

_PROMISE = re.compile(
    "预计|计划[于在]|拟[于在]|(?:后期|后续|近期|下一步|今后)(?:将|拟|再|视|根据)|届时|择期"
    "|适时(?:安装|启动|开展|组织|实施|推进)|视情况|将根据实际|(?<![接等招优期对看])待[^。;,]{1,20}后|力争|尽快"
)
_MASKED = re.compile(
    r"(?<![A-Za-z0-9])[Xx×*]{1,6}(?![A-Za-z0-9光射])|某{1,2}[县市区镇乡村街社局委办处所站院校企公工同]|[\u4e00-\u9fa5]某{1,2}(?!些|种|个|一|项|方面)"
)
_FLAWS: dict[FaultCode, str] = {
    "masked_date": "日期被遮盖",
    "broken_date": "日期残缺",
    "spaced_date": "日期中有空格",
    "impossible_date": "日期不存在",
}


def check(found: Harvest, entries: Sequence[Entry], growth: Growth) -> list[Fault]:
    """List the faults of a document in the order of its lines."""
    faults = [
        *_numbers(found, growth.root),
        *_sections(growth.root),
        *map(_doubtful, growth.doubtful),
        *_widths(entries),
        *_unnumbered(found),
        *_empty(found),
        *_titles(found.problems),
        *_answers(found.problems),
        *_items(found.problems),
        *(fault for entry in found.inside for fault in _flaws(entry)),
    ]
    return sorted(faults, key=lambda fault: fault.line)


def _numbers(found: Harvest, root: Node) -> Iterator[Fault]:
    by_kind: dict[str, list[Node]] = defaultdict(list)
    nodes = dict.fromkeys((*found.areas, *found.headings, *found.problems, *root.children))
    for node in sorted(nodes, key=lambda node: node.line):
        by_kind[node.kind].append(node)
    for siblings in by_kind.values():
        yield from _sequence(siblings)


def _sequence(nodes: Sequence[Node]) -> Iterator[Fault]:
    """Check one kind of number, which may run through the document or restart under each parent."""
    last, parent = 0, None
    for node in nodes:
        restarts = node.parent is not parent
        parent = node.parent
        if node.value is None:
            continue
        if not (restarts and node.value == 1):
            yield from _step(node, last, node.value)
        last = node.value


def _step(node: Node, last: int, value: int) -> Iterator[Fault]:
    kind = node.mark.kind if node.mark else node.kind
    if value == last:
        yield Fault("repeated_number", node.line, f"第{node.line}行：编号“{write(kind, value)}”与前一个重复。")
    elif value < last:
        message = f"第{node.line}行：编号“{write(kind, value)}”排在“{write(kind, last)}”之后，次序颠倒。"
        yield Fault("number_out_of_order", node.line, message)
    for missing in range(last + 1, min(value, last + 20)):
        message = (
            f"第{node.line}行：编号由“{write(kind, last)}”跳到“{write(kind, value)}”，缺“{write(kind, missing)}”。"
        )
        yield Fault(
            "missing_number",
            node.line,
            message if last else message.replace(f"由“{write(kind, 0)}”跳到", "从").replace("，缺", "开始，缺"),
        )


def _sections(root: Node) -> Iterator[Fault]:
    last = 0
    for node in root.children:
        if node.value is None and last and node.kind in WRITTEN:
            missing = write(node.kind, last + 1)
            yield Fault("missing_number", node.line, f"第{node.line}行：标题“{node.title}”前缺编号“{missing}”。")
            last += 1
        last = node.value or last


def _doubtful(entry: Entry) -> Fault:
    glyphs = entry.mark.glyphs if entry.mark else ""
    message = f"第{entry.number}行：编号“{glyphs}”可能是下一标题，也可能是措施序号，已按措施读入，请核对。"
    return Fault("ambiguous_number", entry.number, message)


def _widths(entries: Iterable[Entry]) -> Iterator[Fault]:
    by_kind: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.mark and entry.mark.kind in BRACKETED:
            by_kind[entry.mark.kind].append(entry)
    for group in by_kind.values():
        half = [entry for entry in group if entry.mark and entry.mark.half_width]
        if len(half) * 2 < len(group):
            yield from map(_half_width, half)


def _half_width(entry: Entry) -> Fault:
    glyphs = entry.mark.glyphs if entry.mark else ""
    line = entry.number
    return Fault("half_width_number", line, f"第{line}行：编号“{glyphs}”用了半角括号，与全文其他编号不一致。")


def _unnumbered(found: Harvest) -> Iterator[Fault]:
    levels: tuple[tuple[FaultCode, str, Sequence[Node]], ...] = (
        ("unnumbered_area", "方面", found.areas),
        ("unnumbered_heading", "标题", found.headings),
        ("unnumbered_problem", "问题", found.problems),
    )
    for code, name, nodes in levels:
        for node in nodes:
            if node.value is None and node.kind not in (AREA, HEADING):
                yield Fault(code, node.line, f"第{node.line}行：{name}“{node.title}”没有编号。")


def _empty(found: Harvest) -> Iterator[Fault]:
    """Report an area under which no problem stands: perhaps its list was lost."""
    filled = {above for problem in found.problems for above in problem.ancestors()}
    for area in found.areas:
        if area not in filled and area.kind != AREA:
            yield Fault("empty_area", area.line, f"第{area.line}行：方面“{area.title}”下没有列出问题。")


def _titles(problems: Sequence[Node]) -> Iterator[Fault]:
    lines = {fold(problem.title): problem for problem in problems}
    counts = Counter(fold(problem.title) for problem in problems)
    for problem in problems:
        if counts[fold(problem.title)] > 1 and lines[fold(problem.title)] is not problem:
            yield Fault(
                "repeated_title", problem.line, f"第{problem.line}行：问题“{problem.title}”在文中出现了不止一次。"
            )
        for sentence in parts(problem.title)[:] if len(parts(problem.title)) > 1 else []:
            other = lines.get(fold(sentence))
            if other and other is not problem:
                message = (
                    f"第{problem.line}行：标题中含有第{other.line}行问题的标题“{other.title}”，请核对是否误并。"
                )
                yield Fault("title_contains_problem", problem.line, message)


def _answers(problems: Sequence[Node]) -> Iterator[Fault]:
    if not any(problem.answer for problem in problems):
        return
    for problem in problems:
        text = "\n".join(problem.answer)
        if not text:
            yield Fault("no_answer", problem.line, f"第{problem.line}行：问题“{problem.title}”没有整改情况。")
        promise = next(filter(None, map(_undated_promise, re.split("[。;]", fold(text)))), None)
        if promise:
            message = f"第{problem.line}行：“{problem.title}”的整改情况写有“{promise[0]}”，但没有可用的日期。"
            yield Fault("no_date", problem.line, message)


def _undated_promise(sentence: str) -> re.Match[str] | None:
    """Find a promise (预计, 后期…) that no usable date follows in its sentence."""
    promise = _PROMISE.search(sentence)
    return promise if promise and not dates.stated(sentence[promise.start() :]) else None


def _items(problems: Sequence[Node]) -> Iterator[Fault]:
    """Ask about a problem that lists several points and has no answer to tell them apart by."""
    for problem in problems:
        _, items = titles.items("".join(problem.detail))
        if len(items) > 1 and not problem.answer:
            where = f"第{problem.line}行：“{problem.title}”"
            message = f"{where}文中分列{len(items)}点，已按一个问题读入，请确认是否拆分。"
            yield Fault("items_in_text", problem.line, message)


def _flaws(entry: Entry) -> Iterator[Fault]:
    """Flag masked and damaged places, each kind once a line; what was there is never guessed."""
    by_kind: dict[FaultCode, list[str]] = defaultdict(list)
    for flaw in dates.flaws(entry.text):
        by_kind[flaw.kind].append(flaw.words)
    for kind, words in by_kind.items():
        shown = "、".join(dict.fromkeys(words))
        yield Fault(kind, entry.number, f"第{entry.number}行：{_FLAWS[kind]}（“{shown}”），没有推定日期。")
    masked = [found[0] for found in _MASKED.finditer(fold(entry.text))]
    if masked and "masked_date" not in by_kind:
        shown = "、".join(dict.fromkeys(masked))
        yield Fault("masked_text", entry.number, f"第{entry.number}行：有遮盖的内容（“{shown}”），按原文保留。")
