"""The outbox on the command line: what has not gone out and why, and sending it again."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from desk.outbox import DEAD, QUEUED, Entry, entries, find_entry
from desk.outbox import resend as send_again
from engine import clock
from engine.database import Tx
from engine.organizations import load_body
from notifications.words import explain
from notifications.words import load_words as load_delivery_words
from xiaohao.bootstrap import House, delivery
from xiaohao.cli.common import Data, Database, open_house, out

app = typer.Typer(no_args_is_help=True, help="待发消息：查看、重发。")

Handle = Annotated[str, typer.Argument(help="消息编号，如 3f9a20c1；列表中第一列。")]


@app.command("list")
def list_(
    dead: Annotated[bool, typer.Option("--dead", help="只列已停止发送、需要处理的。")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """列出没有发出去的消息和原因。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        found = entries(tx, (DEAD,) if dead else (QUEUED, DEAD))
        table = _table(house, tx, found)
    if found:
        out.print(table)
    out.print(house.desk.words.say("outbox.count" if found else "outbox.empty", n=len(found)), markup=False)


@app.command("show")
def show(handle: Handle, database: Database = "", data: Data = None) -> None:
    """显示一条消息的全文、去向和原因。"""
    house = open_house(database, data)
    words = house.desk.words
    with house.database.read() as tx:
        entry = find_entry(tx, handle)
        state = _state(house, tx, entry)
    channel = words.say(f"channel.{entry.channel}")
    out.print(words.say("outbox.to", person=entry.person, channel=channel, address=entry.address), markup=False)
    out.print(words.say("outbox.stands", state=state, n=entry.attempts), markup=False)
    if entry.error:
        out.print(words.say("outbox.why", why=_why(house, entry.error)), markup=False)
    out.print(words.say("outbox.id", id=entry.id), markup=False)
    out.print(f"\n{entry.subject}\n\n{entry.body}", markup=False)


@app.command("resend")
def resend(
    handles: Annotated[list[str], typer.Argument(help="消息编号，可写多个。")],
    database: Database = "",
    data: Data = None,
) -> None:
    """重发已停止的消息：编号和内容不变，地址按此人现在的登记。"""
    house = open_house(database, data)
    words, said = house.desk.words, []
    with house.database.begin() as tx:
        ways = delivery(house, tx)
        for handle in handles:
            entry = find_entry(tx, handle)
            address = send_again(tx, clock.now(), ways, entry, words)
            said.append(words.say("outbox.again", handle=entry.handle, person=entry.person, address=address))
    for sentence in said:
        out.print(sentence, markup=False)


def _table(house: House, tx: Tx, found: list[Entry]) -> Table:
    words = house.desk.words
    table = Table()
    for column in ("handle", "person", "channel", "state", "why"):
        table.add_column(words.say(f"outbox.column_{column}"), overflow="fold", no_wrap=column == "handle")
    for entry in found:
        why = _why(house, entry.error) if entry.error else ""
        channel = words.say(f"channel.{entry.channel}")
        state = _state(house, tx, entry)
        row = (entry.handle, entry.person, channel, state, why)
        table.add_row(*(Text(cell) for cell in row))
    return table


def _state(house: House, tx: Tx, entry: Entry) -> str:
    at = datetime.fromtimestamp(entry.sent_at or entry.next_try, load_body(tx, entry.organization_id).settings.zone)
    return house.desk.words.say(f"outbox.{entry.state}", at=f"{at:%Y-%m-%d %H:%M}")


def _why(house: House, error: str) -> str:
    return explain(load_delivery_words(house.settings.language), error)
