"""Evidence comes in: the bytes into the store first, then the record through the door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from desk.desk import Desk
from engine.commands import OPEN, Command, Outcome


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
    params: Mapping[str, Any] = {"sha256": sha256, "file_name": upload.file_name, "title": upload.title}
    if upload.about_on:
        params = {**params, "about_on": upload.about_on}
    command = Command(action=OPEN, kind="evidence", parent_id=parent_id, actor=actor, params=params)
    return desk.commit([command], now)[0]


def keep(desk: Desk, file_name: str, content: bytes, now: int) -> str:
    """Put bytes into the store and note them; gives the SHA-256."""
    sha256 = desk.files.put(content)
    with desk.database.begin() as tx:
        tx.connection.execute(
            text(
                "INSERT INTO file (sha256, size, name, stored_at) VALUES (:sha256, :size, :name, :now) "
                "ON CONFLICT DO NOTHING"
            ),
            {"sha256": sha256, "size": len(content), "name": file_name, "now": now},
        )
    return sha256
