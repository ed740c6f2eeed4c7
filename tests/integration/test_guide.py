"""The guide for coordinators is followed to the letter: from an empty folder to a register assigned to people."""

import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from terminal import Terminal

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide.zh-CN.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """The commands of the guide, in its order."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


@pytest.fixture
def followed(tmp_path: Path) -> Terminal:
    """A folder with nothing in it but the examples, after every command of the guide has run there."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    terminal = Terminal(tmp_path)
    for program, *words in commands():
        assert program == "xiaohao"
        terminal.ok(*words)
    return terminal


def test_following_the_guide_ends_with_a_register_assigned_to_people(followed: Terminal) -> None:
    sheet = openpyxl.load_workbook(followed.folder / "台账.xlsx").worksheets[0]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=9)]
    asked = ("牵头领导", "责任科室", "经办人", "整改时限", "整改措施")
    places = [header.index(name) for name in asked]

    assert len(rows) == 6
    assert all(row[place] for row in rows for place in places)
    assert "整改中" in followed.ok("problem", "show", "1")
    assert "完整" in followed.ok("history", "verify")


def test_the_faults_that_the_guide_shows_are_what_is_said(followed: Terminal) -> None:
    """The example's register with two cells spoilt as the guide shows them."""
    book = openpyxl.load_workbook(ROOT / "docs" / "examples" / "register.xlsx")
    book.worksheets[0]["I5"] = "2026.13.40"
    book.worksheets[0]["H7"] = "程良"
    book.save(followed.folder / "坏.xlsx")
    said = followed.run("register", "import", "坏.xlsx", "--as", "苏晴", "--yes")

    assert said.code == 1
    shown = re.findall(r"^第\d+行 .*$", GUIDE, re.MULTILINE)
    assert len(shown) == 2
    assert [line.strip() for line in said.out.splitlines() if line.startswith("  第") and "列" in line] == shown


def test_every_file_of_the_guide_is_there() -> None:
    named = set(re.findall(r"docs/examples/(\S+?\.\w+)", GUIDE))

    assert named == {"people.xlsx", "feedback.docx", "register.xlsx"}
    assert all((ROOT / "docs" / "examples" / name).is_file() for name in named)
