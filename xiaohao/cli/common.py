"""What all commands share: where the database is, who acts, and how things are printed."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from config.settings import Settings
from desk.check_editions import unreadable
from desk.desk import Desk
from desk.finding import Inspection, find_inspection, find_person
from engine.faults import Fault
from engine.organizations import SHANGHAI
from xiaohao.bootstrap import House, build

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Database = Annotated[
    str, typer.Option("--database", help="数据库地址，如 sqlite:///var/xiaohao.db；不写则按配置。")
]
Data = Annotated[Path | None, typer.Option("--dir", help="数据目录：数据库、文件和邮件都在其中。")]
Acting = Annotated[str, typer.Option("--as", help="办理人的代号或姓名。")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="当时的样子：一天或一个时刻，如 2026-03-10。")]
Named = Annotated[str | None, typer.Option("--inspection", help="巡察名称；只有一个时可不写。")]


def open_house(database: str = "", data: Path | None = None) -> House:
    """The house as the settings and the command's own options say."""
    options: dict[str, Any] = {}
    if data is not None:
        options["data"] = data
    if database:
        options["database"] = database
    return build(Settings(**options))


def open_to_run(database: str = "", data: Path | None = None) -> House:
    """The house, to be worked with for long: refuses a database of which this program cannot read every edition."""
    house = open_house(database, data)
    with house.database.read() as tx:
        faults = unreadable(tx, house.runtime)
    if faults:
        stop_for(faults, house.desk.words.say("cli.unreadable_editions"))
    return house


def stop_for(faults: Sequence[Fault], remedy: str) -> NoReturn:
    """Name every fault, and leave with what mends them."""
    for one in faults:
        err.print(str(one), markup=False)
    stop(remedy)


def acting(desk: Desk, who: str) -> str:
    """The actor as the door wants it. Raises NotFoundError."""
    with desk.database.read() as tx:
        return str(find_person(tx, who))


def chosen(desk: Desk, name: str | None) -> Inspection:
    with desk.database.read() as tx:
        return find_inspection(tx, name)


def instant_of(text: str) -> int:
    """Epoch seconds; a time without a zone is China's. Raises ValueError for what is no date and time."""
    found = datetime.fromisoformat(text)
    return int((found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).timestamp())


def moment_of(text: str) -> int:
    """Epoch seconds of a moment; a day alone is its end. Raises typer.BadParameter for what is none."""
    try:
        instant = instant_of(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是时刻，请写成 2026-03-10 或 2026-03-10T09:00。") from None
    return instant if "T" in text or " " in text else instant + 24 * 3600 - 1


def day_of(text: str) -> date:
    """A local day. Raises typer.BadParameter for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是日期，请写成 2026-03-10 这样。") from None


def stop(sentence: str, code: int = 1) -> NoReturn:
    """Say why on the error stream and leave."""
    err.print(sentence, markup=False)
    raise SystemExit(code)
