"""What runs by itself: the worker, one beat of it, and the sample year."""

from pathlib import Path
from typing import Annotated

import typer

from config.settings import Settings
from engine import clock
from xiaohao.cli.common import Data, Database, day_of, instant_of, open_to_run, out
from xiaohao.cli.papers import show_register
from xiaohao.cli.serving import serve_pages
from xiaohao.demo.accounts import give_accounts
from xiaohao.demo.year import last_moment, play, play_until
from xiaohao.run_once import run_once
from xiaohao.serving import moved_clock
from xiaohao.worker import beating, work


def worker(database: Database = "", data: Data = None) -> None:
    """持续运行：到期提醒、逾期升级、发送消息。"""
    work(open_to_run(database, data))


def beat(
    at: Annotated[str | None, typer.Option(help="按这一时刻运行，如 2026-03-10T09:00；不写为现在。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """运行一遍后退出，供 cron 或 systemd 调用。"""
    house = open_to_run(database, data)
    instant = None if at is None else instant_of(at)
    done = run_once(house, clock.now if instant is None else lambda: instant)
    figures = {
        "looked_at": done.swept.looked_at,
        "fired": done.swept.fired,
        "packed": sum(len(one.envelopes) for one in done.packed),
        "sent": done.sent,
        "failed": done.failed,
        "quarantined": len(done.swept.quarantined),
    }
    out.print(house.desk.words.say("cli.beat", **figures))


def demo(
    data: Annotated[Path, typer.Option("--dir", help="样例写入的目录，须为空。")] = Path("var/demo"),
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="演示结束后打开网页。")] = False,
    port: Annotated[int, typer.Option(help="网页的端口。")] = 8000,
    until: Annotated[str | None, typer.Option(help="演到这一天为止，如 2025-10-20，留作预演之用。")] = None,
) -> None:
    """演示：一个虚构街道的巡察整改，时钟由程序拨动；演完可打开网页逐个角色查看。"""
    settings = Settings(data=data, database="")
    if until is None:
        house, register = play(settings, _say)
        show_register(register)
    else:
        house = play_until(settings, _say, day_of(until))
    stands_at = last_moment(None if until is None else day_of(until))
    words = house.desk.words
    for one in give_accounts(house, stands_at):
        shown = words.say("cli.demo_account", role=one.role, who=one.key, name=one.name, password=one.password)
        out.print(shown, markup=False)
    out.print(words.say("cli.demo_done", folder=data), markup=False)
    if serve:
        with beating(house, moved_clock(stands_at)):
            serve_pages(house, "127.0.0.1", port, stands_at)


def _say(line: str) -> None:
    out.print(line, markup=False)
