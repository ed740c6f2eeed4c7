"""Chat robots and the webhook against servers that refuse, hesitate, break off or lie, each on loopback."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from notifications.channels import BadChannelError, build
from notifications.channels.base import Channel, Refused, Retry, Sealed, Sent
from notifications.delivery import Delivery

CERTIFICATE = str(Path(__file__).with_name("loopback.pem"))
FRIDAY = "2026-06-12"
KEY = "a-key-that-nobody-may-read"
NAMES = ("wecom", "dingtalk", "feishu", "webhook")
ENVELOPE = Sealed(
    id="<2026-06-12.digest.0123456789abcdef@street.test>",
    person_id=1,
    channel="wecom",
    day=FRIDAY,
    address="zhang",
    subject="【销号】您有 1 项逾期（6月12日）",
    body="张伟同志：\n",
    packed_at=1_781_224_200,
)
OK = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success"},
    "webhook": {"received": ENVELOPE.id},
}


def _channel(name: str, url: str, **options: Any) -> Channel:
    address = {"url": f"{url}/{KEY}", "secret": KEY} if name == "webhook" else {"base_url": url, "key": KEY}
    return build(name, {**address, "timeout": 0.3, **options})


def _said(name: str, web: Callable[..., Any], answer: Any, status: int = 200) -> Any:
    server = web(lambda _posted: (status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()))
    outcome = _channel(name, server.url).send(ENVELOPE)
    assert len(server.posted) == 1
    assert KEY not in repr(outcome)
    return outcome


@contextmanager
def _script(answer: bytes, *, drip: float = 0) -> Iterator[str]:
    """A server that takes one request whole, says `answer`, all at once or byte by byte, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_play, args=(listener, answer, drip))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)


def _play(listener: socket.socket, answer: bytes, drip: float) -> None:
    connection, _ = listener.accept()
    with connection:
        _take_request(connection)
        for piece in [answer[place : place + 1] for place in range(len(answer))] if drip else [answer]:
            time.sleep(drip)
            try:
                connection.sendall(piece)
            except OSError:
                return


def _take_request(connection: socket.socket) -> None:
    with connection.makefile("rb") as heard:
        length = 0
        while (line := heard.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        heard.read(length)


@pytest.mark.parametrize("name", NAMES)
def test_only_what_the_far_side_says_it_took_is_sent(name: str, web: Callable[..., Any]) -> None:
    assert _said(name, web, OK[name]) == Sent()


@pytest.mark.row(37)
@pytest.mark.parametrize(
    ("name", "answer", "outcome"),
    [
        (
            "wecom",
            {"errcode": 93000, "errmsg": "invalid webhook url"},
            Retry("channel_refused", "errcode 93000 invalid webhook url", channel_down=True),
        ),
        (
            "wecom",
            {"errcode": 45009, "errmsg": "api freq out of limit"},
            Retry("rate_limited", "errcode 45009 api freq out of limit", channel_down=True),
        ),
        ("wecom", {"errcode": 40058, "errmsg": "too long"}, Refused("message_refused", "errcode 40058 too long")),
        ("wecom", {"errcode": -1, "errmsg": "busy"}, Retry("server_busy", "errcode -1 busy")),
        ("wecom", {"errcode": 987654}, Retry("platform_refused", "errcode 987654")),
        (
            "dingtalk",
            {"errcode": 310000, "errmsg": "keywords not in content"},
            Retry("channel_refused", "errcode 310000 keywords not in content", channel_down=True),
        ),
        (
            "dingtalk",
            {"errcode": 130101, "errmsg": "send too fast"},
            Retry("rate_limited", "errcode 130101 send too fast", channel_down=True),
        ),
        (
            "feishu",
            {"code": 19024, "msg": "Key Words Not Found"},
            Retry("channel_refused", "code 19024 Key Words Not Found", channel_down=True),
        ),
        ("feishu", {"code": 9499, "msg": "Bad Request"}, Refused("message_refused", "code 9499 Bad Request")),
        ("webhook", {"received": "<another@street.test>"}, Retry("answer_unreadable", "HTTP 200")),
    ],
)
def test_200_with_a_no_in_the_body_is_a_no(name: str, answer: Any, outcome: Any, web: Callable[..., Any]) -> None:
    assert _said(name, web, answer) == outcome


@pytest.mark.row(37)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>please log in</html>", id="a gateway's page"),
        pytest.param(b'{"errcode":', id="half of it"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"0", id="a number"),
        pytest.param(b"{}", id="no code"),
        pytest.param(b'{"errcode": null, "code": null}', id="an empty code"),
        pytest.param(b'{"errcode": false, "code": false}', id="false is not zero"),
        pytest.param(b'{"errcode": "0", "code": "0"}', id="a text is not zero"),
        pytest.param(b'{"errcode": [0], "code": [0]}', id="a list is not zero"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
def test_200_with_an_unreadable_body_is_not_taken_for_a_yes(
    name: str, answer: bytes, web: Callable[..., Any]
) -> None:
    assert _said(name, web, answer) == Retry("answer_unreadable", "HTTP 200")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (302, Retry("channel_refused", "HTTP 302", channel_down=True)),
        (400, Refused("message_refused", "HTTP 400")),
        (401, Retry("channel_refused", "HTTP 401", channel_down=True)),
        (404, Retry("channel_refused", "HTTP 404", channel_down=True)),
        (408, Retry("server_busy", "HTTP 408")),
        (413, Refused("message_refused", "HTTP 413")),
        (429, Retry("rate_limited", "HTTP 429", channel_down=True)),
        (500, Retry("server_busy", "HTTP 500")),
        (503, Retry("server_busy", "HTTP 503")),
    ],
)
def test_a_bad_status_is_believed_whatever_the_body_says(
    name: str, status: int, outcome: Any, web: Callable[..., Any]
) -> None:
    assert _said(name, web, OK[name], status) == outcome


