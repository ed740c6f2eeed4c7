"""The head's page for the meeting and the wall chart: the figures of the register, for our own people alone."""

import io
import re
from collections.abc import Callable

import pytest
from browser import Browser
from office import Office
from pypdf import PdfReader

from documents import wall_chart_pdf

Open = Callable[[str], Browser]


@pytest.fixture
def street(office: Office) -> Office:
    office.closed_problem("1")
    office.problem_in_work(number="2", due=office.day(3), lead="other_lead")
    office.problem_in_work(number="3", due=office.day(60))
    return office.after(10)


def test_how_many_are_done_and_who_has_not(street: Office, browser: Open) -> None:
    """Asked by the head in the meeting: the page says what register and chart say, in rank order."""
    head = browser("head")
    page = head.sees("/meeting-page")
    counts = street.register().counts()

    assert "3 个问题，已销号 1 个，还有 2 个没有销号。" in page
    assert "逾期 1 个" in page
    assert page.index("lead同志") < page.index("other_lead同志")
    assert counts == {"total": 3, "done": 1, "overdue": 1}
    said = "共 3 个问题，已销号 1 个，逾期 1 个。"
    assert said in head.sees("/register")
    assert said in head.sees("/wall-chart")


@pytest.mark.usefixtures("street")
def test_the_page_is_not_an_officers_and_not_the_neighbours(browser: Open) -> None:
    assert browser("officer").get("/meeting-page").status_code == 404
    assert "台账不实" not in browser("outsider").sees("/meeting-page")


def test_before_there_is_anything_the_pages_say_what_to_do(office: Office, browser: Open) -> None:
    head = browser("head")
    for path in ("/meeting-page", "/wall-chart", "/register"):
        assert "还没有巡察" in head.sees(path), path
    assert head.get("/wall-chart/screen").status_code == 404
    assert head.get("/wall-chart.pdf").status_code == 404
    office.opens_inspection()
    assert "没有符合条件的问题" in head.sees("/meeting-page")


@pytest.mark.usefixtures("street")
def test_the_chart_is_drawn_into_the_page_and_is_nobody_elses(browser: Open) -> None:
    assert "<svg" in browser("officer").sees("/wall-chart")
    outsider = browser("outsider")
    assert "<svg" not in outsider.sees("/wall-chart")
    assert outsider.get("/wall-chart/screen").status_code == 404
    assert outsider.get("/wall-chart.pdf").status_code == 404


def test_the_screen_turns_its_sheets_by_itself(office: Office, browser: Open) -> None:
    office.many_problems(40, due=office.day(9))
    officer = browser("officer")
    sheets = officer.sees("/wall-chart").count("<svg")
    assert sheets > 1
    where, seen = "/wall-chart/screen", []
    for _ in range(sheets + 1):
        page = officer.sees(where)
        following = re.search(r'http-equiv="refresh" content="20;url=([^"]+)"', page)
        assert following
        where = following[1]
        seen.append(re.findall(r"第 (\d+) 页", page)[-1])
    assert seen == [str(one) for one in range(1, sheets + 1)] + ["1"]


@pytest.mark.usefixtures("street")
@pytest.mark.parametrize(("paper", "width"), [("a3", 1191), ("a1", 2384), ("a0", 1191)])
def test_the_chart_comes_as_a_pdf_to_print(browser: Open, paper: str, width: int) -> None:
    answer = browser("officer").get(f"/wall-chart.pdf?paper={paper}")
    [page] = PdfReader(io.BytesIO(answer.content)).pages
    assert round(page.mediabox.width) == width
    assert answer.headers["content-disposition"].startswith("attachment; ")


@pytest.mark.usefixtures("street")
def test_without_a_typeface_the_page_says_whom_to_ask(browser: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall_chart_pdf, "_installed", frozenset)
    answer = browser("officer").get("/wall-chart.pdf")
    assert answer.status_code == 500
    assert "请系统管理员安装中文字体" in answer.text


@pytest.mark.usefixtures("street")
def test_pages_that_leaders_see_rank_nobody(browser: Open) -> None:
    for path in ("/", "/meeting-page", "/register", "/wall-chart"):
        page = browser("head").sees(path)
        assert not re.search(r"排名|名次|登录次数|在线时长", page), path
