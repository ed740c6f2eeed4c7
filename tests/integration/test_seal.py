"""A seal printed today proves tomorrow that nothing before it was changed; without this program, too."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from office import house_at
from terminal import Terminal

import xiaohao.check_history
from engine import clock
from xiaohao.run_once import run_once

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


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE seal SET code = 'AAAA-AAAA-AAAA-AAAA-AAAA'",
        "UPDATE seal SET at = at - 1",
        "UPDATE seal SET day = '2026-05-01'",
        "UPDATE seal SET day = 'x'",
    ],
)
def test_an_edited_seal_is_found(sealed: Terminal, change: str) -> None:
    sealed.ok("beat")
    assert "完整" in sealed.ok("history", "verify")
    alter(sealed, change)
    assert "每日封签对不上" in sealed.no("history", "verify")


def test_a_seal_that_was_deleted_is_missed_where_the_office_beat(
    sealed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A beat every ten minutes for a day, through one midnight: what was sealed is missed."""
    house = house_at(f"sqlite:///{sealed.folder / 'var' / 'xiaohao.db'}", sealed.folder / "var")
    for minutes in range(0, 24 * 60, 10):
        at = FIRST_DAY + DAY + minutes * 60
        run_once(house, lambda at=at: at)
    house.database.dispose()
    monkeypatch.setattr(clock, "now", lambda: at)
    sealed.ok("history", "verify")
    assert [line.split()[0] for line in sealed.ok("history", "seals").splitlines()] == ["2026-05-29", "2026-05-30"]
    assert "完整" in sealed.ok("history", "verify")

    alter(sealed, "DELETE FROM seal WHERE day = '2026-05-29'")
    assert "缺少 1 天的每日封签（2026-05-29 至 2026-05-29）" in sealed.no("history", "verify")
    alter(sealed, "DELETE FROM seal")
    assert "缺少 2 天的每日封签（2026-05-29 至 2026-05-30）" in sealed.no("history", "verify")


def test_a_stretch_of_beats_too_short_to_seal_misses_no_seal(
    sealed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """28 May 20:26 UTC is 29 May 04:26 in China; from 23:50 to 00:40 the day before could hardly be sealed."""
    midnight = FIRST_DAY + 20 * 3600 - (FIRST_DAY + 28 * 3600) % DAY + 8 * 3600
    for minutes in range(-10, 41, 10):
        monkeypatch.setattr(clock, "now", lambda at=midnight + minutes * 60: at)
        sealed.ok("beat")
    assert "完整" in sealed.ok("history", "verify")


@pytest.mark.parametrize(
    "change", ["DELETE FROM problem WHERE case_id = 5", "UPDATE cases SET fired = '{' WHERE id = 5"]
)
def test_a_dossier_that_cannot_be_read_is_named_by_its_id(sealed: Terminal, change: str) -> None:
    alter(sealed, change)
    said = sealed.run("history", "verify")
    assert said.code == 1
    assert "卷宗 5：内容读不出来" in said.out
    assert "有 1 份办理记录对不上" in said.err


def test_a_kept_seal_and_a_broken_dossier_are_told_together(sealed: Terminal) -> None:
    alter(sealed, "UPDATE history SET actor = '1' WHERE root_id = 5 AND seq = 1")
    alter(sealed, "UPDATE history SET hash = 'x' WHERE root_id = 6 AND seq = 1")
    told = sealed.no("history", "verify", "--seal", "seal.json")
    assert "封签不一致" in told
    assert "有 2 份办理记录对不上" in told


@pytest.mark.parametrize("kept", ["", "{}", "[1]", '{"at": "x", "seal": "y"}', "AAAA-BBBB"])
def test_what_is_no_seal_is_said_in_a_sentence(sealed: Terminal, kept: str) -> None:
    (sealed.folder / "other.json").write_text(kept, encoding="utf-8")
    assert "不是封签文件" in sealed.no("history", "verify", "--seal", "other.json")


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "{}\n",
        "not JSON\n",
        '["1","x"]\n',
        '["1","x","1","1","1","1","1",null,"a","0",null,"{}","h"]\n',
        "[1,2]\n",
    ],
)
def test_what_is_no_export_is_said_by_the_script_alone(tmp_path: Path, spoilt: str) -> None:
    export = tmp_path / "history.jsonl"
    export.write_text(spoilt, encoding="utf-8")
    done = check(str(export))
    assert (done.returncode, done.stderr) == (1, "")
    assert "is no export" in done.stdout or "there is no entry" in done.stdout


def test_the_script_wants_the_instant_beside_the_code(tmp_path: Path) -> None:
    done = check(str(tmp_path / "history.jsonl"), "--seal", "AAAA")
    assert done.returncode == 2
    assert "--at and --seal belong together" in done.stderr


def test_a_dossier_is_shown_as_of_any_day(sealed: Terminal) -> None:
    """Confirmed on the second day: on the first it was still to be confirmed."""
    assert "还没有登记" in sealed.ok("problem", "show", "3", "--as-of", "2026-05-01")
    first, second = (sealed.ok("problem", "show", "3", "--as-of", day) for day in ("2026-05-29", "2026-05-30"))
    assert "具体问题：待认领" in first
    assert "具体问题：任务分解" in second
    assert "确认问题" in sealed.ok("history", "show", "3")
    assert "确认问题" not in sealed.ok("history", "show", "3", "--as-of", "2026-05-29")
