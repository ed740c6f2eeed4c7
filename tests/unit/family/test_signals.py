"""Signals of paper rectification: what each sees, what it must not see, and that a word explains it."""

import pytest

from desk.signals import DoneMeasure, Dossier, FiledPaper, Signal, signals

SHEET = FiledPaper("a" * 64, "签到表", "2026-06-10", 1)
PLAIN = Dossier(number="1", round=1, started_on="2026-06-01", closed_on="2026-07-01", filed=(SHEET,))


def words(one: Dossier, *others: Dossier) -> list[str]:
    return [found.word for found in signals(one, others)]


def with_measures(*measures: DoneMeasure, number: str = "1") -> Dossier:
    return Dossier(number=number, round=1, filed=(FiledPaper(number * 64, "照片", None, 1),), measures=measures)


def test_an_honest_dossier_gives_no_hint():
    assert words(PLAIN, with_measures(DoneMeasure("清退违规补贴12户3.6万元。"), number="2")) == []


def test_one_sheet_that_serves_three_problems_is_a_hint_and_a_word_explains_it():
    others = [Dossier(number=one, round=1, filed=(SHEET,)) for one in ("5", "11")]

    [found] = signals(PLAIN, others)
    assert found == Signal("same_file", ("签到表：（5）（11）",), None)

    explained = Dossier("1", 1, "2026-06-01", "2026-07-01", filed=(SHEET,), cleared={"same_file": "一会多用"})
    [found] = signals(explained, others)
    assert found.explained == "一会多用"


def test_a_file_from_the_round_before_is_a_hint():
    again = FiledPaper(SHEET.sha256, "签到表", "2026-06-10", 2)

    assert words(Dossier(number="1", round=2, filed=(SHEET, again))) == ["same_file"]


@pytest.mark.parametrize(("about_on", "expected"), [
    ("2026-05-31", ["date_out_of_range"]), ("2026-06-01", []), ("2026-07-01", []),
    ("2026-07-02", ["date_out_of_range"]), (None, []),
])  # fmt: skip
def test_a_date_before_the_work_or_after_the_close_out(about_on, expected):
    one = Dossier("1", 1, "2026-06-01", "2026-07-01", filed=(FiledPaper("b" * 64, "照片", about_on, 1),))
    assert words(one) == expected


def test_two_results_that_are_nearly_one_text():
    text = "对辖区12个小区逐一排查，发现并整改问题23处，建立台账1本。"
    one = with_measures(DoneMeasure(text))
    other = with_measures(DoneMeasure(text.replace("23", "24")), number="2")

    [found] = signals(one, [other])
    assert found.word == "same_text"
    assert found.seen[0].startswith("（2）")
    assert words(with_measures(DoneMeasure(text), DoneMeasure(text))) == ["same_text"]
    assert words(one, with_measures(DoneMeasure("修订公务用车管理办法，每月抽查一次里程。"), number="2")) == []


def test_five_accepted_within_one_hour_are_a_rush_and_four_are_not():
    def spread(count: int) -> list[Dossier]:
        return [
            with_measures(DoneMeasure("", accepted_at=7200 + one), number=str(one)) for one in range(2, count + 1)
        ]

    own = with_measures(DoneMeasure("", accepted_at=7300))
    assert words(own, *spread(4)) == []
    assert words(own, *spread(5)) == ["closed_in_a_rush"]


def test_three_measures_of_a_problem_accepted_on_their_last_day():
    late = DoneMeasure("", accepted_on="2026-06-30", due_on="2026-06-30")
    assert words(with_measures(late, late)) == []
    assert words(with_measures(late, late, late)) == ["closed_in_a_rush"]


@pytest.mark.parametrize(("text", "expected"), [
    ("进一步加强组织领导，切实提高思想认识，不断推进工作。", ["empty_words"]),
    ("进一步加强管理，印发《公务用车管理办法》。", []),
    ("持续开展走访，走访困难群众三十户。", []),
    ("清退违规发放的补贴并约谈相关责任人员。", []),
])  # fmt: skip
def test_a_text_with_nothing_in_it(text, expected):
    assert words(with_measures(DoneMeasure(text))) == expected


def test_extended_twice_and_closed_without_evidence():
    assert words(with_measures(DoneMeasure("", extensions=2))) == ["extended_twice"]
    assert words(with_measures(DoneMeasure("", extensions=1))) == []
    assert words(Dossier(number="1", round=1, closed_on="2026-07-01")) == ["no_evidence"]
