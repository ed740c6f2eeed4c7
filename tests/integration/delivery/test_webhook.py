"""The webhook against a receiver that checks it the way docs/settings.md says, by the very lines printed there."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine import clock
from notifications.channels.base import Retry, Sealed, Sent
from notifications.channels.posting import Endpoint
from notifications.channels.webhook import WebhookChannel, sign

SETTINGS = Path(__file__).parents[3] / "docs" / "settings.md"
SECRET = "sixteen letters!"  # noqa: S105
NOW = 1_781_224_800
ENVELOPE = Sealed(
    id="<2026-06-12.digest.0123456789abcdef@street.test>",
    person_id=1,
    channel="webhook",
    day="2026-06-12",
    address="zhang",
    subject="【销号】您有 1 项逾期（6月12日）",
    body="张伟同志：\n（3） http://10.0.0.2/problems/3\n",
    packed_at=1_781_224_200,
)


@pytest.fixture(scope="module")
def receive() -> Callable[..., tuple[int, bytes]]:
    [source] = re.findall(r"```python\n(.*?)```", SETTINGS.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102  the lines that receivers copy
    found: Callable[..., tuple[int, bytes]] = names["receive"]
    return found


def _send(web: Callable[..., Any], receive: Any, *, secret: str = SECRET, now: int = NOW, at: int = NOW) -> Any:
    known: set[str] = set()
    receiver = web(lambda posted: receive(SECRET, posted.headers, posted.body, at, known))
    channel = WebhookChannel(Endpoint(receiver.url), secret, now=lambda: now)
    return channel.send(ENVELOPE), receiver, known


def test_the_receiver_finds_the_signature_right(web: Callable[..., Any], receive: Any) -> None:
    outcome, receiver, known = _send(web, receive)

    assert outcome == Sent()
    assert known == {ENVELOPE.id}
    assert json.loads(receiver.posted[0].body) == {
        "id": ENVELOPE.id,
        "person": "zhang",
        "day": "2026-06-12",
        "subject": ENVELOPE.subject,
        "text": ENVELOPE.body,
        "packed_at": ENVELOPE.packed_at,
    }


@pytest.mark.parametrize(
    "options", [{"secret": "another sixteen letters"}, {"at": NOW + 301}, {"now": NOW - 301}, {"now": NOW + 301}]
)
def test_another_secret_or_an_old_message_is_turned_away(
    options: dict[str, Any], web: Callable[..., Any], receive: Any
) -> None:
    outcome, _receiver, known = _send(web, receive, **options)

    assert outcome == Retry("channel_refused", "HTTP 401", channel_down=True)
    assert known == set()


def test_a_changed_body_is_turned_away(receive: Any) -> None:
    headers = {"X-Xiaohao-Timestamp": str(NOW), "X-Xiaohao-Signature": sign(SECRET, str(NOW), b"{}")}

    assert receive(SECRET, headers, b"{ }", NOW, set())[0] == 401


def test_a_later_try_has_the_same_body_and_a_new_signature(web: Callable[..., Any], receive: Any) -> None:
    known: set[str] = set()
    receiver = web(lambda posted: receive(SECRET, posted.headers, posted.body, NOW, known))
    first = WebhookChannel(Endpoint(receiver.url), SECRET, now=lambda: NOW)

    outcomes = [channel.send(ENVELOPE) for channel in (first, replace(first, now=lambda: NOW + 60))]

    assert outcomes == [Sent(), Sent()]
    assert len({posted.body for posted in receiver.posted}) == 1
    assert len({posted.headers["X-Xiaohao-Signature"] for posted in receiver.posted}) == 2
    assert known == {ENVELOPE.id}


def test_it_is_signed_with_the_time_of_sending(web: Callable[..., Any], receive: Any) -> None:
    known: set[str] = set()
    receiver = web(lambda posted: receive(SECRET, posted.headers, posted.body, clock.now(), known))

    assert WebhookChannel.of(url=receiver.url, secret=SECRET).send(ENVELOPE) == Sent()
