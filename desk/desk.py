"""What every use case works with: the database, the door, the file store and the words."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from engine.commands import Command, Outcome, Refusal
from engine.database import Database, Tx
from engine.organizations import names
from engine.runtime import Runtime
from engine.words import Words

Send = Callable[[Sequence[Command]], list[Outcome]]
PIECE = 1024 * 1024  # bytes of an upload in memory at a time


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
        return self.together(lambda send: send(commands), now)

    def together(self, work: Callable[[Send], list[Outcome]], now: int) -> list[Outcome]:
        """Batches in one transaction, where a later one needs what an earlier one opened: `work` sends them.

        Raises RefusedError, and nothing is written.
        """

        def whole(tx: Tx) -> list[Outcome]:
            return work(lambda commands: _all_done(self.runtime.execute(tx, commands, now)))

        try:
            return self.runtime.again_if_busy(self.database, whole)
        except RefusedError as refused:
            raise RefusedError(refused.refusal, self.explain(refused.refusal)) from None

    def explain(self, refusal: Refusal) -> str:
        """The sentence for a refusal, with the names of the people it speaks of and of those who may instead."""
        offered = [str(one) for one in refusal.params.get("offer", ())]
        by = str(refusal.params.get("by", ""))
        with self.database.read() as tx:
            people = names(tx, [int(one) for one in (*offered, by) if one.isdecimal()])
        called = {str(number): name for number, name in people.items()}
        params = {**refusal.params, "by": called.get(by, self.words.say("story.system"))}
        sentence = self.words.refusal(replace(refusal, params=params))
        if not offered:
            return sentence
        return sentence + self.words.say("desk.offer", names="、".join(called[one] for one in offered))


class RefusedError(Exception):
    """The door refused; `refusal` holds the word, `sentence` says it to a person. Nothing was written."""

    def __init__(self, refusal: Refusal, sentence: str = "") -> None:
        super().__init__(sentence or refusal.word)
        self.refusal = refusal
        self.sentence = sentence or refusal.word


def _all_done(outcomes: list[Outcome]) -> list[Outcome]:
    for outcome in outcomes:
        if outcome.refusal is not None:
            raise RefusedError(outcome.refusal)
    return outcomes


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

    def put_file(self, file: BinaryIO) -> tuple[str, int]:
        """Keep what an open file holds, read piece by piece; gives its SHA-256 and its size in bytes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as copy:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        target = self.path(digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(copy.name).rename(target)
        _sync_folder(target.parent)
        return digest.hexdigest(), size

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
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
