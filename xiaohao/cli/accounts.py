"""Who may log in to the pages."""

import sys
from typing import Annotated

import typer

from desk.account_record import CONSOLE
from desk.accounts import end_sessions, set_password
from engine import clock
from engine.organizations import names
from xiaohao.bootstrap import House
from xiaohao.cli.common import Data, Database, acting, open_house, out

app = typer.Typer(no_args_is_help=True, help="网页账号：设置密码、退出登录。")
Person = Annotated[str, typer.Argument(help="人员的代号或姓名。")]


@app.command("set")
def set_(
    person: Person,
    stdin: Annotated[bool, typer.Option("--stdin", help="密码从标准输入的第一行读取，不提示。")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """设置密码；原有登录全部退出。"""
    house = open_house(database, data)
    person_id = int(acting(house.desk, person))
    password = sys.stdin.readline().rstrip("\r\n") if stdin else _asked(house)
    set_password(house.desk, person_id, password, clock.now(), by=CONSOLE)
    out.print(house.desk.words.say("cli.account_set", name=_name(house, person_id)))


@app.command("log-out")
def log_out(person: Person, database: Database = "", data: Data = None) -> None:
    """退出某人的全部登录。"""
    house = open_house(database, data)
    person_id = int(acting(house.desk, person))
    end_sessions(house.desk, person_id)
    out.print(house.desk.words.say("cli.logged_out", name=_name(house, person_id)))


def _asked(house: House) -> str:
    """Typed twice, and never shown."""
    typed: str = typer.prompt(house.desk.words.say("cli.password"), hide_input=True, confirmation_prompt=True)
    return typed


def _name(house: House, person_id: int) -> str:
    with house.database.read() as tx:
        return names(tx, [person_id])[person_id]
