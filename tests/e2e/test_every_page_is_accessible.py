"""axe finds nothing on any page of the site, for a desk and for a phone; forms work without JavaScript."""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from office import Office
from playwright.sync_api import Page
from routes import every_route

from desk.draw_look_back import draw_look_back
from desk.finding import Inspection
from xiaohao.serving import application

PageAs = Callable[..., Page]


FILE = re.compile(r"/(file|pdf|word|attachment)$|\.\w+$")
# Who looks at a page first; an outsider has every role in an office of their own, where nothing has begun.
WATCHERS = ("coordinator", "officer", "auditor", "supervisor", "outsider")
HOMES = ("officer", "civil_head", "lead", "head", "coordinator", "auditor", "supervisor", "outsider")
WIDTHS = (390, 1366)
# A screen on a wall turns its own pages, which is what it is for; it has a link for going on and one for leaving.
REFRESHING = ("meta-refresh",)


def filled_office(office: Office) -> dict[str, int]:
    """The number of something of our own by the beginning of a path; the rest are of a problem in work."""
    closed = office.signed_problem("2")
    [held, _] = office.holds_meeting(closed)
    problem = office.problem_in_work("immediate", "institutional", due=office.day(3))
    [measure, _] = office.measures(problem)
    office.files_evidence(measure)
    letter = office.open("letter", "coordinator", parent=problem, form="督办单", due_on=office.day(5))
    duty = {"problem_id": problem, "text": "每月清点一次", "per": "month", "times": 1}
    unit = office.departments["civil"]
    commitment = office.open("commitment", "coordinator", units=[unit], lead_department=unit, **duty)
    inspection = Inspection(office.inspection, office.organizations["street"], "")
    draw_look_back(office.house.desk, inspection, "回头看", "1", office.actor("auditor"), office.now)
    [campaign], [review] = (office.rows("cases", kind=kind) for kind in ("look_back_campaign", "review"))
    office.beat()
    assert held.case_id
    kinds = {"/problems": problem, "/inspections": office.inspection, "/letters": letter, "/meetings": held.case_id}
    kinds |= {"/commitments": commitment, "/look-backs": campaign.id, "/reviews": review.id}
    return {**kinds, "/cases": measure}


def paths(office: Office, app: FastAPI) -> Iterator[str]:
    """Every page of the site with something real in its blanks, forms and pages of errors too."""
    ids = filled_office(office)
    message = quote(office.inbox("officer")[0].id)
    for route in sorted({one.path for one in every_route(app) if "GET" in one.methods}):
        # What opens a case asks for its kind: two of those are yielded at the end.
        if not FILE.search(route) and route != "/new" and "{kind}" not in route:
            case_id = next((ids[start] for start in ids if route.startswith(start)), 0)
            person = office.people["officer"]
            yield route.format(case_id=case_id, message_id=message, action="hand_over", person_id=person)
    yield f"/cases/{ids['/inspections']}/parts/milestone"
    yield f"/new?kind=inspection&organization={office.organizations['street']}"


def looked_at(page: Page, path: str, assert_accessible: Callable[..., None]) -> bool:
    """Whether the page is there for this person; if so, it is whole at the width of a phone and of a desk."""
    answer = page.goto(path)
    assert answer is not None
    if answer.status != HTTPStatus.OK:
        return False
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)
        assert_accessible(page, REFRESHING if path.endswith("/screen") else ())
    return True


def test_every_page_is_accessible_and_nothing_is_cut(
    office: Office, page_as: PageAs, assert_accessible: Callable[..., None]
) -> None:
    watchers = [page_as(who) for who in WATCHERS]
    listed = list(paths(office, application(office.house, lambda: office.now)))
    unseen = [path for path in listed if not any(looked_at(page, path, assert_accessible) for page in watchers)]
    assert unseen == []


def test_the_home_of_each_role_and_the_pages_of_errors_are_accessible(
    office: Office, page_as: PageAs, assert_accessible: Callable[..., None]
) -> None:
    filled_office(office)
    for who in HOMES:
        assert looked_at(page_as(who), "/", assert_accessible), who
    page = page_as("officer")
    for path in ("/nowhere", f"/cases/{office.inspection}/actions/nothing", "/people"):
        page.goto(path)
        assert_accessible(page)


@pytest.mark.parametrize("look", ["大字", "高对比"])
def test_large_type_and_high_contrast_stay_accessible(
    office: Office, page_as: PageAs, assert_accessible: Callable[[Page], None], look: str
) -> None:
    problem = office.problem_in_work()
    page = page_as("officer")
    page.goto(f"/problems/{problem}")
    page.get_by_role("button", name=look).click()
    assert page.url.endswith(f"/problems/{problem}")
    assert_accessible(page)


@pytest.mark.parametrize("script", [True, False])
def test_an_officer_submits_a_result_with_its_evidence(
    office: Office, page_as: PageAs, tmp_path, script: bool
) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    photo = tmp_path / "现场.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    page = page_as("officer", script=script)
    page.goto(f"/problems/{problem}")
    page.locator(f"#measure-{measure}").get_by_role("link", name="提交佐证").click()
    page.set_input_files("#file", photo)
    page.get_by_role("button", name="提交佐证").click()
    page.get_by_text("已归集").wait_for()
    page.locator(f"#measure-{measure}").get_by_role("link", name="报送结果").click()
    page.fill("#result", "现场已清理完毕")
    page.get_by_role("button", name="报送结果").click()
    page.get_by_text("“报送结果”已办理").wait_for()
    assert office.state(measure) == "submitted"


def test_long_lists_can_be_filtered_by_typing(office: Office, page_as: PageAs) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    page = page_as("coordinator")
    page.goto(f"/cases/{problem}/actions/assign")
    page.get_by_placeholder("筛选").first.fill("other_lead")
    assert page.eval_on_selector("#lead_official", "one => one.selectedOptions[0].text").startswith("other_lead")
