"""What will come, why something came, and whether anything is sent at all, on pages."""

from collections.abc import Callable

from browser import Browser, says
from office import PLAN, Office
from sqlalchemy import update

from desk.set_up_office import set_up_office
from notifications.waiting import ENVELOPE

BrowserOf = Callable[[str], Browser]


def administrator(office: Office) -> str:
    row = {"key": "admin", "name": "系统管理员", "email": "admin@street.test", "rank_order": 90}
    posts = [{"unit": "street", "role": "administrator"}]
    set_up_office(office.house.desk, {**PLAN, "people": [row | {"posts": posts}]}, "2026-01-01")
    office.__post_init__()
    return "admin"


def test_an_officer_sees_what_comes_for_them_and_the_coordinator_what_comes_for_all(
    office: Office, browser: BrowserOf
) -> None:
    office.problem_in_work("immediate", due="2026-06-10")

    own, whole = browser("officer").sees("/forecast?days=90"), browser("coordinator").sees("/forecast?days=90")

    assert "提醒officer同志" in own
    assert "提醒head同志" not in own
    assert "提醒head同志" in whole
    assert "起逾期" in whole


def test_the_street_next_door_sees_nothing_of_what_comes_for_us(office: Office, browser: BrowserOf) -> None:
    office.problem_in_work("immediate", due="2026-06-10")

    page = browser("outsider").sees("/forecast?days=90")

    assert "台账不实" not in page
    assert "这段时间没有通知" in page


def test_an_officer_asks_for_themselves_and_the_coordinator_for_anybody(office: Office, browser: BrowserOf) -> None:
    problem = office.problem_in_work("immediate", due="2026-06-10")
    officer, head = office.people["officer"], office.people["head"]
    office.at("2026-06-09 08:35").beat()

    mine = browser("officer").sees(f"/problems/{problem}/why?day=2026-06-09")
    theirs = browser("officer").get(f"/problems/{problem}/why?person={head}&day=2026-06-09")
    asked = browser("coordinator").sees(f"/problems/{problem}/why?person={officer}&day=2026-06-09")

    assert "【销号】" in mine
    assert theirs.status_code == 404
    assert "【销号】" in asked
    assert browser("officer").get(f"/problems/{problem}/why?day=soon").status_code == 422


def test_what_was_given_up_is_sent_again_by_the_administrator(office: Office, browser: BrowserOf) -> None:
    office.problem_in_work("immediate", due="2026-06-10")
    office.at("2026-06-09 08:35").beat()
    office.write(
        update(ENVELOPE).where(ENVELOPE.c.channel == "folder").values(state="dead", error="address_refused")
    )
    given_up = next(row for row in office.rows("envelope", channel="folder"))
    page = browser(administrator(office))

    shown = page.sees("/health")
    answer = page.post(f"/health/outbox/{given_up.id}/resend")

    assert "未能送达" in shown
    assert answer.status_code == 303
    assert "重新排队" in says(page.get("/health"))
    assert {row.state for row in office.rows("envelope", id=given_up.id)} == {"queued"}


def test_only_the_administrator_of_the_body_sees_its_messages(office: Office, browser: BrowserOf) -> None:
    office.problem_in_work("immediate", due="2026-06-10")
    office.at("2026-06-09 08:35").beat()
    office.write(update(ENVELOPE).values(state="dead", error="address_refused"))

    assert browser("officer").get("/health").status_code == 404
    assert "officer同志" not in browser("outsider").sees("/health")
