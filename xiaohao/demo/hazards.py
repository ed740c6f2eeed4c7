"""The family next door in the sample: safety hazards of the same street, through the same door."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.commands import OPEN, Command
from xiaohao.demo.people import Street
from xiaohao.demo.steps import action_of, typed

KIND = "hazard"


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
            kind=KIND,
            organization_id=self.street.inspection.organization_id,
            actor=self.street.actor(hazard["by"]),
            params=params,
        )
        opened = self.street.do(f"上报隐患：{hazard['title']}", command)
        self._ids[hazard["title"]] = opened.case_id or 0

    def _take(self, hazard: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        asked = action_of(self.street, KIND, step["action"]).params
        command = Command(
            action=step["action"],
            case_id=self._ids[hazard["title"]],
            actor=self.street.actor(step["by"]),
            params=typed(self.street, asked, step.get("params", {})),
        )
        self.street.do(f"隐患“{hazard['title']}”：{step['action']}", command)
