"""Word's automatic numbers, which are on the paper but not in the text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from documents.numerals import chinese
from documents.sources.word_xml import attribute, child, children

_LEGAL = str.maketrans("零一二三四五六七八九十", "零壹贰叁肆伍陆柒捌玖拾")


def _roman(value: int) -> str:
    figures = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for size, figure in figures:
        text += figure * (value // size)
        value %= size
    return text


def _letter(value: int) -> str:
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _circled(value: int) -> str:
    return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)


def _wide(value: int) -> str:
    return "".join(chr(ord(figure) + 0xFEE0) for figure in str(value))


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": chinese,
    "japaneseCounting": chinese,
    "chineseLegalSimplified": lambda value: chinese(value).translate(_LEGAL),
    "ideographLegalTraditional": lambda value: chinese(value).translate(_LEGAL),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "decimalZero": lambda value: f"{value:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": lambda value: _letter(value).upper(),
    "lowerLetter": _letter,
}


@dataclass(frozen=True)
class _Level:
    start: int
    format: str
    text: str
    legal: bool


@dataclass(frozen=True)
class _List:
    counters: str
    levels: Mapping[int, _Level]
    restarts: frozenset[int]


@dataclass
class Numbering:
    """Counts paragraphs as Word does: `label` must be called once for each, in the order of the text."""

    lists: Mapping[str, _List]
    styles: Mapping[str, tuple[str | None, int | None]]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)

    def label(self, properties: Element | None) -> str:
        """Give the number printed before a paragraph with these properties, or an empty text."""
        list_id, depth = self._list_of(properties)
        numbered = self.lists.get(list_id or "")
        level = numbered.levels.get(depth) if numbered else None
        if numbered is None or level is None or level.format in ("bullet", "none"):
            return ""
        counts = self._advance(list_id or "", numbered, depth)
        return _fill(level, numbered, counts)

    def _list_of(self, properties: Element | None) -> tuple[str | None, int]:
        own = child(properties, "numPr")
        style = attribute(child(properties, "pStyle"), "val")
        style_list, style_depth = self.styles.get(style or "", (None, None))
        list_id = attribute(child(own, "numId"), "val") or style_list
        depth = attribute(child(own, "ilvl"), "val")
        return list_id, _whole(depth, style_depth or 0)

    def _advance(self, list_id: str, numbered: _List, depth: int) -> Mapping[int, int]:
        counts = self._counts.setdefault(numbered.counters, {})
        if list_id not in self._started:
            self._started.add(list_id)
            for restarted in numbered.restarts:
                counts.pop(restarted, None)
        counts[depth] = counts.get(depth, numbered.levels[depth].start - 1) + 1
        for deeper in [place for place in counts if place > depth]:
            del counts[deeper]
        return counts


def _fill(level: _Level, numbered: _List, counts: Mapping[int, int]) -> str:
    text = level.text
    for place, shown in numbered.levels.items():
        value = counts.get(place, shown.start)
        written = str(value) if level.legal else _FORMATS.get(shown.format, str)(value)
        text = text.replace(f"%{place + 1}", written)
    return text


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else default


def load(numbering: Element | None, styles: Element | None) -> Numbering:
    """Prepare the lists of `numbering.xml` and the styles that number their paragraphs."""
    abstract = {attribute(node, "abstractNumId"): node for node in children(numbering, "abstractNum")}
    lists = {}
    for node in children(numbering, "num"):
        base = attribute(child(node, "abstractNumId"), "val")
        if base in abstract:
            lists[attribute(node, "numId") or ""] = _list(base or "", abstract[base], node)
    return Numbering(lists, _styles(styles))


def _list(base: str, abstract: Element, node: Element) -> _List:
    levels = {_whole(attribute(level, "ilvl"), 0): _level(level) for level in children(abstract, "lvl")}
    restarts = set()
    for override in children(node, "lvlOverride"):
        depth = _whole(attribute(override, "ilvl"), 0)
        replaced = child(override, "lvl")
        if replaced is not None:
            levels[depth] = _level(replaced)
        start = attribute(child(override, "startOverride"), "val")
        if start is not None and depth in levels:
            levels[depth] = _started_at(levels[depth], _whole(start, 1))
            restarts.add(depth)
    return _List(base, levels, frozenset(restarts))


def _started_at(level: _Level, start: int) -> _Level:
    return _Level(start, level.format, level.text, level.legal)


def _level(node: Element) -> _Level:
    return _Level(
        start=_whole(attribute(child(node, "start"), "val"), 1),
        format=attribute(child(node, "numFmt"), "val") or "decimal",
        text=attribute(child(node, "lvlText"), "val") or "",
        legal=child(node, "isLgl") is not None,
    )


def _styles(root: Element | None) -> Mapping[str, tuple[str | None, int | None]]:
    nodes = {attribute(node, "styleId") or "": node for node in children(root, "style")}
    return {name: _style(name, nodes) for name in nodes}


def _style(name: str, nodes: Mapping[str, Element]) -> tuple[str | None, int | None]:
    seen: set[str] = set()
    list_id: str | None = None
    depth: str | None = None
    while name in nodes and name not in seen and list_id is None:
        seen.add(name)
        own = child(child(nodes[name], "pPr"), "numPr")
        list_id = attribute(child(own, "numId"), "val")
        depth = depth or attribute(child(own, "ilvl"), "val")
        name = attribute(child(nodes[name], "basedOn"), "val") or ""
    return list_id, _whole(depth, 0)
