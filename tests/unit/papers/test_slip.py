"""The close-out slip: a line for every signature, and the same bytes for the same facts."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest

from documents.slip import SlipFacts, SlipStep, slip_docx, slip_pdf

SLIP = SlipFacts(
    title="巡察整改问题销号单",
    organization="柳林街道党工委",
    number="〔2026〕3号",
    facts=(("具体问题", "（13）游乐设施破损"), ("整改措施", "1. 拆除\n2. 更换")),
    heads=("环节", "意见", "签字", "日期"),
    steps=(SlipStep("科室审核", "同意", "甲同志", "2026-06-01"), SlipStep("领导小组会议审定")),
    foot="校验码 2047 8F78 B350 8A50",
    dated=date(2026, 6, 2),
)


def tables(content: bytes) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in docx.Document(io.BytesIO(content)).tables
    ]


def test_what_is_signed_stands_there_and_what_is_not_leaves_its_line_empty():
    facts, steps = tables(slip_docx(SLIP))

    assert facts == [["具体问题", "（13）游乐设施破损"], ["整改措施", "1. 拆除\n2. 更换"]]
    assert steps[1:] == [["科室审核", "同意", "甲同志", "2026-06-01"], ["领导小组会议审定", "", "", ""]]


def test_an_empty_line_is_high_enough_for_a_pen():
    [_, steps] = docx.Document(io.BytesIO(slip_docx(SLIP))).tables
    assert all(row.height and row.height.mm >= 12 for row in steps.rows[1:])


@pytest.mark.parametrize("make", [slip_docx, slip_pdf])
def test_equal_facts_give_equal_bytes_and_others_others(make):
    assert make(SLIP) == make(SLIP)
    assert make(SLIP) != make(replace(SLIP, number="〔2026〕4号"))
