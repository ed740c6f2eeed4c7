"""What the office publishes can be read again: the notice carries every title and answer it was given."""

import tomllib
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

import config
from documents.notice import NoticeArea, NoticeFacts, NoticeHeading, NoticeProblem, notice_docx
from documents.reader import read
from documents.reading import Problem, Reading

SAMPLE = Path(config.__file__).parent / "sample"


@pytest.fixture(scope="module")
def feedback() -> Reading:
    return read("feedback.txt", (SAMPLE / "feedback.txt").read_bytes())


@pytest.fixture(scope="module")
def results() -> dict[str, str]:
    plans = tomllib.loads((SAMPLE / "measures.toml").read_text(encoding="utf-8"))["problems"]
    return {str(plan["number"]): "\n".join(m["result"] for m in plan["measures"]) for plan in plans}


def noticed(problems: list[Problem], results: dict[str, str]) -> tuple[NoticeArea, ...]:
    return tuple(
        NoticeArea(str(number), area, tuple(headings(list(group), results)))
        for number, (area, group) in enumerate(groupby(problems, lambda p: p.area), start=1)
    )


def headings(problems: list[Problem], results: dict[str, str]) -> list[NoticeHeading]:
    return [
        NoticeHeading(
            None, heading, tuple(NoticeProblem(p.number, p.title, results[p.number or ""]) for p in group)
        )
        for heading, group in groupby(problems, lambda p: p.heading)
    ]


def test_the_sample_is_read_without_a_fault(feedback: Reading) -> None:
    assert (len(feedback.areas), len(feedback.headings), len(feedback.problems)) == (4, 9, 20)
    assert feedback.faults == ()


def test_the_notice_made_from_the_sample_reads_back_as_what_went_in(
    feedback: Reading, results: dict[str, str]
) -> None:
    facts = NoticeFacts(
        title="中共青溪街道工作委员会关于巡察整改情况的通报",
        document_number="青街发〔2026〕20号",
        opening=("现将整改情况予以公布。",),
        overview=("共反馈20个问题。",),
        areas=noticed(list(feedback.problems), results),
        next_steps=("持续整改。",),
        contact=None,
        signed_by="中共青溪街道工作委员会",
        dated=date(2026, 6, 30),
    )
    again = read("notice.docx", notice_docx(facts))
    assert [(p.number, p.title, p.area, p.heading) for p in again.problems] == [
        (p.number, p.title, p.area, p.heading) for p in feedback.problems
    ]
    assert [p.answer for p in again.problems] == [results[p.number or ""] for p in feedback.problems]
