"""A date is used only when it is whole; a damaged one is flagged and never guessed."""

from datetime import date

import pytest

from documents import dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年3月5日", date(2024, 3, 5)),
        ("２０２４年３月５日", date(2024, 3, 5)),
        ("2024 年 3 月 5 日", date(2024, 3, 5)),
        ("2024.3.5", date(2024, 3, 5)),
        ("2024-03-05", date(2024, 3, 5)),
        ("2024年2月底", date(2024, 2, 29)),
        ("2023年底", date(2023, 12, 31)),
        ("2024年3月", None),
        ("3月5日", None),
        ("年底", None),
    ],
)
def test_only_a_whole_date_becomes_a_day(text: str, day: date | None) -> None:
    [stated] = dates.stated(text)
    assert stated.day == day
    assert stated.words == text


@pytest.mark.parametrize(
    "text", ["X月X日", "20XX年X月", "2024年X月底", "2024717日", "2024年月日", "某月某日", "按时完成"]
)
def test_what_was_masked_or_lost_is_no_date(text: str) -> None:
    assert dates.stated(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("预计于X月份完工", "masked_date", "X月份"),
        ("20XX年X月X日召开", "masked_date", "20XX年X月X日"),
        ("2019年X月X日至X月X日", "masked_date", "2019年X月X日"),
        ("2024717日移交", "broken_date", "2024717日"),
        ("2024年717日移交", "broken_date", "2024年717日"),
        ("2024年 月移交", "broken_date", "2024年 月"),
        ("12 月24 日复核", "spaced_date", "12 月24 日"),
        ("2024年13月1日前", "impossible_date", "2024年13月1日"),
        ("2023年2月29日前", "impossible_date", "2023年2月29日"),
    ],
)
def test_a_damaged_date_is_flagged_with_its_words(text: str, kind: str, words: str) -> None:
    found = next(dates.flaws(text))
    assert (found.kind, found.words) == (kind, words)


@pytest.mark.parametrize(
    "text", ["2024年3月5日", "3月5日", "2024年底前", "每年年底", "2023年以来", "1200人", "3月下旬"]
)
def test_a_sound_date_has_no_flaw(text: str) -> None:
    assert list(dates.flaws(text)) == []
