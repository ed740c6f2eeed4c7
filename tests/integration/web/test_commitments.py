"""Duties that are kept up: who sees them, the sheet of a period, and what it takes."""

from collections.abc import Callable

from browser import Browser, says
from office import Office

Open = Callable[[str], Browser]


def duty(office: Office) -> int:
    problem = office.problem_in_work()
    units = [office.departments["civil"], office.departments["finance"]]
    return office.open(
        "commitment", "coordinator", problem_id=problem, text="每月清点一次", per="month",
        times=1, units=units, lead_department=units[0],
    )  # fmt: skip


def test_the_department_fills_its_sheet_and_the_office_reads_it(office: Office, browser: Open) -> None:
    case = duty(office)
    head, path = browser("civil_head"), f"/commitments/{case}"
    assert "填报" in head.sees("/commitments")
    assert "2026年6月填报表" in head.sees(path)
    paper = {"attachment": ("清点表.pdf", b"%PDF-1.4", "application/pdf")}
    answer = head.post(path, files=paper, period="2026-06", count_0="1", count_1="0", note="财政所搬家")
    assert answer.status_code == 303
    page = browser("coordinator").sees(path)
    assert "财政所搬家" in page
    file = browser("coordinator").get(f"{path}/attachment?period=2026-06")
    assert file.content == b"%PDF-1.4"
    assert "attachment" in file.headers["content-disposition"]
    again = head.post(path, period="2026-06", count_0="1", count_1="1")
    assert again.status_code == 303
    [sheet] = office.fields(case)["sheets"]
    assert [count for _, count in sheet["counts"]] == [1, 1]
    assert sheet["attachment"], "a sheet that is filled again keeps its paper"


def test_a_sheet_that_is_not_whole_is_refused_with_what_was_typed(office: Office, browser: Open) -> None:
    case = duty(office)
    head, path = browser("civil_head"), f"/commitments/{case}"
    missing = head.post(path, period="2026-06", count_0="7", count_1="")
    assert missing.status_code == 422
    assert "没有做的填 0" in says(missing)
    assert 'value="7"' in missing.text
    assert office.fields(case)["sheets"] is None


def test_the_period_before_can_still_be_filled_and_none_earlier(office: Office, browser: Open) -> None:
    case = duty(office)
    head, path = browser("civil_head"), f"/commitments/{case}"
    assert "2026年5月填报表" in head.sees(f"{path}?period=2026-05")
    assert head.post(path, period="2026-05", count_0="1", count_1="1").status_code == 303
    assert head.post(path, period="2026-01", count_0="1", count_1="1").status_code == 409


def test_others_read_it_and_cannot_fill_it_and_an_outsider_sees_nothing(office: Office, browser: Open) -> None:
    case = duty(office)
    path = f"/commitments/{case}"
    assert "填报表" not in browser("finance_head").sees(path).split("<section>")[1].split("</h2>")[0]
    assert browser("finance_head").post(path, period="2026-06", count_0="1", count_1="1").status_code == 409
    outsider = browser("outsider")
    assert "每月清点一次" not in outsider.sees("/commitments")
    assert outsider.get(path).status_code == 404
    assert browser("coordinator").get(f"/commitments/{office.inspection}").status_code == 404
