"""WordprocessingML by local name, because WPS and strict OOXML write the same tree in other namespaces."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from documents.reading import ReadingError


def parse(data: bytes) -> Element:
    """Parse one part of a package; a document type declaration is refused, so no entity can expand."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data[:200]:
        raise ReadingError(
            "entity_declaration",
            "文件中含有实体声明，正常的 Word 文件不会这样写，已拒绝打开。请用 Word 或 WPS 打开原件另存后再导入。",
        )
    try:
        return fromstring(data)  # noqa: S314  # declarations were refused above: nothing is left to expand
    except ParseError as error:
        raise ReadingError(
            "broken_file", "文件已损坏，内容读不出来。请用 Word 或 WPS 打开修复后另存，再导入。"
        ) from error


def name(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def children(node: Element | None, wanted: str) -> Iterator[Element]:
    for each in node if node is not None else ():
        if name(each) == wanted:
            yield each


def child(node: Element | None, wanted: str) -> Element | None:
    return next(children(node, wanted), None)


def attribute(node: Element | None, wanted: str) -> str | None:
    if node is None:
        return None
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == wanted), None)
