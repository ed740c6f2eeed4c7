"""Letters on the command line: list, show, print, issue by hand, and every step of their life."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.finding import find_person, find_problem
from desk.letters import LetterRow, find_instruction, find_letter, letter_row, letters, printed
from engine import clock
from engine.commands import OPEN, Command
from engine.organizations import SHANGHAI
from engine.view import View
from engine.words import Words
from engine.working_days import local_day
from xiaohao.bootstrap import House
from xiaohao.cli.common import Acting, Data, Database, Named, acting, chosen, day_of, open_house, out
from xiaohao.cli.steps import Basis, Signer, report, scanned, show_possible, signed_by

app = typer.Typer(no_args_is_help=True, help="提醒单、督办单：列出、打印、签收、回复、批示。")
Number = Annotated[str, typer.Argument(help="单据编号，如 青街督〔2026〕3号，括号不限；或 #12。")]
OnInstruction = Annotated[int | None, typer.Option("--instruction", help="第几条批示；不写则为单据本身。")]
Due = Annotated[str, typer.Option("--due", help="时限，如 2026-06-05。")]


@app.command("list")
def list_(
    open_only: Annotated[bool, typer.Option("--open", help="只列还没有回复的。")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """列出单据，新的在前。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        rows = letters(house.runtime.view(tx), None, local_day(clock.now(), SHANGHAI), house.desk.words)
    shown = [one for one in rows if one.is_open or not open_only]
    for row in shown:
        out.print(_line(row, house.desk.words), markup=False)
    if not shown:
        out.print(house.desk.words.say("letter.none"))


