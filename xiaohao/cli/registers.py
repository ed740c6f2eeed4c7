"""Registers on the command line: shown, written as a workbook, and read from the workbooks of an office."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from desk.desk import Desk
from desk.finding import Inspection, NotFoundError
from desk.import_register import RegisterPreview, column_of, import_register, preview_register, remember_names
from desk.match_register import Task
from desk.own_names import OwnNames
from documents.sheets.workbook import column_letter
from engine import clock
from engine.words import Words
from xiaohao.cli import papers
from xiaohao.cli.common import Acting, Data, Database, Named, acting, chosen, err, open_house, out

app = typer.Typer(help="台账：显示、另存、导入。")
app.callback(invoke_without_command=True)(papers.register)

SHOWN = 20  # problems of a preview
SheetPath = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="台账：.xlsx、.xls 或 .csv。")]
ColumnMap = Annotated[
    list[str] | None, typer.Option("--map", help="列名=我们的列名，如 落实人=经办人；“-”表示不读。可重复，记住。")
]
NameMap = Annotated[
    list[str] | None, typer.Option("--name", help="台账写法=登记的名称，如 综治办=平安建设办公室。可重复，记住。")
]


@app.command("import")
def import_(
    file: SheetPath,
    who: Acting,
    inspection: Named = None,
    columns: ColumnMap = None,
    names: NameMap = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接导入。")] = False,
    every: Annotated[bool, typer.Option("--all", help="列出全部问题。")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """导入台账：先预览，有错一次列出；确认后登记、分解、下达措施。"""
    desk = open_house(database, data).desk
    words, now = desk.words, clock.now()
    target = chosen(desk, inspection)
    said = OwnNames(
        {name: column_of(words, column) for name, column in _pairs(words, columns)}, dict(_pairs(words, names))
    )
    seen = preview_register(desk, target, (file.name, file.read_bytes()), now, said)
    _show(words, seen, len(seen.tasks) if every else SHOWN)
    if seen.faults:
        raise typer.Exit(1)
    figures = {"n": seen.new, "assigned": seen.assigned, "measures": seen.measures}
    if not yes and not typer.confirm(words.say("register.confirm", inspection=target.name, **figures)):
        out.print(words.say("cli.not_imported"))
        raise typer.Exit(1)
    _import(desk, seen, target, acting(desk, who), now)
    if said != OwnNames():
        remember_names(desk, target, said)
        out.print(words.say("register.remembered"))
    out.print(words.say("register.done", **figures))


def _import(desk: Desk, seen: RegisterPreview, target: Inspection, actor: str, now: int) -> None:
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*bar, console=err, transient=True) as progress:
        task = progress.add_task(desk.words.say("register.progress"), total=len(seen.tasks))
        import_register(
            desk, seen, target, actor, now, lambda done, total: progress.update(task, completed=done, total=total)
        )


def _show(words: Words, seen: RegisterPreview, shown: int) -> None:
    figures = {"problems": len(seen.tasks), "assigned": seen.assigned, "measures": seen.measures}
    out.print(words.say("register.read", file=seen.file_name, sheet=seen.reading.sheet, **figures), markup=False)
    out.print(words.say("register.columns", which="、".join(_columns(words, seen))), markup=False)
    for task in seen.tasks[:shown]:
        out.print(_line(words, task), markup=False)
    if len(seen.tasks) > shown:
        out.print(words.say("register.and_more", n=len(seen.tasks) - shown))
    for note in seen.notes:
        out.print(words.say("cli.fault", message=note), markup=False)
    if seen.reading.header.unknown:
        out.print(words.say("register.map_hint"))
    if seen.faults:
        out.print(words.say("register.faults", n=len(seen.faults)))
        for fault in seen.faults:
            out.print(f"  {fault}", markup=False)


def _line(words: Words, task: Task) -> str:
    number, title = task.opening.get("number", "？"), task.opening["title"]
    line = words.say("register.problem", row=task.row + 1, number=number, title=title, measures=len(task.measures))
    return line if task.assignment else line + words.say("register.not_assigned")


def _columns(words: Words, seen: RegisterPreview) -> Iterator[str]:
    header = seen.reading.header
    for key, place in sorted(header.columns.items(), key=lambda one: one[1]):
        meaning = words.sentences.get(f"column.{key}", key)
        yield words.say("register.column", letter=column_letter(place), label=header.labels[place], meaning=meaning)


def _pairs(words: Words, texts: list[str] | None) -> Iterator[tuple[str, str]]:
    for text in texts or []:
        name, separator, value = text.partition("=")
        if not (separator and name.strip() and value.strip()):
            raise NotFoundError(words.say("register.not_a_pair", text=text))
        yield name.strip(), value.strip()
