"""Lines broken by hand: nothing is lost, nothing too wide, and no line begins with a mark that closes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.layout import width
from documents.wrapping import NOT_FIRST, NOT_LAST, wrap

TEXTS = st.text(alphabet="巡察整改台账，。、；：（）《》“”%ab1 ", max_size=60)


@given(TEXTS, st.integers(4, 30))
@settings(max_examples=60)
def test_nothing_is_lost_and_no_line_is_too_wide(text, chars):
    lines = wrap(text, chars)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= chars for line in lines)


@given(st.lists(st.sampled_from(["巡察", "台账", "，", "。", "（", "）", "》"]), max_size=40), st.integers(6, 30))
@settings(max_examples=60)
def test_marks_stand_where_print_allows_them(words, chars):
    # Two marks in a row at most: a whole line of marks has no good place to be broken.
    text = "问".join(words)
    lines = wrap(text, chars)
    assert not any(line[0] in NOT_FIRST for line in lines[1:] if line)
    assert not any(line[-1] in NOT_LAST for line in lines[:-1] if line)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("落实主体责任，不到位", ["落实主体责", "任，不到位"]),
        ("学习《办法》的记录", ["学习《办", "法》的记录"]),
        ("共2025年12月4日", ["共2025年12月", "4日"]),
        ("", [""]),
    ],
)
def test_examples(text, lines):
    assert wrap(text, 6 if "2025" in text else 5) == lines


def test_what_does_not_fit_ends_with_an_ellipsis():
    assert wrap("一二三四五，六七八九十", 4, 1) == ["一二三…"]
    assert wrap("一二三四五，六七八九十", 4, 2) == ["一二三四", "五，六…"]


def test_a_word_longer_than_a_line_is_broken_and_a_width_of_nothing_refused():
    assert wrap("abcdefgh", 2) == ["abcd", "efgh"]
    with pytest.raises(ValueError, match="two characters"):
        wrap("字", 1)
