"""Problems on the command line: open one by hand, look at it, take any step the door allows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.desk import Desk
from desk.file_evidence import Upload, file_evidence, keep
from desk.finding import Inspection, NotFoundError, find_department, find_person, find_problem
from desk.make_register import Register, load_register
from engine import clock
from engine.commands import OPEN, Command, Outcome
from engine.definitions import Action, Param
from engine.working_days import local_day
from workflows.rectification.register import MeasureRow, ProblemRow
from workflows.rectification.wording import number_text
from xiaohao.bootstrap import House
from xiaohao.cli.common import Acting, Data, Database, Named, acting, chosen, open_house, out, stop

app = typer.Typer(no_args_is_help=True, help="问题：登记、查看、办理。")
Number = Annotated[str, typer.Argument(help="问题序号，如 13。")]
Values = Annotated[list[str] | None, typer.Option("--set", help="这一步的内容，写作 名称=值，可重复。")]
ONE_OF = {"people": "person", "departments": "department", "cases": "case", "list": "text"}
OfMeasure = Annotated[int | None, typer.Option("--measure", help="第几项措施；不写则办理问题本身。")]


@app.command("open")
def open_(
    number: Number,
    title: Annotated[str, typer.Argument(help="问题。")],
    who: Acting,
    source: Annotated[
        str, typer.Option(help="来源：feedback、immediate_notice、special_inspection、petition 等。")
    ],
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """手工登记一个问题，如巡察期间的立行立改通知。"""
    house = open_house(database, data)
    target = chosen(house.desk, inspection)
    params = {"inspection_id": target.id, "number": number, "title": title, "source": source}
    command = Command(
        action=OPEN,
        kind="problem",
        organization_id=target.organization_id,
        actor=acting(house.desk, who),
        params=params,
    )
    house.desk.must([command], clock.now())
    out.print(house.desk.words.say("cli.done"))


@app.command("show")
def show(
    number: Number,
    inspection: Named = None,
    who: Annotated[str | None, typer.Option("--as", help="从这个人的角度看能办什么。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """查看一个问题：进展、措施，以及现在能办什么。"""
    house = open_house(database, data)
    target = chosen(house.desk, inspection)
    register, row = _row(house, target, number)
    _show_problem(register, row)
    if who is not None:
        _show_possible(house, row.id, acting(house.desk, who))


@app.command("act")
def act(
    number: Number,
    action: Annotated[str, typer.Argument(help="办理的步骤，如 confirm、submit、sign；show --as 会列出。")],
    who: Acting,
    inspection: Named = None,
    measure: OfMeasure = None,
    values: Values = None,
    signer: Annotated[str | None, typer.Option(help="线下签批人；须同时给出 --basis。")] = None,
    basis: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="签批件扫描件。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """办理一步。"""
    house = open_house(database, data)
    desk = house.desk
    target = chosen(desk, inspection)
    _, row = _row(house, target, number)
    case_id = row.id if measure is None else _measure(row, measure).id
    kind, step = _step(house, case_id, action)
    params = _params(desk, step, values or []) if step else {}
    opens = kind is not None
    command = Command(
        action=OPEN if opens else action,
        kind=kind,
        parent_id=case_id if opens else None,
        case_id=None if opens else case_id,
        actor=acting(desk, who),
        params=params,
        signer=acting(desk, signer) if signer else None,
        basis=keep(desk, basis.name, basis.read_bytes(), clock.now()) if basis else None,
    )
    _report(desk, desk.commit([command], clock.now())[0])


@app.command("file")
def file(
    number: Number,
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="佐证材料。")],
    who: Acting,
    title: Annotated[str, typer.Option(help="材料名称；不写用文件名。")] = "",
    about_on: Annotated[str | None, typer.Option(help="材料所涉日期。")] = None,
    inspection: Named = None,
    measure: OfMeasure = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """提交佐证材料。"""
    house = open_house(database, data)
    _, row = _row(house, chosen(house.desk, inspection), number)
    parent = row.id if measure is None else _measure(row, measure).id
    upload = Upload(path.name, title or path.stem, path.read_bytes(), about_on)
    _report(house.desk, file_evidence(house.desk, parent, upload, acting(house.desk, who), clock.now()))


def _report(desk: Desk, outcome: Outcome) -> None:
    if outcome.refusal is not None:
        stop(desk.explain(outcome.refusal))
    out.print(desk.words.say("cli.done"))


def _row(house: House, target: Inspection, number: str) -> tuple[Register, ProblemRow]:
    with house.database.read() as tx:
        problem_id = find_problem(tx, number, target)
        zone = house.runtime.view(tx).body(target.organization_id).settings.zone
    register = load_register(house.desk, target, local_day(clock.now(), zone))
    return register, next(row for row in register.rows if row.id == problem_id)


def _measure(row: ProblemRow, place: int) -> MeasureRow:
    if not 1 <= place <= len(row.measures):
        raise NotFoundError(f"（{row.fields['number']}）只有 {len(row.measures)} 项措施，没有第 {place} 项")
    return row.measures[place - 1]


def _step(house: House, case_id: int, action: str) -> tuple[str | None, Action | None]:
    """The action of the case's definition; `add_measure` opens a measure under it."""
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        definition = view.definition(view.case(case_id))
        if action == "add_measure":
            workflow = house.runtime.editions.current(tx, "measure")
            return "measure", workflow.definition.opening if workflow else None
        return None, definition.action(action)


