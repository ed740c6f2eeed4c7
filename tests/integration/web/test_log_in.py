"""Who gets in, and when a session is over."""

import pytest
from browser import PASSWORD, Browser, says
from office import DAY, Office
from sqlalchemy import text

from desk.accounts import session_of, set_password
from desk.desk import RefusedError


@pytest.fixture
def account(office: Office) -> str:
    set_password(office.house.desk, office.people["officer"], PASSWORD, office.now)
    return "officer"


def test_somebody_with_a_password_arrives_where_they_wanted_to_go(stranger: Browser, account: str) -> None:
    sent = stranger.get("/inbox")
    assert (sent.status_code, sent.headers["location"]) == (303, "/log-in?next=/inbox")
    answer = stranger.logs_in(account, PASSWORD, wanted="/inbox")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert "officer同志" in stranger.sees("/inbox")


def test_the_full_name_will_do(stranger: Browser, account: str) -> None:
    assert stranger.logs_in(f"{account}同志", PASSWORD).status_code == 303


@pytest.mark.parametrize("elsewhere", ["//evil.test", "https://evil.test", "/\\evil.test"])
def test_the_way_back_never_leads_to_another_site(stranger: Browser, account: str, elsewhere: str) -> None:
    assert stranger.logs_in(account, PASSWORD, wanted=elsewhere).headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_say_the_same(stranger: Browser, account: str) -> None:
    wrong, unknown = stranger.logs_in(account, "wrong"), stranger.logs_in("nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 403
    assert "密码不对" in says(wrong)
    assert "密码不对" in says(unknown)


def test_after_five_wrong_guesses_the_account_waits(office: Office, stranger: Browser, account: str) -> None:
    for _ in range(5):
        stranger.logs_in(account, "wrong")
    assert "15 分钟后" in says(stranger.logs_in(account, PASSWORD))
    office.now += 16 * 60
    assert stranger.logs_in(account, PASSWORD).status_code == 303


def test_an_address_that_guesses_at_everybody_waits_too(stranger: Browser, account: str) -> None:
    for number in range(30):
        stranger.logs_in(f"somebody{number}", "wrong")
    assert "分钟后" in says(stranger.logs_in(account, PASSWORD))


def test_what_was_guessed_is_not_kept(office: Office, stranger: Browser) -> None:
    stranger.logs_in("my-secret-password", "wrong")
    assert "my-secret-password" not in str(office.rows("failed_log_in"))


def test_a_password_and_a_token_are_kept_as_hashes_only(office: Office, stranger: Browser, account: str) -> None:
    stranger.logs_in(account, PASSWORD)
    stored = str(office.rows("account")) + str(office.rows("session"))
    assert PASSWORD not in stored
    assert stranger.client.cookies["xiaohao_session"] not in stored


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: Browser, account: str) -> None:
    cookie = stranger.logs_in(account, PASSWORD).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_cookie_is_worth_nothing_after_the_log_out(stranger: Browser, account: str) -> None:
    stranger.logs_in(account, PASSWORD)
    token = stranger.client.cookies["xiaohao_session"]
    stranger.post("/log-out")
    stranger.client.cookies.set("xiaohao_session", token)
    assert stranger.get("/inbox").status_code == 303


def test_a_session_ends_when_the_posts_change(office: Office, stranger: Browser, account: str) -> None:
    stranger.logs_in(account, PASSWORD)
    assert stranger.get("/inbox").status_code == 200
    office.write(f"UPDATE post SET to_on = '{office.day(-1)}' WHERE person_id = {office.people['officer']}")
    assert stranger.get("/inbox").status_code == 303


def test_a_session_ends_when_the_person_leaves(office: Office, stranger: Browser, account: str) -> None:
    stranger.logs_in(account, PASSWORD)
    office.leaves("officer", office.day(-1))
    assert stranger.get("/inbox").status_code == 303
    assert stranger.logs_in(account, PASSWORD).status_code == 403


def test_a_session_ends_untouched_and_after_a_day(office: Office, stranger: Browser, account: str) -> None:
    stranger.logs_in(account, PASSWORD)
    token = stranger.client.cookies["xiaohao_session"]
    assert session_of(office.house.desk, token, office.now + 3600)
    assert session_of(office.house.desk, token, office.now + 3600 + 2 * 3600 + 1) is None
    assert session_of(office.house.desk, token, office.now + DAY) is None


def test_another_password_logs_the_other_browsers_out(office: Office, stranger: Browser, account: str) -> None:
    other = Browser(office)
    stranger.logs_in(account, PASSWORD)
    other.logs_in(account, PASSWORD)
    fields = {"old": PASSWORD, "new": "另一条清清的小溪流", "again": "另一条清清的小溪流"}
    assert stranger.post("/password", fields | {"new": "短", "again": "短"}).status_code == 422
    short = stranger.post("/password", fields | {"old": "wrong"})
    assert "现密码不对" in says(short)
    long = "另一条清清的小溪流过街道"
    assert stranger.post("/password", fields | {"new": long, "again": long}).status_code == 303
    assert stranger.get("/inbox").status_code == 200
    assert other.get("/inbox").status_code == 303


def test_a_short_password_is_refused_with_its_least_length(office: Office) -> None:
    with pytest.raises(RefusedError, match="10 个字符"):
        set_password(office.house.desk, office.people["officer"], "short", office.now)


def test_nobody_is_logged_in_without_an_account(office: Office, stranger: Browser) -> None:
    assert stranger.logs_in("colleague", "").status_code == 403
    with office.look() as tx:
        assert tx.connection.scalar(text("SELECT count(*) FROM session")) == 0
