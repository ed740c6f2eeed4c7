"""People, posts and departments: the administrator's alone, in the order that the office sets."""

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
    for who in ("coordinator", "head", "officer"):
        for path in PAGES:
            assert browser(who).get(path).status_code == 404
            assert browser(who).post(path, name="某科", key="somebody").status_code == 404
    outsider = browser("outsider")
    assert "社会事务办" not in outsider.sees("/departments")
    office.rows("department")
    outsider.post("/departments/rename", department=str(office.departments["civil"]), name="改名")
    outsider.post("/people/order", {f"rank-{office.people['head']}": "77"})
    assert outsider.post("/people/posts", person=str(office.people["head"]), role="head").status_code == 404
    assert office.rows("department", key="civil")[0].name == "社会事务办"
    assert office.rows("person", key="head")[0].rank_order == 1


def test_a_new_colleague_gets_a_post_and_may_do_its_work(office: Office, admin: Browser, browser: Open) -> None:
    assert admin.post("/people", name="新同志", key="new_one", email="new@street.test").status_code == 303
    [row] = office.rows("person", key="new_one")
    office.people["new_one"] = row.id
    admin.post("/people/posts", person=str(row.id), role="coordinator", unit="", title="整改办副主任")

    assert "整改办副主任" in admin.sees("/people")
    assert "今天要办" in browser("new_one").sees("/")
    office.opens_inspection()
    office.open(
        "problem", "new_one", inspection_id=office.inspection, number="1", title="新问题", source="feedback"
    )


def test_a_post_that_ends_is_not_held_any_more(office: Office, admin: Browser) -> None:
    [post] = office.rows("post", person_id=office.people["second_coordinator"])
    admin.post("/people/posts/end", post=str(post.id))
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
    answer = admin.post("/people/posts", person=str(office.people["officer"]), role="department_head", unit="")
    assert "请选择科室" in says(answer)
    answer = admin.post("/people/posts", person=str(office.people["officer"]), role="department_head", unit="999")
    assert "没有这个科室" in says(answer)


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
    assert admin.post("/departments/rename", department="x", name="某").status_code == 400


def test_who_leaves_hands_over_and_is_not_asked_any_more(office: Office, admin: Browser, browser: Open) -> None:
    [measure] = office.measures(office.problem_in_work())
    who = str(office.people["officer"])
    given = {"person": who, "last_day": office.day(-1), "to": str(office.people["colleague"])}
    answer = admin.post("/people/leave", given)

    assert answer.status_code == 303
    assert "后离岗" in admin.sees("/people")
    assert f"/cases/{measure}/actions/submit" in browser("colleague").sees("/")
    assert admin.post("/people/leave", {**given, "last_day": "soon"}).status_code == 400
    assert browser("outsider").post("/people/leave", given).status_code == 404
