"""The whole installation in a folder that proves itself: the database first, then the files, the manifest last."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, make_url, text

from desk.rehearse import copy_sqlite
from engine.database import Database, Tx

MANIFEST, FILES = "manifest.json", "files"
SQLITE, DUMP = "xiaohao.db", "xiaohao.dump"
DIGEST = re.compile(r"[0-9a-f]{64}")
# Names the form of the folder, should it ever change.
FORM = 1


class BackupError(Exception):
    """A backup cannot be made, read or restored. `word` says why: `not_empty`, `no_pg_dump`, `dump_failed`,
    `no_manifest`, `into_is_used`, `no_pg_restore`, `restore_failed`."""

    def __init__(self, word: str, detail: str = "") -> None:
        super().__init__(word)
        self.word, self.detail = word, detail


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when it was begun (epoch seconds UTC), the database's name in it, every file by path."""

    made_at: int
    database: str
    files: Mapping[str, Kept]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one file: `missing`, `altered`, or `unlisted` in the manifest."""

    word: str
    path: str


def back_up(url: str, store: Path, folder: Path, now: int) -> Manifest:
    """Copy a database and its file store into an empty folder, while others may be writing.

    The files come second: whatever the copied database names was in the store before it. Raises BackupError,
    FileNotFoundError when there is no database.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupError("not_empty", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    database = _copy_database(url, folder)
    _copy_store(store, folder / FILES)
    manifest = Manifest(now, database, {path: _kept(folder / path) for path in _paths(folder)})
    # Without it the folder is no backup: one that broke off cannot be taken for a whole one.
    (folder / MANIFEST).write_text(
        json.dumps({"form": FORM, **asdict(manifest)}, indent=1) + "\n", encoding="utf-8"
    )
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupError."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {path: Kept(**one) for path, one in found["files"].items()}
        return Manifest(found["made_at"], found["database"], files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError("no_manifest", str(folder)) from error


def faults(folder: Path, manifest: Manifest) -> Iterator[Fault]:
    """Every file that is not as it was when the backup was made."""
    there = set(_paths(folder)) - {MANIFEST}
    for path, kept in manifest.files.items():
        if path not in there:
            yield Fault("missing", path)
        elif _kept(folder / path) != kept:
            yield Fault("altered", path)
    for path in sorted(there - manifest.files.keys()):
        yield Fault("unlisted", path)


def lacking(tx: Tx, manifest: Manifest) -> list[str]:
    """The names of the files that the backup's own database speaks of and the backup has not."""
    rows = tx.connection.execute(text("SELECT sha256, name FROM file ORDER BY sha256")).all()
    return [name for digest, name in rows if f"{FILES}/{digest[:2]}/{digest}" not in manifest.files]


def _copy_database(url: str, folder: Path) -> str:
    if make_url(url).get_backend_name() == "sqlite":
        copy_sqlite(url, folder / SQLITE)
        return SQLITE
    _dump(url, folder / DUMP)
    return DUMP


def restore(folder: Path, manifest: Manifest, database: Database) -> None:
    """Bring a dump back into an empty PostgreSQL database. Raises BackupError."""
    with database.read() as tx:
        if inspect(tx.connection).get_table_names():
            raise BackupError("into_is_used")
    url = database.engine.url.render_as_string(hide_password=False)
    _postgres(
        "pg_restore", url, ["--no-owner", "--exit-on-error", str(folder / manifest.database)], "restore_failed"
    )


def _dump(url: str, target: Path) -> None:
    _postgres("pg_dump", url, ["--format=custom", f"--file={target}"], "dump_failed")


def _postgres(name: str, url: str, options: Sequence[str], failed: str) -> None:
    """By PostgreSQL's own program. The password goes by the environment: a command line is public."""
    program = shutil.which(name)
    if program is None:
        raise BackupError(f"no_{name}")
    address = make_url(url).set(drivername="postgresql")
    secret = {"PGPASSWORD": address.password} if address.password else {}
    plain = address.set(password=None).render_as_string(hide_password=False)
    words = [program, f"--dbname={plain}", *options]
    done = subprocess.run(words, env={**os.environ, **secret}, capture_output=True, text=True, check=False)  # noqa: S603  # no shell, own words
    if done.returncode:
        raise BackupError(failed, done.stderr.strip())


def _copy_store(store: Path, target: Path) -> None:
    """What is still being written has another name and belongs to nothing yet."""
    for path in sorted(store.glob("??/*")):
        if DIGEST.fullmatch(path.name):
            copy = target / path.parent.name / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _paths(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _kept(path: Path) -> Kept:
    with path.open("rb") as file:
        return Kept(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
