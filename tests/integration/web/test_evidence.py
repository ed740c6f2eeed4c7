"""Files that come in by the pages and go out again."""

import io
import zipfile
from collections.abc import Callable

import pytest
from browser import Browser, says
from office import Office

Open = Callable[[str], Browser]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def office_file(member: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(member, "<x/>")
    return out.getvalue()


def sends(browser: Browser, case_id: int, name: str, content: bytes, **fields: str):
    return browser.post(f"/cases/{case_id}/evidence", fields, files={"file": (name, content)})


def test_a_file_is_filed_with_its_catalogue_number_and_comes_back_as_it_was(office: Office, browser: Open) -> None:
    [measure] = office.measures(office.problem_in_work())
    officer = browser("officer")
    answer = sends(officer, measure, "现场照片.png", PNG, title="清理后的现场", about_on=office.today)
    assert answer.status_code == 303, says(answer)
    [paper] = office.rows("evidence")
    assert (paper.title, paper.file_name, paper.about_on) == ("清理后的现场", "现场照片.png", office.today)
    page = officer.sees(answer.headers["location"].partition("#")[0])
    assert "1-1-1" in page
    assert "清理后的现场" in page
    [case] = office.rows("cases", kind="evidence")
    back = officer.get(f"/cases/{case.id}/file")
    assert back.content == PNG
    assert back.headers["content-type"] == "application/octet-stream"
    assert back.headers["content-disposition"].startswith("attachment")
    assert "%E7%8E%B0" in back.headers["content-disposition"]


def test_a_picture_is_shown_and_a_word_file_only_downloaded(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    officer = browser("officer")
    sends(officer, problem, "a.png", PNG)
    sends(officer, problem, "b.docx", office_file("word/document.xml"))
    picture, letter = office.rows("cases", kind="evidence")
    shown = officer.get(f"/cases/{picture.id}/file?show=true")
    assert shown.headers["content-type"] == "image/png"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert officer.get(f"/cases/{letter.id}/file?show=true").headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("页面.html", b"<script>alert(1)</script>", "不收"),
        ("程序.exe", b"MZ", "不收"),
        ("照片.png", b"<script>alert(1)</script>", "不符"),
        ("表格.xlsx", office_file("word/document.xml"), "不符"),
        ("压缩.docx", b"PK\x03\x04 broken", "不符"),
        ("空.pdf", b"", "不符"),
        ("机密★文件.pdf", b"%PDF-1.4", "密级"),
        ("材料.txt", "机密★10年\n关于某事的报告".encode(), "密级"),
    ],
)
def test_what_is_not_to_be_kept_is_refused_and_not_kept(
    office: Office, browser: Open, name: str, content: bytes, reason: str
) -> None:
    problem = office.problem_in_work()
    answer = sends(browser("officer"), problem, name, content, title="写好的名称")
    assert answer.status_code == 422
    assert reason in says(answer)
    assert "写好的名称" in says(answer)
    assert not office.rows("evidence")
    assert not office.rows("file")


def test_no_file_at_all_is_said(office: Office, browser: Open) -> None:
    answer = browser("officer").post(f"/cases/{office.problem_in_work()}/evidence", {"title": "无"})
    assert answer.status_code == 422
    assert "还没有选择文件" in says(answer)


def test_whoever_may_not_file_is_told_why(office: Office, browser: Open) -> None:
    problem = office.problem_in_work()
    assert browser("auditor").get(f"/cases/{problem}/evidence").status_code == 409
    answer = sends(browser("auditor"), problem, "a.png", PNG)
    assert answer.status_code == 409
    assert not office.rows("evidence")


def test_a_case_that_is_no_file_has_none(office: Office, browser: Open) -> None:
    assert browser("officer").get(f"/cases/{office.problem_in_work()}/file").status_code == 404


def test_the_neighbouring_street_reads_no_file(office: Office, browser: Open) -> None:
    evidence = office.files_evidence(office.problem_in_work())
    assert browser("outsider").get(f"/cases/{evidence}/file").status_code == 404
