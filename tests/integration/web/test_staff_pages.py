"""People, posts and departments: the administrator's alone, in the order that the office sets."""

import re
from collections.abc import Callable

import pytest
from browser import Browser, says
from office import TABLES, Office
from sqlalchemy import insert

Open = Callable[[str], Browser]
PAGES = ("/people", "/departments")


@pytest.fixture
def admin(office: Office, browser: Open) -> Browser:
    """The accountant looks after the system too."""
    values = {
        "organization_id": office.organizations["street"],
        "role": "administrator",
        "person_id": office.people["accountant"],
        "title": "",
        "from_on": "2026-01-01",
    }
    office.write(insert(TABLES["post"]).values(values))
    return browser("accountant")


def test_the_pages_are_nobody_elses(office: Office, browser: Open) -> None:
    person = f"/people/{office.people['officer']}"
    for who in ("head", "officer"):
        for path in (*PAGES, person):
            assert browser(who).get(path).status_code == 404
    for who in ("coordinator", "head", "officer"):
        for path in PAGES:
            assert browser(who).post(path, name="某科", key="somebody").status_code == 404
        for step in ("posts", "posts/end", "stand-ins", "stand-ins/end", "password", "leave"):
            assert browser(who).post(f"{person}/{step}").status_code == 404
    outsider = browser("outsider")
    assert "社会事务办" not in outsider.sees("/departments")
    office.rows("department")
    outsider.post("/departments/rename", department=str(office.departments["civil"]), name="改名")
    outsider.post("/people/order", {f"rank-{office.people['head']}": "77"})
    assert outsider.post(f"/people/{office.people['head']}/posts", role="head").status_code == 404
    assert outsider.get(person).status_code == 404
    assert office.rows("department", key="civil")[0].name == "社会事务办"
    assert office.rows("person", key="head")[0].rank_order == 1


def test_a_new_colleague_gets_a_post_and_may_do_its_work(office: Office, admin: Browser, browser: Open) -> None:
    assert admin.post("/people", name="新同志", key="new_one", email="new@street.test").status_code == 303
    [row] = office.rows("person", key="new_one")
    office.people["new_one"] = row.id
    admin.post(f"/people/{row.id}/posts", role="coordinator", unit="", title="整改办副主任")

    assert "整改办副主任" in admin.sees("/people")
    assert "今天要办" in browser("new_one").sees("/")
    office.opens_inspection()
    office.open(
        "problem", "new_one", inspection_id=office.inspection, number="1", title="新问题", source="feedback"
    )


def test_a_post_that_ends_is_not_held_any_more(office: Office, admin: Browser) -> None:
    [post] = office.rows("post", person_id=office.people["second_coordinator"])
    admin.post(f"/people/{office.people['lead']}/posts/end", post=str(post.id))
    assert office.rows("post", id=post.id)[0].to_on is None  # not a post of theirs
    admin.post(f"/people/{post.person_id}/posts/end", post=str(post.id))
    office.opens_inspection()
    command = office.opening(
        "problem", "second_coordinator", inspection_id=office.inspection, title="问题", source="feedback"
    )
    [outcome] = office.send(command)
    assert outcome.refusal
    assert outcome.refusal.word == "not_yours"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "某人", "key": "Head 1"}, "代号“Head 1”不能用"),
        ({"name": "某人", "key": "lead"}, "代号“lead”已经有了"),
        ({"name": " ", "key": "somebody"}, "请填写名称"),
    ],
)
def test_a_person_who_cannot_be_added_is_refused_with_what_to_change(
    admin: Browser, fields: dict[str, str], said: str
) -> None:
    answer = admin.post("/people", fields, email="")
    assert answer.status_code == 409
    assert said in says(answer)


def test_a_department_post_needs_its_department(office: Office, admin: Browser) -> None:
    posts = f"/people/{office.people['officer']}/posts"
    assert "请选择科室" in says(admin.post(posts, role="department_head", unit=""))
    assert "没有这个科室" in says(admin.post(posts, role="department_head", unit="999"))


