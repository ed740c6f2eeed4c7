"""How the installation is doing: each fault is seen, told, and in the exit code."""

import json
from pathlib import Path

import pytest
from office import Office, instant
from terminal import Terminal

from desk.health import CRITICAL, WARNING, WELL, Failing, Health, health
from engine import clock
from engine.beats import LONGEST_PAUSE
from xiaohao.worker import beating

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATIENCE = 300


def found(office: Office) -> Health:
    with office.look() as tx:
        return health(office.house.runtime.view(tx), office.now, PATIENCE)


def test_an_office_that_beats_is_well(office: Office) -> None:
    office.problem_in_work(due="2026-06-13")
    office.beat()

    one = found(office)

    assert (one.level, one.last_beat, one.sweep.count, one.outbox.count) == (WELL, office.now, 0, 0)


def test_who_is_served_with_a_beat_beside_is_well_from_the_start(office: Office) -> None:
    """As the sample is served: the clock stands elsewhere, and the beats follow it."""
    with beating(office.house, lambda: office.now):
        assert found(office).level == WELL


@pytest.mark.row(8)
def test_a_beat_too_old_or_none_is_critical(office: Office) -> None:
    assert found(office).level == CRITICAL
    office.beat()
    office.now += PATIENCE
    assert found(office).level == WELL
    office.now += 1
    assert found(office).level == CRITICAL


def test_beats_close_together_are_one_stretch_and_a_pause_begins_another(office: Office) -> None:
    first = office.now
    for wait in (30, LONGEST_PAUSE, LONGEST_PAUSE + 1):
        office.beat()
        office.now += wait
    office.beat()

    assert [(row.first_at, row.last_at) for row in office.rows("beat")] == [
        (first, first + 30 + LONGEST_PAUSE),
        (office.now, office.now),
    ]


def test_a_sweep_and_an_outbox_that_lag_behind_are_told_in_seconds(office: Office) -> None:
    office.problem_in_work(due="2026-06-13")
    office.beat()
    office.write("UPDATE envelope SET state = 'queued', sent_at = NULL WHERE channel = 'folder'")
    office.write(f"UPDATE cases SET next_alert_at = {office.now} WHERE next_alert_at IS NOT NULL")
    office.now += PATIENCE

    one = found(office)

    assert (one.sweep.behind, one.outbox.behind, one.level) == (PATIENCE, PATIENCE, WELL)
    office.write(f"UPDATE beat SET last_at = {office.now + 3600}")
    office.now += 3600
    late = found(office)
    assert (late.sweep.is_long, late.outbox.is_long, late.level) == (True, True, WARNING)


def test_a_failing_channel_is_named_since_its_first_envelope(office: Office) -> None:
    office.house.settings.data.joinpath("mail").write_text("not a folder")
    office.problem_in_work(due="2026-06-13")
    office.beat()

    one = found(office)

    assert one.level == WARNING
    [failing] = one.failing
    waiting = len([row for row in office.rows("envelope") if row.state == "queued"])
    assert failing == Failing("folder", office.now, waiting, failing.error)
    assert failing.error.startswith("channel_down")


def test_one_bad_address_among_good_ones_is_no_failing_channel(office: Office) -> None:
    office.problem_in_work(due="2026-06-13")
    office.beat()
    [first, *rest] = [row.id for row in office.rows("envelope", channel="folder")]
    assert rest
    office.write(f"UPDATE envelope SET state = 'queued', error = 'server_busy' WHERE id = '{first}'")

    assert found(office).failing == ()


def test_what_was_set_aside_and_what_was_given_up_are_counted(office: Office) -> None:
    problem = office.problem_in_work(due="2026-06-13")
    office.beat()
    office.write(f"INSERT INTO quarantine (case_id, at, error) VALUES ({problem}, {office.now}, 'bad')")
    office.write("UPDATE envelope SET state = 'dead', error = 'address_refused' WHERE channel = 'folder'")

    one = found(office)

    assert (one.quarantined, one.level) == ((problem,), WARNING)
    assert one.dead == len(office.rows("envelope", channel="folder"))
    office.write(f"UPDATE quarantine SET released_at = {office.now}")
    assert found(office).quarantined == ()


@ON_SQLITE
def test_the_command_speaks_to_people_and_to_monitors(office: Office) -> None:
    office.now = clock.now()
    office.beat()
    terminal = Terminal(office.house.settings.data)
    where = ("--database", office.database.url)

    well = terminal.run("health", *where)
    as_json = terminal.run("health", "--json", *where)

    assert (well.code, well.out.splitlines()[-1]) == (WELL, "结论：正常。")
    assert (as_json.code, json.loads(as_json.out)["level"]) == (WELL, WELL)


def test_a_database_that_is_not_there_is_critical(tmp_path: Path) -> None:
    said = Terminal(tmp_path).run("health")

    assert said.code == CRITICAL
    assert "数据库打不开" in said.err


@ON_SQLITE
def test_the_command_names_channel_case_and_remedy(office: Office) -> None:
    office.now = instant("2026-06-01 09:00")
    problem = office.problem_in_work(due="2026-06-13")
    office.house.settings.data.joinpath("mail").write_text("not a folder")
    office.beat()
    office.write(f"INSERT INTO quarantine (case_id, at, error) VALUES ({problem}, {office.now}, 'bad')")

    said = Terminal(office.house.settings.data).run("health", "--database", office.database.url)

    assert said.code == CRITICAL
    assert "没有在运行：上一次运行 2026-06-01 09:00" in said.out
    assert "通道“邮件文件夹”自 2026-06-01 09:00 起发不出去" in said.out
    assert "搁置，不再提醒：（1）台账不实" in said.out
