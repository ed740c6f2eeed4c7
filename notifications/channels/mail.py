"""Mail over SMTP: tells a bad address from a passing failure, and sends the same bytes at every try."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field
from pydantic.dataclasses import dataclass as checked

from notifications.channels.base import CHECKED, Outcome, PerMinute, Recipient, Refused, Retry, Sealed, Sent
from notifications.channels.eml import SENDER, BadAddressError, Sender, to_bytes


@checked(frozen=True, config=CHECKED)
class Server:
    """Where and how to hand mail in. Raises ValidationError (a ValueError) for what cannot be one.

    `tls` encrypts from the first byte (usually port 465), `starttls` after the greeting. `ca_file` is for an
    office's own certificate authority. `timeout` in seconds for each answer.
    """

    host: Annotated[str, Field(min_length=1)]
    port: int = 25
    security: Literal["none", "starttls", "tls"] = "none"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    timeout: float = 20.0

    @property
    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)


@dataclass(frozen=True)
class MailChannel:
    """One connection per envelope: nothing of a half-dead one is carried over to the next person's mail."""

    server: Server
    sender: Sender
    per_minute: int | None = None
    brief: ClassVar[bool] = False

    @classmethod
    def of(cls, *, sender: str = SENDER, per_minute: PerMinute | None = None, **server: Any) -> Self:
        """From settings: the sender and the fields of Server; raises BadAddressError, TypeError, ValueError."""
        return cls(Server(**server), Sender.parse(sender), per_minute)

    def address_of(self, person: Recipient) -> str | None:
        return person.email or None

    def send(self, envelope: Sealed) -> Outcome:
        try:
            content = to_bytes(envelope, self.sender)
        except BadAddressError as error:
            return Refused("address_refused", str(error))
        try:
            return self._hand_in(envelope.address, content)
        except (smtplib.SMTPException, OSError) as error:
            return _trouble(error)

    def _hand_in(self, address: str, content: bytes) -> Outcome:
        with contextlib.closing(self._connected()) as smtp:
            self._log_in(smtp)
            smtp.sendmail(self.sender.address, [address], content)
            # The server has the mail: a failing farewell must not make us send it again.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        return Sent()

    def _connected(self) -> smtplib.SMTP:
        server, me = self.server, self.sender.domain
        if server.security == "tls":
            return smtplib.SMTP_SSL(server.host, server.port, me, timeout=server.timeout, context=server.context)
        return smtplib.SMTP(server.host, server.port, me, timeout=server.timeout)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        if self.server.security == "starttls":
            smtp.starttls(context=self.server.context)
        if self.server.username:
            smtp.login(self.server.username, self.server.password)


def _trouble(error: Exception) -> Outcome:
    """4xx passes by; 5xx on the recipient or the text is final; all else is the server's or ours to mend."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, reply = next(iter(error.recipients.values()))
            return _answered(code, reply, "address_refused")
        case smtplib.SMTPDataError():
            return _answered(error.smtp_code, error.smtp_error, "message_refused")
    return Retry("channel_down", f"{type(error).__name__}: {error}", channel_down=True)


def _answered(code: int, reply: bytes | str, refusal: str) -> Outcome:
    said = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    detail = f"{code} {said}"
    return Refused(refusal, detail) if code >= 500 else Retry("server_busy", detail)
