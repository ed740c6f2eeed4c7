"""What was done to an account stands on the person's page, and nobody takes it out again."""

from collections.abc import Callable

import pytest
from browser import PASSWORD, Browser
from office import TABLES, Office
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

from desk.account_record import CONSOLE
from desk.accounts import hand_out_password, set_password

Open = Callable[[str], Browser]


@pytest.fixture
def admin(office: Office, browser: Open) -> Browser:
    """The accountant looks after the system, and the other lead official after discipline."""
    place = {"organization_id": office.organizations["street"], "title": "", "from_on": "2026-01-01"}
    held = {"accountant": "administrator", "other_lead": "discipline"}
    posts = [{**place, "person_id": office.people[who], "role": role} for who, role in held.items()]
    office.write(insert(TABLES["post"]).values(posts))
    return browser("accountant")


def test_who_opened_reset_and_unlocked_it_is_shown_to_those_who_must_see_it(
    office: Office, admin: Browser, browser: Open
) -> None:
    colleague = office.people["colleague"]
    admin.post(f"/people/{colleague}/password")
    office.after(1)
    stranger = Browser(office)
    for _ in range(5):
        stranger.logs_in("colleague", "wrong guess after guess")
    browser("accountant").post(f"/people/{colleague}/password")
    set_password(office.house.desk, colleague, PASSWORD, office.after(1).now, by=CONSOLE)

    for who in ("accountant", "coordinator", "other_lead"):
        page = browser(who).sees(f"/people/{colleague}")
        told = [
            "2026年6月3日 09:00</span> 服务器命令行：设置密码",
            "2026年6月2日 09:00</span> accountant同志：解除密码多次输错后的锁定",
            "2026年6月2日 09:00</span> accountant同志：重设密码",
            "2026年6月1日 09:00</span> accountant同志：开通账号",
        ]
        places = [page.index(one) for one in told]
        assert places == sorted(places)
        assert ("重设密码</button>" in page) is (who == "accountant")
    assert browser("officer").get(f"/people/{colleague}").status_code == 404


def test_ones_own_change_is_ones_own(office: Office, browser: Open) -> None:
    officer = browser("officer")
    own = "一句自己才知道的话呀"
    assert officer.post("/password", old=PASSWORD, new=own, again=own).status_code == 303
    acts = [(row.act, row.actor) for row in office.rows("account_record", person_id=office.people["officer"])]
    assert acts[-1] == ("changed", office.actor("officer"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account_record SET actor = 'system:console'",
        "DELETE FROM account_record",
        "INSERT OR REPLACE INTO account_record SELECT id, person_id, act, 'system:console', at FROM account_record",
        "TRUNCATE account_record",
    ],
)
def test_the_record_is_append_only(office: Office, statement: str) -> None:
    hand_out_password(office.house.desk, office.people["officer"], office.actor("accountant"), office.now)
    before = office.rows("account_record")
    with pytest.raises(DatabaseError), office.database.begin() as tx:
        tx.connection.execute(text(statement))
    assert office.rows("account_record") == before
