"""Short texts that several documents and messages of this family say in the same way."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.definitions import Definition
from engine.view import View
from engine.words import Words

FOLDER = Path(__file__).parent


def _milestones() -> dict[str, str]:
    """Which milestones there are, from their kind's definition, and what they are called, from the catalogue."""
    definition = tomllib.loads((FOLDER / "milestone.toml").read_text(encoding="utf-8"))
    words = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))["word"]
    [names] = [one["choices"] for one in definition["open"]["params"] if one["name"] == "name"]
    return {name: words[name]["zh"] for name in names}


MILESTONES = _milestones()


def step_text(view: View, words: Words, key: str) -> str:
    """What the step of an alert is called, by its key "ladder.step"; of a ladder no longer in force the key."""
    step = view.step(key)
    return words.label(step.label) if step else key


def number_text(fields: Mapping[str, Any]) -> str:
    """A problem's number as the source gives it, or that it has none."""
    return str(fields["number"] or "无号")


def close_out_text(fields: Mapping[str, Any]) -> str:
    """The close-out number as the register prints it, 〔2025〕7号; empty before there is one."""
    number, year = fields["close_out_number"], fields["close_out_year"]
    return f"〔{year}〕{number}号" if number else ""


def matter_text(definition: Definition, fields: Mapping[str, Any]) -> str:
    """What something other than a problem is called: its kind, then its own name."""
    own = (
        fields.get("title") or fields.get("text") or MILESTONES.get(fields.get("name", "")) or fields.get("number")
    )
    return f"{definition.label['zh']}“{own}”" if own else definition.label["zh"]


def cycle_text(period: str) -> str:
    """A period's label as people write it: 2026年第3季度, 2026年7月, 2026年."""
    year, separator, rest = period.replace("Q", "-Q").partition("-")
    if not separator:
        return f"{year}年" if year else ""
    return f"{year}年第{rest[1:]}季度" if rest.startswith("Q") else f"{year}年{int(rest)}月"
