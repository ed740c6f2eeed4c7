"""What every command that takes a step shares: its values as typed, the signed paper, the answer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.desk import Desk
from desk.file_evidence import keep
from desk.finding import NotFoundError, find_department, find_person
from engine import clock
from engine.commands import Outcome
from engine.definitions import Action, Param
from xiaohao.bootstrap import House
from xiaohao.cli.common import acting, out, stop

Values = Annotated[list[str] | None, typer.Option("--set", help="这一步的内容，写作 名称=值，可重复。")]
Signer = Annotated[str | None, typer.Option(help="线下签批人；须同时给出 --basis。")]
Basis = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="签批件扫描件。")]
ONE_OF = {"people": "person", "departments": "department", "cases": "case", "list": "text"}


def params_of(desk: Desk, step: Action, values: list[str]) -> Mapping[str, Any]:
    """What was written as name=value, in the types the action asks for; people and departments by key or name."""
    params: dict[str, Any] = {}
    asked = {param.name: param for param in step.params}
    for one in values:
        name, _, value = one.partition("=")
        if name not in asked:
            raise NotFoundError(f"“{desk.words.label(step.label)}”没有“{name}”这一项，有：{'、'.join(asked)}")
        params[name] = _typed(desk, asked[name], value)
    return params


def signed_by(desk: Desk, signer: str | None) -> str | None:
    """Who signed on paper, as the door wants it."""
    return acting(desk, signer) if signer else None


def scanned(desk: Desk, basis: Path | None) -> str | None:
    """The SHA-256 of the scan, which is kept."""
    return keep(desk, basis.name, basis.read_bytes(), clock.now()) if basis else None


def report(desk: Desk, outcome: Outcome) -> None:
    if outcome.refusal is not None:
        stop(desk.explain(outcome.refusal))
    out.print(desk.words.say("cli.done"))


def show_possible(house: House, case_id: int, actor: str) -> None:
    words = house.desk.words
    with house.database.read() as tx:
        view = house.runtime.view(tx)
        definition = view.definition(view.case(case_id))
        possible = house.runtime.possible(tx, case_id, actor, clock.now())
    out.print(words.say("cli.possible"))
    for name, refusal in possible.items():
        label = words.label(definition.actions[name].label)
        if refusal is None:
            out.print(f"  {name}  {label}", markup=False)
    out.print(words.say("cli.impossible"))
    for name, refusal in possible.items():
        if refusal is not None:
            label = words.label(definition.actions[name].label)
            out.print(f"  {name}  {label}：{house.desk.explain(refusal)}", markup=False)


def _typed(desk: Desk, param: Param, value: str) -> Any:
    """A value in its type; a list is written with commas."""
    if param.type in ONE_OF:
        return [_one(desk, ONE_OF[param.type], one) for one in value.split(",")]
    if param.type == "bool":
        return value.lower() in ("1", "true", "yes", "是")
    return _one(desk, param.type, value)


def _one(desk: Desk, kind: str, value: str) -> Any:
    if kind in ("int", "case"):
        return int(value)
    with desk.database.read() as tx:
        if kind == "department":
            return find_department(tx, value)
        return find_person(tx, value) if kind == "person" else value
