"""The page of a problem: each role sees what it needs, and nothing that it does not."""

import re
from collections.abc import Callable

import pytest
from browser import Browser, says
from office import Office

Open = Callable[[str], Browser]
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def buttons(page: str) -> list[str]:
    return re.findall(r'href="/cases/\d+/actions/(\w+)"', page)


def test_it_says_where_it_stands_and_what_is_left_in_words(office: Office, browser: Open) -> None:
    problem = office.problem_in_work("immediate", "time_limited", due=office.day(3))
    page = browser("coordinator").sees(f"/problems/{problem}")
    assert "整改中（立 0/1 · 限 0/1 · 制 0/0）" in page
    assert "还剩3天" in page
    assert "lead同志" in page
    assert "社会事务办" in page
    office.after(5)
    assert "逾期2天" in browser("coordinator").sees(f"/problems/{problem}")


def test_an_officer_has_the_buttons_of_their_measure_and_nobody_elses(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    assert {"submit", "progress", "no_change"} <= set(buttons(browser("officer").sees(f"/problems/{problem}")))
    assert "submit" not in buttons(browser("colleague").sees(f"/problems/{problem}"))


def test_what_is_impossible_is_listed_with_its_reason(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    page = browser("officer").sees(f"/problems/{problem}")
    closed = page[page.index("现在不能办理的步骤和原因") :]
    assert "<dt>认可整改结果</dt><dd>这一步由科室负责人、科室副职、牵头领导办理" in closed
    assert "<dt>纳入回头看</dt>" not in closed  # of another state: it is nobody's question yet


def test_one_button_stands_out(office: Office, browser: Open) -> None:
    problem = office.opens_problem()
    assert browser("coordinator").sees(f"/problems/{problem}").count('class="button primary"') == 1


def test_signatures_say_who_signed_who_recorded_and_who_is_next(office: Office, browser: Open) -> None:
    problem = office.problem_at_close_out()
    office.do("sign", problem, "civil_head")
    assert "待签：lead同志" in browser("officer").sees(f"/problems/{problem}")
    office.on_paper("sign", problem, "lead")
    page = browser("officer").sees(f"/problems/{problem}")
    assert "civil_head同志 已签" in page
    assert "（线下签批，coordinator同志代录）" in page
    assert "待签：coordinator同志" in page


def test_an_earlier_round_stays_whole_below_the_present_one(office: Office, browser: Open) -> None:
    problem = office.relapsed_problem()
    page = browser("coordinator").sees(f"/problems/{problem}")
    assert "第1次整改（已封存）" in page
    assert "immediate措施" in page[page.index("第1次整改（已封存）") :]


def test_officers_see_no_hash_and_auditors_see_the_whole_chain(office: Office, browser: Open) -> None:
    problem = office.problem_at_close_out()
    for who in ("officer", "coordinator", "head"):
        assert not HASH.search(browser(who).sees(f"/problems/{problem}")), who
        assert browser(who).get(f"/problems/{problem}/chain").status_code == 404
    chain = browser("auditor").sees(f"/problems/{problem}/chain")
    assert len(HASH.findall(chain)) >= len(office.rows("history", root_id=problem))
    assert "完整、连续" in chain


def test_messages_say_to_whom_and_why(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    assert "还没有发过消息" in browser("officer").sees(f"/problems/{problem}/messages")
    office.beat()
    page = browser("officer").sees(f"/problems/{problem}/messages")
    assert "officer同志" in page
    assert "系统消息" in page


def test_another_kind_has_no_page_here(office: Office, browser: Open) -> None:
    office.opens_inspection()
    assert browser("coordinator").get(f"/problems/{office.inspection}").status_code == 404
    assert browser("coordinator").get(f"/cases/{office.inspection}").status_code == 200


# --- many measures at once ---


def row(office: Office, number: int, **changed: str) -> dict[str, str]:
    given = {"text": f"第{number}项", "track": "immediate", "officer": str(office.people["officer"]),
             "due_on": office.day(30), **changed}  # fmt: skip
    return {f"{name}-{number}": value for name, value in given.items()}


def test_many_measures_are_added_in_one_submission(office: Office, browser: Open) -> None:
    problem = office.assigned_problem()
    data = {"rows": "8", **row(office, 0), **row(office, 1, track="institutional"), **row(office, 5)}
    answer = browser("coordinator").post(f"/problems/{problem}/measures", data)
    assert answer.status_code == 303, says(answer)
    assert len(office.measures(problem)) == 3


def test_a_faulty_row_comes_back_with_its_reason_and_the_others_are_done(office: Office, browser: Open) -> None:
    problem = office.assigned_problem()
    data = {"rows": "8", **row(office, 0), **row(office, 1, due_on="soon"), **row(office, 2, officer="99999")}
    answer = browser("coordinator").post(f"/problems/{problem}/measures", data)
    assert answer.status_code == 422
    text = says(answer)
    assert "已下达 1 项" in text
    assert "第1项" in text
    assert "第2项" in text
    assert "第0项</textarea>" not in text
    assert len(office.measures(problem)) == 1


def test_no_row_at_all_is_said(office: Office, browser: Open) -> None:
    problem = office.assigned_problem()
    answer = browser("coordinator").post(f"/problems/{problem}/measures", {"rows": "8"})
    assert answer.status_code == 422
    assert "还没有填写任何一行" in says(answer)


def test_whoever_may_not_add_measures_is_told_why(office: Office, browser: Open) -> None:
    problem = office.assigned_problem()
    answer = browser("auditor").get(f"/problems/{problem}/measures")
    assert answer.status_code == 409
    assert "整改办" in says(answer)
    assert "添加措施" not in browser("auditor").sees(f"/problems/{problem}")


@pytest.mark.parametrize("count", ["many", "-1", "999999999999"])
def test_a_count_of_rows_that_is_none_does_no_harm(office: Office, browser: Open, count: str) -> None:
    problem = office.assigned_problem()
    assert browser("coordinator").post(f"/problems/{problem}/measures", {"rows": count}).status_code == 422


def test_what_is_done_once_in_a_while_stands_in_a_closed_list(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    page = browser("coordinator").sees(f"/problems/{problem}")
    before, _, after = page.partition("其他办理")
    assert "下一步：经办人报送" in before
    assert "set_result" in buttons(before)
    assert not {"merge", "pause", "correct"} & set(buttons(before))
    assert {"merge", "pause", "correct"} <= set(buttons(after))


def test_every_state_says_what_comes_next(office: Office) -> None:
    problem = office.opens_problem()
    with office.house.database.read() as tx:
        view = office.house.runtime.view(tx)
        states = view.definition(view.case(problem)).states
    sentences = office.house.desk.words.sentences
    assert [one for one in states if f"web.problem.next.{one}" not in sentences] == []


def test_the_slip_is_taken_from_the_problems_page_and_is_nobody_elses(office: Office, browser: Open) -> None:
    problem = office.problem_at_close_out()
    officer = browser("officer")
    assert f'href="/problems/{problem}/slip.docx"' in officer.sees(f"/problems/{problem}")
    assert officer.get(f"/problems/{problem}/slip.docx").content.startswith(b"PK")
    assert officer.get(f"/problems/{problem}/slip.pdf").content.startswith(b"%PDF")
    assert browser("outsider").get(f"/problems/{problem}/slip.pdf").status_code == 404
    measure = office.measures(problem)[0]
    assert officer.get(f"/problems/{measure}/slip.pdf").status_code == 404
