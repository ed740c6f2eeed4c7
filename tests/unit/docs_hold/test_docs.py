"""The documents say what is there: every setting and command has its heading, both READMEs the same commands."""

import re
from pathlib import Path

import typer
from sqlmodel import SQLModel

from config.settings import Settings
from engine.organizations import Settings as OrganizationSettings
from notifications.channels import CHANNELS
from xiaohao.cli import app

ROOT = Path(__file__).parents[3]


def headings(name: str) -> set[str]:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return set(re.findall(r"^## `(\S+)`$", text, re.MULTILINE))


def commands(name: str) -> list[str]:
    """The first two words of each command line of a README."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^(make \w+|\.venv/bin/xiaohao \w+)", text, re.MULTILINE)


def test_every_setting_has_its_heading() -> None:
    assert headings("settings.md") == set(Settings.model_fields)


def test_every_channel_has_its_heading() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^### `(\S+)`$", text, re.MULTILINE)) == CHANNELS.keys() - {"inbox"}


def test_every_setting_of_an_organisation_is_listed() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert all(f"`{name}`" in text for name in OrganizationSettings.__dataclass_fields__)


def test_every_command_has_its_heading() -> None:
    command = typer.main.get_command(app)

    assert headings("commands.md") == set(getattr(command, "commands", {}))


def test_the_map_names_every_room_and_every_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"tests"}

    assert {room for room in rooms if f"`{room}/`" not in text} == set()
    assert {table for table in SQLModel.metadata.tables if f"`{table}`" not in text} == set()


def test_the_map_names_no_file_that_is_not_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.parent for path in ROOT.glob("*/__init__.py")]
    there = {path.name for room in rooms for path in room.rglob("*")} | {path.name for path in ROOT.iterdir()}

    named = {Path(one).name for one in re.findall(r"`([\w/.]+\.(?:py|toml))`", text)}
    assert named - there == set()


def test_both_readmes_show_the_same_commands_and_they_exist() -> None:
    english, chinese = commands("README.md"), commands("README.zh-CN.md")
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    known = headings("commands.md")

    assert english == chinese
    assert {line.split()[1] for line in english if line.startswith("make")} <= targets
    assert {line.split()[1] for line in english if not line.startswith("make")} <= known
