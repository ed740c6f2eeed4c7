"""Word files give the lines a reader sees on paper."""

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from documents.reader import read
from documents.reading import ReadingError
from documents.sources import word

LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))


def saved(document: WordDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def texts(document: WordDocument) -> list[str]:
    return [line.text for line in word.read(saved(document)).lines if not line.is_blank]


def add_list(document: WordDocument) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(LEVELS)
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))


def add_numbered(document: WordDocument, depth: int, text: str) -> None:
    paragraph = document.add_paragraph(text)
    properties = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(properties))


def test_automatic_numbers_are_counted_as_word_counts_them() -> None:
    document = Document()
    add_list(document)
    for depth, text in [
        (0, "甲"),
        (1, "乙"),
        (2, "丙"),
        (3, "丁"),
        (3, "戊"),
        (2, "己"),
        (3, "庚"),
        (1, "辛"),
        (2, "壬"),
    ]:
        add_numbered(document, depth, text)
    assert texts(document) == [
        "一、甲",
        "（一）乙",
        "1.丙",
        "（1）丁",
        "（2）戊",
        "2.己",
        "（1）庚",
        "（二）辛",
        "1.壬",
    ]


def test_a_style_can_number_its_paragraphs() -> None:
    document = Document()
    add_list(document)
    style = document.styles["Heading 1"].element
    numbered = f'<w:numPr {nsdecls("w")}><w:numId w:val="90"/></w:numPr>'
    style.get_or_add_pPr().append(parse_xml(numbered))
    document.add_paragraph("甲", style="Heading 1")
    document.add_paragraph("乙", style="Heading 1")
    assert texts(document) == ["一、甲", "二、乙"]


def test_runs_are_joined_and_deleted_text_is_not_seen() -> None:
    document = Document()
    paragraph = document.add_paragraph("（")
    paragraph.add_run("1").bold = True
    paragraph.add_run("）账目")
    removed = f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>不要</w:delText></w:r></w:del>'
    paragraph._p.append(parse_xml(removed))
    inserted = f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>不清</w:t></w:r></w:ins>'
    paragraph._p.append(parse_xml(inserted))
    assert texts(document) == ["（1）账目不清"]


def test_a_soft_break_parts_lines() -> None:
    document = Document()
    document.add_paragraph("（1）账目不清\n整改情况：已建账。")
    assert texts(document) == ["（1）账目不清", "整改情况：已建账。"]


def test_tables_and_text_boxes_are_read_in_their_place() -> None:
    document = Document()
    document.add_paragraph("前文")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([cell for row in table.rows for cell in row.cells], "甲乙丙丁", strict=True):
        cell.text = text
    holder = document.add_paragraph("后文")
    box = "<w:txbxContent><w:p><w:r><w:t>框中字</w:t></w:r></w:p></w:txbxContent>"
    choice = (
        '<mc:Choice Requires="wps"><w:drawing><wps:txbx xmlns:wps="urn:wps">'
        + box
        + "</wps:txbx></w:drawing></mc:Choice>"
    )
    fallback = f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    shape = f"<w:r {nsdecls('w')} {space}><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>"
    holder._p.append(parse_xml(shape))
    lines = word.read(saved(document)).lines
    assert [line.text for line in lines if not line.is_blank] == ["前文", "甲", "乙", "丙", "丁", "后文", "框中字"]
    assert [(line.cell.row, line.cell.column) for line in lines if line.cell] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_word_and_text_give_the_same_problems() -> None:
    document = Document()
    add_list(document)
    add_numbered(document, 0, "反馈问题整改落实情况")
    add_numbered(document, 1, "作风建设方面")
    add_numbered(document, 2, "账目管理不到位")
    add_numbered(document, 3, "台账不全")
    document.add_paragraph("整改情况：已补齐。")
    add_numbered(document, 3, "票据不清")
    document.add_paragraph("整改情况：已清理。")
    lines = [
        "一、反馈问题整改落实情况",
        "（一）作风建设方面",
        "1.账目管理不到位",
        "（1）台账不全",
        "整改情况：已补齐。",
    ]
    text = "\n".join([*lines, "（2）票据不清", "整改情况：已清理。"])
    assert read("a.docx", saved(document)) == read("a.txt", text.encode())


def part_replaced(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return stream.getvalue()


def test_an_entity_declaration_is_refused() -> None:
    document = Document()
    document.add_paragraph("文字")
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    data = part_replaced(saved(document), "word/document.xml", lambda xml: bomb + xml.partition(b"?>")[2])
    with pytest.raises(ReadingError) as error:
        read("a.docx", data)
    assert error.value.code == "entity_declaration"


def test_a_file_that_is_no_zip_is_refused_with_a_remedy() -> None:
    with pytest.raises(ReadingError, match="另存") as error:
        read("a.docx", b"not a zip")
    assert error.value.code == "broken_file"
