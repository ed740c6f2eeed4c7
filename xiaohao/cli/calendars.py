"""The working calendar on the command line: look, put a published list in force, approve what it moves."""

from pathlib import Path
from typing import Annotated

import typer

from desk.calendars import put_in_force, read_list, year_sheet
from desk.finding import NotFoundError, find_organization
from desk.recompute import Move, approve, propose, propose_period
from engine import clock
from engine.deadlines import Policy
from engine.words import Words
from workflows.rectification.periods import parse_period
from xiaohao.bootstrap import House
from xiaohao.cli.common import Acting, Data, Database, acting, chosen, open_house, out, stop

app = typer.Typer(no_args_is_help=True, help="工作日历：查看、导入放假安排、批准时限重算。")
Organization = Annotated[str | None, typer.Option(help="单位的代号或名称；只有一个巡察时可不写。")]
Old = Annotated[str | None, typer.Option("--instead-of", help="原来的期限，如 反馈之日起2个月。")]
New = Annotated[str | None, typer.Option("--period", help="改为的期限，如 反馈之日起3个月；与 --instead-of 同用。")]


@app.command("show")
def show(year: Annotated[int, typer.Argument(help="年份。")], database: Database = "", data: Data = None) -> None:
    """查看一年的放假和调休安排。"""
    house = open_house(database, data)
    words = house.desk.words
    with house.database.read() as tx:
        sheet = year_sheet(house.desk, tx, year)
    key = "title" if sheet.number else "unknown"
    out.print(words.say(f"calendar.{key}", year=year, number=sheet.number, worked=sheet.worked))
    if sheet.provisional:
        out.print(words.say("calendar.provisional"))
    if sheet.source:
        out.print(words.say("calendar.source", source=sheet.source), markup=False)
    if sheet.entered_by:
        out.print(words.say("calendar.entered", by=sheet.entered_by, on=sheet.entered_on), markup=False)
    for one in sheet.days:
        if one.name:
            weekday = words.say(f"weekday.{one.day.weekday()}")
            out.print(f"  {one.day} {weekday} {words.say(f'calendar.{one.kind}')} {one.name}", markup=False)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="放假安排：.xlsx、.csv 或 .toml。")],
    who: Acting,
    source: Annotated[str, typer.Option(help="依据，如 国办发明电〔2026〕7号；工作簿和 .csv 文件请写明。")] = "",
    database: Database = "",
    data: Data = None,
) -> None:
    """导入国务院公布的放假安排，作为该年日历的新一版。"""
    house = open_house(database, data)
    wanted = read_list(path.read_bytes(), path.name, source)
    changed = put_in_force(house.desk, acting(house.desk, who), wanted, clock.now())
    key = "calendar.in_force" if changed else "calendar.unchanged"
    out.print(house.desk.words.say(key, year=wanted.year))


@app.command("propose")
def propose_(
    organization: Organization = None,
    old: Old = None,
    new: New = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """列出现行日历（或新的期限）会改动的时限；什么都不改。"""
    house = open_house(database, data)
    moves = _moves(house, organization, old, new)
    words = house.desk.words
    for number, one in enumerate(moves, 1):
        out.print(_line(words, number, one), markup=False)
    out.print(words.say("calendar.how_to_approve" if moves else "calendar.no_moves"), markup=False)


@app.command("approve")
def approve_(
    who: Acting,
    organization: Organization = None,
    old: Old = None,
    new: New = None,
    only: Annotated[str, typer.Option(help="只批准这几项，写 propose 列出的序号，如 1,3。")] = "",
    database: Database = "",
    data: Data = None,
) -> None:
    """批准重算，逐项给出结果。"""
    house = open_house(database, data)
    moves = dict(enumerate(_moves(house, organization, old, new), 1))
    wanted = _wanted(house.desk.words, only, moves)
    outcomes = approve(house.desk, acting(house.desk, who), list(wanted.values()), clock.now())
    words = house.desk.words
    for (number, one), outcome in zip(wanted.items(), outcomes, strict=True):
        if outcome.refusal is None:
            out.print(words.say("calendar.approved", n=number, now=one.now, matter=one.matter), markup=False)
        else:
            why = house.desk.explain(outcome.refusal)
            out.print(words.say("calendar.refused", n=number, matter=one.matter, why=why), markup=False)
    if not wanted:
        out.print(words.say("calendar.no_moves"))
    if any(outcome.refusal for outcome in outcomes):
        raise SystemExit(1)


def _moves(house: House, organization: str | None, old: str | None, new: str | None) -> list[Move]:
    desk = house.desk
    with house.database.read() as tx:
        place = find_organization(tx, organization) if organization else chosen(desk, None).organization_id
        if old is None and new is None:
            return propose(desk, tx, place)
        return propose_period(desk, tx, place, _policy(desk.words, old), _policy(desk.words, new))


def _policy(words: Words, text: str | None) -> Policy:
    policy = parse_period(text) if text else None
    if policy is None:
        raise NotFoundError(words.say("calendar.bad_period", period=text or ""))
    return policy


def _wanted(words: Words, only: str, moves: dict[int, Move]) -> dict[int, Move]:
    chosen_ones = [one.strip() for one in only.split(",") if one.strip()]
    if not all(one.isdecimal() and int(one) in moves for one in chosen_ones):
        stop(words.say("calendar.bad_only", n=len(moves)))
    return {int(one): moves[int(one)] for one in chosen_ones} or moves


def _line(words: Words, number: int, one: Move) -> str:
    period = words.say("calendar.to_period", old=one.period, new=one.to_period) if one.to_period else one.period
    still = words.say("calendar.still_provisional") if one.provisional else ""
    blanks = {"matter": one.matter, "was": one.was, "now": one.now, "period": period, "provisional": still}
    return words.say("calendar.move", n=number, **blanks)
