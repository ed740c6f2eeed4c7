"""The whole installation as a backup, and the proof that a backup is whole."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from desk import backup as backing
from desk.backup import BackupError, Manifest
from engine import clock
from engine.words import Words
from xiaohao.bootstrap import House
from xiaohao.cli.common import Data, Database, open_house, out, stop
from xiaohao.cli.history import verify_
from xiaohao.migrations import upgrade


def backup(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="备份到这个目录，须为空。")] = None,
    check: Annotated[Path | None, typer.Option("--check", help="核对这个目录里的备份是否完整。")] = None,
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
            _check(house.desk.words, check)
    except BackupError as error:
        stop(_sentence(house.desk.words, error))


def _make(house: House, folder: Path) -> None:
    made = backing.back_up(house.settings.database_url, house.settings.files_folder, folder, clock.now())
    blanks = {"path": folder, "n": len(made.files) - 1, "size": sum(one.size for one in made.files.values())}
    out.print(house.desk.words.say("backup.made", **blanks), markup=False)


def _check(words: Words, folder: Path) -> None:
    """The hashes first: a history in a file that is not the one backed up proves nothing."""
    manifest = backing.read_manifest(folder)
    found = list(backing.faults(folder, manifest))
    for one in found:
        out.print(words.say(f"backup.{one.word}", path=one.path), markup=False)
    if found:
        stop(words.say("backup.broken", n=len(found)))
    out.print(words.say("backup.whole", n=len(manifest.files)), markup=False)
    if manifest.database == backing.SQLITE:
        _check_database(words, folder, manifest)
    else:
        out.print(words.say("backup.restore_to_check", dump=folder / manifest.database), markup=False)


def _check_database(words: Words, folder: Path, manifest: Manifest) -> None:
    """On a copy, brought up to date: opening the database of the backup itself would write beside it."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copyfile(folder / manifest.database, Path(place) / backing.SQLITE)
        url = f"sqlite:///{Path(place) / backing.SQLITE}"
        copy = open_house(url, Path(place))
        upgrade(copy.database)
        with copy.database.read() as tx:
            lacking = backing.lacking(tx, manifest)
        copy.database.dispose()
        if lacking:
            stop(words.say("backup.lacking", names="、".join(lacking)))
        verify_(None, url, Path(place))


def _sentence(words: Words, error: BackupError) -> str:
    return words.say(f"backup.{error.word}", detail=error.detail)