def test_every_list_follows_the_order_that_is_set(office: Office, admin: Browser, browser: Open) -> None:
    office.problem_in_work(number="1")
    office.problem_in_work(number="2", lead="other_lead")
    order = {f"rank-{office.people['other_lead']}": "2", f"rank-{office.people['lead']}": "9", "rank-x": "1"}
    assert admin.post("/people/order", order).status_code == 303

    page = browser("head").sees("/meeting-page")
    assert page.index("other_lead同志") < page.index(">lead同志")


def test_departments_are_added_renamed_and_put_in_order(office: Office, admin: Browser) -> None:
    admin.post("/departments", name="综合执法队", kind="department")
    [row] = office.rows("department", key="综合执法队")
    admin.post("/departments/rename", department=str(row.id), name="综合行政执法队")
    admin.post("/departments/order", {f"rank-{row.id}": "0", f"rank-{office.departments['civil']}": "5"})

    page = admin.sees("/departments")
    assert page.index("综合行政执法队") < page.index("社会事务办")
    assert "已经有“财政所”了" in says(admin.post("/departments", name="财政所", kind="department"))
    assert admin.post("/departments/rename", department="x", name="某").status_code == 404


def test_who_leaves_hands_over_and_is_not_asked_any_more(office: Office, admin: Browser, browser: Open) -> None:
    [measure] = office.measures(office.problem_in_work())
    leave = f"/people/{office.people['officer']}/leave"
    given = {"last_day": office.day(-1), "to": str(office.people["colleague"])}
    assert admin.post(leave, {**given, "to": str(office.people["outsider"])}).status_code == 404
    answer = admin.post(leave, given)

    assert answer.status_code == 303
    assert "后离岗" in admin.sees("/people")
    assert f"/cases/{measure}/actions/submit" in browser("colleague").sees("/")
    assert admin.post(leave, {**given, "last_day": "soon"}).status_code == 400
    assert browser("outsider").post(leave, given).status_code == 404


def test_a_stand_in_is_set_shown_and_ended_early(office: Office, admin: Browser, browser: Open) -> None:
    head, deputy = office.people["civil_head"], office.people["colleague"]
    given = {"stand_in": str(deputy), "from_on": office.today, "to_on": office.day(10), "reason": "外出学习"}
    path = f"/people/{head}/stand-ins"
    assert admin.post(path, given).status_code == 303
    for page in ("/people", f"/people/{head}"):
        assert "代行：colleague同志，2026年6月1日至2026年6月11日，外出学习" in admin.sees(page)
    [row] = office.rows("stand_in", person_id=head)
    assert browser("outsider").post(path, given).status_code == 404
    assert browser("outsider").post(f"{path}/end", stand_in=str(row.id)).status_code == 404
    assert admin.post(f"/people/{deputy}/stand-ins/end", stand_in=str(row.id)).status_code == 404
    assert office.rows("stand_in", person_id=head)[0].to_on == office.day(10)

    admin.post(f"{path}/end", stand_in=str(row.id))

    assert "代行：colleague同志，2026年6月1日至2026年6月1日" in admin.sees("/people")
    office.after(1)
    assert "代行：colleague同志" not in browser("accountant").sees("/people")


