"""What every channel must be, so that dispatch needs to know none of them."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import ConfigDict, Field

PerMinute = Annotated[int, Field(ge=1)]
# How settings are checked: what is not known is a fault, and no message quotes a key or a password.
CHECKED = ConfigDict(extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True)
class Recipient:
    """A person as far as a channel needs one; `active_until` is an ISO local day or None."""

    id: int
    key: str
    name: str
    email: str | None
    active_until: str | None
    organization_id: int


@dataclass(frozen=True)
class Sealed:
    """A packed envelope as a channel gets it: frozen.

    `id` is the Message-ID, `day` the ISO local day it is for, `packed_at` an epoch instant.
    """

    id: str
    person_id: int
    channel: str
    day: str
    address: str
    subject: str
    body: str
    packed_at: int
    attempts: int = 0
    fence: int = 0


@dataclass(frozen=True)
class Sent:
    """The far side has taken the message over."""


@dataclass(frozen=True)
class Retry:
    """Not delivered, may work later. `channel_down`: nothing else on this channel would work now either."""

    reason: str
    detail: str = ""
    channel_down: bool = False


@dataclass(frozen=True)
class Refused:
    """Will never be delivered as it is: a person must act."""

    reason: str
    detail: str = ""


Outcome = Sent | Retry | Refused


class Channel(Protocol):
    """A way to reach people. Sending the same envelope again must do no harm: same id, same bytes."""

    @property
    def brief(self) -> bool:
        """Whether it leaves the office's own hands: envelopes then hold counts, numbers and links, no finding."""
        ...

    @property
    def per_minute(self) -> int | None:
        """How many messages its far side takes in a minute; None for as many as there are."""
        ...

    def address_of(self, person: Recipient) -> str | None:
        """Where this channel reaches the person; None when it cannot."""
        ...

    def send(self, envelope: Sealed) -> Outcome:
        """Deliver one envelope; foreseeable trouble is an outcome, an exception is a fault of the channel."""
        ...
