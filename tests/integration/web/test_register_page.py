"""The register on screen: filter, columns, pages, bulk steps and the workbook of exactly what is shown."""

import io
import re
from collections.abc import Callable
from urllib.parse import unquote

import openpyxl
import pytest
from browser import Browser, says
from office import Office

from desk import search_register

Open = Callable[[str], Browser]


def shown(page: str) -> list[str]:
    """The titles of the rows, as links."""
    table = re.search(r'<table class="register cards">.*?</table>', page, re.DOTALL)
    return re.findall(r'<a href="/problems/\d+">([^<]*)</a>', table[0]) if table else []


@pytest.fixture
def three(office: Office) -> list[int]:
    office.opens_inspection()
    titles = ("会议记录不全", "健身器材损坏", "台账不实")
    return [office.opens_problem(str(number), title) for number, title in enumerate(titles, 1)]


@pytest.mark.usefixtures("three")
def test_the_rows_stand_in_the_order_of_the_document_with_their_figures(browser: Open) -> None:
    page = browser("officer").sees("/register")
    assert shown(page) == ["会议记录不全", "健身器材损坏", "台账不实"]
    assert "共 3 个问题，已销号 0 个，逾期 0 个。" in page


@pytest.mark.usefixtures("three")
def test_an_outsider_has_a_register_of_their_own_with_nothing_of_ours(browser: Open) -> None:
    page = browser("outsider").sees("/register")
    assert "还没有巡察" in page
    assert browser("outsider").get("/register.xlsx").status_code == 404


def test_an_outsider_does_not_get_our_inspection_by_its_number(
    office: Office, three: list[int], browser: Open
) -> None:
    assert three
    assert shown(browser("outsider").sees(f"/register?inspection={office.inspection}")) == []


@pytest.mark.usefixtures("three")
def test_what_is_searched_for_stands_in_no_address(browser: Open) -> None:
    officer = browser("officer")
    answer = officer.post("/register/search", text="健身", order="newest")
    where = answer.headers["location"]

    assert re.fullmatch(r"/register\?filter=\d+", where)
    assert shown(officer.sees(where)) == ["健身器材损坏"]
    assert browser("colleague").get(where).status_code == 404


@pytest.mark.usefixtures("three")
def test_a_filter_kept_under_a_name_is_the_persons_own_until_they_remove_it(browser: Open) -> None:
    officer = browser("officer")
    kept = officer.post("/register/search", text="台账", save_as="台账类").headers["location"]
    assert "台账类" in officer.sees("/register")
    assert "台账类" not in browser("colleague").sees("/register")

    browser("colleague").post("/register/forget", filter=kept.rpartition("=")[2])
    assert shown(officer.sees(kept)) == ["台账不实"]
    officer.post("/register/forget", filter=kept.rpartition("=")[2])
    assert officer.get(kept).status_code == 404


@pytest.mark.usefixtures("three")
def test_conditions_without_text_make_an_address_that_can_be_passed_on(browser: Open) -> None:
    where = browser("officer").post("/register/search", done="no", order="newest", text="").headers["location"]
    assert where == "/register?done=no&order=newest"
    assert shown(browser("colleague").sees(where)) == ["台账不实", "健身器材损坏", "会议记录不全"]


@pytest.mark.usefixtures("three")
def test_pages_follow_each_other(browser: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.register.PAGE_ROWS", 2)
    officer = browser("officer")
    first = officer.sees("/register?done=no")
    following = re.search(r'href="(/register\?done=no&after=\d+)"', first)
    assert following
    assert shown(first) == ["会议记录不全", "健身器材损坏"]
    assert shown(officer.sees(following[1])) == ["台账不实"]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "query", ["department=x", "department=" + "9" * 40, "after=%27", "done=maybe", "column=x", "filter=x"]
)
def test_an_address_mended_by_hand_breaks_nothing(browser: Open, query: str) -> None:
    assert browser("officer").get(f"/register?{query}").status_code in (200, 404)


@pytest.mark.usefixtures("three")
def test_the_workbook_holds_what_is_on_screen(browser: Open) -> None:
    officer = browser("officer")
    query = "column=number&column=title&column=standing&order=newest"
    page = officer.sees(f"/register?{query}")
    answer = officer.get(f"/register.xlsx?{query}")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=6)]
    headings = re.findall(r'<th scope="col">([^<]+)</th>', page)
    assert rows[0] == headings == ["序号", "具体问题", "整改进展"]
    assert [row[1] for row in rows[1:]] == shown(page)
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "整改台账" in unquote(answer.headers["content-disposition"])


@pytest.mark.usefixtures("three")
def test_a_workbook_too_large_to_be_read_is_refused_with_the_remedy(
    browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_register, "MOST_EXPORTED", 2)
    answer = browser("officer").get("/register.xlsx")
    assert answer.status_code == 409
    assert "请先缩小范围" in says(answer)


def test_a_step_in_bulk_gives_each_problem_its_own_answer(office: Office, three: list[int], browser: Open) -> None:
    office.do("confirm", three[1], "coordinator")
    answer = browser("coordinator").post(
        "/register/bulk", {"problem": [str(one) for one in three]}, action="confirm"
    )

    assert [office.state(one) for one in three] == ["assignment"] * 3
    text = says(answer)
    assert "办成 2 个，没有办成 1 个。" in text
    assert text.index("健身器材损坏") < text.index("会议记录不全")


def test_nobody_does_in_bulk_what_is_not_theirs(office: Office, three: list[int], browser: Open) -> None:
    ticked = {"problem": [str(one) for one in three]}
    assert browser("officer").post("/register/bulk", ticked, action="confirm").status_code == 303
    assert browser("outsider").post("/register/bulk", ticked, action="confirm").status_code == 303
    assert browser("coordinator").post("/register/bulk", action="confirm").status_code == 303
    assert {office.state(one) for one in three} == {"feedback"}


def test_a_late_row_is_marked_in_words(office: Office, browser: Open) -> None:
    office.problem_in_work(due=office.day(2))
    office.after(5)
    page = browser("officer").sees("/register?overdue=yes")
    assert "▲ 逾期3天" in page
    assert shown(page) == ["台账不实"]
