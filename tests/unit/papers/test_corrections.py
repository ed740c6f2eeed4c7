"""Corrections by hand: what each changes, and that no line is ever lost."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.corrections import Correction, CorrectionError, corrected, read_corrections
from documents.reader import read
from documents.reading import Reading
from engine.faults import FaultsError

TEXT = """关于巡察整改情况的通报
一、党的领导方面
1.学习不深
（1）制度落实不到位
该问题已整改。
（2）研讨走过场。对群众反映的问题
整改情况：一是立即补学；二是制定制度。
2.作风不实
（3）推诿扯皮
整改情况：已约谈。
二、党的建设方面
3.组织松散
（4）会议不规范
整改情况：已规范。
"""


@pytest.fixture(scope="module")
def reading() -> Reading:
    found = read("通报.txt", TEXT.encode())
    assert [one.line for one in found.problems] == [4, 6, 9, 13]
    return found


def titles(found: Reading) -> list[str]:
    return [one.title for one in found.problems]


def test_a_title_is_corrected_with_its_number(reading: Reading) -> None:
    found = corrected(reading, [Correction("title", 4, "“第一议题”不落实", number="9")])

    assert (found.problems[0].title, found.problems[0].number) == ("“第一议题”不落实", "9")


def test_the_title_of_an_area_is_corrected_wherever_it_stands(reading: Reading) -> None:
    found = corrected(reading, [Correction("title", 2, "政治建设方面")])

    assert found.areas[0].title == "政治建设方面"
    assert {one.area for one in found.problems} == {"政治建设方面", "党的建设方面"}


def test_two_problems_become_one_and_keep_both_answers(reading: Reading) -> None:
    found = corrected(reading, [Correction("join", 4, other=9)])

    assert titles(found)[0] == "制度落实不到位推诿扯皮"
    assert "约谈" in (found.problems[0].answer or "")
    assert len(found.problems) == 3


def test_a_problem_is_parted_at_its_words_and_what_follows_goes_with_the_second(reading: Reading) -> None:
    before = reading.problems[1]
    found = corrected(reading, [Correction("split", 6, "二是制定制度")])
    first, second = found.problems[1:3]

    assert (first.title, first.number) == (before.title, "2")
    assert "立即补学" in (first.answer or "")
    assert "制定制度" not in (first.answer or "")
    assert "制定制度" in second.title + (second.answer or "")
    assert second.number is None


def test_a_problem_moves_under_another_heading_or_area(reading: Reading) -> None:
    under_heading = corrected(reading, [Correction("move", 4, other=12)]).problems[0]
    assert (under_heading.area, under_heading.heading) == ("党的建设方面", "组织松散")
    under_area = corrected(reading, [Correction("move", 4, other=11)]).problems[0]
    assert (under_area.area, under_area.heading) == ("党的建设方面", None)


def test_what_is_dropped_stays_in_the_account(reading: Reading) -> None:
    found = corrected(reading, [Correction("drop", 9, "不是问题")])

    assert len(found.problems) == 3
    assert {line.number for line in found.source_lines if line.reason == "dropped"} == {9, 10}
    assert found.line_counts()["total"] == reading.line_counts()["total"]


@pytest.mark.parametrize(
    ("correction", "word"),
    [
        (Correction("title", 5, "甲"), "no_title"),
        (Correction("join", 4, other=5), "no_problem"),
        (Correction("join", 4, other=4), "same_line"),
        (Correction("split", 4, "没有的字"), "no_such_words"),
        (Correction("split", 4, "制度落实"), "no_such_words"),
        (Correction("move", 4, other=6), "not_a_heading"),
        (Correction("drop", 2, "甲"), "no_problem"),
        (Correction("same", 1, "立1"), "no_problem"),
    ],
)
def test_what_does_not_fit_is_refused(reading: Reading, correction: Correction, word: str) -> None:
    with pytest.raises(CorrectionError) as caught:
        corrected(reading, [correction])
    assert caught.value.word == word


LINES = st.integers(1, 15)
ANY = st.one_of(
    st.builds(lambda line: Correction("title", line, "改"), LINES),
    st.builds(lambda line, other: Correction("join", line, other=other), LINES, LINES),
    st.builds(lambda line, at: Correction("split", line, at), LINES, st.sampled_from(["是", "问题", "整改", "不"])),
    st.builds(lambda line, other: Correction("move", line, other=other), LINES, LINES),
    st.builds(lambda line: Correction("drop", line, "否"), LINES),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ANY, max_size=6))
def test_no_line_is_lost_whatever_is_corrected(reading: Reading, corrections: list[Correction]) -> None:
    found = reading
    for one in corrections:
        try:
            found = corrected(found, [one])
        except CorrectionError:
            continue
    assert [(line.number, line.text) for line in found.source_lines] == [
        (line.number, line.text) for line in reading.source_lines
    ]
    assert all(one.title for one in found.problems)


def test_the_form_that_the_documentation_shows_is_the_form_that_is_read() -> None:
    text = (Path(__file__).parents[3] / "docs" / "corrections.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)

    assert [(one.what, one.line) for one in read_corrections(shown, "更正.toml")] == [
        ("title", 7), ("split", 8), ("move", 12), ("join", 9), ("drop", 14), ("same", 13)
    ]  # fmt: skip


def test_every_fault_of_the_file_is_named() -> None:
    with pytest.raises(FaultsError) as caught:
        read_corrections("[[drop]]\nline = 3\n[[titel]]\nline = 4\n[[join]]\nline = 1\n", "更正.toml")

    assert {fault.path for fault in caught.value.faults} == {"drop[0].reason", "titel", "join[0].with"}
