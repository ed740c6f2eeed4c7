"""Scene 2: "How many of the 17 are done, and who has not?" — one page, and the same figures wherever they stand."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from office import Office
from paperwork import makes_notice, words_of
from playwright.sync_api import Page

PageAs = Callable[..., Page]
CLOSED = ("2", "5", "9", "12", "16")
LATE = ("3", "8")
# Who leads what with which department. In rank order the lead comes before the other lead, and the civil affairs
# office before the finance office, whatever the document's order and however many are late.
OTHERS = ("1", "3", "4", "10", "14")
FINANCE = ("7", "8", "17")
LEFT = [
    ("lead同志", "社会事务办", ["6", "11", "13", "15"]),
    ("lead同志", "财政所", ["7", "8", "17"]),
    ("other_lead同志", "社会事务办", ["1", "3", "4", "10", "14"]),
]
FIGURES = {"total": 17, "done": 5, "left": 12, "overdue": 2}


@pytest.mark.parametrize("script", [True, False])
def test_one_page_answers_and_register_workbook_and_notice_say_the_same(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], script: bool
) -> None:
    seventeen(office)
    page = page_as("head", script=script)
    page.get_by_role("link", name="会议一页纸").click()
    assert on_the_page(page) == FIGURES
    assert left_on_the_page(page) == LEFT
    assert late_on_the_page(page) == ["8", "3"]
    assert "已销号 5 个：2、5、9、12、16。" in page.inner_text("main")
    if script:
        assert_accessible(page)

    page.get_by_role("link", name="台账", exact=True).first.click()
    assert in_the_register(page) == FIGURES
    assert in_the_workbook(page) == FIGURES
    told = in_the_notice(office)
    assert told == {name: FIGURES[name] for name in ("total", "done", "left")}


def seventeen(office: Office) -> None:
    """All in work since 30 days ago; two are due since, five are closed."""
    for number in map(str, range(1, 18)):
        bearers = {
            "lead": "other_lead" if number in OTHERS else "lead",
            "department": "finance" if number in FINANCE else "civil",
        }
        due = office.day(20 if number in LATE else 90)
        problem = office.problem_in_work(number=number, due=due, **bearers)
        if number in CLOSED:
            office.finishes(*office.measures(problem))
            office.signs_up_to_meeting(problem)
            office.on_paper("decide", problem, "head")
    office.after(30)


def on_the_page(page: Page) -> dict[str, int]:
    answer = page.inner_text(".answer")
    counted = numbers(answer, r"(?P<total>\d+) 个问题，已销号 (?P<done>\d+) 个，还有 (?P<left>\d+) 个没有销号。")
    return counted | numbers(answer, r"逾期 (?P<overdue>\d+) 个")


def left_on_the_page(page: Page) -> list[tuple[str, str, list[str]]]:
    """Each group as it stands on the page: whose, which department, which problems."""
    groups = []
    for group in page.locator("table.compact tbody").all():
        official, department = group.locator("th").inner_text(), group.locator("td[rowspan]").inner_text()
        groups.append((official, department, titled(group.locator("a").all_inner_texts())))
    return groups


def late_on_the_page(page: Page) -> list[str]:
    return titled(page.locator("tr.is-late a").all_inner_texts())


def titled(texts: list[str]) -> list[str]:
    """The numbers that titles begin with: （13）…"""
    return [text.partition("）")[0].removeprefix("（") for text in texts]


def in_the_register(page: Page) -> dict[str, int]:
    figures = numbers(page.inner_text(".counted"), COUNTS)
    listed = page.locator("table.register tbody tr").count()
    late = page.locator("table.register tbody tr.is-late").count()
    assert (listed, late) == (figures["total"], figures["overdue"])
    return with_left(figures)


def in_the_workbook(page: Page) -> dict[str, int]:
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出工作簿（.xlsx）").click()
    sheet = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes())).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return with_left(numbers("\n".join(cells), COUNTS))


def in_the_notice(office: Office) -> dict[str, int]:
    told = words_of(makes_notice(office))
    return numbers(told, r"反馈的(?P<total>\d+)个具体问题已完成整改(?P<done>\d+)个，正在整改(?P<left>\d+)个")


COUNTS = r"共 (?P<total>\d+) 个问题，已销号 (?P<done>\d+) 个，逾期 (?P<overdue>\d+) 个。"


def numbers(text: str, pattern: str) -> dict[str, int]:
    found = re.search(pattern, text)
    assert found, text
    return {name: int(value) for name, value in found.groupdict().items()}


def with_left(figures: dict[str, int]) -> dict[str, int]:
    return {**figures, "left": figures["total"] - figures["done"]}
