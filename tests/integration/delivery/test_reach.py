"""Whoever holds a post is reached on the channels chosen for its role, everybody else on the usual ones."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from engine.faults import FaultsError
from notifications.channels.base import Recipient
from xiaohao.bootstrap import build, delivery

TODAY = date(2026, 6, 12)
ROBOT = {"base_url": "https://chat.street.test", "key": "k"}


def _reached(office: Any, who: str, day: date = TODAY, **settings: Any) -> list[str]:
    house = replace(office.house, settings=Settings(data=office.house.settings.data, **settings))
    person = Recipient(office.people[who], who, f"{who}同志", f"{who}@street.test", None, 1)
    with office.look() as tx:
        return sorted(delivery(house, tx).addresses(person, day))


def test_everybody_is_reached_on_all_that_is_chosen_for_all(office: Any) -> None:
    assert _reached(office, "officer", remote="folder,wecom", channel={"wecom": ROBOT}) == [
        "folder",
        "inbox",
        "wecom",
    ]


def test_a_role_has_channels_of_its_own(office: Any) -> None:
    reach = {"head": ["sheet"]}

    assert _reached(office, "head", reach=reach) == ["inbox", "sheet"]
    assert _reached(office, "officer", reach=reach) == ["folder", "inbox"]


def test_who_holds_several_posts_is_reached_on_the_channels_of_all(office: Any) -> None:
    reach = {"head": ["sheet"], "lead_official": ["folder", "sheet"]}

    assert _reached(office, "outsider", reach=reach) == ["folder", "inbox", "sheet"]


def test_a_post_of_the_past_counts_no_more(office: Any) -> None:
    office.write(f"UPDATE post SET from_on = '2026-01-01', to_on = '{TODAY}'")
    reach = {"head": ["sheet"]}

    assert _reached(office, "head", reach=reach) == ["inbox", "sheet"]
    assert _reached(office, "head", date(2026, 6, 13), reach=reach) == ["folder", "inbox"]
    assert _reached(office, "head", date(2025, 12, 31), reach=reach) == ["folder", "inbox"]


@pytest.mark.row(15)
def test_a_role_that_does_not_exist_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match=r"xiaohao\.toml: reach\.haed: 没有这个角色"):
        build(Settings(data=tmp_path, database="sqlite://", reach={"haed": ["sheet"]}))