def test_a_stand_in_that_has_not_begun_is_taken_back(office: Office, admin: Browser) -> None:
    given = {"from_on": office.day(3), "to_on": office.day(9), "reason": "休假"}
    path = f"/people/{office.people['civil_head']}/stand-ins"
    admin.post(path, given, stand_in=str(office.people["colleague"]))
    [row] = office.rows("stand_in")
    admin.post(f"{path}/end", stand_in=str(row.id))

    assert not office.rows("stand_in")
    assert admin.post(f"{path}/end", stand_in=str(row.id)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"reason": " "}, 409, "请写明代行的理由"),
        ({"to_on": "2026-05-01"}, 409, "结束日期不早于开始日期"),
        ({"stand_in": "civil_head"}, 409, "代行人须是另一个人"),
        ({"stand_in": "outsider"}, 404, ""),
        ({"from_on": "soon"}, 400, ""),
    ],
)
def test_a_stand_in_that_cannot_be_is_refused_with_what_to_change(
    office: Office, admin: Browser, changed: dict[str, str], status: int, said: str
) -> None:
    given = {"stand_in": "colleague", "from_on": office.today, "to_on": office.day(10), "reason": "休假", **changed}
    given["stand_in"] = str(office.people[given["stand_in"]])
    answer = admin.post(f"/people/{office.people['civil_head']}/stand-ins", given)

    assert (answer.status_code, said in says(answer)) == (status, True)
    assert not office.rows("stand_in")


def test_a_forgotten_password_is_handed_out_once_and_changed_at_the_log_in(
    office: Office, admin: Browser, browser: Open
) -> None:
    officer, stranger = browser("officer"), Browser(office)
    for _ in range(5):
        stranger.logs_in("officer", "wrong guess after guess")
    answer = admin.post(f"/people/{office.people['officer']}/password")
    [password] = re.findall(r'class="secret">([^<]+)<', answer.text)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert password not in admin.sees("/people")
    assert officer.get("/").headers["location"] == "/log-in"  # their sessions are over
    assert stranger.logs_in("officer", password).status_code == 303  # and so is the wait
    assert stranger.get("/").headers["location"] == "/password"
    assert stranger.get("/register").headers["location"] == "/password"
    assert "请先改成自己的密码" in stranger.sees("/password")
    same = stranger.post("/password", old=password, new=password, again=password)
    assert "新密码不能和现密码相同" in says(same)
    own = "一句自己才知道的话呀"
    assert stranger.post("/password", old=password, new=own, again=own).headers["location"] == "/"
    assert stranger.get("/").status_code == 200


def test_only_an_administrator_of_the_same_organisation_hands_out_passwords(
    office: Office, admin: Browser, browser: Open
) -> None:
    officer = f"/people/{office.people['officer']}/password"
    browser("officer")
    before = office.rows("account", person_id=office.people["officer"])
    for who in ("coordinator", "head", "officer", "outsider"):
        assert browser(who).post(officer).status_code == 404
    assert admin.post(f"/people/{office.people['outsider']}/password").status_code == 404
    own = admin.post(f"/people/{office.people['accountant']}/password")
    assert own.headers["location"] == "/password"
    assert office.rows("account", person_id=office.people["officer"])[0].handed_out == before[0].handed_out == 0


def test_who_has_no_account_is_shown_and_gets_one(office: Office, admin: Browser) -> None:
    assert "没有账号" in admin.sees("/people")
    colleague = office.people["colleague"]
    admin.post(f"/people/{colleague}/password")
    assert office.rows("account", person_id=colleague)[0].handed_out == 1


def test_four_hundred_people_stand_on_light_pages_and_are_found(office: Office, admin: Browser) -> None:
    place = office.organizations["street"]
    rows = [
        {"organization_id": place, "key": f"p{n}", "name": f"新人{n:03}", "rank_order": 100 + n} for n in range(400)
    ]
    office.write(insert(TABLES["person"]).values(rows))

    page = admin.sees("/people")
    assert len(page) < 60_000
    assert f"共 {len(office.rows('person', organization_id=place))} 人。" in page
    assert page.count('name="rank-') == 50
    assert "新人399" not in page
    assert "新人399" in admin.sees("/people?page=99")
    assert 'href="/people?page=2"' in page

    found = says(admin.post("/people/search", text="新人37"))
    assert "新人370" in found
    assert "新人380" not in found
    assert "社会事务办" in says(admin.post("/people/search", text="社会事务"))
    assert "没有这样的人员" in says(admin.post("/people/search", text="100%"))
    assert len(admin.sees(f"/people/{office.people['officer']}")) < 70_000
