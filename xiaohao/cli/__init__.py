"""The command line: what each command is called, and how a refusal or a fault is shown."""

import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from desk.desk import RefusedError
from desk.finding import NotFoundError
from documents.reading import ReadingError
from documents.wall_chart_pdf import MissingFontError
from engine.faults import FaultsError
from xiaohao.bootstrap import load_words
from xiaohao.cli import (
    accounts,
    backups,
    calendars,
    cases,
    dossiers,
    foresight,
    history,
    incoming,
    inspections,
    ladders,
    letters,
    office,
    outbox,
    papers,
    people,
    posts,
    problems,
    quarantine,
    registers,
    running,
    serving,
    workflows,
)
from xiaohao.cli.common import stop
from xiaohao.demo.year import DemoError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="销号：巡察整改的工作流引擎。Xiaohao: puts right what an inspection found.",
)
app.command("read")(incoming.read)
app.command("import")(incoming.import_)
app.command("notice")(papers.notice)
app.command("slip")(papers.slip)
app.command("wall-chart")(papers.chart)
app.command("init")(office.init)
app.command("doctor")(office.doctor)
app.command("dossier")(dossiers.dossier)
app.command("backup")(backups.backup)
app.command("worker")(running.worker)
app.command("serve")(serving.serve)
app.command("beat")(running.beat)
app.command("demo")(running.demo)
app.command("why")(foresight.why)
app.command("forecast")(foresight.forecast)
app.command("rehearse")(foresight.rehearse)
app.command("health")(foresight.health)
app.add_typer(accounts.app, name="account")
app.add_typer(inspections.app, name="inspection")
app.add_typer(problems.app, name="problem")
app.add_typer(cases.app, name="case")
app.add_typer(history.app, name="history")
app.add_typer(workflows.app, name="workflow")
app.add_typer(posts.app, name="person")
app.add_typer(posts.departments, name="department")
app.add_typer(outbox.app, name="outbox")
app.add_typer(registers.app, name="register")
app.add_typer(people.app, name="people")
app.add_typer(calendars.app, name="calendar")
app.add_typer(letters.app, name="letter")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(ladders.app, name="ladder")


def main() -> None:
    """Run a command; an expected fault is one sentence with its remedy and exit code 1, never a traceback."""
    words = load_words("zh")
    try:
        app()
    except RefusedError as error:
        stop(error.sentence)
    except (NotFoundError, ReadingError, FaultsError, FileNotFoundError, MissingFontError) as error:
        stop(str(error))
    except ValidationError as error:
        places = "、".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        stop(words.say("cli.bad_settings", places=places))
    except DemoError as error:
        stop(words.say("cli.demo_there", path=error))
    except ArgumentError as error:
        stop(words.say("cli.address", detail=error))
    except (OperationalError, ProgrammingError) as error:
        stop(words.say("cli.database", detail=str(error.orig)))
