"""Problems on the command line: open one by hand, look at it, take any step the door allows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from desk.dossiers_then import told_then
from desk.file_evidence import Upload, file_evidence
from desk.find_signals import find_signals
from desk.finding import Inspection, NotFoundError, find_problem
from desk.make_register import Register, load_register
from engine import clock
from engine.commands import OPEN, Command
from engine.definitions import Action
from engine.permissions import holds_any
from engine.working_days import local_day
from workflows.rectification.register import MeasureRow, ProblemRow
from workflows.rectification.wording import number_text
from xiaohao.bootstrap import House
from xiaohao.cli.common import Acting, AsOf, Data, Database, Named, acting, chosen, moment_of, open_house, out
from xiaohao.cli.steps import Basis, Signer, Values, params_of, report, scanned, show_possible, signed_by

app = typer.Typer(no_args_is_help=True, help="问题：登记、查看、办理。")
Number = Annotated[str, typer.Argument(help="问题序号，如 13。")]
# Steps that open a part of a problem or a measure, by what they are called here.
OPENS = {"add_measure": "measure", "request_extension": "extension"}
OF_EXTENSION = "extension."
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
    as_of: AsOf = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """查看一个问题：进展、措施，以及现在能办什么。"""
    house = open_house(database, data)
    target = chosen(house.desk, inspection)
    if as_of is not None:
        with house.database.read() as tx:
            lines = told_then(tx, house.desk, find_problem(tx, number, target), moment_of(as_of))
        for line in lines:
            out.print(line, markup=False)
        return
    register, row = _row(house, target, number)
    _show_problem(register, row)
    if who is not None:
        actor = acting(house.desk, who)
        _show_signals(house, target, row, actor)
        show_possible(house, row.id, actor)


@app.command("act")
def act(
    number: Number,
    action: Annotated[str, typer.Argument(help="办理的步骤，如 confirm、submit、sign；show --as 会列出。")],
    who: Acting,
    inspection: Named = None,
    measure: OfMeasure = None,
    values: Values = None,
    signer: Signer = None,
    basis: Basis = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """办理一步。"""
    house = open_house(database, data)
    desk = house.desk
    target = chosen(desk, inspection)
    _, row = _row(house, target, number)
    place = row.id if measure is None else _measure(row, measure).id
    todo = _step(house, place, action)
    params = params_of(desk, todo.step, values or []) if todo.step else {}
    command = Command(
        action=todo.action,
        kind=todo.kind,
        parent_id=place if todo.kind else None,
        case_id=None if todo.kind else todo.case_id,
        actor=acting(desk, who),
        params=params,
        signer=signed_by(desk, signer),
        basis=scanned(desk, basis),
    )
    report(desk, desk.commit([command], clock.now())[0])


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
    report(house.desk, file_evidence(house.desk, parent, upload, acting(house.desk, who), clock.now()))


def _row(house: House, target: Inspection, number: str) -> tuple[Register, ProblemRow]:
    with house.database.read() as tx:
        problem_id = find_problem(tx, number, target)
        zone = house.runtime.view(tx).body(target.organization_id).settings.zone
    register = load_register(house.desk, target, local_day(clock.now(), zone))
    return register, register.row(problem_id)


def _measure(row: ProblemRow, place: int) -> MeasureRow:
    if not 1 <= place <= len(row.measures):
        raise NotFoundError(f"（{row.fields['number']}）只有 {len(row.measures)} 项措施，没有第 {place} 项")
    return row.measures[place - 1]


@dataclass(frozen=True)
class _Step:
    """What a step typed on the command line means: an action of a case, or a new part (`kind`) of it."""

    action: str
    case_id: int
    step: Action | None
    kind: str | None = None


def _step(house: House, case_id: int, action: str) -> _Step:
    """`add_measure` and `request_extension` open a part; `extension.ACTION` is a step of its last request."""
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        if action in OPENS:
            workflow = house.runtime.editions.current(tx, OPENS[action])
            return _Step(OPEN, case_id, workflow.definition.opening if workflow else None, OPENS[action])
        case, name = view.case(case_id), action
        if action.startswith(OF_EXTENSION):
            name = action.removeprefix(OF_EXTENSION)
            requests = view.children(case, "extension")
            if not requests:
                raise NotFoundError(house.desk.words.say("cli.no_extension"))
            case = requests[-1]
        return _Step(name, case.id, view.definition(case).action(name))


def _show_signals(house: House, target: Inspection, row: ProblemRow, actor: str) -> None:
    """Hints for who reviews, and for nobody else: they are no verdict, and no reproach."""
    words = house.desk.words
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        today = local_day(clock.now(), view.body(target.organization_id).settings.zone).isoformat()
        reviews = holds_any(view, view.case(row.id), actor, ("auditor",), today)
        found = find_signals(view, target.id, row.id) if reviews else []
    if found:
        out.print(words.say("cli.signals"))
    for one in found:
        said = words.say("cli.explained", word=one.explained) if one.explained else ""
        out.print(f"  {one.word}  {words.say(f'word.{one.word}')}：{'、'.join(one.seen)}{said}", markup=False)


def _show_problem(register: Register, row: ProblemRow) -> None:
    words = register.words
    out.print(f"（{number_text(row.fields)}）{row.fields['title']}", markup=False)
    out.print(f"  {register.where_it_stands(row)}　{words.say('round.nth', round=row.round)}", markup=False)
    for role in ("lead_official", "lead_department", "supporting_department", "officer"):
        if row.names(role):
            out.print(f"  {words.say(f'column.{role}')}：{row.names(role)}", markup=False)
    if row.due_on:
        out.print(f"  {words.say('column.due_on')}：{register.deadline(row)}", markup=False)
    for place, one in enumerate(row.measures, 1):
        track = words.say(f"word.{one.fields['track']}")
        state = register.paused(one.clock) or words.say(f"measure.{one.state}")
        out.print(
            f"  {place}.【{track}】{one.fields['text']}"
            f"（{'、'.join(one.officers)}，{register.deadline(one)}，{state}）",
            markup=False,
        )
