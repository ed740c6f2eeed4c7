"""Everything about one problem as plain files in one archive, to be read and checked without this program."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import select

from desk.desk import Desk
from desk.dossiers_then import told_then
from engine import statements as sql
from engine.database import Tx
from engine.history import entries_of
from engine.organizations import SHANGHAI
from engine.seal import array_of
from engine.view import View
from workflows.rectification.story import tell

HISTORY, INDEX, SUMS, SCRIPT = "history.jsonl", "index.txt", "sha256.txt", "check_history.py"
# The archive of one state of a dossier is always the same, byte for byte.
TIME_IN_ARCHIVE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Paper:
    """One evidence file: its catalogue number, its name in the archive, the hash under which it was filed."""

    catalogue_no: str
    name: str
    title: str
    sha256: str
    round: int


class MissingFileError(Exception):
    """The file store lacks what a dossier names, or has other bytes under its hash: restore it from the backup."""


def make_dossier(desk: Desk, root_id: int, script: bytes, now: int) -> bytes:
    """A zip: index, the present state, the history as text and as JSON, evidence by catalogue number, hashes, and
    `script`, which checks the history. Raises MissingFileError.
    """
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        papers = _papers(tx, view, root_id)
        content = {
            "state.txt": _lines(told_then(tx, desk, root_id, now)),
            "history.txt": _lines(_story(view, root_id, desk)),
            HISTORY: _lines(json.dumps(array_of(one), ensure_ascii=False) for one in entries_of(tx, root_id)),
        }
    content |= {f"evidence/{one.name}": _bytes(desk, one) for one in papers}
    content[SCRIPT] = script
    content[INDEX] = _lines(_index(desk, papers, content, now))
    content[SUMS] = _lines(f"{hashlib.sha256(content[name]).hexdigest()}  {name}" for name in sorted(content))
    return _zipped(content)


def _papers(tx: Tx, view: View, root_id: int) -> list[Paper]:
    """The evidence of every round, rejected pieces too: what was shown belongs to what was decided."""
    found = []
    filed = select(sql.cases.c.id).where(sql.cases.c.root_id == root_id, sql.cases.c.kind == "evidence")
    for case in (view.case(one) for one in tx.connection.execute(filed.order_by(sql.cases.c.id)).scalars().all()):
        fields = view.fields(case)
        number = fields["catalogue_no"] or str(case.id)
        # Numbers begin anew in every round; the round and the case keep two files apart.
        name = f"{number}_{case.round}_{case.id}{PurePath(fields['file_name']).suffix}"
        found.append(Paper(number, _plain(name), fields["title"], fields["sha256"], case.round))
    return sorted(found, key=lambda one: (one.round, one.name))


def _plain(name: str) -> str:
    """A name that every system takes, and that leads nowhere else."""
    return "".join(one if one.isalnum() or one in "-._" else "_" for one in name).lstrip(".")


def _bytes(desk: Desk, paper: Paper) -> bytes:
    try:
        content = desk.files.get(paper.sha256)
    except FileNotFoundError:
        raise MissingFileError(desk.words.say("dossier.missing", name=paper.title)) from None
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise MissingFileError(desk.words.say("dossier.altered", name=paper.title))
    return content


def _story(view: View, root_id: int, desk: Desk) -> Iterable[str]:
    for one in tell(view, root_id, desk.words):
        details = f"（{'；'.join(one.details)}）" if one.details else ""
        yield f"{one.seq}. {one.at:%Y-%m-%d %H:%M}  {one.who}：{one.what}{details}"


def _index(desk: Desk, papers: Iterable[Paper], content: Mapping[str, bytes], now: int) -> Iterable[str]:
    words = desk.words
    yield words.say("dossier.title", at=f"{datetime.fromtimestamp(now, SHANGHAI):%Y-%m-%d %H:%M}")
    for name in ("state.txt", "history.txt", HISTORY, SCRIPT, SUMS):
        yield f"  {name}  {words.say('dossier.' + name.replace('.', '_'))}"
    yield words.say("dossier.evidence", n=sum(name.startswith("evidence/") for name in content))
    for one in papers:
        yield f"  {one.catalogue_no}  {one.title}  evidence/{one.name}"


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _zipped(content: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(content):
            archive.writestr(zipfile.ZipInfo(name, TIME_IN_ARCHIVE), content[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()
