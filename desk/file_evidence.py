"""Evidence comes in: the bytes into the store first, then the record through the door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import text

from desk.desk import Desk
from engine.commands import OPEN, Command, Outcome
from engine.database import Tx


@dataclass(frozen=True)
class Upload:
    """A file as it arrives. `about_on` is the local day (ISO) that it is about, when that is known."""

    file_name: str
    title: str
    content: bytes
    about_on: str | None = None


def file_evidence(desk: Desk, parent_id: int, upload: Upload, actor: str, now: int) -> Outcome:
    """File evidence under a problem or a measure. A refusal leaves the bytes in the store: they hurt nobody."""
    sha256 = keep(desk, upload.file_name, upload.content, now)
    params = {"sha256": sha256, "file_name": upload.file_name, "title": upload.title, "about_on": upload.about_on}
    return file_kept(desk, parent_id, params, actor, now)


def file_kept(desk: Desk, parent_id: int, params: Mapping[str, Any], actor: str, now: int) -> Outcome:
    """The same for a file that is in the store already; `params` as the kind asks for them."""
    command = Command(action=OPEN, kind="evidence", parent_id=parent_id, actor=actor, params=params)
    return desk.commit([command], now)[0]


def keep_file(desk: Desk, file_name: str, file: BinaryIO, now: int) -> str:
    """Put an open file, which documents.attachments has looked at, into the store; gives the SHA-256."""
    sha256, size = desk.files.put_file(file)
    _note(desk, sha256, size, file_name, now)
    return sha256


def file_name_of(tx: Tx, sha256: str) -> str:
    """The name under which a file first came in; empty when the store has none of this hash."""
    found = tx.connection.scalar(text("SELECT name FROM file WHERE sha256 = :sha256"), {"sha256": sha256})
    return str(found or "")


def keep(desk: Desk, file_name: str, content: bytes, now: int) -> str:
    """Put bytes into the store and note them; gives the SHA-256."""
    sha256 = desk.files.put(content)
    _note(desk, sha256, len(content), file_name, now)
    return sha256


def _note(desk: Desk, sha256: str, size: int, file_name: str, now: int) -> None:
    with desk.database.begin() as tx:
        tx.connection.execute(
            text(
                "INSERT INTO file (sha256, size, name, stored_at) VALUES (:sha256, :size, :name, :now) "
                "ON CONFLICT DO NOTHING"
            ),
            {"sha256": sha256, "size": size, "name": file_name, "now": now},
        )
