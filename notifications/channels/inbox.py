"""The inbox inside the application: the envelope's own row is the message, so it arrives exactly once."""

from typing import ClassVar, Self

from notifications.channels.base import Recipient, Sealed, Sent


class InboxChannel:
    """Reaches everybody: the pages show a person the envelopes of this channel."""

    brief: ClassVar[bool] = False
    per_minute: ClassVar[None] = None

    @classmethod
    def of(cls) -> Self:
        return cls()

    def address_of(self, person: Recipient) -> str:
        return person.key

    def send(self, envelope: Sealed) -> Sent:  # noqa: ARG002  the row is there already
        return Sent()
