"""What the sample writes down step by step: who does what on which day, to which case, through the door."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from desk.file_evidence import keep
from desk.steps import current_definition
from engine.cases import CaseState
from engine.commands import OPEN, Command
from engine.definitions import Action, Param
from engine.view import View
from xiaohao.demo.people import Street

INSPECTION = "inspection"
MANY = {"people": "person", "departments": "department", "cases": "case"}


class Steps:
    """Takes the steps of one inspection's plan; what a step opened is found again under its name.

    A step has `on`, `by` and an `action`, or `opens` with the kind that it opens. Where: `problem` by its number,
    `measure` by its place in it, `milestone` of the inspection, or `of`: the inspection itself or the name that an
    earlier step gave with `as`. `part` leads from there to the newest part of a kind, and so on down. With `signer`
    it was signed on `paper`.
    """

    def __init__(self, street: Street) -> None:
        self.street = street
        self._opened = {INSPECTION: street.inspection.id}

    def take(self, step: Mapping[str, Any]) -> None:
        where, kind = self._where(step)
        opens = step.get("opens")
        action = action_of(self.street, opens or kind, step.get("action", OPEN))
        command = Command(
            action=action.name,
            kind=opens,
            case_id=None if opens else where,
            parent_id=where if opens else None,
            organization_id=self.street.inspection.organization_id if opens and not where else None,
            actor=self.street.actor(step["by"]),
            params=typed(self.street, action.params, step.get("params", {})),
            signer=self.street.actor(step["signer"]) if "signer" in step else None,
            basis=self._kept(step["paper"]) if "paper" in step else None,
        )
        outcome = self.street.do(self._told(step, action), command)
        if "as" in step:
            self._opened[step["as"]] = outcome.case_id or 0

    def _kept(self, paper: str) -> str:
        return keep(self.street.house.desk, "批示件.txt", paper.encode(), self.street.clock.now())

    def _where(self, step: Mapping[str, Any]) -> tuple[int | None, str]:
        """The case that a step is about, with its kind; none for what stands on its own."""
        street = self.street
        with street.house.database.read() as tx:
            view = street.house.runtime.view(tx)
            found = self._start(view, step)
            for kind in step.get("part", ()):
                found = view.children(found, kind)[-1] if found else None
            return (found.id, found.kind) if found else (None, "")

    def _start(self, view: View, step: Mapping[str, Any]) -> CaseState | None:
        street = self.street
        if "of" in step:
            return view.case(self._opened[step["of"]])
        if "milestone" in step:
            return _milestone(view, street.inspection.id, step["milestone"])
        if "problem" not in step:
            return None
        row = street.row(step["problem"])
        return view.case(row.measures[step["measure"] - 1].id if "measure" in step else row.id)

    def _told(self, step: Mapping[str, Any], action: Action) -> str:
        """The step in the words of the pages, with the number of its problem and its first text."""
        label = self.street.house.desk.words.label(action.label)
        number = f"（{step['problem']}）" if "problem" in step else ""
        texts = [one for one in step.get("params", {}).values() if isinstance(one, str) and not one.isascii()]
        return f"{label}{number}" + (f"：{texts[0][:28]}" if texts else "")


def action_of(street: Street, kind: str, name: str) -> Action:
    """A step of a kind as it is in force. Raises LookupError: the sample takes one that is not there."""
    house = street.house
    with house.database.read() as tx:
        found = current_definition(house.desk, tx, kind).action(name)
    if found is None:
        raise LookupError(f"the sample takes the step {name!r}, which a {kind} does not know")
    return found


def _milestone(view: View, inspection_id: int, name: str) -> CaseState:
    there = view.children(view.case(inspection_id), "milestone")
    return next(one for one in there if view.fields(one)["name"] == name)


def typed(street: Street, asked: Iterable[Param], given: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the sample writes them, as the door wants them: people and units by key, problems by number."""
    types = {param.name: param.type for param in asked}
    return {name: _value(street, types[name], value) for name, value in given.items()}


def _value(street: Street, kind: str, value: Any) -> Any:
    if kind in MANY:
        return [_value(street, MANY[kind], one) for one in value]
    if kind == "person":
        return street.person(value)
    if kind == "department":
        return street.department(value)
    if kind == "case":
        return street.inspection.id if value == INSPECTION else street.row(value).id
    return value.isoformat() if isinstance(value, date) else value
