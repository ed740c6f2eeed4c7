"""Word files as their reader sees them: numbers resolved, runs joined, tables and text boxes in place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from documents.reading import Fault, ReadingError
from documents.sources.lines import Cell, Line, Source
from documents.sources.package import Package
from documents.sources.word_numbers import Numbering, load
from documents.sources.word_xml import attribute, child, name, parse

_UNSEEN = frozenset({"del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sdtPr", "Fallback", "rt"})
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OUTSIDE = re.compile(r"word/(?:header|footer)\d*\.xml")
_DEPTH = 60


def read(data: bytes) -> Source:
    """Read the body of a .docx or .docm; headers and footers only through `outside_texts`."""
    package = Package(data)
    body = child(_root(package, "word/document.xml"), "body")
    if body is None:
        raise ReadingError(
            "not_word", "这不是 Word 文件（缺少正文）。请确认扩展名与内容一致，或另存为 .docx 后再导入。"
        )
    numbering = load(_optional(package, "word/numbering.xml"), _optional(package, "word/styles.xml"))
    walk = _Walk(numbering)
    walk.block(body, None, 0)
    return Source(tuple(walk.lines), _left_out(package))


def outside_texts(data: bytes) -> list[str]:
    """List the texts of headers and footers, where a secrecy mark may stand."""
    package = Package(data)
    texts = []
    for part in filter(_OUTSIDE.fullmatch, package.names):
        root = _root(package, part)
        texts += ["".join(_text(paragraph)) for paragraph in root.iter() if name(paragraph) == "p"]
    return texts


def nested_too_deep() -> ReadingError:
    return ReadingError("nested_too_deep", "文件中的内容嵌套过深，已拒绝打开。请用 Word 或 WPS 另存后再导入。")


def _root(package: Package, part: str) -> Element:
    data = package.part(part)
    if data is None:
        raise ReadingError(
            "not_word", "这不是 Word 文件（缺少正文）。请确认扩展名与内容一致，或另存为 .docx 后再导入。"
        )
    return parse(data)


def _optional(package: Package, part: str) -> Element | None:
    data = package.part(part)
    return None if data is None else parse(data)


def _left_out(package: Package) -> tuple[Fault, ...]:
    """Say what the file holds beside its text."""
    faults = []
    if any(part.endswith("vbaProject.bin") for part in package.names):
        faults.append(Fault("macros_ignored", 1, "文件中含有宏，已忽略，没有运行；只读取了文字。"))
    if any(_has_text(package, part) for part in ("word/footnotes.xml", "word/endnotes.xml")):
        faults.append(
            Fault("footnotes_ignored", 1, "文件中含有脚注或尾注，没有读取；如其中有内容要用，请移到正文。")
        )
    return tuple(faults)


def _has_text(package: Package, part: str) -> bool:
    root = _optional(package, part)
    return root is not None and any((each.text or "").strip() for each in root.iter() if name(each) == "t")


@dataclass
class _Walk:
    numbering: Numbering
    lines: list[Line] = field(default_factory=list)
    tables: int = 0

    def block(self, node: Element, cell: Cell | None, depth: int) -> None:
        """Take the paragraphs and tables inside a node, in their order on paper."""
        if depth > _DEPTH:
            raise nested_too_deep()
        for each in node:
            if name(each) == "p":
                self._paragraph(each, cell, depth)
            elif name(each) == "tbl":
                self._table(each, cell, depth)
            elif name(each) not in _UNSEEN:
                self.block(each, cell, depth + 1)

    def _paragraph(self, node: Element, cell: Cell | None, depth: int) -> None:
        own = "".join(_text(node))
        label = self.numbering.label(child(node, "pPr")) if own.strip() else ""
        for text in (label + own).split("\n"):
            self.lines.append(Line(len(self.lines) + 1, text, cell))
        for box in _boxes(node):
            self.block(box, cell, depth + 1)

    def _table(self, node: Element, cell: Cell | None, depth: int) -> None:
        table, self.tables = self.tables, self.tables + 1
        for row, cells in enumerate(_inside(node, "tr")):
            column = 0
            for each in _inside(cells, "tc"):
                self.block(each, cell or Cell(table, row, column), depth + 1)
                column += _span(each)


def _span(cell: Element) -> int:
    written = attribute(child(child(cell, "tcPr"), "gridSpan"), "val") or "1"
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 1


def _inside(node: Element, wanted: str) -> Iterator[Element]:
    """Give rows of a table or cells of a row, also where a content control wraps them."""
    for each in node:
        if name(each) == wanted:
            yield each
        elif name(each) in ("sdt", "sdtContent", "ins"):
            yield from _inside(each, wanted)


def _text(node: Element) -> Iterator[str]:
    for each in node:
        kind = name(each)
        if kind == "t":
            yield each.text or ""
        elif kind in _CHARACTERS:
            yield "" if attribute(each, "type") == "page" else _CHARACTERS[kind]
        elif kind not in _UNSEEN and kind != "txbxContent":
            yield from _text(each)


def _boxes(node: Element) -> Iterator[Element]:
    for each in node:
        if name(each) == "txbxContent":
            yield each
        elif name(each) not in _UNSEEN:
            yield from _boxes(each)
