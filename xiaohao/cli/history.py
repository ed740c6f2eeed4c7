"""The history on the command line: told in sentences, and checked."""

from typing import Annotated

import typer

from desk.finding import find_problem
from engine.database import Tx
from engine.history import Break, verify
from workflows.rectification.story import tell
from xiaohao.bootstrap import House
from xiaohao.cli.common import Data, Database, Named, chosen, open_house, out, stop

app = typer.Typer(no_args_is_help=True, help="办理记录：查看、校验。")


@app.command("show")
def show(
    number: Annotated[str, typer.Argument(help="问题序号，如 13。")],
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """用平实的话讲一个问题的办理经过。"""
    house = open_house(database, data)
    words = house.desk.words
    target = chosen(house.desk, inspection)
    with house.database.read() as tx:
        told = tell(house.runtime.view(tx), find_problem(tx, number, target), words)
    for one in told:
        details = f"（{'；'.join(one.details)}）" if one.details else ""
        out.print(f"{one.at:%Y-%m-%d %H:%M}  {one.who}：{one.what}{details}", markup=False)


@app.command("verify")
def verify_(database: Database = "", data: Data = None) -> None:
    """校验全部办理记录：有改动、缺失或与现状不符的，指明是哪个问题。"""
    house = open_house(database, data)
    words = house.desk.words
    with house.database.read() as tx:
        breaks = list(verify(tx, house.runtime))
        names = {one.root_id: _name(house, tx, one.root_id) for one in breaks}
    for one in breaks:
        out.print(_sentence(house, one, names[one.root_id]), markup=False)
    if breaks:
        stop(words.say("cli.broken", n=len({one.root_id for one in breaks})))
    out.print(words.say("cli.whole"))


def _sentence(house: House, found: Break, name: str) -> str:
    detail = f"（{found.detail}）" if found.detail else ""
    place = house.desk.words.say("cli.entry", seq=found.seq) if found.seq else ""
    return f"{name}：{place}{house.desk.words.say(f'break.{found.word}')}{detail}"


def _name(house: House, tx: Tx, root_id: int) -> str:
    """What people call a dossier: a problem by number and title, others by kind and name."""
    view = house.runtime.view(tx)
    try:
        case = view.case(root_id)
    except LookupError:
        return str(root_id)
    fields = view.fields(case)
    if case.kind == "problem":
        return f"（{fields['number']}）{fields['title']}"
    return f"{house.desk.words.label(view.definition(case).label)}{fields.get('name', root_id)}"
