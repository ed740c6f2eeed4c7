"""Posts bytes to a web address and tells, before anybody reads the answer, what its status means."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field
from pydantic.dataclasses import dataclass as checked

from notifications.channels.base import CHECKED, Refused, Retry

LONGEST_ANSWER = 64 * 1024
# Printable ASCII, no slash at the end.
WebAddress = Annotated[str, Field(pattern=r"^https?://[!-~]+[!-.0-~]$")]

# What no later try with the same settings can cure: the address or the key is wrong, or it points elsewhere.
SETTINGS = frozenset({401, 403, 404, 405, 407, 410})
PASSING = frozenset({408, 425})


@dataclass(frozen=True)
class Answer:
    """What the far side said."""

    status: int
    body: bytes


@checked(frozen=True, config=CHECKED)
class Endpoint:
    """A web address to post to. Raises ValidationError (a ValueError) for one that is not http or https.

    The address may hold a key: it is in no message of ours. `ca_file` is for an office's own certificate
    authority. `timeout`, in seconds, is for the whole exchange: a server that drips costs no more. No proxy is
    used and no redirection followed: a key must not travel where nobody sent it.
    """

    url: str = field(repr=False)
    ca_file: str | None = None
    timeout: float = 10.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not self.url.isascii():
            raise ValueError("the address does not begin with http:// or https:// and a host")

    def post(self, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises OSError or http.client.HTTPException when there is no whole answer in time."""
        parts = urlsplit(self.url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        with closing(self._connection()) as connection:
            connection.connect()
            with _hung_up_after(self.timeout, connection.sock):
                connection.request("POST", target, content, {"Content-Type": "application/json", **headers})
                return _read(connection.getresponse())

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        host, port = str(parts.hostname), parts.port
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self.timeout)
        context = ssl.create_default_context(cafile=self.ca_file)
        return http.client.HTTPSConnection(host, port, timeout=self.timeout, context=context)


def post(endpoint: Endpoint, content: bytes, headers: Mapping[str, str]) -> Answer | Retry | Refused:
    """The answer if its status is a success, or else what comes of it."""
    try:
        answer = endpoint.post(content, headers)
    except (http.client.HTTPException, OSError) as error:
        return Retry("channel_down", f"{type(error).__name__}: {error}", channel_down=True)
    return answer if 200 <= answer.status < 300 else _failure(answer.status)


def _failure(status: int) -> Retry | Refused:
    detail = f"HTTP {status}"
    if status == 429:
        return Retry("rate_limited", detail, channel_down=True)
    if status in SETTINGS or status < 400:
        return Retry("channel_refused", detail, channel_down=True)
    if status >= 500 or status in PASSING:
        return Retry("server_busy", detail)
    return Refused("message_refused", detail)


def _read(response: http.client.HTTPResponse) -> Answer:
    """The library gives half an answer without complaint when it is asked for no more than so many bytes."""
    body = response.read(LONGEST_ANSWER)
    if response.length:
        raise http.client.IncompleteRead(body, response.length)
    return Answer(response.status, body)


@contextmanager
def _hung_up_after(seconds: float, line: socket.socket) -> Iterator[None]:
    """A timeout of the socket begins anew with each byte; this one does not."""
    timer = threading.Timer(seconds, _hang_up, [line])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        # Past the encryption, which another thread may be in the middle of.
        socket.socket.shutdown(line, socket.SHUT_RDWR)
