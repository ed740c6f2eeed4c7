"""Mail over SMTP: tells a bad address from a passing failure, and sends the same bytes at every try."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass

from notifications.channels.base import Outcome, Recipient, Refused, Retry, Sealed, Sent
from notifications.channels.eml import BadAddressError, Sender, to_bytes


@dataclass(frozen=True)
class Server:
    """Where and how to hand mail in. `timeout` in seconds per answer; `ca_file` for an office's own authority."""

    host: str
    port: int = 25
    starttls: bool = False
    username: str = ""
    password: str = ""
    ca_file: str | None = None
    timeout: float = 20.0


@dataclass(frozen=True)
class MailChannel:
    """One connection per envelope: nothing of a half-dead one is carried over to the next person's mail."""

    server: Server
    sender: Sender

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
        server = self.server
        with contextlib.closing(
            smtplib.SMTP(server.host, server.port, local_hostname=self.sender.domain, timeout=server.timeout)
        ) as smtp:
            self._log_in(smtp)
            smtp.sendmail(self.sender.address, [address], content)
            # The server has the mail: a failing farewell must not make us send it again.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        return Sent()

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        if self.server.starttls:
            smtp.starttls(context=ssl.create_default_context(cafile=self.server.ca_file))
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
