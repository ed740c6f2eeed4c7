"""PDF files with text are read as printed; a scan or a locked file says what to do."""

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from documents.reader import read
from documents.reading import ReadingError
from documents.sources import pdf

LINES = [
    "云溪县示范站关于巡察整改情况的通报",
    "一、整改落实情况",
    "（一）日常管理方面",
    "1.值班安排不合理，节假日期间多次出现无人在岗的情况，群众反映比较强",
    "烈",
    "整改情况：重新排定值班表，节假日安排双人双岗，并由站领导每周随机抽",
    "查两次；对缺岗人员批评教育，目前已全部落实到位，群众反映明显减少并",
    "且没有再发生同类问题，站务会每月通报一次值班情况，长期坚持，从而把",
    "值班责任落到实处，同时将值班情况纳入年度考核内容，严格兑现奖惩措施",
    "规定，并向全站公开，接受监督。",
    "2.台账不全",
    "整改情况：已补齐。",
    "— 1 —",
]


def page_of(lines: list[str]) -> str:
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -20 Td " for line in lines)
    return f"BT /F1 12 Tf 50 780 Td {shown}ET"


def font_of(lines: list[str]) -> DictionaryObject:
    """Give a font whose codes are the characters themselves, so that no font file is needed."""
    codes = sorted({f"{ord(character):04X}" for line in lines for character in line})
    pairs = "\n".join(f"<{code}> <{code}>" for code in codes)
    unicode_map = DecodedStreamObject()
    head = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange"
    unicode_map.set_data(f"{head} {len(codes)} beginbfchar\n{pairs}\nendbfchar endcmap end".encode())
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): NameObject("/Example"),
            NameObject("/Encoding"): NameObject("/Identity-H"),
            NameObject("/ToUnicode"): unicode_map,
            NameObject("/DescendantFonts"): ArrayObject([_descendant()]),
        }
    )


def _descendant() -> DictionaryObject:
    system = {"/Registry": TextStringObject("Adobe"), "/Ordering": TextStringObject("Identity")}
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/CIDFontType2"),
            NameObject("/BaseFont"): NameObject("/Example"),
            NameObject("/DW"): NumberObject(1000),
            NameObject("/CIDSystemInfo"): DictionaryObject(
                {NameObject(key): value for key, value in system.items()}
                | {NameObject("/Supplement"): NumberObject(0)}
            ),
        }
    )


def pdf_of(lines: list[str], *, locked: bool = False) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    if lines:
        content = DecodedStreamObject()
        content.set_data(page_of(lines).encode())
        font = font_of(lines)
        font[NameObject("/ToUnicode")] = writer._add_object(font["/ToUnicode"])
        resources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
        page[NameObject("/Resources")] = resources
        page[NameObject("/Contents")] = writer._add_object(content)
    if locked:
        writer.encrypt("000000", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(ReadingError) as error:
        read("通报.pdf", data)
    return error.value.code


def test_the_lines_come_as_printed() -> None:
    assert [line.text for line in pdf.read(pdf_of(LINES)).lines if not line.is_blank] == LINES


def test_paragraphs_broken_at_the_width_of_the_page_are_whole_again() -> None:
    reading = read("通报.pdf", pdf_of(LINES))
    first, second = reading.problems
    assert first.title == "值班安排不合理，节假日期间多次出现无人在岗的情况，群众反映比较强烈"
    assert first.answer
    assert first.answer.startswith("重新排定值班表")
    assert first.answer.endswith("接受监督。")
    assert (second.title, second.answer) == ("台账不全", "已补齐。")
    assert reading.line_counts() == {"total": 13, "area": 1, "heading": 0, "problem": 3, "answer": 6, "ignored": 3}
    assert reading.source_lines[-1].reason == "page_number"


def test_the_gap_that_typesetting_puts_beside_figures_is_closed() -> None:
    reading = read("通报.pdf", pdf_of(["通报", "1.台账 2023 年不全", "整改情况：2024 年 5 月 6 日补齐 12 份。"]))
    assert reading.problems[0].answer == "2024年5月6日补齐12份。"
    assert reading.faults == ()


def test_a_scan_is_refused() -> None:
    assert refusal(pdf_of([])) == "no_text"


def test_a_locked_file_is_refused() -> None:
    assert refusal(pdf_of(LINES, locked=True)) == "password"


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", b"no pdf at all", b""])
def test_a_broken_file_is_refused(data: bytes) -> None:
    assert refusal(data) == "broken_file"
