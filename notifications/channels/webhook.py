"""Hands messages to a system of the office's own, signed so that it can tell ours from anybody else's."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from engine import clock
from notifications.channels.base import Outcome, PerMinute, Recipient, Retry, Sealed, Sent
from notifications.channels.posting import Answer, Endpoint, WebAddress, post

TIMESTAMP = "X-Xiaohao-Timestamp"
SIGNATURE = "X-Xiaohao-Signature"
SHORTEST_SECRET = 16


@dataclass(frozen=True)
class WebhookChannel:
    """Posts `{"id", "person", "day", "subject", "text", "packed_at"}`; the same id is the same bytes.

    A 2xx alone does not count: a log-in page of a gateway has it, too. The receiver answers
    `{"received": "<id>"}`, also for an id that it has already. Raises ValueError for a secret that can be guessed.
    """

    endpoint: Endpoint
    secret: str = field(repr=False)
    per_minute: int | None = None
    now: Callable[[], int] = clock.now
    brief: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if len(self.secret) < SHORTEST_SECRET:
            raise ValueError(f"secret: shorter than {SHORTEST_SECRET} characters")

    @classmethod
    def of(cls, *, url: WebAddress, secret: str, per_minute: PerMinute | None = None, **endpoint: Any) -> Self:
        """From settings; `endpoint` as in Endpoint. Raises ValueError, TypeError."""
        return cls(Endpoint(url, **endpoint), secret, per_minute)

    def address_of(self, person: Recipient) -> str:
        return person.key

    def send(self, envelope: Sealed) -> Outcome:
        content = _content(envelope)
        timestamp = str(self.now())
        headers = {TIMESTAMP: timestamp, SIGNATURE: sign(self.secret, timestamp, content)}
        answer = post(self.endpoint, content, headers)
        if not isinstance(answer, Answer):
            return answer
        return Sent() if _received(answer) == envelope.id else Retry("answer_unreadable", f"HTTP {answer.status}")


def sign(secret: str, timestamp: str, content: bytes) -> str:
    """HMAC-SHA256 over `timestamp.content`, in hexadecimal; the instant of sending in it ends replays."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + content, hashlib.sha256).hexdigest()


def _content(envelope: Sealed) -> bytes:
    said = {
        "id": envelope.id,
        "person": envelope.address,
        "day": envelope.day,
        "subject": envelope.subject,
        "text": envelope.body,
        "packed_at": envelope.packed_at,
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _received(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)["received"]
    except (ValueError, KeyError, TypeError):
        return None
