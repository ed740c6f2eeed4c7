"""Anything that lives, on the command line: a family needs no commands of its own."""

from typing import Annotated

import typer

from desk.finding import NotFoundError, find_organization
from engine import clock
from engine.commands import OPEN, Command
from engine.permissions import hidden_from
from engine.view import View
from engine.words import Words
from engine.working_days import local_day
from xiaohao.bootstrap import House
from xiaohao.cli.common import Acting, Data, Database, acting, open_house, out, stop
from xiaohao.cli.steps import Basis, Signer, Values, params_of, report, scanned, show_possible, signed_by

app = typer.Typer(no_args_is_help=True, help="各类事项：登记、查看、办理。")
CaseId = Annotated[int, typer.Argument(help="事项编号。")]


@app.command("open")
def open_(
    kind: Annotated[str, typer.Argument(help="种类，如 hazard；workflow list 会列出。")],
    who: Acting,
    organization: Annotated[str | None, typer.Option(help="单位的代号或名称。")] = None,
    parent: Annotated[int | None, typer.Option(help="属于哪一事项（编号）；与 --organization 二选一。")] = None,
    values: Values = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """登记一个事项。"""
    house = open_house(database, data)
    desk = house.desk
    with house.database.read() as tx:
        workflow = house.runtime.editions.current(tx, kind)
        organization_id = find_organization(tx, organization) if organization else None
    if workflow is None:
        raise NotFoundError(
            desk.words.say("cli.no_kind", kind=kind, there="、".join(house.runtime.registry.workflows))
        )
    command = Command(
        action=OPEN,
        kind=kind,
        organization_id=organization_id,
        parent_id=parent,
        actor=acting(desk, who),
        params=params_of(desk, workflow.definition.opening, values or []),
    )
    [outcome] = desk.must([command], clock.now())
    out.print(desk.words.say("cli.case_open", case_id=outcome.case_id))


@app.command("act")
def act(
    case_id: CaseId,
    action: Annotated[str, typer.Argument(help="办理的步骤；show --as 会列出。")],
    who: Acting,
    values: Values = None,
    signer: Signer = None,
    basis: Basis = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """办理一步。"""
    house = open_house(database, data)
    desk = house.desk
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        _check_there(house, view, case_id)
        step = view.definition(view.case(case_id)).actions.get(action)
    command = Command(
        action=action,
        case_id=case_id,
        actor=acting(desk, who),
        params=params_of(desk, step, values or []) if step else {},
        signer=signed_by(desk, signer),
        basis=scanned(desk, basis),
    )
    report(desk, desk.commit([command], clock.now())[0])


@app.command("show")
def show(
    case_id: CaseId,
    who: Annotated[str | None, typer.Option("--as", help="从这个人的角度看能办什么。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """查看一个事项：状态、内容，以及现在能办什么。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        _check_there(house, view, case_id)
        _check_seen(house, view, case_id, who)
        lines = _lines(view, case_id, house.desk.words)
    for line in lines:
        out.print(line, markup=False)
    if who is not None:
        show_possible(house, case_id, acting(house.desk, who))


def _check_there(house: House, view: View, case_id: int) -> None:
    try:
        view.case(case_id)
    except LookupError:
        stop(house.desk.words.say("refusal.no_such_case", case_id=case_id))


def _check_seen(house: House, view: View, case_id: int, who: str | None) -> None:
    """What only some may see is shown to nobody who does not say who they are."""
    case = view.case(case_id)
    if not view.definition(view.root(case)).seen_by:
        return
    if who is None:
        stop(house.desk.words.say("cli.restricted"))
    today = local_day(clock.now(), view.body(case.organization_id).settings.zone).isoformat()
    if hidden_from(view, case, acting(house.desk, who), today):
        stop(house.desk.words.say("refusal.no_such_case", case_id=case_id))


def _lines(view: View, case_id: int, words: Words) -> list[str]:
    """The kind and state, the deadline, and every field that is filled in."""
    case = view.case(case_id)
    definition, fields = view.definition(case), view.fields(case)
    state = words.label(definition.states[case.state].label)
    lines = [f"{words.label(definition.label)} {case.id}：{state}　{words.say('round.nth', round=case.round)}"]
    if case.due_on:
        lines.append(f"  {words.say('story.due_on')}：{case.due_on}")
    filled = [one for one in definition.fields.values() if fields[one.name] not in (None, "", [])]
    return lines + [
        f"  {words.label(one.label)}：{words.sentences.get(f'word.{fields[one.name]}', fields[one.name])}"
        for one in filled
    ]
