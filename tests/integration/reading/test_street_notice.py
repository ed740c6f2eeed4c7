"""The one real notice at hand is read to the letter, by rules that know nothing of it."""

from pathlib import Path

import pytest

from documents.reader import read
from documents.reading import Reading

NOTICE = Path(__file__).resolve().parents[4] / "shared" / "notices" / "street-2019.txt"


@pytest.fixture(scope="module")
def data() -> bytes:
    assert NOTICE.is_file(), f"the real notice must lie at {NOTICE}"
    return NOTICE.read_bytes()


@pytest.fixture(scope="module")
def reading(data: bytes) -> Reading:
    return read(NOTICE.name, data)


def test_areas_are_the_three_of_the_text(reading: Reading) -> None:
    assert [(area.number, area.glyphs, area.line) for area in reading.areas] == [
        ("1", "（一）", 11),
        ("2", "（二）", 27),
        ("3", "（三）", 38),
    ]


def test_headings_keep_their_numbers_and_the_lack_of_one(reading: Reading) -> None:
    assert [heading.number for heading in reading.headings] == ["1", "2", "3", "4", "5", "6", None, "8"]


def test_seventeen_problems_keep_their_numbers_and_glyphs(reading: Reading) -> None:
    assert [problem.number for problem in reading.problems] == [str(number) for number in range(1, 18)]
    assert reading.problems[5].glyphs == "(6)"
    assert reading.problems[6].glyphs == "（7）"


def test_every_problem_has_its_answer_and_titles_above(reading: Reading) -> None:
    assert all(problem.answer and problem.area and problem.heading for problem in reading.problems)
    assert not any((problem.answer or "").startswith("整改落实情况") for problem in reading.problems)
    assert {problem.heading_line for problem in reading.problems[12:15]} == {44}


def test_every_line_is_accounted_for(data: bytes, reading: Reading) -> None:
    counts = reading.line_counts()
    written = [line for line in data.decode().splitlines() if line.strip()]
    assert counts == {"total": 59, "area": 3, "heading": 8, "problem": 17, "answer": 17, "ignored": 14}
    assert [line.text for line in reading.source_lines] == written
    assert all(line.reason for line in reading.source_lines if line.part == "ignored")


@pytest.mark.parametrize(
    ("code", "line", "words"),
    [
        ("missing_number", 51, "缺“7.”"),
        ("missing_number", 56, "三、"),
        ("half_width_number", 25, "(6)"),
        ("half_width_number", 58, "(一)"),
        ("title_contains_problem", 45, "第47行"),
        ("unnumbered_heading", 44, "没有编号"),
        ("no_date", 25, "日期"),
        ("no_date", 45, "日期"),
    ],
)
def test_its_faults_are_reported_where_they_are(reading: Reading, code: str, line: int, words: str) -> None:
    assert any((fault.code, fault.line) == (code, line) and words in fault.message for fault in reading.faults)


def test_nothing_sound_is_called_a_fault(reading: Reading) -> None:
    assert [fault.line for fault in reading.faults if fault.code == "no_date"] == [25, 45]
    assert [fault.line for fault in reading.faults if fault.code == "missing_number"] == [51, 56]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_changes_nothing(data: bytes, reading: Reading, encoding: str) -> None:
    assert read("通报.TXT", data.decode().encode(encoding)) == reading
