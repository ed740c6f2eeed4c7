"""Steps by form: what is drawn, what is read back, and what the door says to it."""

from collections.abc import Callable

import pytest
from browser import Browser, says
from office import Office

Open = Callable[[str], Browser]


def path(action: str, case_id: int) -> str:
    return f"/cases/{case_id}/actions/{action}"


def test_a_step_is_taken_and_says_so_once(office: Office, browser: Open) -> None:
    problem = office.opens_problem()
    coordinator = browser("coordinator")
    answer = coordinator.acts("confirm", problem)
    assert answer.status_code == 303
    assert office.state(problem) == "assignment"
    assert "“确认问题”已办理" in coordinator.sees(answer.headers["location"])
    assert "“确认问题”已办理" not in coordinator.sees(answer.headers["location"])


def test_people_and_departments_are_chosen_in_rank_order_and_grouped(office: Office, browser: Open) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    page = browser("coordinator").sees(path("assign", problem))
    assert page.index("head同志") < page.index("deputy同志") < page.index("civil_head同志")
    assert '<optgroup label="柳林街道党工委">' in page
    assert "邻街同志" not in page
    assert page.index("社会事务办") < page.index("财政所")


def test_everything_that_was_typed_reaches_the_door_in_its_type(office: Office, browser: Open) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    answer = browser("coordinator").acts(
        "assign",
        problem,
        lead_official=str(office.people["lead"]),
        lead_department=str(office.departments["civil"]),
        officers=[str(office.people["officer"]), str(office.people["colleague"])],
        due_on="2026-09-30",
        key_problem="yes",
    )
    assert answer.status_code == 303, says(answer)
    assert office.case(problem).due_on == "2026-09-30"
    assert office.fields(problem)["key_problem"] is True
    assert len(office.rows("assignment", case_id=problem, role="officer")) == 2


def test_what_is_missing_or_wrong_is_said_at_its_field_and_nothing_is_lost(office: Office, browser: Open) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    fields = {"lead_official": "many", "due_on": "2026.13.40", "officers": [str(office.people["officer"])]}
    answer = browser("coordinator").acts("assign", problem, **fields)
    assert answer.status_code == 422
    text = says(answer)
    assert "“牵头领导”填写有误" in text
    assert "“整改时限”填写有误" in text
    assert "请填写“责任科室”" in text
    assert f'value="{office.people["officer"]}" checked' in text
    assert 'value="2026.13.40"' in text


@pytest.mark.row(26)
def test_a_form_that_somebody_overtook_is_a_conflict_with_who_and_the_words_are_kept(
    office: Office, browser: Open
) -> None:
    problem = office.problem_in_work()
    office.do("set_result", problem, "coordinator", result="别人先写的")
    answer = browser("officer").post(path("set_result", problem), revision="1", result="我写了很久的成效")
    assert answer.status_code == 409
    text = says(answer)
    assert "coordinator同志更新了这项内容" in text
    assert "我写了很久的成效" in text
    assert f'name="revision" value="{office.case(problem).revision}"' in text


def test_what_the_door_refuses_is_a_conflict_with_its_reason(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    answer = browser("officer").post(path("confirm", problem))
    assert answer.status_code == 409
    assert "当前状态下不能办理" in says(answer) or "没有这个权限" in says(answer)


def test_a_step_that_is_not_possible_has_no_form_but_its_reason(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    answer = browser("auditor").get(path("confirm", problem))
    assert answer.status_code == 409
    assert "没有办成" in says(answer)
    assert 'name="revision"' not in answer.text


def test_an_unknown_step_is_not_found(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    assert browser("officer").get(path("explode", problem)).status_code == 404


def test_a_signature_on_paper_is_recorded_with_its_scan(office: Office, browser: Open) -> None:
    problem = office.problem_at_close_out()
    office.do("sign", problem, "civil_head")
    coordinator = browser("coordinator")
    page = coordinator.sees(path("sign", problem))
    assert "lead同志" in page
    missing = coordinator.acts("sign", problem, signer=str(office.people["lead"]))
    assert missing.status_code == 422
    assert "扫描件" in says(missing)
    scan = {"scan": ("签批.pdf", b"%PDF-1.4 signed", "application/pdf")}
    answer = coordinator.acts("sign", problem, files=scan, signer=str(office.people["lead"]))
    assert answer.status_code == 303, says(answer)
    [row] = office.rows("signature", step="lead_official")
    assert row.signer == str(office.people["lead"])
    assert row.actor == str(office.people["coordinator"])
    assert office.house.desk.files.get(row.basis) == b"%PDF-1.4 signed"


def test_nobody_is_recorded_as_signing_who_may_not(office: Office, browser: Open) -> None:
    problem = office.problem_at_close_out()
    scan = {"scan": ("签批.pdf", b"%PDF-1.4 signed", "application/pdf")}
    answer = browser("coordinator").acts("sign", problem, files=scan, signer=str(office.people["officer"]))
    assert answer.status_code == 422
    assert not office.rows("signature")


def test_text_is_escaped(office: Office, browser: Open) -> None:
    problem = office.opens_problem(title="<script>alert(1)</script>")
    page = browser("coordinator").get(path("comment", problem)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_merge_offers_the_other_problems_and_goes_through(office: Office, browser: Open) -> None:
    first, second = office.opens_problem("1", "台账不实"), office.opens_problem("2", "坡道被占")
    coordinator = browser("coordinator")
    page = coordinator.sees(path("merge", first))
    assert f'<option value="{second}">（2）坡道被占</option>' in page
    assert f'<option value="{first}">' not in page

    answer = coordinator.acts("merge", first, into=str(second), kind="same_work", reason="同一件事")

    assert answer.status_code == 303
    assert office.state(first) == "merged"


def test_a_tick_sheet_is_filled_one_count_a_line(office: Office, browser: Open) -> None:
    problem = office.closed_problem()
    units = [office.departments[one] for one in ("civil", "finance")]
    commitment = office.open(
        "commitment", "coordinator", problem_id=problem, text="每季度评议", per="quarter", times=1, units=units,
        lead_department=units[0],
    )  # fmt: skip

    answer = browser("civil_head").acts("fill_sheet", commitment, counts="2\r\n1")

    assert answer.status_code == 303
    assert office.fields(commitment)["sheets"][0]["counts"] == [[units[0], 2], [units[1], 1]]
