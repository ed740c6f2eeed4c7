"""The mail channel against servers that refuse, hesitate, break off or lie; each is a real one on loopback."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from notifications.channels.base import Refused, Retry, Sealed, Sent
from notifications.channels.eml import Sender
from notifications.channels.mail import MailChannel, Server

CERTIFICATE = str(Path(__file__).with_name("loopback.pem"))
Serve = Callable[..., int]
ENVELOPE = Sealed(
    id="<2026-06-12.digest.0123456789abcdef@street.test>",
    person_id=1,
    channel="mail",
    day="2026-06-12",
    address="zhang@street.test",
    subject="【销号】您有 1 项逾期（6月12日）",
    body="张伟同志：\n",
    packed_at=1_781_224_200,
)


class Answering:
    """Answers RCPT and DATA as told, and counts what it took over."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data, self.taken = rcpt, data, 0

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        self.taken += self.data.startswith("250")
        return self.data


def _send(port: int, **options: Any) -> Any:
    server = Server("127.0.0.1", port, timeout=0.5, **options)
    return MailChannel(server, Sender.parse("整改办 <office@street.test>")).send(ENVELOPE)


@contextmanager
def _script(*answers: bytes) -> Iterator[int]:
    """A server that gives one answer per line it hears (the mail's text is one), then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_play, args=(listener, answers))
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


def _play(listener: socket.socket, answers: tuple[bytes, ...]) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as heard:
        for answer in answers:
            connection.sendall(answer)
            if answer.startswith(b"354"):
                while heard.readline() not in (b".\r\n", b""):
                    pass
            else:
                heard.readline()


HELLO = (b"220 ready\r\n", b"250 street.test\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n")


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"rcpt": "451 try later"}, Retry("server_busy", "451 try later")),
        ({"rcpt": "550 no such user"}, Refused("address_refused", "550 no such user")),
        ({"data": "452 disk full"}, Retry("server_busy", "452 disk full")),
        ({"data": "554 looks like spam"}, Refused("message_refused", "554 looks like spam")),
    ],
)
def test_4xx_is_tried_again_and_5xx_is_final(
    answers: dict[str, str], outcome: Retry | Refused, serve: Serve
) -> None:
    handler = Answering(**answers)

    assert _send(serve(handler)) == outcome
    assert handler.taken == 0


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = _send(port)

    assert isinstance(outcome, Retry)
    assert (outcome.reason, outcome.channel_down) == ("channel_down", True)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param((), id="hangs up at once"),
        pytest.param((b"22",), id="half a greeting"),
        pytest.param((b"554 not today\r\n",), id="refuses to talk"),
        pytest.param(HELLO[:2], id="hangs up after hello"),
        pytest.param(HELLO[:4], id="hangs up before the text"),
        pytest.param(HELLO, id="hangs up without taking the text over"),
        pytest.param((*HELLO, b"2"), id="half an answer to the text"),
        pytest.param((b"220 ready\r\n", b"nonsense\r\n"), id="talks nonsense"),
    ],
)
def test_a_server_that_breaks_off_is_tried_again(answers: tuple[bytes, ...]) -> None:
    with _script(*answers) as port:
        outcome = _send(port)

    assert isinstance(outcome, Retry)
    assert outcome.channel_down


def test_a_silent_server_costs_no_more_than_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        outcome = _send(listener.getsockname()[1])

    assert isinstance(outcome, Retry)
    assert "timed out" in outcome.detail.lower()


@pytest.mark.parametrize("farewell", [(), (b"421 bye\r\n",)])
def test_a_bad_farewell_after_the_mail_was_taken_over_does_not_send_it_again(farewell: tuple[bytes, ...]) -> None:
    with _script(*HELLO, b"250 taken\r\n", *farewell) as port:
        assert _send(port) == Sent()


def test_a_mail_is_not_sent_in_the_clear_where_encryption_is_asked_for(serve: Serve) -> None:
    handler = Answering()

    outcome = _send(serve(handler), security="starttls")

    assert isinstance(outcome, Retry)
    assert "STARTTLS" in outcome.detail
    assert handler.taken == 0


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.mark.parametrize(("ca_file", "taken"), [(CERTIFICATE, 1), (None, 0)])
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_is_encrypted_and_only_for_a_server_that_proves_who_it_is(
    security: str, ca_file: str | None, taken: int, serve: Serve
) -> None:
    handler = Answering()
    options = {"ssl_context": _tls()} if security == "tls" else {"tls_context": _tls(), "require_starttls": True}

    outcome = _send(serve(handler, **options), security=security, ca_file=ca_file)

    assert handler.taken == taken
    assert isinstance(outcome, Sent if taken else Retry)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # a password without TLS is for loopback only
@pytest.mark.parametrize(("password", "taken"), [("right", 1), ("wrong", 0)])
def test_log_in(password: str, taken: int, serve: Serve) -> None:
    def check(_s: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=isinstance(given, LoginPassword) and given.password == b"right")

    handler = Answering()
    options = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    outcome = _send(serve(handler, **options), username="office", password=password)

    assert handler.taken == taken
    assert isinstance(outcome, Sent if taken else Retry)
