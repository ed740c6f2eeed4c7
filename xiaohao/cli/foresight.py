"""What was sent and why, what will be sent, what would be sent, and whether anything is sent at all."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from desk import forecast as forecasting
from desk import health as condition
from desk import rehearse as rehearsing
from desk import why as asking
from desk.explanation import explain_answer
from desk.finding import find_person, find_problem
from desk.forecast import Forecast
from desk.outlook import dated, outlook
from desk.rehearsal_summary import summary
from desk.why import Answer, Question
from engine import clock
from engine.database import Database as Opened
from engine.database import Tx
from engine.organizations import SHANGHAI
from engine.working_days import local_day, start_of
from xiaohao.bootstrap import House, build, delivery
from xiaohao.cli.common import Data, Database, Named, chosen, day_of, instant_of, open_house, out, stop
from xiaohao.migrations import upgrade
from xiaohao.run_once import run_once

SUMMARY = "rehearsal.md"
ENDS = time(23, 59)


def why(
    person: Annotated[str, typer.Option(help="谁：代号或姓名。")],
    problem: Annotated[str, typer.Option(help="哪个问题：序号，如 13。")],
    day: Annotated[str, typer.Option(help="哪一天，如 2026-03-10。")],
    inspection: Named = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """为什么这一天发了、或者没有发通知给这个人。"""
    house = open_house(database, data)
    target = chosen(house.desk, inspection)
    with house.database.read() as tx:
        question = Question(find_person(tx, person), find_problem(tx, problem, target), day_of(day))
    answer = asking.why(house.desk, question, clock.now())
    with house.database.read() as tx:
        for line in _answer_lines(house, tx, question, answer):
            out.print(line, markup=False)


def _answer_lines(house: House, tx: Tx, question: Question, answer: Answer) -> Iterator[str]:
    for told in explain_answer(house.desk, tx, question, answer):
        yield told.matter
        for reason in told.reasons:
            yield f"  {reason.sentence}"
            if reason.rule is not None:
                yield f"    {reason.rule}"
    yield asking.basis_sentence(house.desk.words, answer.basis)


def forecast(
    days: Annotated[int, typer.Option(min=1, max=366, help="往后看多少天。")] = 30,
    person: Annotated[str | None, typer.Option(help="只看这个人：代号或姓名。")] = None,
    at: Annotated[str | None, typer.Option(help="从这一时刻算起；不写为现在。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """如果都不办理：今后哪天、给谁、发什么，哪些事项会逾期。"""
    house = open_house(database, data)
    now = clock.now() if at is None else instant_of(at)
    until = _end_of(local_day(now, SHANGHAI) + timedelta(days=days))
    with house.database.read() as tx:
        found = forecasting.forecast(tx, house.runtime, delivery(house, tx), now, until)
        if person is not None:
            found = forecasting.only(found, find_person(tx, person))
        for line in _forecast_lines(house, tx, found, now, until):
            out.print(line, markup=False)


def _forecast_lines(house: House, tx: Tx, found: Forecast, now: int, until: int) -> Iterator[str]:
    words = house.desk.words
    span = {"since": local_day(now, SHANGHAI), "until": local_day(until, SHANGHAI)}
    yield words.say("forecast.title", n=len(found.messages), lapses=len(found.lapses), **span)
    for one in outlook(words, house.runtime.view(tx), found):
        yield dated(words, one.day) + (words.say("forecast.provisional") if one.provisional else "")
        for message in one.messages:
            yield words.say("forecast.message", person=message.person, n=len(message.matters))
            yield from (matter.sentence for matter in message.matters)
        yield from (lapse.sentence for lapse in one.lapses)
    if found.aside:
        yield words.say("forecast.aside", n=len(found.aside))


def rehearse(
    until: Annotated[str, typer.Option(help="演到这一天为止，如 2026-06-30。")],
    folder: Annotated[Path, typer.Option("-o", help="通知和总览写到这个目录，须为空。")],
    ladder: Annotated[str | None, typer.Option(help="改用这一提醒阶梯，如 jiangjin；不写为现行的。")] = None,
    at: Annotated[str | None, typer.Option(help="从这一时刻开始；不写为现在。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """预演：在副本上拨动时钟，把将发的每条通知写到目录里；原数据不动。"""
    house = open_house(database, data)
    words = house.desk.words
    now = clock.now() if at is None else instant_of(at)
    last = day_of(until)
    since = local_day(now, SHANGHAI)
    if last < since:
        stop(words.say("rehearsal.past", until=last, since=since))
    if folder.exists() and any(folder.iterdir()):
        stop(words.say("rehearsal.not_empty", path=folder))
    with _stage(house, folder) as stage:
        if ladder is not None:
            rehearsing.choose_ladder(stage.desk, ladder, now)
        messages = rehearsing.play(stage.desk, lambda instant: _beat(stage, instant), now, _end_of(last))
        title = words.say("rehearsal.title", ladder=_ladder_label(stage, ladder), since=since, until=last)
        with stage.database.read() as tx:
            text = summary(words, stage.runtime.view(tx), messages, title)
    (folder / SUMMARY).write_text(text, encoding="utf-8")
    out.print(words.say("rehearsal.done", n=len(messages), path=folder / SUMMARY), markup=False)


@contextmanager
def _stage(house: House, folder: Path) -> Iterator[House]:
    """A house on a copy of the data; its only way out is the folder, whichever channels the original has."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "copy.db"
        _copy(house, copy)
        changed = {"data": folder, "database": f"sqlite:///{copy}", "remote": ("folder",), "reach": {}}
        stage = build(house.settings.model_copy(update=changed))
        yield stage
        stage.database.dispose()


def _copy(house: House, copy: Path) -> None:
    url = house.settings.database_url
    if url.startswith("sqlite"):
        rehearsing.copy_sqlite(url, copy)
        return
    target = Opened(f"sqlite:///{copy}")
    upgrade(target)
    rehearsing.copy_rows(house.database, target)
    for done in (house.database, target):
        done.dispose()


def _beat(stage: House, instant: int) -> None:
    run_once(stage, lambda: instant)


def _ladder_label(stage: House, name: str | None) -> str:
    words = stage.desk.words
    if name is None:
        return words.say("rehearsal.own_ladder")
    with stage.database.read() as tx:
        return words.label(stage.runtime.editions.ladders(tx, name)[0].label)


def _end_of(day: date) -> int:
    return start_of(day, SHANGHAI, ENDS)


def health(
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出，供监控程序读取。")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """系统是否正常：退出码 0 正常，1 需要有人查看，2 消息发不出去。"""
    house = open_house(database, data)
    try:
        with house.database.read() as tx:
            view = house.runtime.view(tx)
            found = condition.health(view, clock.now(), house.patience)
            lines = list(condition.sentences(house.desk.words, view, found))
    except (OperationalError, ProgrammingError) as error:
        stop(house.desk.words.say("health.unreachable", detail=error.orig), condition.CRITICAL)
    if as_json:
        lines = [json.dumps(condition.as_json(found), ensure_ascii=False)]
    for line in lines:
        out.print(line, markup=False)
    raise typer.Exit(found.level)