def _params(desk: Desk, step: Action, values: list[str]) -> Mapping[str, Any]:
    """What was written as name=value, in the types the action asks for; people and departments by key or name."""
    params: dict[str, Any] = {}
    asked = {param.name: param for param in step.params}
    for one in values:
        name, _, value = one.partition("=")
        if name not in asked:
            raise NotFoundError(f"“{desk.words.label(step.label)}”没有“{name}”这一项，有：{'、'.join(asked)}")
        params[name] = _typed(desk, asked[name], value)
    return params


def _typed(desk: Desk, param: Param, value: str) -> Any:
    """A value in its type; a list is written with commas."""
    if param.type in ONE_OF:
        return [_one(desk, ONE_OF[param.type], one) for one in value.split(",")]
    if param.type == "bool":
        return value.lower() in ("1", "true", "yes", "是")
    return _one(desk, param.type, value)


def _one(desk: Desk, kind: str, value: str) -> Any:
    if kind in ("int", "case"):
        return int(value)
    with desk.database.read() as tx:
        if kind == "department":
            return find_department(tx, value)
        return find_person(tx, value) if kind == "person" else value


def _show_problem(register: Register, row: ProblemRow) -> None:
    words = register.words
    out.print(f"（{number_text(row.fields)}）{row.fields['title']}", markup=False)
    out.print(f"  {register.where_it_stands(row)}　{words.say('round.nth', round=row.round)}", markup=False)
    for role in ("lead_official", "lead_department", "supporting_department", "officer"):
        if row.names(role):
            out.print(f"  {words.say(f'column.{role}')}：{row.names(role)}", markup=False)
    if row.due_on:
        out.print(f"  {words.say('column.due_on')}：{row.due_on}", markup=False)
    for place, one in enumerate(row.measures, 1):
        track = words.say(f"word.{one.fields['track']}")
        state = words.say(f"measure.{one.state}")
        out.print(
            f"  {place}.【{track}】{one.fields['text']}（{'、'.join(one.officers)}，{one.due_on}，{state}）",
            markup=False,
        )


def _show_possible(house: House, case_id: int, actor: str) -> None:
    words = house.desk.words
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        definition = view.definition(view.case(case_id))
        possible = house.runtime.possible(tx, case_id, actor, clock.now())
    out.print(words.say("cli.possible"))
    for name, refusal in possible.items():
        label = words.label(definition.actions[name].label)
        if refusal is None:
            out.print(f"  {name}  {label}", markup=False)
    out.print(words.say("cli.impossible"))
    for name, refusal in possible.items():
        if refusal is not None:
            label = words.label(definition.actions[name].label)
            out.print(f"  {name}  {label}：{house.desk.explain(refusal)}", markup=False)
