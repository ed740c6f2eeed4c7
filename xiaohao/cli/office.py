"""Setting an installation up and looking whether it is sound."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

import config
from desk.check_editions import unreadable
from desk.set_up_office import set_up_office
from engine import clock
from engine.faults import read_text, read_toml
from engine.organizations import SHANGHAI
from engine.working_days import local_day
from xiaohao.bootstrap import House, delivery, install
from xiaohao.cli.common import Data, Database, open_house, out, stop, stop_for

PACKAGES = ("engine", "workflows", "notifications", "documents", "desk", "web", "xiaohao", "config")


def init(
    office: Annotated[Path | None, typer.Option(exists=True, help="单位、科室和人员：office.toml。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """建立或升级数据库，写入流程、提醒规则和日历；可同时导入单位和人员。"""
    house = open_house(database, data)
    install(house)
    if office is not None:
        plan = read_toml(read_text(office), str(office))
        set_up_office(house.desk, plan, local_day(clock.now(), SHANGHAI).isoformat())
    out.print(house.desk.words.say("cli.ready", database=house.database.url), markup=False)


def doctor(database: Database = "", data: Data = None) -> None:
    """检查安装是否完好。"""
    house = open_house(database, data)
    with house.database.read() as tx:
        if lost := unreadable(tx, house.runtime):
            stop_for(lost, house.desk.words.say("cli.unreadable_editions"))
    faults = [*_misplaced(), *_unready(house)]
    for fault in faults:
        out.print(fault, markup=False)
    if faults:
        stop(house.desk.words.say("cli.doctor_faults", n=len(faults)))
    out.print(house.desk.words.say("cli.doctor_well"))


def _misplaced() -> list[str]:
    """Packages with plain names could be hidden by others of the same name: each must lie beside this one."""
    home = Path(config.__file__).parent.parent
    found = {name: find_spec(name) for name in PACKAGES}
    return [
        f"{name}: {spec.origin if spec else None} (≠ {home})"
        for name, spec in found.items()
        if spec is None or spec.origin is None or Path(spec.origin).parent.parent != home
    ]


def _unready(house: House) -> list[str]:
    """Kinds without a workflow in force, and settings that delivery cannot work with."""
    with house.database.read() as tx:
        kinds = house.runtime.registry.workflows
        missing = [kind for kind in kinds if house.runtime.editions.current(tx, kind) is None]
        delivery(house, tx)
    return [house.desk.words.say("cli.no_workflow", kind=kind) for kind in missing]
