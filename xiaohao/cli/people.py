"""People and departments on the command line: an empty list to fill in, and the filled one read."""

from pathlib import Path
from typing import Annotated

import typer

from desk.import_people import PeoplePreview, import_people, people_template, preview_people
from engine import clock
from engine.organizations import SHANGHAI
from engine.words import Words
from engine.working_days import local_day
from xiaohao.cli.common import Data, Database, open_house, out

app = typer.Typer(no_args_is_help=True, help="单位、科室和人员：空表、导入。")


@app.command("template")
def template(
    output: Annotated[Path, typer.Option("-o", "--output", help="生成的 .xlsx。")],
    database: Database = "",
    data: Data = None,
) -> None:
    """生成一份空表，填好后导入。"""
    desk = open_house(database, data).desk
    output.write_bytes(people_template(desk))
    out.print(desk.words.say("demo.written", path=output), markup=False)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="名单：.xlsx、.xls 或 .csv。")],
    organization: Annotated[
        str | None, typer.Option(help="名单没有写明单位时，属于哪个单位（代号或名称）。")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接写入。")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """导入单位、科室和人员：逐行列出结果，有错一次列出，确认后写入；已有的不变动。"""
    desk = open_house(database, data).desk
    words = desk.words
    seen = preview_people(desk, (file.name, file.read_bytes()), organization)
    _show(words, file.name, seen)
    if seen.faults:
        raise typer.Exit(1)
    if not yes and not typer.confirm(words.say("people.confirm")):
        out.print(words.say("cli.not_imported"))
        raise typer.Exit(1)
    import_people(desk, seen, local_day(clock.now(), SHANGHAI).isoformat())
    out.print(words.say("people.done"))


def _show(words: Words, name: str, seen: PeoplePreview) -> None:
    figures = {what: seen.count(what) for what in ("organizations", "departments", "people")}
    out.print(words.say("people.read", file=name, **figures), markup=False)
    for one in seen.results:
        if one.word != "fault":
            said = {"sheet": one.sheet, "row": one.row + 1, "name": one.name}
            out.print(words.say("people.row", result=words.say(f"people.{one.word}"), **said), markup=False)
    if seen.faults:
        out.print(words.say("people.faults", n=len(seen.faults)))
        for one in seen.faults:
            out.print(f"  {one.text}", markup=False)
