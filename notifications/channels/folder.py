"""A folder of .eml files: an installation without a mail server works, and any mail program opens them."""

import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from notifications.channels.base import Outcome, Recipient, Refused, Retry, Sealed, Sent
from notifications.channels.eml import BadAddressError, Sender, to_bytes


@dataclass(frozen=True)
class FolderChannel:
    """Writes DIRECTORY/<message id>.eml; the same id is the same file with the same bytes: exactly once."""

    directory: Path
    sender: Sender

    @classmethod
    def of(cls, *, directory: str | Path, sender: str) -> Self:
        """From settings; raises BadAddressError."""
        return cls(Path(directory), Sender.parse(sender))

    def address_of(self, person: Recipient) -> str:
        """The e-mail, or the name: a file can be printed and handed over."""
        return person.email or person.name

    def send(self, envelope: Sealed) -> Outcome:
        try:
            _write_whole(self.directory / file_name(envelope.id), to_bytes(envelope, self.sender))
        except BadAddressError as error:
            return Refused("address_refused", str(error))
        except OSError as error:
            return Retry("channel_down", str(error), channel_down=True)
        return Sent()


def file_name(message_id: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^A-Za-z0-9@._-]", "_", message_id.strip("<>")) + ".eml"


def _write_whole(path: Path, content: bytes) -> None:
    """A reader, or a power cut, finds the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _keep_name(path.parent)


def _keep_name(directory: Path) -> None:
    """Without it a power cut may forget the new name though the bytes are safe."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
