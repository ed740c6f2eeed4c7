"""Numbered editions: a case stays on the one it began on, a new one follows the newest."""

import pytest
from office import Office, house_at

from engine.editions import CALENDAR, LADDER, WORKFLOW, publish

ONE_MORE_ACTION = """
[[actions]]
name = "visit"
label = { zh = "现场走访", en = "Visit" }
from = ["feedback", "assignment"]
to = "="
roles = ["coordinator"]
"""


def _publish(office: Office, kind: str, name: str, text: str) -> None:
    with office.database.begin() as tx:
        publish(tx, kind, name, text)


@pytest.mark.row(28)
def test_a_case_stays_on_its_edition_and_a_new_one_takes_the_newest(office: Office) -> None:
    old = office.assigned_problem("1")
    workflow = office.house.runtime.registry.workflows["problem"]

    _publish(office, WORKFLOW, "problem", workflow + ONE_MORE_ACTION)
    new = office.assigned_problem("2")

    assert office.refusal("visit", old, "coordinator") == "unknown_action"
    office.do("visit", new, "coordinator")
    editions = {row.id: row.number for row in office.rows("definition") if row.name == "problem"}
    assert [editions[office.case(one).definition_id] for one in (old, new)] == [1, 2]
    assert [row.id for row in office.register().rows] == [old, new]
    office.after(120)
    assert office.sweep().fired == 2
    assert office.breaks() == []


@pytest.mark.row(28)
def test_an_edition_taken_into_force_elsewhere_is_seen_at_once(office: Office) -> None:
    """The worker and the pages are two processes: neither is started anew for a new edition."""
    office.opens_problem("1")
    elsewhere = Office(house_at(office.database.url, office.house.settings.data))
    workflow = office.house.runtime.registry.workflows["problem"]
    _publish(elsewhere, WORKFLOW, "problem", workflow + ONE_MORE_ACTION)
    elsewhere.database.dispose()

    office.do("visit", office.opens_problem("2"), "coordinator")


def test_the_same_text_again_is_no_new_edition(office: Office) -> None:
    before = office.rows("definition")

    _publish(office, WORKFLOW, "problem", office.house.runtime.registry.workflows["problem"])

    assert office.rows("definition") == before


@pytest.mark.row(21)
def test_a_ladder_with_one_step_less_is_followed_from_its_new_edition_on(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [ladder] = [row for row in office.rows("definition") if row.name == "weekly_5_3_1"]
    head, *steps = ladder.body.split("[[steps]]")
    kept = [one for one in steps if 'name = "five_days"' not in one]
    assert len(kept) == len(steps) - 1

    _publish(office, LADDER, "weekly_5_3_1", "[[steps]]".join([head, *kept]))
    office.at("2026-06-26 09:00").sweep()

    assert "five_days 1" not in office.steps(problem)
    office.at("2026-06-28 09:00").sweep()
    assert office.steps(problem)[-1] == "three_days 1"


def test_a_changed_calendar_year_is_read_anew(office: Office) -> None:
    [year] = [row for row in office.rows("definition") if row.name == "2026"]
    with office.look() as tx:
        before = office.house.runtime.editions.calendar(tx)

    _publish(office, CALENDAR, "2026", year.body + "\n# corrected\n")

    with office.look() as tx:
        assert office.house.runtime.editions.calendar(tx).number > before.number
