"""Everything delivery is told about an installation, in one frozen object that the bootstrap builds."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.database import Tx
from engine.working_days import SendingWindow, WorkingCalendar
from notifications.channels.base import Channel, Recipient
from notifications.messages import Facts, Messages

INBOX = "inbox"
DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class BadDeliveryError(Exception):
    """The settings of delivery contradict each other; the text names the setting to correct."""


class WaitingLine(NamedTuple):
    """A row of `line` as it is handed to `describe`: `params` is its canonical JSON, `not_before` an instant."""

    key: str
    person_id: int
    not_before: int
    lane: str
    case_id: int
    seq: int
    rule: str
    params: str


# The present facts of each line by its key, or None where the matter is done and nobody need be told.
# Besides what its template asks for, facts hold what the layout needs:
#   rule_label  which rule speaks, in words (到期前5天提醒)
#   role_label  the person's role in the matter, in words (经办人)
#   due_on      optional: the matter's deadline, an ISO local day
#   path        optional: the page to act on, from the root of the site (/problems/12)
#   number      optional: what people call the matter by; all of it that a chat message shows
Describe = Callable[[Tx, Sequence[WaitingLine]], Mapping[str, Facts | None]]


@dataclass(frozen=True)
class Patience:
    """How long a failing envelope is tried; waits and the lease in seconds.

    Waits double from `first_wait` up to `longest_wait`. The defaults give up after five and a half days, so
    that a mail server which dies before a weekend loses nothing. The lease must outlast a whole dispatch.
    """

    attempts: int = 30
    first_wait: int = 60
    longest_wait: int = 6 * 3600
    lease: int = 900

    def wait(self, attempts: int) -> int:
        """Seconds until the next try after so many failed ones (1 and up)."""
        doublings = min(attempts - 1, self.longest_wait.bit_length())
        return min(self.first_wait << doublings, self.longest_wait)


@dataclass(frozen=True)
class Delivery:
    """Channels by name (one is `inbox`), texts, windows and manners of one installation.

    `window_of` gives an organisation's sending window, `remotes_of` the channels beside the inbox that a person
    is reached on at a local day. `domain` is the right half of every Message-ID. `link_base` is the address of the
    site without a last slash, empty while there is none. `any_time_lanes` do not wait for the window.
    `reminders` are the messages that speak of a deadline: only theirs counts as overdue.
    """

    channels: Mapping[str, Channel]
    messages: Messages
    describe: Describe
    window_of: Callable[[int], SendingWindow]
    calendar: WorkingCalendar
    remotes_of: Callable[[Recipient, date], Iterable[str]]
    domain: str
    link_base: str = ""
    any_time_lanes: frozenset[str] = frozenset()
    reminders: frozenset[str] = frozenset({"reminder"})
    patience: Patience = Patience()

    def __post_init__(self) -> None:
        if INBOX not in self.channels:
            raise BadDeliveryError("channels: the inbox is missing")
        if not DOMAIN.fullmatch(self.domain):
            raise BadDeliveryError(f"domain: {self.domain!r} is no domain for a Message-ID")
        if self.link_base.endswith("/"):
            raise BadDeliveryError(f"link_base: {self.link_base!r} ends with a slash")

    def addresses(self, person: Recipient, day: date) -> dict[str, str]:
        """Where to reach a person, by channel: always the inbox, and the remote ones that have an address."""
        names = dict.fromkeys((INBOX, *self.remotes_of(person, day)))
        found = {name: self.channels[name].address_of(person) for name in names}
        return {name: address for name, address in found.items() if address}

    def link(self, path: str) -> str:
        return f"{self.link_base}{path}" if self.link_base and path else ""
