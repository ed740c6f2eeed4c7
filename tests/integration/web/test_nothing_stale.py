"""A page shows what is so now, whoever has changed it: nothing drawn or known before stands in its place."""

import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from browser import Browser
from office import Office, house_at

from engine.view import View
from workflows.rectification import register

Open = Callable[[str], Browser]
BREAKING = "<script>alert('x')</script>&\"quoted\""
DRAWN = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&#34;quoted&#34;"


@pytest.fixture
def elsewhere(office: Office) -> Iterator[Office]:
    """Another process at the same database: nothing that one knows is known to the other."""
    opened = Office(house_at(office.database.url, office.house.settings.data), now=office.now)
    yield opened
    opened.database.dispose()


def row_of(browser: Browser, path: str = "/register") -> str:
    """The only row of the register, as it was sent."""
    [row] = re.findall(r"<tr[^>]*>\s*<td.*?</tr>", browser.get(path).text, re.DOTALL)
    return str(row)


def test_a_row_that_another_process_has_changed_is_drawn_anew(
    office: Office, elsewhere: Office, browser: Open
) -> None:
    problem = office.opens_problem(title="台账不实")
    officer = browser("officer")
    before = row_of(officer)
    assert row_of(officer) == before

    elsewhere.do("confirm", problem, "coordinator")
    confirmed = row_of(officer)
    assert confirmed != before

    elsewhere.assigns(problem, due=office.day(20))
    assert "还剩20天" in row_of(officer)
    assert "lead同志" in row_of(officer)

    elsewhere.write("UPDATE person SET name = '新来的人' WHERE key = 'lead'")
    assert "新来的人" in row_of(officer)
    elsewhere.do("correct", problem, "coordinator", title="台账不全", reason="笔误")
    assert "台账不全" in row_of(officer)


def test_only_the_row_whose_dossier_has_moved_is_read_anew(
    office: Office, elsewhere: Office, browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = office.problem_in_work(number="1"), office.problem_in_work(number="2")
    officer = browser("officer")
    officer.sees("/register")
    read: list[int] = []
    reading = register._read

    def noted(view: View, ids: Sequence[int]) -> dict[int, register.ProblemRow]:
        read.extend(ids)
        return reading(view, ids)

    monkeypatch.setattr(register, "_read", noted)
    officer.sees("/register")
    assert read == []
    [measure] = elsewhere.measures(other)
    elsewhere.do("submit", measure, "officer", result="已清理")
    officer.sees("/register")
    assert read == [other]
    elsewhere.write("UPDATE department SET name = '经济发展办' WHERE key = 'civil'")
    assert officer.sees("/register").count("经济发展办") > 1
    assert sorted(read) == sorted([other, other, one])


def test_the_same_row_is_another_one_on_another_day(office: Office, browser: Open) -> None:
    office.problem_in_work(due=office.day(1))
    officer = browser("officer")
    assert "还剩1天" in row_of(officer)
    office.after(1)
    assert "今天到期" in row_of(browser("officer"))
    office.after(1)
    late = row_of(browser("officer"))
    assert "▲ 逾期1天" in late
    assert late.startswith('<tr class="is-late">')


def test_the_same_row_is_another_one_for_who_may_act_and_in_other_columns(office: Office, browser: Open) -> None:
    office.opens_problem()
    officer, coordinator = browser("officer"), browser("coordinator")
    for _ in range(2):
        assert 'type="checkbox"' not in row_of(officer)
        assert 'type="checkbox"' in row_of(coordinator)
        assert "col-due_on" not in row_of(officer, "/register?column=title")


def test_what_changes_in_the_house_elsewhere_shows_on_the_next_page(
    office: Office, elsewhere: Office, browser: Open
) -> None:
    office.opens_problem()
    officer = browser("officer")
    page = officer.sees("/register")
    assert "officer同志" in page
    assert "经济发展办" not in page

    elsewhere.write("UPDATE person SET name = '欧阳同志' WHERE key = 'officer'")
    elsewhere.write("UPDATE department SET name = '经济发展办' WHERE key = 'civil'")
    page = officer.sees("/register")
    assert '<a href="/password">欧阳同志</a>' in page
    assert ">经济发展办</option>" in page


def test_a_post_taken_or_given_elsewhere_ends_the_session(office: Office, elsewhere: Office, browser: Open) -> None:
    office.opens_inspection()
    for change in (
        f"UPDATE post SET to_on = '{office.day(-1)}' WHERE person_id = {office.people['officer']}",
        f"UPDATE post SET to_on = NULL WHERE person_id = {office.people['officer']}",
    ):
        officer = browser("officer")
        assert officer.get("/register").status_code == 200
        elsewhere.write(change)
        assert officer.get("/register").status_code == 303


def test_the_figures_of_a_home_follow_another_process(office: Office, elsewhere: Office, browser: Open) -> None:
    office.opens_problem("1")
    coordinator = browser("coordinator")
    assert "<strong>1</strong> 个问题" in coordinator.sees("/")
    elsewhere.inspection = office.inspection
    elsewhere.opens_problem("2")
    assert "<strong>2</strong> 个问题" in coordinator.sees("/")


@pytest.mark.parametrize("path", ["/", "/register", "/register?column=title&column=measures&column=area"])
def test_what_people_write_stays_text(office: Office, browser: Open, path: str) -> None:
    office.opens_inspection(BREAKING)
    office.opens_problem("1", BREAKING, area=BREAKING)
    coordinator = browser("coordinator")
    for _ in range(2):
        page = coordinator.get(path).text
        assert DRAWN in page
        assert "<script>" not in page
