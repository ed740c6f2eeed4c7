"""Every route is locked: nobody gets in without a log-in, and the neighbouring street sees no case of ours.

A new route without protection fails here; a route whose path has a blank that this file does not know fails too.
"""

from collections.abc import Callable

import pytest
from browser import Browser
from office import Office
from routes import every_route

PUBLIC = {"/log-in", "/log-out", "/look"}


def calls(browser: Browser) -> list[tuple[str, str]]:
    """Every method and path, the blanks still in it."""
    return [
        (method, one.path) for one in every_route(browser.client.app) for method in sorted(one.methods - {"HEAD"})
    ]


@pytest.fixture
def blanks(office: Office) -> dict[str, object]:
    """Something real of our own street for every blank that a path has."""
    problem = office.problem_in_work()
    return {
        "case_id": problem,
        "action": "comment",
        "message_id": "none",
        "kind": "review",
        "person_id": office.people["officer"],
    }


def filled(path: str, blanks: dict[str, object]) -> str:
    return path.format(**blanks)


def test_there_are_routes(stranger: Browser) -> None:
    assert len(calls(stranger)) > 8


def test_an_anonymous_visitor_is_sent_to_the_log_in(stranger: Browser, blanks: dict[str, object]) -> None:
    for method, path in calls(stranger):
        if path not in PUBLIC:
            answer = stranger.client.request(method, filled(path, blanks))
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/log-in"), (method, path)


def test_the_neighbouring_street_finds_nothing_under_our_cases(
    browser: Callable[[str], Browser], blanks: dict[str, object]
) -> None:
    outsider = browser("outsider")
    bound = [(method, path) for method, path in calls(outsider) if "{" in path]
    assert bound
    for method, path in bound:
        answer = outsider.get(filled(path, blanks)) if method == "GET" else outsider.post(filled(path, blanks))
        assert answer.status_code in (403, 404), (method, path)


def test_a_case_of_our_own_is_there(browser: Callable[[str], Browser], blanks: dict[str, object]) -> None:
    assert "备注" in browser("officer").sees(filled("/cases/{case_id}/actions/{action}", blanks))


def test_the_level_above_sees_a_case_and_a_number_that_is_none_is_not_found(
    browser: Callable[[str], Browser], blanks: dict[str, object]
) -> None:
    supervisor = browser("supervisor")
    assert supervisor.get(f"/cases/{blanks['case_id']}").status_code in (200, 303)
    assert supervisor.get("/cases/99999").status_code == 404
    assert supervisor.get("/cases/none").status_code == 404
    assert supervisor.get("/cases/99999999999999999999999").status_code == 404


def test_a_form_without_our_token_is_refused(browser: Callable[[str], Browser], blanks: dict[str, object]) -> None:
    officer = browser("officer")
    for method, path in calls(officer):
        if method != "GET":
            answer = officer.client.request(method, filled(path, blanks), data={"form_token": "0" * 40})
            assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.test"}]
)
def test_a_form_from_another_site_is_refused_whatever_it_holds(
    browser: Callable[[str], Browser], blanks: dict[str, object], headers: dict[str, str]
) -> None:
    officer = browser("officer")
    path = filled("/cases/{case_id}/actions/{action}", blanks)
    data = {"form_token": officer.token(), "text": "来自别处"}
    answer = officer.client.post(path, data=data, headers=headers)
    assert answer.status_code == 403
    assert "别的网站" in answer.text
    same = {name: "same-origin" if name == "Sec-Fetch-Site" else "http://office.test" for name in headers}
    assert officer.client.post(path, data=data, headers=same).status_code == 303


def test_every_answer_carries_the_headers(stranger: Browser) -> None:
    for path in ("/log-in", "/inbox", "/nowhere", "/static/site.css"):
        headers = stranger.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'"), path
        assert headers["x-content-type-options"] == "nosniff", path
        assert "strict-transport-security" not in headers, path


def test_a_body_that_is_too_large_is_not_read(browser: Callable[[str], Browser]) -> None:
    officer = browser("officer")
    answer = officer.client.post("/password", content=b"x", headers={"Content-Length": str(10**9)})
    assert answer.status_code == 413
    assert "太大" in answer.text


def test_a_body_that_says_nothing_of_its_size_is_cut_off(browser: Callable[[str], Browser]) -> None:
    officer = browser("officer")
    megabyte = b"x" * (1024 * 1024)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = officer.client.post("/password", content=(megabyte for _ in range(60)), headers=headers)
    assert answer.status_code == 413
