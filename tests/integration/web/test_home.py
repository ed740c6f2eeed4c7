"""Where people arrive: each sees what is theirs and can take the step from there."""

import re
from collections.abc import Callable

from browser import Browser
from office import Office

Open = Callable[[str], Browser]


def pressed(page: str, action: str) -> dict[str, str]:
    """The fields of the one-press form of an action on a page."""
    found = re.search(rf'<form method="post" action="(/cases/\d+/actions/{action})">(.*?)</form>', page, re.DOTALL)
    assert found, page
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[2]))
    return {"path": found[1], **fields}


def press(browser: Browser, page: str, action: str) -> str:
    """Press it, and give the page where one lands."""
    form = pressed(page, action)
    answer = browser.client.post(form.pop("path"), data=form)
    assert answer.status_code == 303, answer.text
    return browser.sees(answer.headers["location"])


def test_an_officer_reports_no_change_in_one_press_and_stays_where_they_were(office: Office, browser: Open) -> None:
    [measure] = office.measures(office.problem_in_work())
    officer = browser("officer")
    page = officer.sees("/")
    assert "台账不实" in page
    assert f'href="/problems/{office.case(measure).root_id}#measure-{measure}"' in page

    after = press(officer, page, "no_change")

    assert "“本周无变化”已办理。" in after
    assert "/actions/no_change" not in after
    assert office.fields(measure)["progress_on"] == office.today


def test_the_colleague_sees_nothing_of_it_and_is_told_that_nothing_waits(office: Office, browser: Open) -> None:
    office.problem_in_work()
    for who, told in (("colleague", "现在没有需要您办理的事项"), ("outsider", "从这里开始")):
        page = browser(who).sees("/")
        assert "台账不实" not in page
        assert told in page


def test_one_step_stands_out_for_each_matter(office: Office, browser: Open) -> None:
    office.problem_in_work()
    matters = re.findall(r'<li class="matter.*?</li>', browser("officer").sees("/"), re.DOTALL)
    assert [one.count("button primary") for one in matters] == [1]


def test_a_department_head_accepts_from_the_home(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    office.submits(measure)
    head = browser("civil_head")

    press(head, head.sees("/"), "accept")

    assert office.state(problem) == "close_out"


def test_a_step_that_asks_for_more_leads_to_its_form_and_back(office: Office, browser: Open) -> None:
    [measure] = office.measures(office.problem_in_work())
    officer = browser("officer")
    assert f'href="/cases/{measure}/actions/submit?back=/"' in officer.sees("/")

    assert 'name="back" value="/"' in officer.sees(f"/cases/{measure}/actions/submit?back=/")
    answer = officer.acts("submit", measure, result="已清理", back="/")

    assert answer.headers["location"] == "/"


def test_nobody_is_sent_to_another_site(office: Office, browser: Open) -> None:
    [measure] = office.measures(office.problem_in_work())
    answer = browser("officer").acts("no_change", measure, back="//elsewhere.test/")
    assert answer.headers["location"].startswith("/problems/")


def test_a_press_on_a_page_that_is_old_is_refused_with_who_was_faster(office: Office, browser: Open) -> None:
    [measure] = office.measures(office.problem_in_work())
    officer = browser("officer")
    page = officer.sees("/")
    office.do("progress", measure, "officer", text="已动工")
    form = pressed(page, "no_change")

    assert officer.client.post(form.pop("path"), data=form).status_code == 409


def test_somebody_with_two_roles_sees_both_the_urgent_first(office: Office, browser: Open) -> None:
    """The head of the department who also handles a task of their own."""
    signing = office.problem_at_close_out("1")
    office.problem_in_work(number="2", officers=["civil_head"])
    page = browser("civil_head").sees("/")

    places = [page.index(one) for one in ("等您签字", "本科室其他在办问题", "以后到期")]
    assert places == sorted(places)
    assert f"/cases/{signing}/actions/sign" in page


def test_who_watches_an_organisation_sees_its_figures_and_an_officer_does_not(
    office: Office, browser: Open
) -> None:
    office.closed_problem("1")
    open_one = office.problem_in_work(number="2")
    assert re.search(r"<strong>1</strong> 已销号", browser("head").sees("/"))
    assert "个问题</a>" not in browser("officer").sees("/")

    for measure in office.measures(open_one):
        office.finishes(measure)
    office.signs_up_to_meeting(open_one)
    office.on_paper("decide", open_one, "head")
    assert "个问题</a>" not in browser("head").sees("/")


def test_an_empty_office_tells_a_coordinator_where_to_begin(browser: Open) -> None:
    page = browser("outsider").sees("/")
    steps = [page.index(one) for one in ("从这里开始", "建立一次巡察", "导入反馈意见", "逐个确认问题")]
    assert steps == sorted(steps)


def test_a_coordinator_gets_to_the_meeting_and_the_import_from_the_home(office: Office, browser: Open) -> None:
    office.problem_in_work()
    for path in ("meeting", "import", "plan"):
        assert f"/inspections/{office.inspection}/{path}" in browser("coordinator").sees("/")
        assert f"/inspections/{office.inspection}/{path}" not in browser("head").sees("/")


def test_an_administrator_and_the_discipline_find_their_own_links(browser: Open) -> None:
    keeper = browser("outsider").sees("/").split("<main")[1]
    assert 'href="/people"' in keeper
    assert 'href="/register?overdue=yes"' in keeper
    assert 'href="/people"' not in browser("officer").sees("/").split("<main")[1]


def test_the_supervisor_recognises_what_was_reported(office: Office, browser: Open) -> None:
    problem = office.closed_problem()
    office.do("report_to_district", problem, "coordinator")
    supervisor = browser("supervisor")

    page = supervisor.sees("/bodies")
    assert "柳林街道党工委" in page
    assert f"/cases/{problem}/actions/recognize?back=/bodies" in page
    assert supervisor.acts("recognize", problem, back="/bodies").headers["location"] == "/bodies"


def test_the_bodies_below_are_for_supervisors_alone(office: Office, browser: Open) -> None:
    office.closed_problem()
    assert browser("head").get("/bodies").status_code == 404
    assert "柳林街道党工委" not in browser("outsider").sees("/bodies")


def test_the_bodies_page_is_there_before_any_inspection(browser: Open) -> None:
    assert "下级单位还没有巡察" in browser("supervisor").sees("/bodies")
