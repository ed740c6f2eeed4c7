"""Notices by the page: made from the records of the day and kept, whatever happens to the records afterwards."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import docx
from browser import Browser, says
from office import Office

Open = Callable[[str], Browser]
PUBLIC = {"form": "to_public"}


def path_of(office: Office) -> str:
    return f"/inspections/{office.inspection}/notices"


def kept(office: Office) -> list[int]:
    return [row.id for row in office.rows("cases", kind="notice")]


def text_of(browser: Browser, notice: int) -> str:
    content = browser.get(f"/notices/{notice}/file").content
    return "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)


def wording(office: Office, text: str) -> Path:
    folder = office.house.settings.wordings
    folder.mkdir()
    (folder / "street.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_made_notice_is_the_same_bytes_after_the_records_have_changed(office: Office, browser: Open) -> None:
    office.closed_problem("1")
    second = office.signed_problem("2")
    coordinator = browser("coordinator")
    assert coordinator.post(path_of(office), PUBLIC).status_code == 303
    [first] = kept(office)
    before = coordinator.get(f"/notices/{first}/file").content
    assert "反馈的2个具体问题已完成整改1个" in text_of(coordinator, first)

    office.holds_meeting(second)
    assert coordinator.post(path_of(office), PUBLIC).status_code == 303
    later = kept(office)[1]
    assert "反馈的2个具体问题已全部完成整改" in text_of(coordinator, later)
    assert coordinator.get(f"/notices/{first}/file").content == before
    assert office.fields(first)["sha256"] == hashlib.sha256(before).hexdigest()
    page = coordinator.sees(path_of(office))
    assert page.index("已销号 2 个") < page.index("已销号 1 个")
    assert office.breaks() == []


def test_it_is_recorded_when_it_is_out(office: Office, browser: Open) -> None:
    office.closed_problem()
    coordinator = browser("coordinator")
    coordinator.post(path_of(office), PUBLIC)
    [notice] = kept(office)
    refused = coordinator.acts("publish", notice, published_on=office.day(1))
    assert "公布日期不能晚于今天" in says(refused)
    answer = coordinator.acts("publish", notice, published_on=office.today, number="青街发〔2026〕9号")
    assert answer.headers["location"] == f"{path_of(office)}#notice-{notice}"
    assert "青街发〔2026〕9号" in coordinator.sees(path_of(office))
    assert office.refusal("discard", notice, "coordinator", reason="x") == "wrong_state"


def test_the_office_writes_its_own_words_and_hears_when_they_cannot_be_used(office: Office, browser: Open) -> None:
    office.closed_problem()
    coordinator = browser("coordinator")
    folder = wording(office, 'title = "柳林街道整改情况的通报"\n')
    answer = coordinator.post(path_of(office), PUBLIC)
    assert (answer.status_code, kept(office)) == (409, [])
    assert "street.toml" in says(answer)
    assert "signed_by" in says(answer)

    (folder / "street.toml").write_text(
        'title = "柳林街道整改情况的通报"\nsigned_by = "柳林街道"\n', encoding="utf-8"
    )
    coordinator.post(path_of(office), PUBLIC)
    assert text_of(coordinator, kept(office)[0]).startswith("柳林街道整改情况的通报")


def test_the_days_of_publication_are_filled_in_or_asked_for(office: Office, browser: Open) -> None:
    office.closed_problem()
    coordinator = browser("coordinator")
    contact = 'invitation = "欢迎监督。"\nphone = "0"\nmailbox = ""\nemail = ""\n'
    contact += 'period = "公布期限：{start}至{end}。"'
    written = f'title = "通报"\nsigned_by = "柳林街道"\n[contact]\n{contact}\n'
    folder = wording(office, written)
    answer = coordinator.post(path_of(office), PUBLIC)
    assert (answer.status_code, kept(office)) == (409, [])
    assert "contact.days" in says(answer)

    (folder / "street.toml").write_text(f"{written}days = 15\n", encoding="utf-8")
    coordinator.post(path_of(office), PUBLIC)
    assert "公布期限：2026年6月1日至2026年6月15日。" in text_of(coordinator, kept(office)[0])


def test_others_read_it_and_make_none(office: Office, browser: Open) -> None:
    office.closed_problem()
    browser("coordinator").post(path_of(office), {"form": "inside_party"})
    [notice] = kept(office)
    officer = browser("officer")
    page = officer.sees(path_of(office))
    assert "党内通报" in page
    assert "生成通报" not in page
    assert officer.get(f"/notices/{notice}/file").status_code == 200
    assert officer.post(path_of(office), PUBLIC).status_code == 409
    assert kept(office) == [notice]
    outsider = browser("outsider")
    assert outsider.get(path_of(office)).status_code == outsider.get(f"/notices/{notice}/file").status_code == 404
