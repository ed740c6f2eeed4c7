"""Workflows on the command line: checked, listed, drawn, compared, and running cases moved to another edition."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

import config
from desk.check_workflows import check_families, check_ladders, check_paths
from desk.compare_workflows import told
from desk.draw_workflow import draw, place_of
from desk.editions_in_use import Use, in_use, workflow_numbered
from desk.finding import find_problem
from desk.migrate_workflow import Migration, Step, UnknownStatesError, migrate
from documents.diagram import mermaid
from documents.diagram_svg import svg
from engine import clock
from engine.faults import Fault, read_text
from engine.migrating import differences, state_map
from engine.registry import Registry
from engine.words import Words
from workflows import families
from xiaohao.bootstrap import House, load_words
from xiaohao.cli.common import Acting, Data, Database, Named, acting, chosen, open_house, out, stop

COLUMNS = ("kind", "label", "number", "live", "all", "in_force")

app = typer.Typer(no_args_is_help=True, help="流程：检查、列出、画图、比较、迁移。")
Kind = Annotated[str, typer.Argument(help="种类，如 problem；workflow list 会列出。")]


@app.command("check")
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="流程文件或文件夹；不写则检查系统自带的全部流程和提醒阶梯。")
    ] = None,
) -> None:
    """检查流程：每一处错误都写明文件、行、位置和改法。不需要数据库。"""
    words = load_words("zh")
    faults = check_families() or _checked_further(paths or [], Registry(families()))
    for fault in faults:
        out.print(str(fault), markup=False)
    if faults:
        stop(words.say("cli.doctor_faults", n=len(faults)))
    out.print(words.say("cli.doctor_well"))


def _checked_further(paths: list[Path], registry: Registry) -> list[Fault]:
    """What can only be judged with sound families: the ladders that serve them, and other files."""
    ladders = config.ladders()
    return check_ladders(ladders, registry) + check_paths(paths, registry, ladders)


@app.command("list")
def list_(database: Database = "", data: Data = None) -> None:
    """列出各类流程的版本，以及每个版本上有多少事项。"""
    house = open_house(database, data)
    words = house.desk.words
    with house.database.read() as tx:
        found = in_use(tx, house.runtime)
    table = Table(*(words.say(f"workflow.{column}") for column in COLUMNS))
    for one in found:
        table.add_row(*_row(one, words))
    out.print(table)


def _row(one: Use, words: Words) -> list[str]:
    in_force = words.say("story.yes") if one.in_force else ""
    return [one.kind, words.label(one.label), str(one.number), str(one.live), str(one.all), in_force]


@app.command("diagram")
def diagram(
    kind: Annotated[str | None, typer.Argument(help="种类；给出 --problem 或 --case 时可不写。")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="存成 .svg 图或 .mmd 文本；不写则打印文本。"),
    ] = None,
    problem: Annotated[str | None, typer.Option(help="标出这个问题现在在哪里。")] = None,
    case: Annotated[int | None, typer.Option(help="标出这一事项现在在哪里（编号）。")] = None,
    edition: Annotated[int | None, typer.Option(help="第几版；不写为现行版，有事项时为它所在的版。")] = None,
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """画出流程图，可标出一个问题现在的位置。"""
    house = open_house(database, data)
    if problem is not None:
        target = chosen(house.desk, inspection)
        with house.database.read() as tx:
            case = find_problem(tx, problem, target)
    with house.database.read() as tx:
        of_case = None if case is None else place_of(tx, house.runtime, case)
        asked = (of_case.kind, edition or of_case.number) if of_case else (kind or "", edition)
        workflow, number = workflow_numbered(tx, house.runtime, *asked)
    drawn = draw(workflow.definition, number, house.runtime.registry, house.desk.words, of_case)
    text = svg(drawn) if output is not None and output.suffix == ".svg" else mermaid(drawn)
    if output is None:
        out.print(text, markup=False, end="")
        return
    output.write_text(text, encoding="utf-8")
    out.print(house.desk.words.say("demo.written", path=output), markup=False)


@app.command("diff")
def diff(
    kind: Kind,
    old: Annotated[int | None, typer.Argument(help="旧版；不写为倒数第二版。")] = None,
    new: Annotated[int | None, typer.Argument(help="新版；不写为最新版。")] = None,
    file: Annotated[Path | None, typer.Option(exists=True, help="与一个还没有启用的流程文件比较。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """比较流程的两个版本。"""
    house = open_house(database, data)
    words = house.desk.words
    with house.database.read() as tx:
        numbers = sorted(house.runtime.editions.numbered(tx, kind))
        if file is None and old is None and len(numbers) == 1:
            stop(words.say("workflow.only_one", kind=kind))
        earlier = numbers[-2] if file is None and old is None and len(numbers) > 1 else old
        before = workflow_numbered(tx, house.runtime, kind, earlier)[0].definition
        after = workflow_numbered(tx, house.runtime, kind, new)[0].definition
    if file is not None:
        after = house.runtime.registry.parse(read_text(file), str(file))
        if after.kind != kind:
            stop(words.say("workflow.other_kind", path=file, kind=after.kind, wanted=kind))
    found = differences(before, after)
    for line in (line for one in found for line in told(one, house.runtime.registry, words)):
        out.print(line, markup=False)
    if not found:
        out.print(words.say("workflow.same"))


@app.command("migrate")
def migrate_(
    kind: Kind,
    who: Acting,
    to: Annotated[int, typer.Option(help="迁移到第几版。")],
    states: Annotated[list[str] | None, typer.Option("--map", help="状态对应：旧状态=新状态，可重复。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，什么也不写入。")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """把在办事项迁移到流程的另一版：全部迁移，或者一件也不动。"""
    house = open_house(database, data)
    words = house.desk.words
    with house.database.read() as tx:
        workflow_numbered(tx, house.runtime, kind, to)
    wanted = Migration(kind, to, state_map(_pairs(states or [], words)))
    try:
        steps = migrate(house.desk, wanted, acting(house.desk, who), clock.now(), dry_run=dry_run)
    except UnknownStatesError as error:
        stop(words.say("workflow.no_such_state", kind=kind, states="、".join(error.states)))
    for step in steps:
        out.print(_told(house, step, words), markup=False)
    refused = sum(step.refusal is not None for step in steps)
    if refused:
        stop(words.say("workflow.not_migrated", n=refused))
    out.print(words.say("workflow.would_migrate" if dry_run else "workflow.migrated", n=len(steps)))


def _pairs(states: list[str], words: Words) -> list[str]:
    for one in states:
        if not all(part.strip() for part in one.partition("=")):
            stop(words.say("workflow.bad_map", text=one))
    return states


def _told(house: House, step: Step, words: Words) -> str:
    before = words.label(step.before)
    if step.refusal is not None:
        return words.say("workflow.refused", case=step.case_id, before=before, why=house.desk.explain(step.refusal))
    after = words.label(step.after or step.before)
    return words.say("workflow.moved", case=step.case_id, before=before, after=after)
