"""The page that tells how to add a channel is followed to the letter: its file, its line, its settings."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from howto import blocks, patched
from office import Office

from config.settings import Settings
from engine.faults import FaultsError
from notifications import channels
from notifications.channels.base import Sent
from xiaohao import bootstrap
from xiaohao.run_once import run_once

ROOT = Path(__file__).parents[2]
PAGE = "new-channel.md"
SETTINGS = "xiaohao.toml"


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page's file where Python finds it, and the registry with its line more."""
    [(where, code)] = [one for one in blocks(PAGE).items() if one[0] != SETTINGS]
    path = tmp_path / "added" / Path(where).name
    path.parent.mkdir()
    path.write_text(code, encoding="utf-8")
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(path.parent)])
    [(registry, first)] = blocks(PAGE, "Changed in ").items()
    text = patched((ROOT / registry).read_text(encoding="utf-8"), first)
    names: dict[str, Any] = {}
    exec(patched(text, blocks(PAGE, "Then in ")[registry]), names)  # noqa: S102  our own page
    monkeypatch.setattr(channels, "CHANNELS", names["CHANNELS"])
    yield
    sys.modules.pop("notifications.channels.spoken", None)
    vars(channels).pop("spoken", None)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: Office) -> Settings:
    text = blocks(PAGE)[SETTINGS].replace("spoken.jsonl", str(tmp_path / "spoken.jsonl"))
    (tmp_path / SETTINGS).write_text(text, encoding="utf-8")
    monkeypatch.setenv("XIAOHAO_CONFIG", str(tmp_path / SETTINGS))
    return Settings(data=tmp_path, database=office.database.url)


@pytest.mark.usefixtures("added")
def test_messages_go_out_over_the_channel_of_the_page(office: Office, settings: Settings, tmp_path: Path) -> None:
    bootstrap.build(settings)
    office.problem_in_work()

    run_once(replace(office.house, settings=settings), lambda: office.now)

    lines = (tmp_path / "spoken.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert {one["to"] for one in told} == {"lead同志", "civil_head同志", "officer同志"}
    assert not any("台账不实" in line for line in lines)
    rows = office.rows("envelope", channel="spoken")
    assert sorted((row.id, row.state) for row in rows) == sorted((one["id"], "sent") for one in told)
    [first, *_] = [row for row in rows if row.id == told[0]["id"]]
    channel = channels.build("spoken", settings.channels["spoken"])
    assert channel.send(first) == Sent()
    assert (tmp_path / "spoken.jsonl").read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.usefixtures("added")
def test_a_setting_it_does_not_know_stops_the_start(settings: Settings) -> None:
    wrong = settings.model_copy(update={"channel": {"spoken": {"file": "f", "speed": 2}}})
    with pytest.raises(FaultsError, match=r"xiaohao\.toml: channel\.spoken\.speed"):
        bootstrap.build(wrong)


def test_without_its_line_there_is_no_such_channel(settings: Settings) -> None:
    with pytest.raises(FaultsError, match=r"channel\.spoken: there is none of this name"):
        bootstrap.build(settings)
