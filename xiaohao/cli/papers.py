"""Documents in and out: read, import, register, notice, wall chart."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from desk.fill_template import fill_register_template
from desk.finding import find_problem
from desk.make_notice import WordingError, notice_document, wording_of
from desk.make_register import Register, load_register, register_then, register_workbook, summary
from desk.make_slip import printed_slip
from desk.make_wall_chart import wall_chart
from documents.wall_chart_pdf import Paper, wall_chart_pdf
from engine import clock
from engine.seal import seal
from engine.working_days import local_day
from workflows.rectification.register import ProblemRow
from workflows.rectification.wording import close_out_text, number_text
from xiaohao.bootstrap import House
from xiaohao.cli.common import Data, Database, Named, chosen, day_of, moment_of, open_house, out, stop

FilePath = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="反馈意见或通报：.txt、.docx 等。")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="截至哪一天，如 2026-03-10：按当天结束时的记录；不写为今天。")
]


def register(
    context: typer.Context,
    inspection: Named = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="另存为工作簿。")] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", exists=True, dir_okay=False, help="上级的模板 .xlsx；填好后写入 -o。"),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="填好的模板。")] = None,
    as_of: AsOf = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """显示台账，或另存为工作簿；import 导入台账。"""
    if context.invoked_subcommand is not None:
        return
    if (template is None) != (output is None):
        raise typer.BadParameter("--template 和 -o 要一起写")
    house = open_house(database, data)
    loaded = _register(house, inspection, as_of)
    show_register(loaded)
    if xlsx is not None:
        xlsx.write_bytes(register_workbook(loaded))
        out.print(house.desk.words.say("demo.written", path=xlsx))
    if template is not None and output is not None:
        _fill(house, loaded, template, output)


def _fill(house: House, loaded: Register, template: Path, output: Path) -> None:
    """The template filled in, and what it asks for that the records do not hold."""
    filled = fill_register_template(house.desk, loaded, (template.name, template.read_bytes()))
    output.write_bytes(filled.content)
    words = house.desk.words
    if filled.left_empty:
        out.print(words.say("register.left_empty", which="、".join(filled.left_empty)), markup=False)
    out.print(words.say("demo.written", path=output), markup=False)


def notice(
    output: Annotated[Path, typer.Option("-o", "--output", help="生成的 .docx。")],
    inspection: Named = None,
    wording: Annotated[
        Path | None, typer.Option("--wording", exists=True, help="本单位的固定文字 notice.toml。")
    ] = None,
    inside: Annotated[bool, typer.Option("--inside", help="党内通报：包括区级同意不向社会公开的问题。")] = False,
    as_of: AsOf = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """生成整改情况的通报，数字全部由记录统计得出。"""
    house = open_house(database, data)
    loaded = _register(house, inspection, as_of)
    try:
        written = wording_of(loaded, wording or _own_wording(house, loaded))
    except WordingError as error:
        stop(str(error))
    output.write_bytes(notice_document(loaded, written, inside=inside))
    out.print(house.desk.words.say("demo.written", path=output))


def slip(
    number: Annotated[str, typer.Argument(help="问题序号，如 13。")],
    output: Annotated[Path, typer.Option("-o", "--output", help="生成的 .docx 或 .pdf。")],
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """生成一个问题的销号单，未签的环节留出签字的地方。"""
    house = open_house(database, data)
    target = chosen(house.desk, inspection)
    with house.database.read() as tx:
        problem_id = find_problem(tx, number, target)
    loaded = _register(house, inspection, None)
    suffix = ".pdf" if output.suffix.lower() == ".pdf" else ".docx"
    output.write_bytes(printed_slip(house.desk, loaded, loaded.row(problem_id), suffix))
    out.print(house.desk.words.say("demo.written", path=output))


def chart(
    output: Annotated[Path, typer.Option("-o", "--output", help="生成的 .pdf。")],
    paper: Annotated[Paper, typer.Option("--paper", help="纸张：a3 或 a1。")] = "a3",
    inspection: Named = None,
    as_of: AsOf = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """生成挂图作战的 PDF，供打印上墙。"""
    house = open_house(database, data)
    now = clock.now()
    with house.database.read() as tx:
        code = seal(tx, min(now, moment_of(as_of)) if as_of else now)
    output.write_bytes(wall_chart_pdf(wall_chart(_register(house, inspection, as_of), code), paper))
    out.print(house.desk.words.say("demo.written", path=output))


def show_register(register: Register) -> None:
    """The register as a table: one line a problem, and the counts below it."""
    words = register.words
    table = Table(title=words.say("register.title", inspection=register.inspection.name))
    for key in ("number", "title", "lead_official", "lead_department", "due_on", "standing"):
        fixed = key in ("number", "lead_official", "due_on")
        table.add_column(words.say(f"column.{key}"), overflow="fold", no_wrap=fixed, ratio=None if fixed else 1)
    for row in register.rows:
        table.add_row(
            number_text(row.fields),
            row.fields["title"],
            row.names("lead_official"),
            row.names("lead_department"),
            row.due_on or "",
            _standing(register, row),
        )
    out.print(table)
    for sentence in summary(register):
        out.print(sentence, markup=False)


def _standing(register: Register, row: ProblemRow) -> str:
    """Where it stands, with its close-out number, and which round it is in when it is not the first."""
    said = [register.where_it_stands(row), close_out_text(row.fields)]
    if row.round > 1:
        said.append(register.words.say("round.nth", round=row.round))
    return " ".join(one for one in said if one)


def _register(house: House, inspection: str | None, as_of: str | None) -> Register:
    target = chosen(house.desk, inspection)
    with house.database.read() as tx:
        zone = house.runtime.view(tx).body(target.organization_id).settings.zone
    today = local_day(clock.now(), zone)
    day = day_of(as_of) if as_of else today
    return register_then(house.desk, target, day) if day < today else load_register(house.desk, target, day)


def _own_wording(house: House, register: Register) -> Path:
    """Where the body keeps the fixed wording of its notices."""
    with house.database.read() as tx:
        key = house.runtime.view(tx).body(register.inspection.organization_id).key
    return house.settings.wordings / f"{key}.toml"
