"""People, posts and departments on the command line: who comes, who leaves, who stands in for whom."""

from typing import Annotated, Any

import typer

from desk import people
from desk.finding import NotFoundError, find_department, find_organization, find_person
from desk.set_up_office import UnknownKeyError
from engine import clock
from engine.commands import Outcome
from engine.database import Tx
from engine.organizations import SHANGHAI
from engine.working_days import local_day
from xiaohao.bootstrap import House
from xiaohao.cli.common import Acting, Data, Database, acting, day_of, open_house, out, stop

app = typer.Typer(no_args_is_help=True, help="人员：登记、任职、离岗、代行。")
departments = typer.Typer(no_args_is_help=True, help="科室（部门）：登记、排序。")
Who = Annotated[str, typer.Argument(help="人员的代号或姓名。")]
Unit = Annotated[str, typer.Option(help="单位或科室的代号。")]


@app.command("add")
def add(
    key: Annotated[str, typer.Argument(help="代号，如 zhang_ping。")],
    name: Annotated[str, typer.Argument(help="姓名。")],
    unit: Unit,
    role: Annotated[str, typer.Option(help="角色，如 officer。")],
    who: Acting,
    title: Annotated[str, typer.Option(help="职务。")] = "",
    email: Annotated[str | None, typer.Option(help="邮箱。")] = None,
    rank: Annotated[int, typer.Option(help="排名次序。")] = 0,
    database: Database = "",
    data: Data = None,
) -> None:
    """登记一个人和他的任职。"""
    house = open_house(database, data)
    posts = [{"unit": unit, "role": role, "title": title}]
    row = {"key": key, "name": name, "email": email, "rank_order": rank, "posts": posts}
    _kept(house, people.add_person, row, who)


@app.command("post")
def post(
    person: Who,
    unit: Unit,
    role: Annotated[str, typer.Option(help="角色，如 department_head。")],
    who: Acting,
    title: Annotated[str, typer.Option(help="职务。")] = "",
    since: Annotated[str | None, typer.Option("--from", help="从哪一天起；不写为今天。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """给一个人增加任职。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        values = {**_place(tx, unit), "role": role, "title": title, "from_on": _day(since)}
        person_id = find_person(tx, person)
    people.give_post(house.desk, person_id, values, acting(house.desk, who), clock.now())
    out.print(house.desk.words.say("cli.done"))


@app.command("leave")
def leave(
    person: Who,
    last_day: Annotated[str, typer.Option("--last-day", help="最后在岗的一天，如 2026-03-31。")],
    who: Acting,
    to: Annotated[str | None, typer.Option("--to", help="接手人；不写则由代行人或上一级接手。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """离岗交接：他名下在办的事项逐项交给接手人、代行人或上一级。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        leaver = find_person(tx, person)
        successor = find_person(tx, to) if to else None
    day = day_of(last_day).isoformat()
    outcomes = people.leave(house.desk, leaver, day, successor, acting(house.desk, who), clock.now())
    for one in outcomes:
        out.print(_told(house, one), markup=False)
    out.print(house.desk.words.say("leaving.left", n=len(outcomes), day=day))


@app.command("stand-in")
def stand_in(
    person: Who,
    by: Annotated[str, typer.Argument(help="代行人的代号或姓名。")],
    since: Annotated[str, typer.Option("--from", help="从哪一天起。")],
    until: Annotated[str, typer.Option("--until", help="到哪一天止，含当天。")],
    reason: Annotated[str, typer.Option(help="理由，如 外出学习。")],
    who: Acting,
    database: Database = "",
    data: Data = None,
) -> None:
    """登记代行：这段时间由另一人代行他的职责，办理记录写明代谁办理。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        ids = (find_person(tx, person), find_person(tx, by))
    one = people.StandIn(*ids, day_of(since).isoformat(), day_of(until).isoformat(), reason)
    people.let_stand_in(house.desk, one, acting(house.desk, who), clock.now())
    out.print(house.desk.words.say("cli.done"))


@departments.command("add")
def add_department(
    key: Annotated[str, typer.Argument(help="代号。")],
    name: Annotated[str, typer.Argument(help="名称。")],
    organization: Annotated[str, typer.Option(help="所属单位的代号。")],
    who: Acting,
    kind: Annotated[str, typer.Option(help="department、community、village 或 outside。")] = "department",
    rank: Annotated[int, typer.Option(help="排列次序。")] = 0,
    database: Database = "",
    data: Data = None,
) -> None:
    """登记科室、社区、村或外单位。"""
    house = open_house(database, data)
    row = {"key": key, "name": name, "organization": organization, "kind": kind, "rank_order": rank}
    _kept(house, people.add_department, row, who)


@departments.command("order")
def order(
    names: Annotated[list[str], typer.Argument(help="科室的代号或名称，按排列次序。")],
    who: Acting,
    database: Database = "",
    data: Data = None,
) -> None:
    """调整科室的排列次序；没有写到的排在后面。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        ids = [find_department(tx, name) for name in names]
    people.order_departments(house.desk, ids, acting(house.desk, who), clock.now())
    out.print(house.desk.words.say("cli.done"))


def _kept(house: House, keep: Any, row: dict[str, Any], who: str) -> None:
    try:
        keep(house.desk, row, acting(house.desk, who), clock.now())
    except (UnknownKeyError, LookupError) as error:
        if isinstance(error, NotFoundError):
            raise
        stop(house.desk.words.say("leaving.no_unit", unit=error.args[0]))
    out.print(house.desk.words.say("cli.done"))


def _told(house: House, outcome: Outcome) -> str:
    """A line for each case: who follows in which role, or why nothing was done."""
    words = house.desk.words
    if outcome.refusal is not None:
        return words.say("leaving.refused", case=outcome.case_id, why=house.desk.explain(outcome.refusal))
    with house.database.read() as tx:
        return people.followed(tx, house.runtime, words, outcome)


def _place(tx: Tx, unit: str) -> dict[str, int | None]:
    """A unit's organisation and, where it is one, its department."""
    try:
        department_id: int | None = find_department(tx, unit)
    except NotFoundError:
        return {"organization_id": find_organization(tx, unit), "department_id": None}
    return {"organization_id": people.home_of(tx, department_id or 0), "department_id": department_id}


def _day(text: str | None) -> str:
    return (day_of(text) if text else local_day(clock.now(), SHANGHAI)).isoformat()
