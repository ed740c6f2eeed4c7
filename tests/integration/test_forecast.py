"""What will be sent if nobody acts: the same as is sent when nobody does, and nothing is written to know it."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import DAY, Office, house_at, instant
from terminal import Terminal

from desk.forecast import Forecast, forecast, moments
from xiaohao.bootstrap import delivery
from xiaohao.run_once import run_once

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LADDERS = ("weekly_5_3_1", "jiangjin", "ratio_30_15", "last_three_days", "red_three_times")


def foreseen(office: Office, until: int) -> Forecast:
    with office.look() as tx:
        return forecast(tx, office.house.runtime, delivery(office.house, tx), office.now, until)


def messages(found: Forecast) -> list[tuple[str, int, str, list[str]]]:
    return sorted(
        (one.day.isoformat(), one.person_id, one.lane, sorted(matter.key for matter in one.matters))
        for one in found.messages
    )


def really_sent(office: Office, until: int) -> list[tuple[str, int, str, list[str]]]:
    """Beats by day and by night, as a worker would, and tells what new envelopes there are."""
    before = {row.id for row in office.inbox()}
    run_once(office.house, lambda: office.now)
    midnight = instant(f"{office.today} 00:00")
    for day in range(midnight, until, DAY):
        for at in (day + int(hour * 3600) for hour in (2, 8.5, 11, 21)):
            if office.now < at <= until:
                run_once(office.house, lambda at=at: at)  # type: ignore[misc]
    return sorted(
        (row.day, row.person_id, row.lane, sorted(json.loads(row.lines)))
        for row in office.inbox()
        if row.id not in before
    )


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_forecast_is_what_is_sent_when_nobody_acts(office: Office, ladder: str) -> None:
    office.settings(ladder=ladder)
    office.problem_in_work("immediate", "time_limited", due="2026-06-13")
    office.problem_in_work(number="2", due="2026-06-26", officers=["colleague"])
    office.closed_problem("3")
    office.at("2026-06-04 17:29")
    until = instant("2026-06-30 23:59")

    expected = messages(foreseen(office, until))

    assert len(expected) > 5
    assert really_sent(office, until) == expected


@ON_SQLITE
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dues=st.lists(st.integers(0, 40), min_size=1, max_size=4),
    ladder=st.sampled_from(LADDERS),
    hour=st.integers(0, 23),
    leaver=st.booleans(),
)
def test_whatever_the_deadlines_forecast_and_reality_agree(
    office: Office, tmp_path_factory: pytest.TempPathFactory, dues: list[int], ladder: str, hour: int, leaver: bool
) -> None:
    """A part of the work under way, from any hour of a day on which a message may or may not have gone out."""
    folder = tmp_path_factory.mktemp("world")
    world = Office(house_at(_copied(office, folder), folder))
    world.settings(ladder=ladder)
    for place, due in enumerate(dues, 1):
        world.problem_in_work(number=str(place), due=world.day(due))
    world.beat()
    if leaver:  # some days before it shows
        world.leaves("officer", "2026-06-16")
        world.leaves("civil_head", "2026-06-18")
    world.at(f"2026-06-12 {hour:02}:00")
    until = instant("2026-06-30 23:59")

    expected = messages(foreseen(world, until))

    assert really_sent(world, until) == expected
    world.database.dispose()


def _copied(office: Office, folder: Path) -> str:
    target = folder / "world.db"
    shutil.copyfile(office.database.url.removeprefix("sqlite:///"), target)
    return f"sqlite:///{target}"


@pytest.mark.row(24)
def test_what_a_leaving_brings_on_its_first_day_is_foreseen(office: Office) -> None:
    """Who takes the work over leaves, too, and hands on what is not theirs in the tables yet."""
    office.settings(ladder="jiangjin")
    office.problem_in_work("immediate", "time_limited", due="2026-06-20")
    office.beat()
    office.leaves("officer", "2026-06-12")
    office.leaves("civil_head", "2026-06-16")
    office.at("2026-06-08 10:00")
    until = instant("2026-06-30 23:59")

    found = foreseen(office, until)

    first_day = {one.person_id for one in found.messages if one.day == date(2026, 6, 15)}
    assert office.people["civil_head"] in first_day
    assert really_sent(office, until) == messages(found)


def test_a_forecast_writes_nothing(office: Office) -> None:
    office.problem_in_work(due="2026-06-13")
    before = office.everything()

    foreseen(office, instant("2026-07-30 12:00"))

    assert office.everything() == before


def test_a_deadline_missed_is_told_for_the_day_after(office: Office) -> None:
    problem = office.problem_in_work(due="2026-06-13")
    office.problem_at_close_out("2", due="2026-06-13")
    [measure] = office.measures(problem)

    found = foreseen(office, instant("2026-06-30 12:00"))

    assert {(one.case_id, one.day) for one in found.lapses} == {
        (problem, date(2026, 6, 14)),
        (measure, date(2026, 6, 14)),
    }


@pytest.mark.row(9)
def test_one_poisoned_case_does_not_hide_the_others(office: Office) -> None:
    problems = office.many_problems(3, due="2026-06-20")
    office.write(f"UPDATE cases SET started_on = 'never' WHERE id = {problems[1]}")

    found = foreseen(office, instant("2026-06-30 12:00"))

    assert found.aside == (problems[1],)
    assert found.messages


def test_every_office_opens_by_its_own_clock(office: Office) -> None:
    office.settings(opens="09:00")
    with office.look() as tx:
        found = moments(tx, instant("2026-06-01 08:00"), instant("2026-06-02 08:30"))

    # The two others open at half past eight.
    assert found == [
        instant(one) for one in ("2026-06-01 08:00", "2026-06-01 08:30", "2026-06-01 09:00", "2026-06-02 08:30")
    ]


@ON_SQLITE
def test_the_command_names_day_person_and_matter(office: Office) -> None:
    office.problem_in_work(due="2026-06-12")
    office.beat()
    terminal = Terminal(office.house.settings.data)
    options = ("--at", "2026-06-05T09:30", "--days", "20", "--database", office.database.url)

    everybody = terminal.ok("forecast", *options)
    leader = terminal.ok("forecast", "--person", "lead", *options)

    three_days = "  officer同志（1 项）\n    距到期三天，经办人：（1）immediate措施，时限 2026-06-12"
    assert f"2026-06-09（周二）\n{three_days}" in everybody
    assert "2026-06-13（周六）" in everybody
    assert "起逾期：（1）台账不实" in everybody
    assert "officer同志" not in leader
    assert "lead同志（1 项）" in leader
