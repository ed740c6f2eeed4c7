"""A printed letter says what, by when and how to answer, on the official page, in Word and in PDF alike."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from pypdf import PdfReader

from documents.letter import LetterFacts, letter_docx, letter_pdf

FACTS = LetterFacts(
    form="督办单",
    number="柳街督〔2026〕3号",
    addressee="社会事务办",
    opening="根据巡察整改工作安排，现将下列事项交你单位办理。发单缘由：红色督办函。",
    problem="（13）社区公园器材破损。整改时限为2026年5月29日，已逾期1天。尚未完成的措施有：",
    measures=("拆除破损器材（2026年5月20日前完成，已逾期10天）", "安装新器材（2026年5月29日前完成）"),
    answer_by=date(2026, 6, 5),
    final_on=date(2026, 6, 12),
    demand="请抓紧组织办理。",
    way="回复方式：在系统中打开本单，点“签收”和“办理回复”。",
    signed_by="柳林街道党工委巡察整改领导小组办公室",
    dated=date(2026, 5, 30),
)
SAID = (
    "柳街督〔2026〕3号", "督办单", "社会事务办：", "（13）社区公园器材破损", "1.拆除破损器材", "已逾期10天）；",
    "2.安装新器材", "29日前完成）。", "请于2026年6月5日前书面回复办理情况", "最迟于2026年6月12日办结",
    "2026年5月30日", "签收人", "领导批示",
)  # fmt: skip


def paragraphs(content: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for part in (document, *cells) for one in part.paragraphs if one.text]


def pdf_text(content: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return "".join("".join(pages).split())


def test_word_and_pdf_say_the_same() -> None:
    written, printed = "".join(paragraphs(letter_docx(FACTS))), pdf_text(letter_pdf(FACTS))
    for one in SAID:
        assert one in written
        assert "".join(one.split()) in printed


def test_there_is_room_for_what_is_written_by_hand_and_no_page_tears_it() -> None:
    [receipt] = docx.Document(io.BytesIO(letter_docx(FACTS))).tables
    heights = {row.cells[0].text: row.height.mm for row in receipt.rows if row.height}
    assert heights["领导批示"] > 13 < heights["办理回复"]
    first = [row.cells[0].paragraphs[0].paragraph_format for row in receipt.rows]
    assert [one.keep_with_next for one in first] == [True, True, None]


def test_equal_facts_give_equal_bytes() -> None:
    assert letter_docx(FACTS) == letter_docx(FACTS)
    assert letter_pdf(FACTS) == letter_pdf(FACTS)


def test_a_letter_fits_on_one_page_and_a_long_one_goes_on() -> None:
    assert len(PdfReader(io.BytesIO(letter_pdf(FACTS))).pages) == 1
    long = replace(FACTS, measures=FACTS.measures * 20)
    assert len(PdfReader(io.BytesIO(letter_pdf(long))).pages) > 1


def test_the_page_is_that_of_public_documents() -> None:
    section = docx.Document(io.BytesIO(letter_docx(FACTS))).sections[0]
    page = PdfReader(io.BytesIO(letter_pdf(FACTS))).pages[0].mediabox
    assert round(section.top_margin.mm) == 37
    assert (round(float(page.width) * 25.4 / 72), round(float(page.height) * 25.4 / 72)) == (210, 297)


@pytest.mark.parametrize(("final_on", "said"), [(None, False), (date(2026, 6, 12), True)])
def test_what_is_not_asked_is_not_printed(final_on: date | None, said: bool) -> None:
    text = "".join(paragraphs(letter_docx(replace(FACTS, final_on=final_on, measures=()))))
    assert ("最迟" in text) is said
    assert "1." not in text


def test_a_character_that_xml_forbids_does_not_stop_the_letter() -> None:
    dirty = replace(FACTS, problem="（13）破\x0b损")
    assert "（13）破损" in "".join(paragraphs(letter_docx(dirty)))
    assert "（13）破损" in pdf_text(letter_pdf(dirty))