@pytest.mark.parametrize("name", NAMES)
def test_a_web_channel_finds_nobody_listening(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    outcome = _channel(name, f"http://127.0.0.1:{port}").send(ENVELOPE)

    assert isinstance(outcome, Retry)
    assert (outcome.reason, outcome.channel_down) == ("channel_down", True)


def _over_apprise(web: Callable[..., Any], status: int, answer: bytes) -> Any:
    server = web(lambda _posted: (status, answer))
    outcome = build("apprise", {"url": f"{server.url.replace('http', 'json')}/{KEY}"}).send(ENVELOPE)
    assert len(server.posted) == 1
    return outcome


@pytest.mark.row(37)
@pytest.mark.parametrize(
    "answer", [b'{"errcode": 93000, "errmsg": "invalid webhook url"}', b"<html>please log in</html>"]
)
def test_apprise_takes_200_with_a_no_in_the_body_for_a_yes(answer: bytes, web: Callable[..., Any]) -> None:
    """Its known weakness, as docs/settings.md says: a service with a channel of its own should use that."""
    assert _over_apprise(web, 200, answer) == Sent()


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 503])
def test_apprise_believes_a_bad_status_and_cannot_say_why(
    status: int, web: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert _over_apprise(web, status, b"") == Retry("service_refused")
    assert KEY not in caplog.text


def test_apprise_finds_nobody_listening() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    outcome = build("apprise", {"url": f"json://127.0.0.1:{port}/{KEY}"}).send(ENVELOPE)

    assert outcome == Retry("service_refused")


WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" + json.dumps(OK["webhook"] | OK["wecom"]).encode()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="hangs up"),
        pytest.param(b"HTTP/1.1", id="half a status line"),
        pytest.param(b"SMTP nonsense\r\n\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", id="half a header"),
        pytest.param(WHOLE, id="less than it promised"),
    ],
)
@pytest.mark.parametrize("name", ["wecom", "webhook"])
def test_a_web_server_that_breaks_off_is_tried_again(name: str, answer: bytes) -> None:
    with _script(answer) as url:
        outcome = _channel(name, url).send(ENVELOPE)

    assert isinstance(outcome, Retry)
    assert KEY not in repr(outcome)


