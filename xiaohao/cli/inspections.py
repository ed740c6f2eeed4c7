"""Inspections on the command line: open one, list them, decide and issue the plan."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

import config
from desk.desk import Desk
from desk.finding import Inspection, find_organization, inspections
from desk.record_meeting import Meeting, decide_plan
from desk.set_milestones import read_periods, set_milestones
from desk.show_inspection import milestone_rows
from engine import clock
from engine.commands import OPEN, Command
from engine.faults import read_text
from engine.working_days import local_day
from xiaohao.cli.common import Acting, Data, Database, Named, acting, chosen, open_house, out

app = typer.Typer(no_args_is_help=True, help="巡察：建立、列出、审定和印发整改方案。")


@app.command("open")
def open_(
    name: Annotated[str, typer.Argument(help="名称。")],
    organization: Annotated[str, typer.Option(help="被巡察党组织的代号或名称。")],
    who: Acting,
    feedback_on: Annotated[str | None, typer.Option(help="反馈日期。")] = None,
    period_ends_on: Annotated[str | None, typer.Option(help="整改期限届满日期。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """建立一次巡察。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        organization_id = find_organization(tx, organization)
    params = {"name": name, "feedback_on": feedback_on, "period_ends_on": period_ends_on}
    command = Command(
        action=OPEN,
        kind="inspection",
        organization_id=organization_id,
        actor=acting(house.desk, who),
        params={key: value for key, value in params.items() if value},
    )
    house.desk.must([command], clock.now())
    out.print(house.desk.words.say("cli.inspection_open", name=name), markup=False)


@app.command("list")
def list_(database: Database = "", data: Data = None) -> None:
    """列出各次巡察。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        for one in inspections(tx):
            out.print(f"{one.id}  {one.name}", markup=False)


@app.command("decide-plan")
def decide_plan_(
    minutes: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="会议纪要扫描件。")],
    held_on: Annotated[str, typer.Option(help="会议日期。")],
    signer: Annotated[str, typer.Option(help="签批人的代号或姓名。")],
    who: Acting,
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """登记会议审定整改方案。"""
    house = open_house(database, data)
    meeting = Meeting(minutes.stem, held_on, acting(house.desk, signer), minutes.name, minutes.read_bytes())
    target = chosen(house.desk, inspection)
    decide_plan(house.desk, target.id, meeting, acting(house.desk, who), clock.now())
    out.print(house.desk.words.say("cli.done"))


@app.command("issue-plan")
def issue_plan(
    number: Annotated[str, typer.Option(help="方案文号。")],
    who: Acting,
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """印发整改方案。"""
    house = open_house(database, data)
    command = Command(
        action="issue_plan",
        case_id=chosen(house.desk, inspection).id,
        actor=acting(house.desk, who),
        params={"plan_number": number},
    )
    house.desk.must([command], clock.now())
    out.print(house.desk.words.say("cli.done"))


@app.command("milestones")
def milestones(
    who: Acting,
    periods: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="各节点期限的 .toml；不写用 config/milestones.toml。"),
    ] = None,
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """按期限设置巡察的各个节点；已经设置过的不重复设置。"""
    house = open_house(database, data)
    target = chosen(house.desk, inspection)
    text = read_text(periods) if periods else config.milestones()
    read = read_periods(text, periods.name if periods else "milestones.toml")
    outcomes, left_out = set_milestones(house.desk, target.id, read, acting(house.desk, who), clock.now())
    for outcome in outcomes:
        if outcome.refusal is not None:
            out.print(house.desk.explain(outcome.refusal), markup=False)
    if left_out:
        names = "、".join(house.desk.words.say(f"word.{one}") for one in left_out)
        out.print(house.desk.words.say("cli.no_anchor", names=names), markup=False)
    _show(house.desk, target)


@app.command("show")
def show(inspection: Named = None, database: Database = "", data: Data = None) -> None:
    """查看一次巡察的各个节点：应完成日期、完成日期、文号。"""
    house = open_house(database, data)
    _show(house.desk, chosen(house.desk, inspection))


def _show(desk: Desk, target: Inspection) -> None:
    words = desk.words
    with desk.database.read() as tx:
        today = local_day(clock.now(), desk.runtime.view(tx).body(target.organization_id).settings.zone)
    table = Table(title=target.name)
    for key in ("id", "milestone", "due_on", "standing", "done_on", "paper"):
        table.add_column(words.say(f"milestone.{key}"))
    for row in milestone_rows(desk, target.id, today):
        state = words.say("milestone.late") if row.late else row.state_label
        table.add_row(str(row.id), row.title, row.due_on or "", state, row.done_on or "", row.paper or "")
    out.print(table)
