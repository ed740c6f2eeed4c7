"""A problem's dossier as plain files."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from desk.finding import find_problem
from desk.make_dossier import SCRIPT, MissingFileError, make_dossier
from engine import clock
from xiaohao.cli.common import Data, Database, Named, chosen, open_house, out, stop


def dossier(
    number: Annotated[str, typer.Argument(help="问题序号，如 13。")],
    output: Annotated[Path, typer.Option("-o", "--output", help="生成的 .zip。")],
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """把一个问题的全部材料生成一个压缩包：现状、办理经过、佐证、校验码和校验脚本。"""
    house = open_house(database, data)
    target = chosen(house.desk, inspection)
    with house.database.read() as tx:
        problem_id = find_problem(tx, number, target)
    script = files("xiaohao").joinpath(SCRIPT).read_bytes()
    try:
        output.write_bytes(make_dossier(house.desk, problem_id, script, clock.now()))
    except MissingFileError as error:
        stop(str(error))
    out.print(house.desk.words.say("demo.written", path=output), markup=False)