@pytest.mark.parametrize("name", ["wecom", "webhook"])
def test_a_web_server_that_is_silent_or_drips_costs_no_more_than_the_timeout(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        silent = _channel(name, f"http://127.0.0.1:{listener.getsockname()[1]}").send(ENVELOPE)
    begun = time.monotonic()
    with _script(WHOLE, drip=0.05) as url:
        dripping = _channel(name, url).send(ENVELOPE)
    taken = time.monotonic() - begun

    assert [one.reason for one in (silent, dripping) if isinstance(one, Retry)] == ["channel_down"] * 2
    assert taken < 2


@pytest.mark.parametrize(("ca_file", "taken"), [(CERTIFICATE, 1), (None, 0)])
def test_a_key_goes_only_to_a_server_that_proves_who_it_is(
    ca_file: str | None, taken: int, web: Callable[..., Any]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = web(lambda _posted: (200, json.dumps(OK["wecom"]).encode()), context)

    outcome = _channel("wecom", server.url, ca_file=ca_file).send(ENVELOPE)

    assert len(server.posted) == taken
    assert isinstance(outcome, Sent if taken else Retry)


def test_the_wecom_robot_mentions_the_person_and_names_them(web: Callable[..., Any]) -> None:
    server = web(lambda _posted: (200, json.dumps(OK["wecom"]).encode()))

    _channel("wecom", server.url).send(ENVELOPE)

    [posted] = server.posted
    assert posted.path == f"/cgi-bin/webhook/send?key={KEY}"
    assert posted.headers["Content-Type"] == "application/json"
    assert json.loads(posted.body) == {
        "msgtype": "text",
        "text": {"content": f"{ENVELOPE.subject}\n{ENVELOPE.body}", "mentioned_list": ["zhang"]},
    }


@pytest.mark.parametrize("name", ["wecom", "dingtalk", "feishu"])
def test_a_hundred_matters_fit_and_say_that_there_are_more(
    name: str, world: Any, delivery: Delivery, web: Callable[..., Any]
) -> None:
    server = web(lambda _posted: (200, json.dumps(OK[name]).encode()))
    over = replace(
        delivery,
        channels={**delivery.channels, name: _channel(name, server.url)},
        remotes_of=lambda _person, _day: [name],
    )
    for number in range(100):
        world.add_line(1, f"{FRIDAY} 08:00", number=str(number), title=str(number), path=f"/problems/{number}")
    world.pack(f"{FRIDAY} 08:30", over)

    world.dispatch(f"{FRIDAY} 08:31", over)

    said = json.loads(server.posted[0].body)
    text = (said.get("text") or said["content"]).get("content") or said["content"]["text"]
    *links, last = text.splitlines()[3:]
    assert 1900 < len(text.encode()) <= 2048
    assert last == "……（篇幅所限，其余请登录系统查看）"
    assert [line.partition("/problems/")[2] for line in links] == [str(number) for number in range(len(links))]


@pytest.mark.row(3)
def test_a_robot_that_is_asked_too_often_gets_everything_later_and_once(
    world: Any, delivery: Delivery, web: Callable[..., Any]
) -> None:
    answers = iter([{"errcode": 45009, "errmsg": "api freq out of limit"}] * 2)
    server = web(lambda _posted: (200, json.dumps(next(answers, OK["wecom"])).encode()))
    over = replace(
        delivery,
        channels={**delivery.channels, "wecom": _channel("wecom", server.url)},
        remotes_of=lambda _person, _day: ["wecom"],
    )
    for person in (1, 2, 3):
        world.add_line(person, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", over)

    tried = []
    for minute in range(31, 36):
        before = len(server.posted)
        world.dispatch(f"{FRIDAY} 08:{minute}", over)
        tried.append(len(server.posted) - before)

    assert tried[0] == 1, "one no is enough for a pass"
    rows = [row for row in world.rows("envelope") if row.channel == "wecom"]
    assert [row.state for row in rows] == ["sent"] * 3
    assert len(server.posted) == 5
    assert len({one.body for one in server.posted}) == 3


def test_an_address_that_apprise_does_not_know_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadChannelError, match="apprise: url") as caught:
        build("apprise", {"url": "pigeon://a-secret-word"})

    assert "a-secret-word" not in str(caught.value)
