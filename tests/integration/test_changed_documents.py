"""Documents come in with corrections, as one matter with what was there, and again when they have changed."""

from pathlib import Path

import pytest
from terminal import Terminal

SAMPLE = Path(__file__).parents[2] / "config" / "sample"
FEEDBACK = """关于巡察某街道的反馈意见
一、党的领导方面
1.学习不深
（1）制度落实不到位
（2）公共健身设施损坏无人修复
（3）研讨走过场
"""
ME = ("--as", "zhang_ping")


@pytest.fixture
def office(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path)
    terminal.ok("init", "--office", str(SAMPLE / "office.toml"))
    terminal.ok("inspection", "open", "2026年巡察", "--organization", "street", *ME)
    write(terminal, "反馈意见.txt", FEEDBACK)
    return terminal


def write(terminal: Terminal, name: str, text: str) -> None:
    (terminal.folder / name).write_text(text, encoding="utf-8")


def test_corrections_are_made_and_kept_in_the_history(office: Terminal) -> None:
    write(
        office,
        "更正.toml",
        '[[title]]\nline = 4\ntitle = "“第一议题”不落实"\n[[drop]]\nline = 6\nreason = "是评价"\n',
    )
    said = office.ok("import", "反馈意见.txt", "--corrections", "更正.toml", "--yes", *ME)

    assert "第6行不作为问题：是评价" in said
    assert "已登记 2 个问题" in said
    assert "“第一议题”不落实" in office.ok("register")
    office.ok("history", "export", "entries.jsonl")
    assert "第4行改为：“第一议题”不落实" in (office.folder / "entries.jsonl").read_text(encoding="utf-8")


def test_a_correction_that_does_not_fit_stops_the_import(office: Terminal) -> None:
    write(office, "更正.toml", '[[drop]]\nline = 2\nreason = "是评价"\n')

    assert "这一行不是问题的标题" in office.no("import", "反馈意见.txt", "--corrections", "更正.toml", "--yes", *ME)
    assert "共 0 个问题" in office.ok("register")


def test_a_notice_during_the_inspection_and_the_feedback_are_one_matter(office: Terminal) -> None:
    """It is asked about, said to be the same, and counts once."""
    office.ok("problem", "open", "立1", "公共健身设施损坏无人维修", "--source", "immediate_notice", *ME)
    asked = office.run("import", "反馈意见.txt", *ME, answer="n\n")
    assert "（立1）公共健身设施损坏无人维修" in asked.out

    write(office, "更正.toml", '[[same]]\nline = 5\nas = "立1"\n')
    office.ok("import", "反馈意见.txt", "--corrections", "更正.toml", "--yes", *ME)
    assert "共 3 个问题" in office.ok("register")
    assert "完整" in office.ok("history", "verify")


def test_a_changed_document_is_taken_over_row_by_row(office: Terminal) -> None:
    office.ok("import", "反馈意见.txt", "--yes", *ME)
    write(
        office,
        "修订稿.txt",
        FEEDBACK.replace("制度落实不到位", "制度落实还不到位").replace("（3）研讨走过场", "（3）公车管理混乱"),
    )
    said = office.ok("import", "修订稿.txt", "--against", "反馈意见.txt", *ME, answer="y\nn\ny\n")

    assert "没有变化 1 个，有改动 1 个，新增 1 个，新文件中没有 1 个" in said
    register = office.ok("register")
    assert "制度落实还不到位" in register
    assert "公车管理混乱" not in register
    assert "新文件“修订稿.txt”中没有这个问题" in office.ok("history", "show", "3")
    assert "依据新文件“修订稿.txt”更正" in office.ok("history", "show", "1")


def test_the_second_revision_still_knows_what_came_from_the_first_text(office: Terminal) -> None:
    office.ok("import", "反馈意见.txt", "--yes", *ME)
    write(office, "二稿.txt", FEEDBACK + "（4）公车管理混乱\n")
    office.ok("import", "二稿.txt", "--against", "反馈意见.txt", "--yes", *ME)
    write(office, "三稿.txt", FEEDBACK.replace("（3）研讨走过场\n", "（4）公车管理混乱\n"))

    said = office.ok("import", "三稿.txt", "--against", "二稿.txt", "--yes", *ME)
    assert "没有变化 3 个，有改动 0 个，新增 0 个，新文件中没有 1 个" in said


def test_a_document_that_was_not_imported_cannot_be_compared_with(office: Terminal) -> None:
    office.ok("import", "反馈意见.txt", "--yes", *ME)

    assert "反馈意见.txt" in office.no("import", "反馈意见.txt", "--against", "别的.txt", *ME)
