"""A real installation from nothing, by command line, the way its user types it."""

import json
from pathlib import Path

import pytest
from pypdf import PdfReader
from terminal import Terminal

SAMPLE = Path(__file__).parents[2] / "config" / "sample"
NOTICE = Path(__file__).parents[3] / "shared" / "notices" / "street-2019.txt"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def office(terminal: Terminal) -> Terminal:
    terminal.ok("init", "--office", str(SAMPLE / "office.toml"))
    terminal.ok("inspection", "open", "2026年巡察", "--organization", "street", "--as", "zhang_ping")
    return terminal


def test_a_fresh_installation_is_sound(office: Terminal) -> None:
    assert "检查通过" in office.ok("doctor")


def test_without_a_database_the_remedy_is_named(terminal: Terminal) -> None:
    assert "xiaohao init" in terminal.no("register")


def test_the_street_notice_reads_as_json(terminal: Terminal) -> None:
    found = json.loads(terminal.ok("read", str(NOTICE), "--json"))

    assert (len(found["areas"]), len(found["headings"]), len(found["problems"])) == (3, 8, 17)
    assert [problem["number"] for problem in found["problems"]] == [str(number) for number in range(1, 18)]
    assert all(problem["answer"] for problem in found["problems"])
    assert len({fault["line"] for fault in found["faults"]}) >= 5
    parts = ("area", "heading", "problem", "answer", "ignored")
    assert sum(found["lines"][part] for part in parts) == found["lines"]["total"]


def test_a_document_is_imported_once(office: Terminal) -> None:
    said = office.ok("import", str(NOTICE), "--as", "zhang_ping", "--yes")
    assert "已登记 17 个问题" in said

    assert "已经导入过" in office.no("import", str(NOTICE), "--as", "zhang_ping", "--yes")
    register = office.ok("register")
    assert "共 17 个问题，已销号 0 个" in register


def test_nothing_is_imported_without_a_yes(office: Terminal) -> None:
    done = office.run("import", str(NOTICE), "--as", "zhang_ping", answer="n\n")

    assert done.code == 1
    assert "共 0 个问题" in office.ok("register")


def test_who_is_not_entitled_is_told_who_is(office: Terminal) -> None:
    office.ok("import", str(SAMPLE / "feedback.txt"), "--as", "zhang_ping", "--yes")

    assert "整改办" in office.no("problem", "act", "3", "confirm", "--as", "wei_bei")


def test_a_problem_opened_by_hand_is_worked_on_to_the_end(office: Terminal, tmp_path: Path) -> None:
    """A notice to fix at once comes before any feedback; every step is typed."""
    photo = tmp_path / "photo.txt"
    photo.write_text("现场照片说明", encoding="utf-8")
    act = ("problem", "act", "立1")
    office.ok("problem", "open", "立1", "无障碍坡道被占用", "--source", "immediate_notice", "--as", "zhang_ping")
    office.ok(*act, "confirm", "--as", "章平")
    assignment = {
        "lead_official": "qian_yi", "lead_department": "general_office", "officers": "jiang_yin",
        "due_on": "2099-07-31",
    }  # fmt: skip
    office.ok(*act, "assign", "--as", "zhang_ping", *_set(assignment))
    assert "还没有整改措施" in office.no(*act, "begin", "--as", "zhang_ping")
    measure = {"text": "清理坡道", "track": "immediate", "officer": "jiang_yin", "due_on": "2099-07-31"}
    office.ok(*act, "add_measure", "--as", "zhang_ping", *_set(measure))
    office.ok(*act, "begin", "--as", "zhang_ping")
    office.ok(*act, "submit", "--measure", "1", "--as", "jiang_yin", "--set", "result=已清理")
    assert "还没有佐证材料" in office.no(*act, "accept_results", "--as", "chu_zi")
    office.ok("problem", "file", "立1", str(photo), "--measure", "1", "--as", "jiang_yin")
    office.ok(*act, "accept_results", "--as", "chu_zi")
    office.ok(*act, "sign", "--as", "chu_zi")
    assert "须附签批件" in office.no(*act, "sign", "--as", "zhang_ping", "--signer", "qian_yi")
    office.ok(*act, "sign", "--as", "yun_ze", "--signer", "qian_yi", "--basis", str(photo))
    office.ok(*act, "sign", "--as", "zhang_ping")
    office.ok(*act, "decide", "--as", "zhang_ping", "--signer", "zhao_jia", "--basis", str(photo))

    assert "已销号" in office.ok("problem", "show", "立1")
    assert "赵甲（线下签批，章平代录）：审定销号" in office.ok("history", "show", "立1")
    assert "完整" in office.ok("history", "verify")


def test_a_beat_sends_what_is_due(office: Terminal) -> None:
    office.ok("problem", "open", "立1", "坡道被占用", "--source", "immediate_notice", "--as", "zhang_ping")
    office.ok("problem", "act", "立1", "confirm", "--as", "zhang_ping")
    assignment = {
        "lead_official": "qian_yi", "lead_department": "general_office", "officers": "jiang_yin",
        "due_on": "2099-07-31",
    }  # fmt: skip
    office.ok("problem", "act", "立1", "assign", "--as", "zhang_ping", *_set(assignment))

    assert "发出 4 件" in office.ok("beat", "--at", "2099-07-01T09:00")
    assert "发出 0 件" in office.ok("beat", "--at", "2099-07-01T09:30")
    assert len(list((office.folder / "var" / "mail").glob("*.eml"))) == 2


def test_the_notice_is_made_from_the_records(office: Terminal) -> None:
    office.ok("import", str(NOTICE), "--as", "zhang_ping", "--yes")
    office.ok("notice", "-o", "notice.docx", "--wording", str(SAMPLE / "notice.toml"))

    read_back = json.loads(office.ok("read", "notice.docx", "--json"))
    assert [problem["title"] for problem in read_back["problems"]] == [
        problem["title"] for problem in json.loads(office.ok("read", str(NOTICE), "--json"))["problems"]
    ]


def test_the_wall_chart_is_printed(office: Terminal) -> None:
    office.ok("import", str(NOTICE), "--as", "zhang_ping", "--yes")
    office.ok("wall-chart", "-o", "chart.pdf", "--paper", "a1")

    [page] = PdfReader(office.folder / "chart.pdf").pages
    printed = page.extract_text()
    assert "挂图作战" in printed
    assert "记录校验码" in printed


def test_an_unknown_setting_stops_the_start(terminal: Terminal) -> None:
    (terminal.folder / "xiaohao.toml").write_text("beat_second = 3\n", encoding="utf-8")

    assert "beat_second" in terminal.no("doctor")


def _set(values: dict[str, str]) -> list[str]:
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


def test_a_password_is_set_without_being_shown(office: Terminal) -> None:
    said = office.ok("account", "set", "zhang_ping", "--stdin", answer="一条清清的小溪流过街道\n")

    assert "设置密码" in said
    assert "小溪" not in said
    assert "10 个字符" in office.no("account", "set", "zhang_ping", "--stdin", answer="short\n")
    assert "全部退出" in office.ok("account", "log-out", "zhang_ping")
