"""A changed document is compared on the page, and only what is ticked is taken over."""

import re
from collections.abc import Callable

import pytest
from browser import Browser, says
from httpx2 import Response
from office import Office

from desk.finding import Inspection
from desk.import_document import import_document, preview

FEEDBACK = "关于反馈意见\n一、党的领导方面\n1.学习不深\n（1）制度落实不到位\n（2）研讨走过场\n"
CHANGED = FEEDBACK.replace("落实不到位", "落实还不到位").replace("（2）研讨走过场", "（2）公车管理混乱")


@pytest.fixture
def place(office: Office) -> str:
    inspection = Inspection(office.opens_inspection(), office.organizations["street"], "2026年常规巡察")
    seen = preview("反馈意见.txt", FEEDBACK.encode())
    import_document(office.house.desk, seen, inspection, office.actor("coordinator"), office.now)
    return f"/inspections/{inspection.id}/revision"


def compares(browser: Browser, place: str, text: str = CHANGED) -> Response:
    against = re.search(r'<option value="([0-9a-f]{64})">反馈意见.txt', browser.sees(place))
    assert against
    return browser.post(place, {"against": against[1]}, files={"file": ("修订稿.txt", text.encode())})


def takes(browser: Browser, place: str, seen: Response, *rows: str) -> Response:
    hidden = dict(re.findall(r'type="hidden" name="(kept|name|against)" value="([^"]+)"', seen.text))
    return browser.post(place, {**hidden, "do": "take", "row": list(rows)})


def test_every_difference_is_shown_and_nothing_written(
    office: Office, browser: Callable[[str], Browser], place: str
) -> None:
    before = office.everything()["history"]
    text = says(compares(browser("coordinator"), place))

    assert "没有变化 0 个，有出入 3 个" in text
    assert "<del>制度落实不到位</del>" in text
    assert "<ins>制度落实还不到位</ins>" in text
    assert office.everything()["history"] == before


def test_only_what_is_ticked_is_taken_over(office: Office, browser: Callable[[str], Browser], place: str) -> None:
    coordinator = browser("coordinator")
    done = takes(coordinator, place, compares(coordinator, place), "0", "2")

    assert done.status_code == 303
    assert [row.title for row in office.rows("problem")] == ["制度落实还不到位", "研讨走过场"]


def test_the_same_document_is_refused(browser: Callable[[str], Browser], place: str) -> None:
    coordinator = browser("coordinator")
    refused = takes(coordinator, place, compares(coordinator, place, FEEDBACK))

    assert refused.status_code == 409
    assert "已经导入过" in says(refused)


@pytest.mark.parametrize("who", ["officer", "outsider"])
def test_who_does_not_keep_the_register_finds_no_page(
    browser: Callable[[str], Browser], place: str, who: str
) -> None:
    assert browser(who).get(place).status_code == 404
