"""The family next door in the sample: safety hazards of the same street, through the same door."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.commands import OPEN, Command
from xiaohao.demo.people import Street

PEOPLE, DEPARTMENTS = ("lead_official", "officer"), ("lead_department",)


class Hazards:
    """What is dated in the sample's hazards happens on its date."""

    def __init__(self, street: Street, hazards: list[Mapping[str, Any]]) -> None:
        self.street = street
        self.hazards = hazards
        self._ids: dict[str, int] = {}

    def happen(self, day: date) -> None:
        for hazard in self.hazards:
            if hazard["found_on"] == day:
                self._report(hazard)
            for step in hazard["steps"]:
                if step["on"] == day:
                    self._take(hazard, step)

    def _report(self, hazard: Mapping[str, Any]) -> None:
        params = {"title": hazard["title"], "place": hazard["place"], "found_on": hazard["found_on"].isoformat()}
        command = Command(
            action=OPEN,
            kind="hazard",
            organization_id=self.street.inspection.organization_id,
            actor=self.street.actor(hazard["by"]),
            params=params,
        )
        opened = self.street.do(f"上报隐患：{hazard['title']}", command)
        self._ids[hazard["title"]] = opened.case_id or 0

    def _take(self, hazard: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        params = {name: self._meant(name, value) for name, value in step.get("params", {}).items()}
        command = Command(
            action=step["action"],
            case_id=self._ids[hazard["title"]],
            actor=self.street.actor(step["by"]),
            params=params,
        )
        self.street.do(f"隐患“{hazard['title']}”：{step['action']}", command)

    def _meant(self, name: str, value: str) -> str | int:
        if name in PEOPLE:
            return self.street.person(value)
        return self.street.department(value) if name in DEPARTMENTS else value