@app.command("show")
def show(
    number: Number,
    who: Annotated[str | None, typer.Option("--as", help="从这个人的角度看能办什么。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """显示一份单据：事项、时限、回复、批示，以及现在能办什么。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        letter = find_letter(view, number, house.desk.words)
        lines = list(_whole(view, letter.id, house.desk.words))
    for line in lines:
        out.print(line, markup=False)
    if who is not None:
        show_possible(house, letter.id, acting(house.desk, who))


@app.command("print")
def print_(
    number: Number,
    path: Annotated[Path, typer.Option("-o", help="写到这个文件：.docx 或 .pdf。")],
    database: Database = "",
    data: Data = None,
) -> None:
    """按公文格式打印一份单据。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        path.write_bytes(printed(house.desk, view, find_letter(view, number, house.desk.words), path.suffix))
    out.print(house.desk.words.say("demo.written", path=path), markup=False)


@app.command("issue")
def issue(
    problem: Annotated[str, typer.Argument(help="问题序号，如 13。")],
    due: Due,
    who: Acting,
    form: Annotated[str, typer.Option(help="单据名称，如 督办单、提醒单。")] = "督办单",
    demand: Annotated[str, typer.Option(help="办理要求；不写用通用的。")] = "",
    final: Annotated[str | None, typer.Option(help="最后办结期限。")] = None,
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """手工发出一份单据。"""
    house = open_house(database, data)
    target = chosen(house.desk, inspection)
    with house.database.read() as tx:
        parent = find_problem(tx, problem, target)
    params = {"form": form, "due_on": day_of(due).isoformat(), "demand": demand or None, "final_on": final}
    command = Command(action=OPEN, kind="letter", parent_id=parent, actor=acting(house.desk, who), params=params)
    [outcome] = house.desk.must([command], clock.now())
    with house.database.read() as tx:
        row = _row(house.runtime.view(tx), outcome.case_id or 0, house.desk.words)
    out.print(house.desk.words.say("letter.issued", form=row.form, number=row.number, due_on=row.due_on))


@app.command("receive")
def receive(
    number: Number,
    who: Acting,
    signer: Signer = None,
    basis: Basis = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """签收。"""
    house = open_house(database, data)
    _act(house, _on(house, who, signer, basis), number, "receive")


@app.command("answer")
def answer(
    number: Number,
    text: Annotated[str, typer.Argument(help="办理情况。")],
    who: Acting,
    instruction: OnInstruction = None,
    signer: Signer = None,
    basis: Basis = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """办理回复：答复单据，或其中一条批示。"""
    house = open_house(database, data)
    _act(house, _on(house, who, signer, basis), number, "answer", instruction, answer=text)


@app.command("return")
def return_(
    number: Number,
    reason: Annotated[str, typer.Argument(help="理由。")],
    due: Due,
    who: Acting,
    instruction: OnInstruction = None,
    signer: Signer = None,
    basis: Basis = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """退回重新回复。"""
    house = open_house(database, data)
    given = {"reason": reason, "due_on": day_of(due).isoformat()}
    _act(house, _on(house, who, signer, basis), number, "return", instruction, **given)


@app.command("close")
def close(
    number: Number,
    who: Acting,
    instruction: OnInstruction = None,
    signer: Signer = None,
    basis: Basis = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """办结。"""
    house = open_house(database, data)
    _act(house, _on(house, who, signer, basis), number, "close", instruction)


@app.command("withdraw")
def withdraw(
    number: Number,
    reason: Annotated[str, typer.Argument(help="理由。")],
    who: Acting,
    database: Database = "",
    data: Data = None,
) -> None:
    """撤回发错的单据；编号保留。"""
    house = open_house(database, data)
    _act(house, _on(house, who, None, None), number, "withdraw", reason=reason)


@app.command("instruct")
def instruct(
    number: Number,
    text: Annotated[str, typer.Argument(help="批示内容。")],
    officer: Annotated[str, typer.Option("--to", help="承办人的代号或姓名。")],
    due: Due,
    who: Acting,
    signer: Signer = None,
    basis: Basis = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """批示：成为一项有承办人、有时限的任务。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        letter = find_letter(house.runtime.view(tx), number, house.desk.words)
        to = find_person(tx, officer)
    params = {"text": text, "officer": to, "due_on": day_of(due).isoformat()}
    by = _on(house, who, signer, basis)
    command = Command(action="instruct", case_id=letter.id, params=params, **by)
    report(house.desk, house.desk.commit([command], clock.now())[0])


def _on(house: House, who: str, signer: str | None, basis: Path | None) -> dict[str, Any]:
    """Who does it, for whom, on which paper."""
    desk = house.desk
    return {"actor": acting(desk, who), "signer": signed_by(desk, signer), "basis": scanned(desk, basis)}


def _act(
    house: House, by: dict[str, Any], number: str, action: str, place: int | None = None, **params: str
) -> None:
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        letter = find_letter(view, number, house.desk.words)
        case = letter if place is None else find_instruction(view, letter, place)
    command = Command(action=action, case_id=case.id, params=params, **by)
    report(house.desk, house.desk.commit([command], clock.now())[0])


def _row(view: View, case_id: int, words: Words) -> LetterRow:
    return letter_row(view, view.case(case_id), local_day(clock.now(), SHANGHAI), words)


def _line(row: LetterRow, words: Words) -> str:
    late = words.say("letter.is_late") if row.is_late else ""
    said = {"number": row.number, "form": row.form, "matter": row.matter}
    return words.say("letter.line", **said, to=row.to, due_on=row.due_on, state=row.state, late=late)


def _whole(view: View, case_id: int, words: Words) -> Iterator[str]:
    row = _row(view, case_id, words)
    late = words.say("letter.is_late") if row.is_late else ""
    yield words.say("letter.head", form=row.form, number=row.number, state=row.state, late=late)
    yield words.say("letter.about", matter=row.matter)
    yield words.say("letter.dates", to=row.to, issued_on=row.issued_on, due_on=row.due_on)
    if row.answer:
        yield words.say("letter.answer", answer=row.answer)
    for place, one in enumerate(row.instructions, 1):
        said = {"given_by": one.given_by, "text": one.text, "officer": one.officer, "due_on": one.due_on}
        yield words.say("letter.instruction", place=place, state=one.state, **said)
