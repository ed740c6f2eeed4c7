"""Alert ladders on the command line: which there are, what they do in words, a check of a file, and choosing."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy import select

from desk.finding import find_organization, find_problem
from desk.ladders import choose_for_organization, ladder_names, step_rows
from engine import clock
from engine.commands import Command
from engine.faults import read_text, read_toml
from engine.ladder_files import parse_ladder
from engine.ladders import Ladder
from engine.organizations import organization, parse_settings
from xiaohao.bootstrap import House
from xiaohao.cli.common import Data, Database, Named, acting, chosen, open_house, out, stop

app = typer.Typer(no_args_is_help=True, help="提醒阶梯：列出、查看、检查、选用。")
Name = Annotated[str, typer.Argument(help="名称，如 jiangjin；list 会列出。")]
COLUMNS = ("label", "when", "roles", "colour", "lane", "asks", "after_relapse")


@app.command("list")
def list_(database: Database = "", data: Data = None) -> None:
    """列出可以选用的提醒阶梯，和正在用它的单位。"""
    house = open_house(database, data)
    words = house.desk.words
    with house.database.read() as tx:
        ladders = [house.runtime.editions.ladders(tx, one)[0] for one in ladder_names(tx, house.runtime)]
        rows = tx.connection.execute(select(organization.c.name, organization.c.settings)).all()
    for one in ladders:
        users = [row.name for row in rows if parse_settings(row.settings).ladder == one.name]
        used = words.say("ladder.in_use", organizations="、".join(users)) if users else ""
        out.print(f"{one.name}　{words.label(one.label)}{used}", markup=False)
        out.print(words.say("ladder.source", source=one.source), markup=False)


@app.command("show")
def show(name: Name, database: Database = "", data: Data = None) -> None:
    """用文字说明一个提醒阶梯：何时、提醒谁、要求什么。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        try:
            [ladder] = house.runtime.editions.ladders(tx, name)
        except LookupError:
            there = "、".join(ladder_names(tx, house.runtime))
            stop(house.desk.words.say("refusal.no_such_ladder", name=name, there=there))
    _show(house, ladder)


@app.command("check")
def check(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="提醒阶梯文件（.toml）。")],
    database: Database = "",
    data: Data = None,
) -> None:
    """检查一个提醒阶梯文件，指出每一处毛病和改法；没有毛病就用文字说明它。"""
    house = open_house(database, data)
    text = read_text(path)
    read = read_toml(text, str(path))
    ladder = parse_ladder(read, str(path), house.runtime.registry.audience(str(read.get("name"))), text)
    _show(house, ladder)
    out.print(house.desk.words.say("ladder.well", path=path, n=len(ladder.steps)), markup=False)


@app.command("choose")
def choose(
    name: Annotated[str | None, typer.Argument(help="名称；不写则改回上级的设定。")] = None,
    unit: Annotated[str | None, typer.Option("--organization", help="单位的代号或名称。")] = None,
    problem: Annotated[str | None, typer.Option("--problem", help="问题序号；不写则为整次巡察。")] = None,
    inspection: Named = None,
    who: Annotated[str | None, typer.Option("--as", help="办理人的代号或姓名；为巡察或问题选用时须写。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """选用提醒阶梯：给单位、给一次巡察，或给一个问题；越具体的越优先。"""
    house = open_house(database, data)
    if unit is not None:
        _for_organization(house, unit, name)
    elif who is None:
        raise typer.BadParameter("请用 --as 写明办理人，或用 --organization 指明单位。")
    else:
        target = chosen(house.desk, inspection)
        with house.database.read() as tx:
            case_id = find_problem(tx, problem, target) if problem else target.id
        params = {"ladder": name}
        command = Command(action="choose_ladder", case_id=case_id, actor=acting(house.desk, who), params=params)
        house.desk.must([command], clock.now())
    _say_chosen(house, name)


def _for_organization(house: House, unit: str, name: str | None) -> None:
    if name is None:
        raise typer.BadParameter("请写明给这个单位选用哪一个提醒阶梯。")
    with house.database.read() as tx:
        organization_id = find_organization(tx, unit)
    choose_for_organization(house.desk, organization_id, name, clock.now())


def _say_chosen(house: House, name: str | None) -> None:
    words = house.desk.words
    if name is None:
        out.print(words.say("ladder.reset"))
        return
    with house.database.read() as tx:
        [ladder] = house.runtime.editions.ladders(tx, name)
    out.print(words.say("ladder.chosen", ladder=words.label(ladder.label)), markup=False)


def _show(house: House, ladder: Ladder) -> None:
    words = house.desk.words
    out.print(f"{ladder.name}　{words.label(ladder.label)}", markup=False)
    out.print(words.say("ladder.source", source=ladder.source), markup=False)
    rows = step_rows(ladder, house.runtime.registry.roles, words)
    table = Table()
    shown = [one for one in COLUMNS if any(getattr(row, one) for row in rows)]
    for column in shown:
        table.add_column(words.say(f"ladder.column_{column}"), overflow="fold")
    for row in rows:
        table.add_row(*(Text(getattr(row, one)) for one in shown))
    out.print(table)
