"""A folder of .eml files: an installation without a mail server works, and any mail program opens them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from notifications.channels.base import Outcome, Recipient, Refused, Retry, Sealed, Sent
from notifications.channels.eml import SENDER, BadAddressError, Sender, to_bytes
from notifications.channels.whole import write_whole


@dataclass(frozen=True)
class FolderChannel:
    """Writes DIRECTORY/<message id>.eml; the same id is the same file with the same bytes: exactly once."""

    directory: Path
    sender: Sender
    brief: ClassVar[bool] = False
    per_minute: ClassVar[None] = None

    @classmethod
    def of(cls, *, directory: Path, sender: str = SENDER) -> Self:
        """From settings; raises BadAddressError."""
        return cls(directory, Sender.parse(sender))

    def address_of(self, person: Recipient) -> str:
        """The e-mail, or the name: a file can be printed and handed over."""
        return person.email or person.name

    def send(self, envelope: Sealed) -> Outcome:
        try:
            write_whole(self.directory / file_name(envelope.id), to_bytes(envelope, self.sender))
        except BadAddressError as error:
            return Refused("address_refused", str(error))
        except OSError as error:
            return Retry("channel_down", str(error), channel_down=True)
        return Sent()


def file_name(message_id: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^A-Za-z0-9@._-]", "_", message_id.strip("<>")) + ".eml"
