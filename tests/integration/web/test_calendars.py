"""The working calendar on a page: everybody who must looks at it, one keeps it, another approves what it moves."""

from collections.abc import Callable

import pytest
from browser import Browser, says
from office import Office

from desk.set_up_office import set_up_office

Open = Callable[[str], Browser]
LIST = "\n".join(
    [f"2027-02-{day:02},休,春节" for day in range(5, 14)] + ["2027-02-14,班,春节", "2027-02-20,班,春节"]
).encode()


@pytest.fixture
def office(office: Office) -> Office:
    """With somebody who keeps the calendar."""
    post = {"unit": "street", "role": "administrator", "title": ""}
    keeper = {"key": "keeper", "name": "系统管理员甲", "email": "", "rank_order": 99, "posts": [post]}
    set_up_office(office.house.desk, {"people": [{**keeper, "organization": "street"}]}, "2026-01-01")
    office.people["keeper"] = office.rows("person", key="keeper")[0].id
    return office


def _due_in_february(office: Office) -> int:
    office.at("2026-10-20 09:00")
    problem = office.assigned_problem(due="2027-06-30")
    measure = office.open(
        "measure", "coordinator", parent=problem, text="清理", track="immediate",
        officer=office.people["officer"], period="80个工作日",
    )  # fmt: skip
    office.do("begin", problem, "coordinator")
    return measure


def test_a_year_shows_its_days_its_source_and_that_it_is_provisional(browser: Open) -> None:
    coordinator = browser("coordinator")
    this_year = coordinator.sees("/calendar?year=2026")
    assert "国务院办公厅关于2026年部分节假日安排的通知" in this_year
    assert 'class="make_up"' in this_year
    assert "暂定" not in this_year
    assert "放假安排尚未公布" in coordinator.sees("/calendar?year=2027")
    assert "只按周末推算" not in coordinator.sees("/calendar?year=2027")
    assert coordinator.get("/calendar?year=99999").status_code == 404
    assert browser("officer").get("/calendar").status_code == 404


def test_only_the_keeper_puts_a_list_in_force(browser: Open) -> None:
    coordinator, keeper = browser("coordinator"), browser("keeper")
    file = {"list": ("2027.csv", LIST, "text/csv")}
    assert coordinator.post("/calendar/list", files=file).status_code == 404
    assert "/calendar/list" not in coordinator.sees("/calendar?year=2027")
    answer = keeper.post("/calendar/list", files=file, source="国办发明电〔2026〕7号")
    assert (answer.status_code, answer.headers["location"]) == (303, "/calendar?year=2027")
    page = keeper.sees("/calendar?year=2027")
    assert "国办发明电〔2026〕7号" in page
    assert "系统管理员甲" in page
    bad = keeper.post("/calendar/list", files={"list": ("2027.csv", b"2027-02-30,x,y", "text/csv")})
    assert bad.status_code == 422
    assert "不是日期" in says(bad)
    assert keeper.post("/calendar/list").status_code == 422


def test_one_day_becomes_the_next_edition(browser: Open) -> None:
    keeper = browser("keeper")
    day = {"day": "2026-12-24", "kind": "holiday", "name": "本地假日", "source": "区政府通知"}
    assert keeper.post("/calendar/day", day).status_code == 303
    page = keeper.sees("/calendar?year=2026")
    assert "本地假日" in page
    assert "第 2 版" in page
    assert keeper.post("/calendar/day", {**day, "kind": "workday"}).status_code == 422
    assert keeper.post("/calendar/day", {**day, "name": ""}).status_code == 422
    assert keeper.post("/calendar/day", {**day, "day": "x"}).status_code == 422
    assert keeper.post("/calendar/day", {**day, "kind": "plain"}).status_code == 303
    assert "本地假日" not in keeper.sees("/calendar?year=2026")


@pytest.mark.row(17)
def test_the_coordinator_approves_what_moves_and_sees_a_result_for_each_row(office: Office, browser: Open) -> None:
    measure = _due_in_february(office)
    before = office.case(measure).due_on
    keeper, coordinator = browser("keeper"), browser("coordinator")
    keeper.post("/calendar/list", files={"list": ("2027.csv", LIST, "text/csv")}, source="国办发明电〔2026〕7号")
    assert keeper.get("/calendar/moves").status_code == 404
    assert "有 1 项时限待重算" in coordinator.sees("/calendar?year=2027")
    listed = coordinator.sees("/calendar/moves")
    assert "80个工作日" in listed
    value = listed.split('name="move" value="')[1].split('"')[0]
    assert office.case(measure).due_on == before

    answer = coordinator.post("/calendar/moves", move=[value])
    assert answer.status_code == 200
    assert "已改" in says(answer)
    assert office.case(measure).due_on == value.partition(":")[2]
    assert "没有需要重算的时限" in coordinator.sees("/calendar/moves")
