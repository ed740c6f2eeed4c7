"""Setting up an office: a plan is written whole, and what it misspells is said before anybody relies on it."""

from typing import Any

import pytest
from office import PLAN, Office

from desk.set_up_office import UnknownKeyError, set_up_office


def _with_organization(**row: Any) -> dict[str, list[dict[str, Any]]]:
    return {"organizations": [{"key": "new", "name": "新街道党工委", **row}]}


def test_the_same_plan_again_adds_nothing(office: Office) -> None:
    before = office.everything()

    set_up_office(office.house.desk, PLAN, "2026-06-01")

    assert office.everything() == before


@pytest.mark.row(15)
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ladder": "weekly_5_3_2"}, "no ladder 'weekly_5_3_2'; there are: .*weekly_5_3_1"),
        ({"skip_sign_steps": ["meetings"]}, "no step meetings in a sign-off; there are: .*meeting"),
    ],
)
def test_a_misspelt_setting_is_refused_with_what_there_is(
    office: Office, settings: dict[str, Any], said: str
) -> None:
    before = office.everything()

    with pytest.raises(UnknownKeyError, match=said):
        set_up_office(office.house.desk, _with_organization(settings=settings), "2026-06-01")

    assert office.everything() == before


@pytest.mark.row(15)
def test_an_unknown_setting_is_refused(office: Office) -> None:
    with pytest.raises(ValueError, match="unknown setting of an organisation: laddr"):
        set_up_office(office.house.desk, _with_organization(settings={"laddr": "jiangjin"}), "2026-06-01")


def test_a_plan_that_names_somebody_unknown_writes_nothing(office: Office) -> None:
    before = office.everything()
    person = {
        "key": "new_one",
        "name": "新同志",
        "rank_order": 50,
        "posts": [{"unit": "nowhere", "role": "officer"}],
    }

    with pytest.raises(UnknownKeyError, match="no organization with the key 'nowhere'"):
        set_up_office(office.house.desk, {**_with_organization(), "people": [person]}, "2026-06-01")

    assert office.everything() == before
