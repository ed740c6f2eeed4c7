"""A meeting's decisions by form: one entry with the scan, a result for each problem."""

from collections.abc import Callable

from browser import Browser, says
from office import Office

Open = Callable[[str], Browser]
SCAN = {"minutes": ("纪要.pdf", b"%PDF-1.4 minutes", "application/pdf")}


def given(office: Office, *problems: int) -> dict[str, object]:
    return {
        "name": "第3次领导小组会议",
        "held_on": office.today,
        "chair": str(office.people["head"]),
        "problems": [str(one) for one in problems],
    }


def test_a_decision_is_recorded_once_and_each_problem_says_what_came_of_it(office: Office, browser: Open) -> None:
    ready, waiting = office.signed_problem("1"), office.problem_at_close_out("2")
    coordinator = browser("coordinator")
    path = f"/inspections/{office.inspection}/meeting"
    page = coordinator.sees(path)
    assert page.index("（1）台账不实") < page.index("（2）台账不实")
    assert "可由head同志审定" in page
    assert "环节还没有签字" in page
    answer = coordinator.post(path, given(office, ready, waiting), files=SCAN)
    assert answer.status_code == 303, says(answer)
    told = coordinator.sees(answer.headers["location"])
    assert "2 个问题中 1 个已销号" in told
    assert "（1）台账不实：已销号" in told
    assert "（2）台账不实：“科室审核”环节还没有签字" in told
    assert (office.state(ready), office.state(waiting)) == ("closed", "close_out")
    assert len(office.rows("cases", kind="meeting")) == 1


def test_what_is_missing_is_said_and_nothing_is_recorded(office: Office, browser: Open) -> None:
    office.signed_problem()
    coordinator = browser("coordinator")
    path = f"/inspections/{office.inspection}/meeting"
    answer = coordinator.post(path, {"name": "会议", "held_on": "昨天"})
    assert answer.status_code == 422
    text = says(answer)
    assert "不是日期" in text
    assert "至少选择一个问题" in text
    assert "还没有选择文件" in text
    assert not office.rows("cases", kind="meeting")


def test_only_the_coordinator_records(office: Office, browser: Open) -> None:
    office.signed_problem()
    assert browser("head").get(f"/inspections/{office.inspection}/meeting").status_code == 404
    assert browser("supervisor").get(f"/inspections/{office.inspection}/meeting").status_code == 404


def test_without_anything_to_decide_it_says_so(office: Office, browser: Open) -> None:
    office.opens_inspection()
    assert "没有等待审定的问题" in browser("coordinator").sees(f"/inspections/{office.inspection}/meeting")


def test_a_meeting_that_was_held_shows_its_minutes_to_our_own_people_only(office: Office, browser: Open) -> None:
    problem = office.signed_problem("1")
    answer = browser("coordinator").post(
        f"/inspections/{office.inspection}/meeting", given(office, problem), files=SCAN
    )
    path = answer.headers["location"]
    head, outsider = browser("head"), browser("outsider")
    assert "第3次领导小组会议" in head.sees(path)
    assert f"/problems/{problem}" in head.sees(path)
    taken = head.get(f"{path}/file")
    assert taken.content == b"%PDF-1.4 minutes"
    assert taken.headers["content-disposition"].startswith("attachment")
    assert [outsider.get(one).status_code for one in (path, f"{path}/file")] == [404, 404]
    assert head.get(f"/meetings/{problem}").status_code == 404


def test_the_meetings_of_an_inspection_are_listed_with_what_they_closed(office: Office, browser: Open) -> None:
    ready, waiting = office.signed_problem("1"), office.problem_at_close_out("2")
    path = f"/inspections/{office.inspection}/meetings"
    assert "还没有会议记录" in browser("officer").sees(path)
    office.holds_meeting(ready, waiting)
    page = browser("officer").sees(path)
    [meeting] = office.rows("cases", kind="meeting")
    assert f'href="/meetings/{meeting.id}"' in page
    assert "2 个议题，销号 1 个" in page
    assert browser("outsider").get(path).status_code == 404
