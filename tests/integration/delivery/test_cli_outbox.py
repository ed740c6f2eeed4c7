"""The outbox on the command line, as the administrator types it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlmodel import SQLModel
from terminal import Terminal

from engine.database import Database

ENVELOPE = SQLModel.metadata.tables["envelope"]
PERSON = SQLModel.metadata.tables["person"]
ERRORS = {
    "aaaa0001": ("dead", "folder", "address_refused: 550 no such user"),
    "aaaa0002": ("dead", "folder", "too_many_attempts: server_busy: 451 later"),
    "aaaa0003": ("queued", "folder", "rate_limited: errcode 45009"),
    "aaaa0004": ("sent", "inbox", None),
    "aaaa0005": ("dead", "wecom", "channel_refused: errcode 93000"),
}


@dataclass(frozen=True)
class Console:
    """The command line of one installation."""

    terminal: Terminal
    options: tuple[str, ...]

    def __call__(self, *words: str, ok: bool = True) -> str:
        return (self.terminal.ok if ok else self.terminal.no)("outbox", *words, *self.options)


@pytest.fixture
def outbox(office_template: Callable[[str], str], tmp_path: Path) -> Console:
    """An office with five messages to one person, each on a day of its own."""
    path = tmp_path / "xiaohao.db"
    shutil.copyfile(office_template("sqlite").removeprefix("sqlite:///"), path)
    database = Database(f"sqlite:///{path}")
    with database.begin() as tx:
        person = tx.connection.execute(select(PERSON.c.id).order_by(PERSON.c.id).limit(1)).scalar_one()
        for day, (handle, (state, channel, error)) in enumerate(ERRORS.items(), 1):
            row = {"id": f"<2026-06-{day:02}.digest.{handle}@street.test>", "person_id": person, "channel": channel}
            row |= {"lane": "digest", "day": f"2026-06-{day:02}", "address": "old@street.test", "lines": "[]"}
            row |= {
                "subject": f"【销号】您有 {day} 项在办",
                "body": "您好！[这不是标记]\n",
                "state": state,
                "error": error,
            }
            row |= {"attempts": 1, "next_try": 1_781_224_200, "lease_until": 0, "fence": 1, "packed_at": day}
            tx.connection.execute(
                insert(ENVELOPE).values(row | {"sent_at": 1_781_224_260 if state == "sent" else None})
            )
    database.dispose()
    return Console(Terminal(tmp_path), ("--dir", str(tmp_path)))


def test_the_list_shows_what_did_not_go_out(outbox: Console) -> None:
    said = outbox("list")

    assert [handle in said for handle in ERRORS] == [True, True, True, False, True]
    assert "共 4 条" in said
    assert "aaaa0003" not in outbox("list", "--dead")


def test_a_message_is_shown_whole_with_its_reason(outbox: Console) -> None:
    said = outbox("show", "aaaa0002")

    assert "通道：邮件文件夹　地址：old@street.test" in said
    assert "状态：已停止　已试 1 次" in said
    assert "原因：多次发送未成功，已停止，请排除原因后重发。最后一次：对方服务器暂时不收（451 later）" in said
    assert "编号：<2026-06-02.digest.aaaa0002@street.test>" in said
    assert "【销号】您有 2 项在办\n\n您好！[这不是标记]" in said


def test_times_are_those_of_the_office(outbox: Console) -> None:
    assert "已发送，2026-06-12 08:31" in outbox("show", "aaaa0004")
    assert "待发送，2026-06-12 08:30起" in outbox("show", "aaaa0003")


def test_stopped_messages_are_sent_again(outbox: Console, tmp_path: Path) -> None:
    said = outbox("resend", "aaaa0001", "aaaa0002")

    assert said.count("已重新排队") == 2
    assert "old@street.test" not in said
    outbox.terminal.ok("beat", *outbox.options)
    assert [path.name for path in sorted((tmp_path / "mail").iterdir())] == [
        f"2026-06-0{day}.digest.aaaa000{day}@street.test.eml" for day in (1, 2, 3)
    ]


def test_of_two_messages_one_of_which_cannot_be_sent_again_none_is(outbox: Console) -> None:
    assert "已发出或正在排队" in outbox("resend", "aaaa0001", "aaaa0004", ok=False)
    assert "aaaa0001" in outbox("list", "--dead")


@pytest.mark.parametrize(
    ("handle", "said"),
    [
        ("aaaa0005", "系统没有配置“wecom”通道"),
        ("bbbb", "没有编号为“bbbb”的消息"),
        ("aaaa", "不止一条"),
    ],
)
def test_what_cannot_be_sent_again_says_why(outbox: Console, handle: str, said: str) -> None:
    assert said in outbox("resend", handle, ok=False)
