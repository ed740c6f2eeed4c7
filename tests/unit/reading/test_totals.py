"""What a document says of its own totals is held against its list."""

import pytest

from documents import totals


def stated(text: str) -> dict[str, int]:
    return totals.by_name(totals.every([(1, text)]))


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("巡察反馈25个问题，已完成19个、正在整改6个。", {"problems": 25, "completed": 19, "in_progress": 6}),
        ("共反馈问题25个，整改完成19个。", {"problems": 25, "completed": 19}),
        ("指出3个方面、8类问题、17个具体问题", {"areas": 3, "headings": 8, "problems": 17}),
        ("指出3个方面8个问题、17个具体问题", {"areas": 3, "headings": 8, "problems": 17}),
        ("反馈的三个方面十七个问题", {"areas": 3, "problems": 17}),
        ("共17项问题，其中12项已完成，5项正在推进", {"problems": 17, "completed": 12, "in_progress": 5}),
        ("针对17个反馈问题，制定整改措施56条", {"problems": 17, "measures": 56}),
        ("截至目前，已完成整改19个问题", {"completed": 19}),
        ("需长期坚持3项，共17个问题", {"problems": 17, "long_term": 3}),
        ("上一轮巡察反馈9个问题", {}),
        ("开展检查3次，发放资料200份", {}),
    ],
)
def test_totals_are_found_in_running_text(text: str, figures: dict[str, int]) -> None:
    assert stated(text) == figures


def codes(text: str, **counted: int) -> list[str]:
    figures = {"areas": 0, "headings": 0, "problems": 0, **counted}
    return [fault.code for fault in totals.reconcile(totals.every([(1, text)]), figures)]


def test_totals_that_agree_raise_nothing() -> None:
    assert codes("反馈25个问题，已完成19个、正在整改6个。", problems=25) == []


def test_a_total_may_count_the_headings() -> None:
    assert codes("反馈8个问题", headings=8, problems=17) == []


def test_a_difference_with_the_list_is_reported() -> None:
    assert codes("反馈25个问题", problems=24) == ["totals_differ"]


def test_parts_must_add_up() -> None:
    assert codes("反馈25个问题，已完成19个、正在整改5个。", problems=25) == ["totals_do_not_add_up"]


def test_a_contradiction_is_reported() -> None:
    assert codes("反馈25个问题。共梳理26个问题。", problems=25) == ["totals_conflict"]


def test_totals_without_a_list_are_explained() -> None:
    assert codes("反馈25个问题") == ["only_totals"]


def test_nothing_at_all_is_explained() -> None:
    assert codes("春节开放时间") == ["no_problems_found"]
