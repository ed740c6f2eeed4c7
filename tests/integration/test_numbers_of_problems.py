"""Documents number as they like: not at all, or anew in each part. Nothing is renumbered, everything is found."""

from pathlib import Path

import pytest
from terminal import Terminal

SAMPLE = Path(__file__).parents[2] / "config" / "sample"
DOCUMENT = """关于某镇巡察整改情况的通报
一、巡察反馈意见整改落实情况
（一）党的建设方面
1.会议记录不全
整改落实情况：已补记会议记录12份。
2.学习次数不够
整改落实情况：每月学习两次。
（二）财务管理方面
1.票据粘贴不规范
整改落实情况：重新粘贴票据40张。
2.往来款长期挂账
整改落实情况：清理往来款6笔。
"""


@pytest.fixture
def office(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path)
    terminal.ok("init", "--office", str(SAMPLE / "office.toml"))
    terminal.ok("inspection", "open", "2026年巡察", "--organization", "street", "--as", "zhang_ping")
    return terminal


def test_a_number_that_stands_twice_is_asked_about(office: Terminal) -> None:
    (office.folder / "notice.txt").write_text(DOCUMENT, encoding="utf-8")
    office.ok("import", "notice.txt", "--as", "zhang_ping", "--yes")

    asked = office.no("problem", "show", "1")
    assert "会议记录不全" in asked
    assert "票据粘贴不规范" in asked
    chosen = next(word for word in asked.replace("：", " ").replace("；", " ").split() if word.startswith("#"))
    assert "会议记录不全" in office.ok("problem", "show", chosen)


def test_a_problem_without_a_number_is_imported_and_found(office: Terminal) -> None:
    text = "\n".join(line.removeprefix("1.").removeprefix("2.") for line in DOCUMENT.splitlines())
    (office.folder / "notice.txt").write_text(text, encoding="utf-8")
    office.ok("import", "notice.txt", "--as", "zhang_ping", "--yes")

    register = office.ok("register")
    assert "共 4 个问题" in register
    assert "无号" in register
