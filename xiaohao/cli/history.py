"""The history on the command line: told in sentences, and checked."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from desk.finding import find_problem
from engine import clock
from engine.daily_seals import broken_seals, lost_seals, seals
from engine.database import Tx
from engine.editions import altered
from engine.faults import read_text
from engine.history import Break, verify
from engine.organizations import SHANGHAI
from engine.seal import export, seal
from engine.words import Words
from engine.working_days import local_day, start_of
from workflows.rectification.story import tell
from xiaohao.bootstrap import House
from xiaohao.cli.common import AsOf, Data, Database, Named, chosen, moment_of, open_house, out, stop

app = typer.Typer(no_args_is_help=True, help="办理记录：查看、校验。")


class Kept(NamedTuple):
    """A seal that somebody has kept: the instant that it covers (epoch seconds UTC) and its code."""

    at: int
    seal: str


@app.command("show")
def show(
    number: Annotated[str, typer.Argument(help="问题序号，如 13。")],
    as_of: AsOf = None,
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """用平实的话讲一个问题的办理经过。"""
    house = open_house(database, data)
    words = house.desk.words
    target = chosen(house.desk, inspection)
    with house.database.read() as tx:
        told = tell(house.runtime.view(tx), find_problem(tx, number, target), words)
    until = None if as_of is None else datetime.fromtimestamp(moment_of(as_of), SHANGHAI)
    for one in (one for one in told if until is None or one.at <= until):
        details = f"（{'；'.join(one.details)}）" if one.details else ""
        out.print(f"{one.at:%Y-%m-%d %H:%M}  {one.who}：{one.what}{details}", markup=False)


@app.command("verify")
def verify_(
    seal_file: Annotated[
        Path | None, typer.Option("--seal", exists=True, help="以前用 history seal 存下的封签，一并核对。")
    ] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """校验全部办理记录：有改动、缺失或与现状不符的，指明是哪个问题。"""
    house = open_house(database, data)
    verified(house, None if seal_file is None else _kept(house, seal_file))


def verified(house: House, kept: Kept | None = None) -> None:
    """Say that every chain and every seal holds, the kept one too, or stop with everything that does not."""
    words = house.desk.words
    with house.database.read() as tx:
        breaks = list(verify(tx, house.runtime))
        names = {one.root_id: _name(house, tx, one.root_id) for one in breaks}
        beside = [*_seals_told(tx, words), *(words.say("cli.edition_altered", name=one) for one in altered(tx))]
        found = seal(tx, kept.at) if kept else None
    for one in breaks:
        out.print(_sentence(house, one, names[one.root_id]), markup=False)
    if breaks:
        # After the problems by name: a seal only says that something before its day was changed.
        beside.insert(0, words.say("cli.broken", n=len({one.root_id for one in breaks})))
    if kept and found != kept.seal:
        beside.append(words.say("cli.seal_differs", kept=kept.seal, found=found))
    if beside:
        stop("\n".join(beside))
    if kept:
        out.print(words.say("cli.seal_agrees", seal=found))
    out.print(words.say("cli.whole"))


def _seals_told(tx: Tx, words: Words) -> Iterator[str]:
    for one in broken_seals(tx):
        yield words.say("cli.day_seal_differs", day=one.day, seal=one.code)
    if lost := lost_seals(tx):
        yield words.say("cli.day_seal_missing", n=len(lost), first=lost[0], last=lost[-1])


@app.command("seal")
def seal_(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="把封签存成文件。")] = None,
    at: Annotated[str | None, typer.Option(help="截至这一时刻，如 2026-10-16T17:30；不写为昨天结束时。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """给截至某一时刻的全部办理记录加封：打印出来保存，日后可以核对。"""
    house = open_house(database, data)
    # Not the present moment: what is entered in the same second, or is just being written, would break the seal.
    last_night = start_of(local_day(clock.now(), SHANGHAI), SHANGHAI) - 1
    instant = last_night if at is None else moment_of(at)
    with house.database.read() as tx:
        code = seal(tx, instant)
    until = datetime.fromtimestamp(instant, SHANGHAI)
    out.print(house.desk.words.say("cli.seal", seal=code, until=f"{until:%Y-%m-%d %H:%M:%S}"))
    if output is not None:
        output.write_text(json.dumps({"at": instant, "seal": code}) + "\n", encoding="utf-8")


@app.command("seals")
def seals_(database: Database = "", data: Data = None) -> None:
    """列出每天自动加的封签，可以印在挂图上。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        found = seals(tx)
    for one in found:
        out.print(f"{one.day}  {one.code}", markup=False)


@app.command("export")
def export_(
    output: Annotated[Path, typer.Argument(help="导出文件，每行一条记录。")],
    database: Database = "",
    data: Data = None,
) -> None:
    """导出全部办理记录；用 check_history.py 可以离线校验，不需要本系统。"""
    house = open_house(database, data)
    with house.database.read() as tx, output.open("w", encoding="utf-8") as file:
        for entry in export(tx):
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    out.print(house.desk.words.say("demo.written", path=output), markup=False)


def _kept(house: House, path: Path) -> Kept:
    """A seal as `history seal -o` has written it."""
    try:
        found = json.loads(read_text(path))
        return Kept(int(found["at"]), str(found["seal"]))
    except (ValueError, KeyError, TypeError):
        stop(house.desk.words.say("cli.no_seal", path=path))


def _sentence(house: House, found: Break, name: str) -> str:
    detail = f"（{found.detail}）" if found.detail else ""
    place = house.desk.words.say("cli.entry", seq=found.seq) if found.seq else ""
    return f"{name}：{place}{house.desk.words.say(f'break.{found.word}')}{detail}"


def _name(house: House, tx: Tx, root_id: int) -> str:
    """What people call a dossier: a problem by number and title, others by kind and name; its id where that cannot
    be read."""
    view = house.runtime.view(tx)
    try:
        case = view.case(root_id)
        fields = view.fields(case)
    except (LookupError, ValueError, TypeError):
        return house.desk.words.say("cli.dossier", id=root_id)
    if case.kind == "problem":
        return f"（{fields['number']}）{fields['title']}"
    return f"{house.desk.words.label(view.definition(case).label)}{fields.get('name', root_id)}"
