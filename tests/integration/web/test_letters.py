"""The pages of letters and ladders: who sees them, what can be done there, and that neighbours find nothing."""

from collections.abc import Callable
from urllib.parse import quote

from browser import Browser
from office import Office

Browsing = Callable[[str], Browser]


def letter_of(office: Office) -> int:
    problem = office.problem_in_work(due=office.day(30))
    return office.open("letter", "coordinator", parent=problem, form="督办单", due_on=office.day(5))


def test_who_owes_the_answer_receives_and_answers_on_the_letters_page(office: Office, browser: Browsing) -> None:
    letter = letter_of(office)
    officer = browser("officer")
    listed = officer.sees("/letters")
    assert "督办〔2026〕1号" in listed
    assert f'href="/letters/{letter}"' in listed
    page = officer.sees(f"/letters/{letter}")
    assert f'href="/cases/{letter}/actions/receive"' in page

    assert officer.acts("receive", letter).headers["location"] == f"/letters/{letter}"
    assert officer.acts("answer", letter, answer="正在招标").status_code == 303
    assert office.state(letter) == "answered"
    assert "正在招标" in browser("coordinator").sees(f"/letters/{letter}")


def test_a_leader_instructs_and_the_task_is_shown_with_its_officer(office: Office, browser: Browsing) -> None:
    letter = letter_of(office)
    head, officer = browser("head"), browser("officer")
    assert "/actions/instruct" not in officer.sees(f"/letters/{letter}")
    given = {"text": "请抓紧", "officer": str(office.people["colleague"]), "due_on": office.day(3)}
    assert head.acts("instruct", letter, **given).status_code == 303

    page = head.sees(f"/letters/{letter}")
    assert "head同志：“请抓紧”（承办：colleague同志）" in page
    [task] = office.rows("cases", kind="instruction")
    assert f'href="/cases/{task.id}/actions/answer"' in browser("colleague").sees(f"/cases/{task.id}")


def test_a_letter_is_downloaded_in_word_and_pdf(office: Office, browser: Browsing) -> None:
    letter = letter_of(office)
    officer = browser("officer")
    assert officer.get(f"/letters/{letter}/word").content.startswith(b"PK")
    printed = officer.get(f"/letters/{letter}/pdf")
    assert printed.content.startswith(b"%PDF")
    assert quote("督办单（督办〔2026〕1号）.pdf", safe="") in printed.headers["content-disposition"]
    problem = office.case(letter).root_id
    assert officer.get(f"/letters/{problem}").status_code == 404
    assert officer.get(f"/letters/{problem}/pdf").status_code == 404


def test_the_neighbouring_street_sees_no_letter(office: Office, browser: Browsing) -> None:
    letter = letter_of(office)
    outsider = browser("outsider")
    assert "督办〔2026〕1号" not in outsider.sees("/letters")
    for path in (f"/letters/{letter}", f"/letters/{letter}/word", f"/letters/{letter}/pdf"):
        assert outsider.get(path).status_code == 404


def test_who_runs_the_office_reads_what_goes_out_when_and_to_whom(office: Office, browser: Browsing) -> None:
    office.settings(ladder="jiangjin")
    page = browser("coordinator").sees("/ladders")
    assert page.index("江津三色督办") < page.index("五单督办")
    assert "到期前 20 天" in page
    assert "发督办单，5 个工作日内回复" in page
    assert browser("officer").get("/ladders").status_code == 404
