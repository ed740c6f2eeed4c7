"""An envelope as the bytes of a mail: the same envelope gives the same bytes on every channel and at every try."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr

from notifications.channels.base import Sealed


class MailPolicy(EmailPolicy):
    """As SMTP wants it, but a long Message-ID stays on its line: folded, servers take it for an empty one."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == "Message-ID":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = MailPolicy(linesep="\r\n")
# Until an office names its own.
SENDER = "xiaohao@example.org"


class BadAddressError(Exception):
    """An address that no mail can be sent to: correct the person's e-mail."""


@dataclass(frozen=True)
class Sender:
    """Who the mail is from, given as `整改办 <office@example.org>` or the bare address."""

    header: Address

    @classmethod
    def parse(cls, text: str) -> "Sender":
        name, address = parseaddr(text)
        return cls(_address(address, name))

    @property
    def address(self) -> str:
        return self.header.addr_spec

    @property
    def domain(self) -> str:
        return self.header.domain


def to_bytes(envelope: Sealed, sender: Sender) -> bytes:
    """RFC 5322 with CRLF; Date is the instant of packing, so no clock is read. Raises BadAddressError."""
    mail = EmailMessage(policy=POLICY)
    mail["Message-ID"] = envelope.id
    mail["Date"] = format_datetime(datetime.fromtimestamp(envelope.packed_at, UTC))
    mail["From"] = sender.header
    mail["To"] = _recipient(envelope.address)
    mail["Subject"] = envelope.subject
    # Without it, an absent officer's auto-reply answers the office every morning.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(envelope.body, charset="utf-8", cte="base64")
    return mail.as_bytes()


def _recipient(address: str) -> Address | Group:
    """A person without e-mail is named as an empty group: a mail program shows them and sends nowhere."""
    if "@" not in address:
        return Group(address, ())
    return _address(address)


def _address(address: str, name: str = "") -> Address:
    try:
        parsed = Address(name, addr_spec=address)
        address.encode("ascii")
    except (ValueError, IndexError, HeaderParseError) as error:  # the parser raises all three
        raise BadAddressError(f"{address!r}: {error}") from error
    if not (parsed.username and parsed.domain):
        raise BadAddressError(repr(address))
    return parsed
