"""Cells as offices fill them in: what they mean, and what is no date, no flag, no name."""

from datetime import date, datetime

import pytest

from documents.sheets.values import NotA, date_of, flag_of, number_of, people_of, text_of, units_of
from documents.sheets.workbook import Value

NEW_YEARS_EVE = date(2026, 12, 31)


@pytest.mark.parametrize(
    "cell",
    [
        "2026年12月31日", "2026-12-31", "2026.12.31", "2026/12/31", "20261231", "２０２６年１２月３１日",
        "2026 年 12 月 31 日前", "二〇二六年十二月三十一日", "2026年12月底", "2026年底", "2026-12-31 00:00:00",
        46387.0, NEW_YEARS_EVE, datetime(2026, 12, 31, 9),  # noqa: DTZ001  a cell knows no zone
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(cell: Value) -> None:
    assert date_of(cell) == NEW_YEARS_EVE


@pytest.mark.parametrize(
    "cell",
    ["12月底", "2026.13.40", "2026年12月", "长期坚持", "立行立改", "2026.12", 2026.12, 12.0, "12月31日", True],
)
def test_what_lacks_a_part_is_no_date_and_nothing_is_invented(cell: Value) -> None:
    assert date_of(cell) == NotA("date", text_of(cell))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("２", "2"),
        ("三", "3"),
        ("（十二）", "12"),
        (3.0, "3"),
        ("1.", "1"),
        ("3-1", "3-1"),
        ("立1", "立1"),
        ("03", "03"),
    ],
)
def test_a_number_is_read_as_it_is_counted(cell: Value, number: str) -> None:
    assert number_of(cell) == number


@pytest.mark.parametrize(("cell", "flag"), [("是", True), ("√", True), ("否", False), ("×", False), ("", None)])
def test_a_flag_is_a_yes_or_a_no(cell: Value, flag: bool | None) -> None:
    assert flag_of(cell) is flag


def test_what_is_neither_is_no_flag() -> None:
    assert flag_of("看情况") == NotA("flag", "看情况")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("张 三（主任）、李四", ("张三", "李四")),
        ("李四 王五", ("李四", "王五")),
        ("张三\n张三；赵六", ("张三", "赵六")),
        ("", ()),
    ],
)
def test_people_are_told_apart(cell: Value, names: tuple[str, ...]) -> None:
    assert people_of(cell) == names


def test_a_bracket_belongs_to_the_name_of_a_department() -> None:
    assert units_of("巡察整改办（整改办）、财政所") == ("巡察整改办(整改办)", "财政所")
