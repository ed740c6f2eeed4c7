"""Documents come in on the command line: read, corrected, compared, and imported after a yes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from desk.compare_document import Difference
from desk.corrections import CorrectionError, read_corrections
from desk.desk import Desk
from desk.finding import Inspection
from desk.import_document import (
    Preview,
    alike,
    compare_document,
    import_document,
    import_revision,
    preview,
)
from engine import clock
from engine.faults import read_text
from engine.words import Words
from xiaohao.bootstrap import load_words
from xiaohao.cli.common import Acting, Data, Database, Named, acting, chosen, open_house, out, stop

FilePath = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="反馈意见或通报：.txt、.docx 等。")]
Corrections = Annotated[
    Path | None,
    typer.Option("--corrections", exists=True, dir_okay=False, help="人工更正 .toml，写法见 docs/corrections.md。"),
]


def read(
    file: FilePath,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
    corrections: Corrections = None,
    language: Annotated[str, typer.Option(help="zh 或 en。")] = "zh",
) -> None:
    """读出文件中的问题，不连数据库。"""
    words = load_words(language)
    seen = _seen(words, file, corrections)
    if as_json:
        typer.echo(json.dumps(seen.reading.to_json(), ensure_ascii=False, indent=2))
    else:
        _show(words, seen)


def import_(
    file: FilePath,
    who: Acting,
    inspection: Named = None,
    corrections: Corrections = None,
    against: Annotated[
        str | None, typer.Option("--against", help="这是哪份已导入文件的修订稿（文件名）；逐条比对。")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接登记。")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """预览文件，确认后登记问题；修订稿与原文件逐条比对。"""
    desk = open_house(database, data).desk
    target = chosen(desk, inspection)
    seen = _seen(desk.words, file, corrections)
    actor = acting(desk, who)
    if against is not None:
        _revise(desk, seen, target, against, actor, yes=yes)
        return
    _show(desk.words, seen)
    for problem, known in alike(desk, seen, target):
        said = {"line": problem.line, "title": problem.title, "known": known.named}
        out.print(desk.words.say("cli.alike", **said), markup=False)
    question = desk.words.say("cli.confirm_import", n=len(seen.reading.problems), inspection=target.name)
    _ask(desk.words, question, yes=yes)
    outcomes = import_document(desk, seen, target, actor, clock.now())
    out.print(desk.words.say("cli.imported", n=len(outcomes) - 1))


def _seen(words: Words, file: Path, corrections: Path | None) -> Preview:
    """What was read, with the corrections made."""
    text = read_text(corrections) if corrections else ""
    made = read_corrections(text, corrections.name if corrections else "")
    try:
        return preview(file.name, file.read_bytes(), made)
    except CorrectionError as error:
        why = words.say(f"correction.{error.word}")
        stop(words.say("correction.does_not_fit", which=error.correction.said(words), why=why))


def _ask(words: Words, question: str, *, yes: bool) -> None:
    if not yes and not typer.confirm(question):
        out.print(words.say("cli.not_imported"))
        raise typer.Exit(1)


def _revise(desk: Desk, seen: Preview, target: Inspection, against: str, actor: str, *, yes: bool) -> None:
    """Show each row that is not the same, and take over those that are decided to be taken."""
    words = desk.words
    revision = compare_document(desk, seen, target, against)
    taken = []
    for row in revision.rows:
        if row.word == "same":
            continue
        _show_row(words, row)
        if yes or typer.confirm(words.say(f"cli.take_{row.word}"), default=True):
            taken.append(row)
    counts = _counts(revision.rows)
    out.print(words.say("cli.compared", **counts))
    if taken:
        import_revision(desk, revision, taken, target, actor, clock.now())
    out.print(words.say("cli.taken", n=len(taken)))


def _counts(rows: Sequence[Difference]) -> dict[str, int]:
    return {word: sum(row.word == word for row in rows) for word in ("same", "changed", "new", "missing")}


def _show_row(words: Words, row: Difference) -> None:
    line = row.problem.line if row.problem else "—"
    said = {"word": words.say(f"revision.{row.word}_row"), "line": line, "title": _named(row)}
    out.print(words.say("cli.row", **said), markup=False)
    for name, (old, new) in row.changes.items():
        out.print(words.say("cli.change", field=words.say(f"column.{name}"), old=old, new=new), markup=False)


def _named(row: Difference) -> str:
    if row.known is not None:
        return row.known.named
    return f"（{row.problem.number or '？'}）{row.problem.title}" if row.problem else ""


def _show(words: Words, seen: Preview) -> None:
    reading = seen.reading
    counts = reading.line_counts()
    figures = {"areas": len(reading.areas), "headings": len(reading.headings), "problems": len(reading.problems)}
    answers = sum(problem.answer is not None for problem in reading.problems)
    out.print(words.say("cli.read", file=seen.file_name, answers=answers, **figures), markup=False)
    for one in seen.corrections:
        out.print(words.say("cli.corrected", what=one.said(words)), markup=False)
    area = heading = None
    for problem in reading.problems:
        if problem.area_line != area:
            area = problem.area_line
            out.print(f"{_at(area)}{problem.area or ''}", markup=False)
        if problem.heading_line != heading:
            heading = problem.heading_line
            out.print(f"{_at(heading)}  {problem.heading or ''}", markup=False)
        out.print(f"{_at(problem.line)}    （{problem.number or '？'}）{problem.title}", markup=False)
    out.print(words.say("cli.lines", **counts), markup=False)
    for fault in reading.faults:
        out.print(words.say("cli.fault", message=fault.message), markup=False)


def _at(line: int | None) -> str:
    """The line of the source, as corrections name it."""
    return f"{line or '':>4} "
