"""Where a title ends, with how sure that is."""

import pytest

from documents import titles
from documents.sentences import ends_like_text, first, outside_quotes, parts


@pytest.mark.parametrize(
    ("body", "title", "rest", "basis"),
    [
        ("学习不深入", "学习不深入", "", "line"),
        ("学习不深入。", "学习不深入", "", "line"),
        ("关于学习不深入的问题。一是补学。", "关于学习不深入的问题", "一是补学。", "of_the_problem"),
        ("关于学习不深入问题的整改。已补学。", "关于学习不深入问题的整改", "已补学。", "of_the_problem"),
        ("针对学习不深入的问题，已补学。", "针对学习不深入的问题", "已补学。", "of_the_problem"),
        (
            "关于“学习不深入。会议少。”的问题。已补。",
            "关于“学习不深入。会议少。”的问题",
            "已补。",
            "of_the_problem",
        ),
        ("对于“学习不深入。会议少”，已补。", "对于“学习不深入。会议少”", "已补。", "of_the_problem"),
        ("关于“整改情况：应付”的问题", "关于“整改情况：应付”的问题", "", "line"),
        ("学习不深入：一是补学；二是考试。", "学习不深入", "一是补学；二是考试。", "firstly"),
        ("学习不深入。整改情况：已补学。", "学习不深入", "已补学。", "marker"),
        ("学习不深入。【整改措施】已补学。", "学习不深入", "已补学。", "marker"),
        ("学习不深入。该问题已完成整改。", "学习不深入", "该问题已完成整改。", "status"),
        ("学习不深入。组织补学三次。", "学习不深入", "组织补学三次。", "sentence"),
        ("“重形式。轻内容。”现象突出。组织补学。", "“重形式。轻内容。”现象突出", "组织补学。", "sentence"),
    ],
)
def test_title_and_text_are_parted(body: str, title: str, rest: str, basis: str) -> None:
    assert titles.split(body) == titles.Split(title, rest, basis)


def test_less_sure_rules_state_less_confidence() -> None:
    ranked = ["marker", "of_the_problem", "firstly", "sentences", "sentence"]
    values = [titles.CONFIDENCE[basis] for basis in ranked]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_what_stands_between_title_and_marker_is_detail() -> None:
    split = titles.split("学习不深入。一是缺课；二是少记。整改情况：已补学。")
    assert (split.title, split.detail, split.rest) == ("学习不深入", "一是缺课；二是少记。", "已补学。")


def test_items_of_a_paragraph_keep_their_numbers_when_they_begin_again() -> None:
    lead, items = titles.items("存在以下不足：一是缺课。二是少记。一是空岗。二是迟到。三是早退。")
    assert lead == "存在以下不足"
    assert [(item.number, item.text) for item in items] == [
        ("1", "缺课"),
        ("2", "少记"),
        ("1", "空岗"),
        ("2", "迟到"),
        ("3", "早退"),
    ]


def test_a_quote_never_closed_hides_nothing() -> None:
    assert first("关于“学习不深入的问题。已补学。") == ("关于“学习不深入的问题。", "已补学。")


def test_quotes_may_nest_and_cross() -> None:
    assert parts("甲（乙“丙。丁”戊）。己") == ["甲（乙“丙。丁”戊）", "己"]
    assert outside_quotes("甲（乙”丙）丁") == [True, False, False, False, False, False, True]


def test_deep_quotes_take_no_longer_than_long_ones() -> None:
    assert not any(outside_quotes("（" * 50_000 + "）" * 50_000)[:-1])
    assert all(outside_quotes("“" * 100_000))


@pytest.mark.parametrize(
    ("text", "ends"), [("学习。", True), ("学习；”", True), ("学习", False), ("（学习）", False)]
)
def test_text_ends_with_a_stop_and_a_title_does_not(text: str, ends: bool) -> None:
    assert ends_like_text(text) is ends
