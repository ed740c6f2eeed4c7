"""Word files made from a small description, because a binary in the repository cannot be reviewed."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))
Block = dict[str, Any]


@pytest.fixture(scope="session")
def build_word() -> Callable[[Sequence[Block]], bytes]:
    """Build a .docx of blocks: a paragraph (`text`, numbered by Word at a `depth`), a `table` or a text `box`."""
    return _build


def _build(blocks: Sequence[Block]) -> bytes:
    document = Document()
    _add_list(document)
    for block in blocks:
        if "table" in block:
            _add_table(document, block["table"])
        elif "box" in block:
            _add_box(document, block["box"])
        else:
            _add_paragraph(document, block["text"], block.get("depth"))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_list(document: WordDocument) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(LEVELS)
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))


def _add_paragraph(document: WordDocument, text: str, depth: int | None) -> None:
    paragraph = document.add_paragraph(text)
    if depth is not None:
        properties = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(properties))


def _add_table(document: WordDocument, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _add_box(document: WordDocument, text: str) -> None:
    box = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    paragraph = document.add_paragraph()
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:pict>{box}</w:pict></w:r>"))
