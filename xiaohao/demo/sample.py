"""The invented street's data, as the demo plays it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from config import FOLDER

SAMPLE = FOLDER / "sample"


@dataclass(frozen=True)
class MeasurePlan:
    """A measure as the sample tells it: when it is given, when its result is submitted."""

    text: str
    track: str
    officer: str
    due: date
    result: str
    evidence: tuple[str, ...]
    regulation: Mapping[str, Any] | None
    no_regulation_reason: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "MeasurePlan":
        return cls(
            text=row["text"],
            track=row["track"],
            officer=row["officer"],
            due=row["due"],
            result=row["result"],
            evidence=tuple(row.get("evidence", ())),
            regulation=row.get("regulation"),
            no_regulation_reason=row.get("no_regulation_reason"),
        )


class Sample:
    """Reads the files of one inspection of the sample once; `name` is its folder in config/sample."""

    def __init__(self, name: str = "") -> None:
        self.folder = SAMPLE / name

    @cached_property
    def plan(self) -> Mapping[str, Any]:
        return self._toml("plan.toml")

    @cached_property
    def office(self) -> Mapping[str, Any]:
        return self._toml("office.toml")

    @cached_property
    def accounts(self) -> Mapping[str, Any]:
        return self._toml("accounts.toml")

    @cached_property
    def hazards(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self._toml("hazards.toml")["hazards"]
        return found

    @cached_property
    def notice(self) -> Mapping[str, Any]:
        return self._toml("notice.toml")

    @cached_property
    def problems(self) -> Mapping[str, Mapping[str, Any]]:
        """By the number they carry in the feedback document."""
        return {str(row["number"]): row for row in self._toml("measures.toml")["problems"]}

    @cached_property
    def evidence(self) -> Mapping[str, Mapping[str, Any]]:
        return {row["file"]: row for row in self._toml("measures.toml").get("evidence", ())}

    def measures(self, number: str) -> list[MeasurePlan]:
        return [MeasurePlan.of(row) for row in self.problems[number]["measures"]]

    def file(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def _toml(self, name: str) -> Mapping[str, Any]:
        return tomllib.loads((self.folder / name).read_text(encoding="utf-8"))
