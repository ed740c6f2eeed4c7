"""One conformance suite for every channel of the registry, played through the real dispatcher."""

import errno
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy import update
from sqlmodel import SQLModel

from notifications.channels import CHANNELS, build
from notifications.channels.apprise import AppriseChannel
from notifications.channels.base import Channel
from notifications.channels.chat import Robot
from notifications.delivery import Delivery

FRIDAY = "2026-06-12"
SENDER = "整改办 <office@street.test>"
LONG_TITLE = "部分社区挂图作战图未按月更新、责任科室与台账不一致，且整改佐证材料目录编号缺失" * 3
ENVELOPE = SQLModel.metadata.tables["envelope"]
WITHOUT_ID = (Robot, AppriseChannel)


@dataclass(frozen=True)
class Arrived:
    """What a receiver has before them; a chat message has no id."""

    id: str | None
    subject: str
    body: str


@dataclass(frozen=True)
class Bench:
    """A channel of the registry in working order, and what has arrived over it, with repetitions."""

    name: str
    channel: Channel
    arrived: Callable[[], list[Arrived]]
    raw: Callable[[], list[bytes]]


class Keeper:
    """An SMTP server's handler that keeps what it gets."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope.original_content)
        return "250 OK"


def _read(content: bytes) -> Arrived:
    assert all(len(line) <= 998 for line in content.splitlines())
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return Arrived(mail["Message-ID"], mail["Subject"], mail.get_content().replace("\r\n", "\n"))


@pytest.fixture
def inbox_bench(world: Any) -> Bench:
    def arrived() -> list[Arrived]:
        rows = [row for row in world.rows("envelope") if row.channel == "inbox"]
        return [Arrived(row.id, row.subject, row.body) for row in rows]

    return Bench("inbox", build("inbox", {}), arrived, list)


@pytest.fixture
def folder_bench(tmp_path: Path) -> Bench:
    folder = tmp_path / "mail"

    def raw() -> list[bytes]:
        return [path.read_bytes() for path in sorted(folder.glob("[!.]*.eml"))]

    return Bench(
        "folder",
        build("folder", {"directory": folder, "sender": SENDER}),
        lambda: [_read(one) for one in raw()],
        raw,
    )


@pytest.fixture
def mail_bench(serve: Callable[..., int]) -> Bench:
    handler = Keeper()
    channel = build("mail", {"host": "127.0.0.1", "port": serve(handler), "sender": SENDER})
    return Bench("mail", channel, lambda: [_read(one) for one in handler.taken], lambda: handler.taken)


@pytest.fixture
def sheet_bench(tmp_path: Path) -> Bench:
    def raw() -> list[bytes]:
        return [path.read_bytes() for path in sorted((tmp_path / "sheets").glob("[!.]*.docx"))]

    def read(content: bytes) -> Arrived:
        sheet = docx.Document(io.BytesIO(content))
        subject, *lines, receipt = (paragraph.text for paragraph in sheet.paragraphs)
        assert "签收人" in receipt
        return Arrived(sheet.core_properties.identifier, subject, "\n".join(lines) + "\n")

    channel = build("sheet", {"directory": tmp_path / "sheets"})
    return Bench("sheet", channel, lambda: [read(one) for one in raw()], raw)


def _robot_bench(name: str, web: Callable[..., Any], answer: bytes, text: Callable[[Any], str]) -> Bench:
    """A platform that answers in its own words; the text of a message is found in what is posted by `text`."""
    platform = web(lambda _posted: (200, answer))

    def arrived() -> list[Arrived]:
        texts = [text(json.loads(one.body)) for one in platform.posted]
        return [Arrived(None, *said.split("\n", 1)) for said in texts]

    channel = build(name, {"base_url": platform.url, "key": "k"})
    return Bench(name, channel, arrived, lambda: [one.body for one in platform.posted])


@pytest.fixture
def wecom_bench(web: Callable[..., Any]) -> Bench:
    return _robot_bench("wecom", web, b'{"errcode":0,"errmsg":"ok"}', lambda said: said["text"]["content"])


@pytest.fixture
def dingtalk_bench(web: Callable[..., Any]) -> Bench:
    return _robot_bench("dingtalk", web, b'{"errcode":0,"errmsg":"ok"}', lambda said: said["text"]["content"])


@pytest.fixture
def feishu_bench(web: Callable[..., Any]) -> Bench:
    return _robot_bench("feishu", web, b'{"code":0,"msg":"success"}', lambda said: said["content"]["text"])


@pytest.fixture
def webhook_bench(web: Callable[..., Any]) -> Bench:
    def read(content: bytes) -> Arrived:
        said = json.loads(content)
        return Arrived(said["id"], said["subject"], said["text"])

    receiver = web(lambda posted: (200, json.dumps({"received": json.loads(posted.body)["id"]}).encode()))
    channel = build("webhook", {"url": f"{receiver.url}/messages", "secret": "sixteen letters!"})
    bodies = lambda: [one.body for one in receiver.posted]  # noqa: E731
    return Bench("webhook", channel, lambda: [read(one) for one in bodies()], bodies)


@pytest.fixture
def apprise_bench(web: Callable[..., Any]) -> Bench:
    """The library takes the last line break away."""
    service = web(lambda _posted: (200, b""))

    def arrived() -> list[Arrived]:
        said = [json.loads(one.body) for one in service.posted]
        return [Arrived(None, one["title"], one["message"] + "\n") for one in said]

    channel = build("apprise", {"url": service.url.replace("http", "json")})
    return Bench("apprise", channel, arrived, lambda: [one.body for one in service.posted])


@pytest.fixture(params=sorted(CHANNELS))
def bench(request: pytest.FixtureRequest) -> Bench:
    found: Bench = request.getfixturevalue(f"{request.param}_bench")
    return found


@pytest.fixture
def over(delivery: Delivery) -> Callable[[Bench], Delivery]:
    def wired(bench: Bench) -> Delivery:
        channels = {**delivery.channels, bench.name: bench.channel}
        return replace(delivery, channels=channels, remotes_of=lambda _person, _day: [bench.name])

    return wired


@pytest.fixture
def wired(world: Any, over: Callable[[Bench], Delivery], bench: Bench) -> Delivery:
    """One digest with a long Chinese title is packed for person 1 over the channel under test."""
    world.add_line(1, f"{FRIDAY} 08:00", title=LONG_TITLE)
    made = over(bench)
    world.pack(f"{FRIDAY} 08:30", made)
    return made


def test_the_message_arrives_as_it_was_packed(world: Any, wired: Delivery, bench: Bench) -> None:
    done = world.dispatch(f"{FRIDAY} 08:31", wired)

    assert {one.state for one in done} == {"sent"}
    [row] = [row for row in world.rows("envelope") if row.channel == bench.name]
    [arrived] = bench.arrived()
    assert arrived == Arrived(None if isinstance(bench.channel, WITHOUT_ID) else row.id, row.subject, row.body)


def test_what_leaves_the_house_has_number_and_link_and_no_finding(
    world: Any, wired: Delivery, bench: Bench
) -> None:
    world.dispatch(f"{FRIDAY} 08:31", wired)

    [arrived] = bench.arrived()
    assert "http://xiaohao.street.test/problems/1" in arrived.body
    assert "（1）" in arrived.body
    assert "您有 1 项在办" in arrived.subject
    assert (LONG_TITLE in arrived.body) is not bench.channel.brief
    if bench.channel.brief:
        assert LONG_TITLE[:8].encode() not in b"".join(bench.raw())


def test_a_second_sending_has_the_same_id_and_the_same_bytes(world: Any, wired: Delivery, bench: Bench) -> None:
    world.dispatch(f"{FRIDAY} 08:31", wired)
    world.write(update(ENVELOPE).values(state="queued", lease_until=0))  # as if we died before the mark
    world.dispatch(f"{FRIDAY} 11:00", wired)

    assert len(set(bench.arrived())) == 1
    assert len(set(bench.raw())) <= 1


def test_a_long_chinese_subject_survives(world: Any, wired: Delivery, bench: Bench) -> None:
    subject = f"【销号】{LONG_TITLE}（6月12日）"
    world.write(update(ENVELOPE).values(subject=subject))

    world.dispatch(f"{FRIDAY} 08:31", wired)

    assert [one.subject for one in bench.arrived()] == [subject]


def test_a_line_of_one_dot_and_a_from_at_the_start_survive(world: Any, wired: Delivery, bench: Bench) -> None:
    body = "第一行\n.\n..\nFrom 谁\n\n最后一行\n"
    world.write(update(ENVELOPE).values(body=body))

    world.dispatch(f"{FRIDAY} 08:31", wired)

    assert [one.body for one in bench.arrived()] == [body]


def test_folder_and_mail_carry_the_same_bytes(
    world: Any, over: Callable[[Bench], Delivery], folder_bench: Bench, mail_bench: Bench
) -> None:
    world.add_line(1, f"{FRIDAY} 08:00", title=LONG_TITLE)
    world.pack(f"{FRIDAY} 08:30", over(folder_bench))
    world.dispatch(f"{FRIDAY} 08:31", over(folder_bench))
    world.write(update(ENVELOPE).where(ENVELOPE.c.channel == "folder").values(state="queued", channel="mail"))
    world.dispatch(f"{FRIDAY} 11:00", over(mail_bench))

    assert folder_bench.raw() == mail_bench.raw()
    assert len(folder_bench.raw()) == 1


def test_somebody_without_mail_is_named_in_the_folder_as_an_empty_group(
    world: Any, over: Callable[[Bench], Delivery], folder_bench: Bench
) -> None:
    world.add_line(3, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", over(folder_bench))
    world.dispatch(f"{FRIDAY} 08:31", over(folder_bench))

    mail = message_from_bytes(folder_bench.raw()[0], policy=policy.default)

    assert mail["To"].groups[0].display_name == "王强"
    assert mail["To"].addresses == ()


@pytest.mark.parametrize("address", ["li@@street.test", "两 个@street.test", "a@b\nBcc: c@d", "@street.test"])
@pytest.mark.parametrize("name", ["folder", "mail"])
def test_a_malformed_address_is_refused_for_good(
    request: pytest.FixtureRequest, world: Any, over: Callable[[Bench], Delivery], name: str, address: str
) -> None:
    bench = request.getfixturevalue(f"{name}_bench")
    world.change_person(1, email=address)
    world.add_line(1, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", over(bench))

    world.dispatch(f"{FRIDAY} 08:31", over(bench))

    [row] = [row for row in world.rows("envelope") if row.channel == name]
    assert row.state == "dead"
    assert row.error.startswith("address_refused: ")
    assert bench.raw() == []


def test_the_file_is_named_by_the_message_and_nothing_else_lies_there(
    world: Any, over: Callable[[Bench], Delivery], folder_bench: Bench, tmp_path: Path
) -> None:
    world.add_line(1, f"{FRIDAY} 08:00")
    [packed] = world.pack(f"{FRIDAY} 08:30", over(folder_bench))
    world.dispatch(f"{FRIDAY} 08:31", over(folder_bench))

    assert [path.name for path in (tmp_path / "mail").iterdir()] == [f"{packed.envelopes[1].strip('<>')}.eml"]


def test_a_full_disk_leaves_no_half_file(
    world: Any,
    over: Callable[[Bench], Delivery],
    folder_bench: Bench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    world.add_line(1, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", over(folder_bench))
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        world.dispatch(f"{FRIDAY} 08:31", over(folder_bench))

    assert list((tmp_path / "mail").iterdir()) == []
    assert "No space left" in next(row.error for row in world.rows("envelope") if row.channel == "folder")


def test_a_folder_that_cannot_be_written_is_tried_again(
    world: Any, over: Callable[[Bench], Delivery], folder_bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be", encoding="utf-8")
    world.add_line(1, f"{FRIDAY} 08:00")
    world.pack(f"{FRIDAY} 08:30", over(folder_bench))
    world.dispatch(f"{FRIDAY} 08:31", over(folder_bench))
    [row] = [row for row in world.rows("envelope") if row.channel == "folder"]
    assert (row.state, row.error[:12]) == ("queued", "channel_down")

    (tmp_path / "mail").unlink()
    world.dispatch(f"{FRIDAY} 08:32", over(folder_bench))

    assert len(folder_bench.arrived()) == 1
