"""What every use case works with: the database, the door, the file store and the words."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.commands import Command, Outcome, Refusal
from engine.database import Database, Tx
from engine.runtime import Runtime
from engine.words import Words


@dataclass(frozen=True)
class Desk:
    """An installation at work."""

    database: Database
    runtime: Runtime
    files: "FileStore"
    words: Words

    def commit(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        """Send commands through the door in a transaction of their own."""
        return self.runtime.commit(self.database, commands, now)

    def must(self, commands: Sequence[Command], now: int) -> list[Outcome]:
        """Like `commit`, for a batch that only makes sense whole. Raises RefusedError, and nothing is written."""

        def whole(tx: Tx) -> list[Outcome]:
            outcomes = self.runtime.execute(tx, commands, now)
            for outcome in outcomes:
                if outcome.refusal is not None:
                    raise RefusedError(outcome.refusal)
            return outcomes

        return self.runtime.again_if_busy(self.database, whole)


class RefusedError(Exception):
    """The door refused; `refusal` holds the word, the catalogue makes the sentence. Nothing was written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.word)
        self.refusal = refusal


@dataclass(frozen=True)
class FileStore:
    """Files by their SHA-256, two letters a folder. Written whole before the database may speak of them."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep the content and give its SHA-256; what is there already is not written again."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, content)
        return digest

    def path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest

    def get(self, digest: str) -> bytes:
        """The content. Raises FileNotFoundError when the store lacks it."""
        return self.path(digest).read_bytes()


def _write_whole(path: Path, content: bytes) -> None:
    """Rename only after the bytes are on disk: a power cut leaves the whole file or none."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
