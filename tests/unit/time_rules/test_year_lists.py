"""Lists of days off: what an office may hand in, and that a list written is the list read."""

import io
import tomllib
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from desk.calendars import read_list, with_day
from documents.reading import ReadingError
from engine.calendar_years import CalendarYear, parse_year, year_text

CSV = """日期,类型,节日
2027-02-05,休,春节
2027/2/6,休,春节
2027年2月7日,休,春节
2027-02-14，班，春节
"""


def _parsed(text: str) -> CalendarYear:
    return parse_year(tomllib.loads(text), "list", text)


@pytest.mark.parametrize("year", sorted(config.calendars()))
def test_every_shipped_list_is_written_as_it_was_read(year: str):
    listed = _parsed(config.calendars()[year])
    assert _parsed(year_text(listed)) == listed
    assert listed.provisional == (int(year) > 2026)


@settings(max_examples=30)
@given(
    days=st.dictionaries(
        st.dates(date(2027, 1, 1), date(2027, 12, 31)),
        st.sampled_from(["元旦", "春节", "“双节”\\", "中秋节"]),
        min_size=1,
    )
)
def test_any_list_is_written_as_it_was_read(days: dict[date, str]):
    kinds = {day: "workday" if day.weekday() > 4 and day.day % 2 else "holiday" for day in days}
    listed = CalendarYear(
        2027, "国办发明电〔2026〕7号", kinds, days, provisional=False, entered_by="ma", entered_on="2026-11-04"
    )
    assert _parsed(year_text(listed)) == listed


def test_a_table_of_days_is_read_in_the_spellings_offices_use():
    listed = read_list(CSV.encode("gb18030"), "2027.csv", "国办发明电〔2026〕7号")
    assert (listed.year, listed.source) == (2027, "国办发明电〔2026〕7号")
    assert listed.days[date(2027, 2, 14)] == "workday"
    assert [day.day for day, kind in sorted(listed.days.items()) if kind == "holiday"] == [5, 6, 7]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2027-02-30,休,春节", "第2行：“2027-02-30”不是日期"),
        ("2027-02-08,调,春节", "第2行：第二列“调”看不懂"),
        ("2027-02-08,休", "第2行：应有三列"),
    ],
)
def test_a_line_that_cannot_be_right_is_named(line: str, fault: str):
    with pytest.raises(ReadingError, match=fault):
        read_list(f"日期,类型,节日\n{line}\n".encode(), "2027.csv")


def test_a_day_twice_a_weekday_made_up_for_and_another_year_are_refused():
    with pytest.raises(ReadingError, match=r"第2行.*在第1行已经有了"):
        read_list("2027-02-05,休,春节\n2027-02-05,班,春节\n".encode(), "2027.csv")
    with pytest.raises(ReadingError, match="第1行：2027-02-10 是星期三，本来就上班"):
        read_list("2027-02-10,班,春节\n".encode(), "2027.csv")
    with pytest.raises(ReadingError, match="第3行：2028-01-03 不在2027年"):
        read_list("2027-02-05,休,春节\n2027-02-06,休,春节\n2028-01-03,休,元旦\n".encode(), "2027.csv")
    with pytest.raises(ReadingError, match="没有读到日期"):
        read_list("日期,类型,节日\n".encode(), "2027.csv")


def test_one_day_is_set_and_taken_back():
    listed = read_list(CSV.encode(), "2027.csv")
    more = with_day(listed, date(2027, 3, 8), "holiday", "本地假日")
    assert more.days[date(2027, 3, 8)] == "holiday"
    assert with_day(more, date(2027, 3, 8), "plain", "") == listed


def _book(*rows: tuple[object, ...], head: tuple[str, ...] = ("日期", "类型", "节日")) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (("2027年放假安排",), head, *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_says_the_same_as_the_lines():
    rows = [
        (date(2027, 2, 5), "休", "春节"),
        (date(2027, 2, 6), "休", "春节"),
        ("2027年2月7日", "放假", "春节"),
    ]
    book = _book(*rows, (46432, "班", "春节"), (None, None, None))
    assert read_list(book, "2027.xlsx", "国办发明电〔2026〕7号") == read_list(
        CSV.encode(), "2027.csv", "国办发明电〔2026〕7号"
    )


def test_every_cell_of_a_workbook_that_cannot_be_right_is_named_at_once():
    rows = [(date(2027, 2, 5), "休", "春节"), ("2月6日", "休", "春节"), (date(2027, 2, 7), "调", "春节")]
    book = _book(*rows, (date(2027, 2, 8), "休", None), (date(2027, 2, 10), "班", "春节"))
    with pytest.raises(ReadingError) as refused:
        read_list(book, "2027.xlsx")
    assert str(refused.value) == (
        "第4行 A列 日期：“2月6日”不是日期，请写成 2027-02-05；第5行 B列 类型：“调”看不懂，请写“休”或“班”；"
        "第6行 C列 节日：空着，请写节日名称，如 春节；"
        "第7行 A列 日期：2027-02-10 是星期三，本来就上班，请只写调休上班的周末。"
    )


def test_a_workbook_without_the_three_columns_is_refused_with_how_to_write_them():
    with pytest.raises(ReadingError, match="没有找到表头"):
        read_list(_book((date(2027, 2, 5), "春节"), head=("日期", "节日")), "2027.xlsx")
