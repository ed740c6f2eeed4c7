"""A feedback document comes in by the pages: seen first, corrected, opened after a yes, once."""

import re
from collections.abc import Callable

import pytest
from browser import Browser, says
from httpx2 import Response
from office import Office

Open = Callable[[str], Browser]
TEXT = """关于对柳林街道党工委巡察的反馈意见
一、党的领导方面
1.学习不深入
（1）中心组学习走过场。
（2）学用结合不紧。
二、基层治理方面
2.服务群众有差距
（3）台账不实。
"""


@pytest.fixture
def path(office: Office) -> str:
    office.opens_inspection()
    return f"/inspections/{office.inspection}/import"


def reads(browser: Browser, path: str, name: str = "反馈意见.txt", content: bytes = TEXT.encode()) -> Response:
    return browser.post(path, files={"file": (name, content)})


def goes_on(browser: Browser, path: str, page: Response, do: str, **typed: str) -> Response:
    """Press a button of the preview, with everything that its form carries."""
    text = says(page)
    carried = re.findall(r'name="correction" value="(.*?)">', text)
    sha256 = re.search(r'name="sha256" value="(\w+)"', text)
    assert sha256
    return browser.post(path, {"sha256": sha256[1], "correction": carried, "do": do, **typed})


def line_of(page: Response, title: str) -> str:
    found = re.search(rf'{title}.*?href="#line-(\d+)"', says(page), re.DOTALL)
    assert found
    return found[1]


def test_all_is_shown_and_nothing_is_written_before_the_yes(office: Office, browser: Open, path: str) -> None:
    page = reads(browser("coordinator"), path)
    text = says(page)
    assert page.status_code == 200
    assert "2 个方面，2 个反馈问题，3 个具体问题" in text
    assert text.index("中心组学习走过场") < text.index("台账不实")
    assert "登记 3 个问题" in text
    assert not office.rows("problem")


def test_the_yes_opens_the_problems_once(office: Office, browser: Open, path: str) -> None:
    coordinator = browser("coordinator")
    page = reads(coordinator, path)
    done = goes_on(coordinator, path, page, "commit")
    assert (done.status_code, done.headers["location"]) == (303, f"/inspections/{office.inspection}")
    assert len(office.rows("problem")) == 3
    again = goes_on(coordinator, path, page, "commit")
    assert again.status_code == 409
    assert "已经导入过" in says(again)
    assert len(office.rows("problem")) == 3


def test_corrections_travel_with_the_form_and_can_be_taken_back(office: Office, browser: Open, path: str) -> None:
    coordinator = browser("coordinator")
    page = reads(coordinator, path)
    line = line_of(page, "学用结合不紧")
    dropped = goes_on(coordinator, path, page, f"drop:{line}", **{f"drop-{line}": "与（1）重复"})
    assert "登记 2 个问题" in says(dropped)
    assert "与（1）重复" in says(dropped)
    back = goes_on(coordinator, path, dropped, "undo:0")
    assert "登记 3 个问题" in says(back)
    other = line_of(back, "台账不实")
    title = goes_on(coordinator, path, dropped, f"title:{other}", **{f"title-{other}": "“三资”台账不实"})
    goes_on(coordinator, path, title, "commit")
    titles = {row.title.rstrip("。") for row in office.rows("problem")}
    assert titles == {"“三资”台账不实", "中心组学习走过场"}


def test_a_correction_that_does_not_fit_is_left_away_with_its_reason(browser: Open, path: str) -> None:
    coordinator = browser("coordinator")
    page = reads(coordinator, path)
    line = line_of(page, "台账不实")
    for do, typed in ((f"split:{line}", "没有这几个字"), (f"join:{line}", "999"), (f"drop:{line}", "")):
        answer = goes_on(coordinator, path, page, do, **{do.replace(":", "-"): typed})
        assert answer.status_code == 422, do
        assert "更正不成立" in says(answer)
        assert "登记 3 个问题" in says(answer)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.txt", b"", "不符"),
        ("机密文件.txt", "机密★10年\n关于某事".encode(), "密级"),
        ("照片.png", b"\x89PNG\r\n\x1a\n0000", "不支持"),
    ],
)
def test_what_cannot_be_read_is_said(
    office: Office, browser: Open, path: str, name: str, content: bytes, reason: str
) -> None:
    answer = reads(browser("coordinator"), path, name, content)
    assert answer.status_code == 422
    assert reason in says(answer)
    assert not office.rows("problem")


def test_only_the_coordinator_of_the_body_brings_documents_in(browser: Open, path: str) -> None:
    for who in ("officer", "head", "supervisor", "outsider"):
        assert browser(who).get(path).status_code == 404, who


def test_what_the_form_did_not_write_is_refused(browser: Open, path: str) -> None:
    coordinator = browser("coordinator")
    page = reads(coordinator, path)
    sha256 = re.search(r'name="sha256" value="(\w+)"', page.text)
    assert sha256
    for carried in ("nonsense", "[1]", "{}"):
        assert coordinator.post(path, {"sha256": sha256[1], "correction": carried}).status_code == 404
    assert coordinator.post(path, {"sha256": "0" * 64}).status_code == 422
    assert coordinator.post(path, {"sha256": "../../etc/passwd"}).status_code == 422
