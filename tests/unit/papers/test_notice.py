"""The notice is read back as Word reads it: what stands where, in which letters, on what page."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents import layout
from documents.notice import (
    NoticeArea,
    NoticeContact,
    NoticeFacts,
    NoticeHeading,
    NoticeProblem,
    notice_docx,
)

TWIP = 635  # EMU: the file rounds every length to it
REPAIR = NoticeProblem("1", "路灯损坏无人修复", "更换路灯12盏。\n每月巡查一次。")
LEDGER = NoticeProblem("2", "台账“两张皮”", "重新建立台账。")
CONTACT = NoticeContact("欢迎监督。", "0000-1", "甲路1号", "a@example.org", "公布期限：一个月。")
FACTS = NoticeFacts(
    title="甲街道关于巡察整改情况的通报",
    document_number=None,
    opening=("现将整改情况予以公布。",),
    overview=("共反馈2个问题，已完成2个。",),
    areas=(NoticeArea("1", "服务群众方面", (NoticeHeading("1", "履职不到位", (REPAIR, LEDGER)),)),),
    next_steps=("持续整改。",),
    contact=CONTACT,
    signed_by="甲街道党工委",
    dated=date(2026, 3, 9),
)


def opened(facts: NoticeFacts) -> Document:
    return docx.Document(io.BytesIO(notice_docx(facts)))


def texts(facts: NoticeFacts) -> list[str]:
    return [paragraph.text for paragraph in opened(facts).paragraphs]


def east_asian_face(document: Document, text: str) -> str:
    paragraph = next(p for p in document.paragraphs if p.text.startswith(text))
    fonts = paragraph.style.element.rPr.find(qn("w:rFonts"))
    return fonts.get(qn("w:eastAsia"))


def part(packed: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(packed)).read(name).decode()


def test_the_notice_runs_from_title_to_date_in_the_structure_of_such_notices() -> None:
    assert texts(FACTS) == [
        "甲街道关于巡察整改情况的通报",
        "",
        "现将整改情况予以公布。",
        "一、总体情况",
        "共反馈2个问题，已完成2个。",
        "二、逐项整改落实情况",
        "（一）服务群众方面",
        "1.履职不到位",
        "（1）路灯损坏无人修复",
        "整改落实情况：更换路灯12盏。",
        "每月巡查一次。",
        "（2）台账“两张皮”",
        "整改落实情况：重新建立台账。",
        "三、下一步工作安排",
        "持续整改。",
        "欢迎监督。",
        "公布期限：一个月。",
        "电话：0000-1",
        "邮政信箱：甲路1号",
        "电子邮箱：a@example.org",
        "",
        "甲街道党工委",
        "2026年3月9日",
    ]


def test_without_areas_and_headings_the_problems_stand_flat() -> None:
    flat = NoticeArea(None, None, (NoticeHeading(None, None, (REPAIR,)),))
    shown = texts(replace(FACTS, areas=(flat,)))
    assert shown[shown.index("二、逐项整改落实情况") + 1] == "（1）路灯损坏无人修复"


def test_a_title_without_a_number_keeps_its_words_alone() -> None:
    heading = NoticeHeading(None, "作风不实", (replace(REPAIR, number=None),))
    shown = texts(replace(FACTS, areas=(NoticeArea(None, "作风方面", (heading,)),)))
    assert shown[6:9] == ["作风方面", "作风不实", "路灯损坏无人修复"]


@pytest.mark.parametrize(
    ("number", "shown"), [("2", "（二）"), ("10", "（十）"), ("13", "（十三）"), ("一", "（一）")]
)
def test_an_area_counts_in_chinese(number: str, shown: str) -> None:
    assert f"{shown}某方面" in texts(replace(FACTS, areas=(NoticeArea(number, "某方面", ()),)))


def test_an_empty_section_is_left_out_and_the_next_takes_its_number() -> None:
    shown = texts(replace(FACTS, overview=(), contact=None))
    assert [text for text in shown if "、" in text] == ["一、逐项整改落实情况", "二、下一步工作安排"]


def test_an_empty_line_of_the_contact_block_is_left_out() -> None:
    shown = texts(replace(FACTS, contact=replace(CONTACT, phone="", period="")))
    assert not [text for text in shown if text.startswith(("电话", "公布期限"))]


@pytest.mark.parametrize("typed", ["甲发[2026]7号", "甲发（2026）7号", "甲发〔2026〕7号", "甲发【2026】7号"])
def test_the_document_number_stands_above_the_title_in_six_cornered_brackets(typed: str) -> None:
    assert texts(replace(FACTS, document_number=typed))[0] == "甲发〔2026〕7号"


def test_the_page_is_that_of_the_standard() -> None:
    section = opened(FACTS).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    shown = (section.page_width, section.page_height, *margins)
    assert shown == tuple(pytest.approx(Mm(size), abs=TWIP) for size in (210, 297, 37, 35, 28, 26))
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"


def test_twenty_two_lines_and_twenty_eight_characters_fill_the_type_area_without_overflowing() -> None:
    style = opened(FACTS).styles["公文正文"]
    pitch = style.paragraph_format.line_spacing
    assert Pt(28) <= pitch <= Pt(29)
    assert 22 * pitch <= Mm(297 - 37 - 35) < 23 * pitch
    tighter = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    one_character = Pt(style.font.size.pt + tighter)
    assert 28 * one_character <= Mm(210 - 28 - 26) < 29 * one_character


@pytest.mark.parametrize(
    ("text", "face", "points"),
    [
        ("甲街道关于", "方正小标宋简体", 22),
        ("现将", "仿宋_GB2312", 16),
        ("一、", "黑体", 16),
        ("（一）", "楷体_GB2312", 16),
        ("1.", "仿宋_GB2312", 16),
        ("（1）", "仿宋_GB2312", 16),
    ],
)
def test_each_level_has_its_letters(text: str, face: str, points: int) -> None:
    document = opened(FACTS)
    assert east_asian_face(document, text) == face
    paragraph = next(p for p in document.paragraphs if p.text.startswith(text))
    assert paragraph.style.font.size == Pt(points)


def test_every_named_font_has_a_stand_in() -> None:
    packed = notice_docx(FACTS)
    named = set(re.findall(r'w:eastAsia="([^"]+)"/?', part(packed, "word/styles.xml"))) - {"zh-CN"}
    table = part(packed, "word/fontTable.xml")
    assert len(named) == 5
    for name in named:
        assert re.search(rf'w:name="{name}"><w:altName w:val="[^"]+"', table), name


def test_odd_pages_number_on_the_right_and_even_ones_on_the_left_with_dashes() -> None:
    document = opened(FACTS)
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert document.settings.odd_and_even_pages_header_footer
    assert [p.style.element.pPr.jc.val.name for p in (odd, even)] == ["RIGHT", "LEFT"]
    assert [p.style.font.size for p in (odd, even)] == [Pt(14), Pt(14)]
    assert [run.text for run in odd.runs] == ["— ", " —"]
    assert odd._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"


@pytest.mark.parametrize("signed_by", ["甲街道党工委", "中共甲街道工作委员会巡察整改工作领导小组办公室", "甲"])
def test_the_signing_body_is_centred_over_the_date_four_characters_in(signed_by: str) -> None:
    *_, signer, dated = opened(replace(FACTS, signed_by=signed_by)).paragraphs
    ends = [p.paragraph_format.right_indent.pt / 16 for p in (signer, dated)]
    assert ends[1] == 4
    middles = [end + layout.width(p.text) / 2 for end, p in zip(ends, (signer, dated), strict=True)]
    assert middles[0] == pytest.approx(middles[1], abs=0.1) or ends[0] == 0


def test_the_signature_never_stands_alone_on_a_page() -> None:
    *_, last_line, blank, signer, _ = opened(FACTS).paragraphs
    assert all(p.paragraph_format.keep_with_next for p in (last_line, blank, signer))


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    headings = [p for p in opened(FACTS).paragraphs if re.match("（|1\\.|[一二三]、", p.text)]
    assert len(headings) == 7
    assert all(p.style.paragraph_format.keep_with_next for p in headings)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于整改情况的通报", ["关于整改情况的通报"]),
        ("中共甲街道工作委员会关于巡察整改情况的通报", ["中共甲街道工作委员会", "关于巡察整改情况的通报"]),
        ("关" * 41, ["关" * 13, "关" * 14, "关" * 14]),
        (f"甲关于{'乙' * 30}", ["甲关于" + "乙" * 13, "乙" * 17]),
    ],
)
def test_a_long_title_breaks_by_sense_and_else_into_equal_lines(title: str, lines: list[str]) -> None:
    assert layout.title_lines(title) == lines


def test_equal_facts_give_equal_bytes_and_other_facts_others() -> None:
    assert notice_docx(FACTS) == notice_docx(replace(FACTS))
    assert notice_docx(FACTS) != notice_docx(replace(FACTS, dated=date(2026, 3, 10)))


def test_no_clock_reaches_the_file() -> None:
    packed = notice_docx(FACTS)
    properties = opened(FACTS).core_properties
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(packed)).infolist()} == {layout.ZIP_EPOCH}
    assert properties.created == properties.modified
    assert properties.created.date() == FACTS.dated
    assert (properties.title, properties.author) == (FACTS.title, FACTS.signed_by)


def test_what_an_officer_pastes_cannot_stop_the_document() -> None:
    pasted = replace(REPAIR, result="更换\x00路灯 <12> & “盏”\x0b\r\n  \ud800每月巡查。")
    facts = replace(FACTS, areas=(NoticeArea(None, None, (NoticeHeading(None, None, (pasted,)),)),))
    assert "整改落实情况：更换路灯 <12> & “盏”" in texts(facts)
    assert "每月巡查。" in texts(facts)
