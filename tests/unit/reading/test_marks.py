"""Numbers at the start of a line, in every dress they are seen in."""

import pytest

from documents import marks, numerals


@pytest.mark.parametrize(
    ("line", "kind", "number", "rest"),
    [
        ("一、总体情况", "一、", "1", "总体情况"),
        ("　　十二、其他", "一、", "12", "其他"),
        ("（三）作风方面", "（一）", "3", "作风方面"),
        ("(三)作风方面", "（一）", "3", "作风方面"),
        ("㈢作风方面", "（一）", "3", "作风方面"),
        ("贰、作風方面", "一、", "2", "作風方面"),
        ("1.学习不够", "1.", "1", "学习不够"),
        ("１．学习不够", "1.", "1", "学习不够"),
        ("1、学习不够", "1.", "1", "学习不够"),
        ("⒈学习不够", "1.", "1", "学习不够"),
        ("3.2023年以来没有检查", "1.", "3", "2023年以来没有检查"),
        ("\u00a0 （12） 账目不清", "（1）", "12", "账目不清"),
        ("⑿账目不清", "（1）", "12", "账目不清"),
        ("⑪账目不清", "①", "11", "账目不清"),
        ("㉑账目不清", "①", "21", "账目不清"),
        ("2）账目不清", "1）", "2", "账目不清"),
        ("2.3 账目不清", "1.1", "2.3", "账目不清"),
        ("二是账目不清", "一是", "2", "账目不清"),
        ("第三，账目不清", "第一", "3", "账目不清"),
        ("第二部分 问题", "第一章", "2", "问题"),
        ("反馈问题4：账目不清", "问题一", "4", "账目不清"),
    ],
)
def test_a_leading_number_is_recognised(line: str, kind: str, number: str, rest: str) -> None:
    mark, body = marks.split(line)
    assert mark
    assert (mark.kind, mark.number, body) == (kind, number, rest)
    assert mark.glyphs in line


@pytest.mark.parametrize(
    "line",
    [
        "2023年以来",
        "一二三四",
        "1.5万元资金",
        "一、二季度均未开会",
        "一是否",
        "十分重视",
        "关于（一）",
        "",
        "（2023）5号文件",
    ],
)
def test_other_figures_are_left_alone(line: str) -> None:
    mark, body = marks.split(line)
    assert mark is None
    assert body == line.strip()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("七", 7),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("廿三", 23),
        ("一百零五", 105),
        ("二〇", 20),
        ("１２", 12),
    ],
)
def test_numerals_are_read(text: str, value: int) -> None:
    assert numerals.parse(text) == value


def test_what_is_no_numeral_has_no_value() -> None:
    assert numerals.parse("甲") is None
    assert numerals.parse("") is None


@pytest.mark.parametrize("value", range(1, 100))
def test_a_written_numeral_is_read_back(value: int) -> None:
    assert numerals.parse(numerals.chinese(value)) == value
