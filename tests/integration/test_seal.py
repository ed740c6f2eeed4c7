"""A seal printed today proves tomorrow that nothing before it was changed; without this program, too."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import Terminal

import xiaohao.check_history
from engine import clock

DAY = 24 * 3600
FIRST_DAY = 1_780_000_000
SAMPLE = Path(__file__).parents[2] / "config" / "sample"


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """An office with a history of one day, sealed the next morning, and one more entry after that."""
    monkeypatch.setattr(clock, "now", lambda: FIRST_DAY)
    terminal = Terminal(tmp_path)
    terminal.ok("init", "--office", str(SAMPLE / "office.toml"))
    terminal.ok("inspection", "open", "2026年巡察", "--organization", "street", "--as", "zhang_ping")
    terminal.ok("import", str(SAMPLE / "feedback.txt"), "--as", "zhang_ping", "--yes")
    monkeypatch.setattr(clock, "now", lambda: FIRST_DAY + DAY)
    terminal.ok("history", "seal", "-o", "seal.json")
    terminal.ok("problem", "act", "3", "confirm", "--as", "zhang_ping")
    return terminal


def alter(terminal: Terminal, statement: str) -> None:
    with sqlite3.connect(terminal.folder / "var" / "xiaohao.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        assert database.execute(statement).rowcount > 0


def check(*words: str) -> subprocess.CompletedProcess[str]:
    """The offline script, alone: isolated from this project's packages."""
    script = xiaohao.check_history.__file__
    command = [sys.executable, "-I", script, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_seal_agrees_while_nothing_is_changed(sealed: Terminal) -> None:
    assert "封签一致" in sealed.ok("history", "verify", "--seal", "seal.json")


def test_a_whole_dossier_gone_with_its_history_breaks_the_seal(sealed: Terminal) -> None:
    """The chains that are left all hold: only the seal knows that one is missing."""
    alter(sealed, "DELETE FROM history WHERE root_id = 5")
    alter(sealed, "DELETE FROM problem WHERE case_id = 5")
    alter(sealed, "DELETE FROM cases WHERE id = 5")

    assert "完整" in sealed.ok("history", "verify")
    assert "封签不一致" in sealed.no("history", "verify", "--seal", "seal.json")


def test_an_export_is_checked_by_one_file_alone(sealed: Terminal, tmp_path: Path) -> None:
    sealed.ok("history", "export", "history.jsonl")
    export = tmp_path / "history.jsonl"
    kept = (tmp_path / "seal.json").read_text(encoding="utf-8")
    at, code = kept.split('"at": ')[1].split(",")[0], kept.split('"seal": "')[1].split('"')[0]

    done = check(str(export), "--at", at, "--seal", code)
    assert done.returncode == 0, done.stdout

    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join([*lines[:3], lines[3].replace("feedback", "petition"), *lines[4:]]), encoding="utf-8")
    altered = check(str(export), "--at", at, "--seal", code)
    assert altered.returncode == 1
    assert "was altered" in altered.stdout

    export.write_text("".join(lines[:-1]), encoding="utf-8")
    shortened = check(str(export), "--at", at, "--seal", code)
    assert shortened.returncode == 1
    assert "seal:" in shortened.stdout


def test_every_day_is_sealed_once_by_the_beat_and_the_seals_are_verified(sealed: Terminal) -> None:
    sealed.ok("beat")
    sealed.ok("beat")
    listed = sealed.ok("history", "seals")
    assert len(listed.splitlines()) == 1
    code = sealed.ok("history", "seal").split()[1].partition("（")[0]
    assert code in listed
    assert "完整" in sealed.ok("history", "verify")

    alter(sealed, "DELETE FROM history WHERE root_id = 5")
    alter(sealed, "DELETE FROM problem WHERE case_id = 5")
    alter(sealed, "DELETE FROM cases WHERE id = 5")

    assert "每日封签对不上" in sealed.no("history", "verify")


def test_a_dossier_is_shown_as_of_any_day(sealed: Terminal) -> None:
    """Confirmed on the second day: on the first it was still to be confirmed."""
    assert "还没有登记" in sealed.ok("problem", "show", "3", "--as-of", "2026-05-01")
    first, second = (sealed.ok("problem", "show", "3", "--as-of", day) for day in ("2026-05-29", "2026-05-30"))
    assert "具体问题：待认领" in first
    assert "具体问题：任务分解" in second
    assert "确认问题" in sealed.ok("history", "show", "3")
    assert "确认问题" not in sealed.ok("history", "show", "3", "--as-of", "2026-05-29")
