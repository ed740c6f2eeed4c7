"""What was set aside, on the command line: which cases, why, and letting them go on."""

from datetime import datetime
from typing import Annotated

import typer

from desk.quarantine import let_go, set_asides
from engine import clock
from engine.organizations import SHANGHAI
from xiaohao.cli.common import Data, Database, open_house, out

app = typer.Typer(no_args_is_help=True, help="搁置的事项：查看、放行。")


@app.command("list")
def list_(database: Database = "", data: Data = None) -> None:
    """列出因数据有误而停止提醒的事项和原因。"""
    house = open_house(database, data)
    words = house.desk.words
    with house.database.read() as tx:
        found = set_asides(house.runtime.view(tx), words)
    for one in found:
        at = f"{datetime.fromtimestamp(one.at, SHANGHAI):%Y-%m-%d %H:%M}"
        said = {"case_id": one.case_id, "matter": one.matter, "at": at, "error": one.error}
        out.print(words.say("quarantine.line", **said), markup=False)
    out.print(words.say("quarantine.count" if found else "quarantine.empty", n=len(found)), markup=False)


@app.command("release")
def release(
    case_ids: Annotated[list[int], typer.Argument(help="事项编号，list 的第一列；可写多个。")],
    database: Database = "",
    data: Data = None,
) -> None:
    """排除原因后放行：下一遍重新检查，仍有误的会再次搁置。"""
    house = open_house(database, data)
    with house.database.begin() as tx:
        for one in case_ids:
            let_go(tx, one, clock.now())
    out.print(house.desk.words.say("quarantine.released", n=len(case_ids)))
