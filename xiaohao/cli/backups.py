"""The whole installation as a backup, and the proof that a backup is whole."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from desk import backup as backing
from desk.backup import BackupError, Manifest
from engine import clock
from engine.words import Words
from xiaohao.bootstrap import House
from xiaohao.cli.common import Data, Database, open_house, out, stop
from xiaohao.cli.history import verified
from xiaohao.migrations import upgrade


def backup(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="备份到这个目录，须为空。")] = None,
    check: Annotated[Path | None, typer.Option("--check", help="核对这个目录里的备份是否完整。")] = None,
    into: Annotated[
        str, typer.Option("--into", help="核对 PostgreSQL 备份时，恢复到这个空数据库里核对（地址）。")
    ] = "",
    database: Database = "",
    data: Data = None,
) -> None:
    """备份数据库和全部佐证材料，或核对一份备份是否完整；备份时不必停机。"""
    house = open_house(database, data)
    if (output is None) == (check is None):
        stop(house.desk.words.say("backup.one_of"))
    try:
        if output is not None:
            _make(house, output)
        if check is not None:
            _check(house.desk.words, check, into)
    except BackupError as error:
        stop(_sentence(house.desk.words, error))


def _make(house: House, folder: Path) -> None:
    made = backing.back_up(house.settings.database_url, house.settings.files_folder, folder, clock.now())
    blanks = {"path": folder, "n": len(made.files) - 1, "size": sum(one.size for one in made.files.values())}
    out.print(house.desk.words.say("backup.made", **blanks), markup=False)


def _check(words: Words, folder: Path, into: str) -> None:
    """The hashes first: a history in a file that is not the one backed up proves nothing."""
    manifest = backing.read_manifest(folder)
    found = list(backing.faults(folder, manifest))
    for one in found:
        out.print(words.say(f"backup.{one.word}", path=one.path), markup=False)
    if found:
        stop(words.say("backup.broken", n=len(found)))
    out.print(words.say("backup.whole", n=len(manifest.files)), markup=False)
    if manifest.database == backing.SQLITE:
        if into:
            stop(words.say("backup.into_for_dump"))
        _check_copy(words, folder, manifest)
    elif into:
        _check_restored(words, folder, manifest, into)
    else:
        out.print(words.say("backup.not_checked", folder=folder), markup=False)


def _check_copy(words: Words, folder: Path, manifest: Manifest) -> None:
    """On a copy: opening the database of the backup itself would write beside it."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copyfile(folder / manifest.database, Path(place) / backing.SQLITE)
        with _opened(f"sqlite:///{Path(place) / backing.SQLITE}", Path(place)) as house:
            _check_database(words, house, manifest)


def _check_restored(words: Words, folder: Path, manifest: Manifest, into: str) -> None:
    with tempfile.TemporaryDirectory() as place, _opened(into, Path(place)) as house:
        backing.restore(folder, manifest, house.database)
        _check_database(words, house, manifest)


def _check_database(words: Words, copy: House, manifest: Manifest) -> None:
    """Brought up to date first: the backup may come from an earlier version."""
    upgrade(copy.database)
    with copy.database.read() as tx:
        lacking = backing.lacking(tx, manifest)
    if lacking:
        stop(words.say("backup.lacking", names="、".join(lacking)))
    verified(copy)


@contextmanager
def _opened(url: str, folder: Path) -> Iterator[House]:
    """A house that is left as soon as it is looked at."""
    house = open_house(url, folder)
    try:
        yield house
    finally:
        house.database.dispose()


def _sentence(words: Words, error: BackupError) -> str:
    return words.say(f"backup.{error.word}", detail=error.detail)
