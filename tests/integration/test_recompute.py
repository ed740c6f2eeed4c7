"""A holiday list comes out late: what it would move is a list that a person approves, row by row."""

from datetime import date
from pathlib import Path

import pytest
from office import Office
from terminal import Terminal

from desk.calendars import put_in_force, read_list, year_sheet
from desk.desk import RefusedError
from desk.recompute import Move, approve, propose, propose_period
from desk.set_up_office import set_up_office
from engine.deadlines import Policy
from xiaohao.bootstrap import install

LIST = "\n".join(
    [f"2027-02-{day:02},休,春节" for day in range(5, 14)]
    + ["2027-01-01,休,元旦", "2027-02-14,班,春节", "2027-02-20,班,春节"]
).encode()
SOURCE = "国办发明电〔2026〕7号"


@pytest.fixture
def office(office: Office) -> Office:
    """With somebody who keeps the calendar."""
    post = {"unit": "street", "role": "administrator", "title": ""}
    keeper = {"key": "administrator", "name": "系统管理员甲", "email": "", "rank_order": 99, "posts": [post]}
    set_up_office(office.house.desk, {"people": [{**keeper, "organization": "street"}]}, "2026-01-01")
    office.people["administrator"] = office.rows("person", key="administrator")[0].id
    return office


def _problem(office: Office, period: str = "80个工作日", measures: int = 1) -> int:
    """Found in October 2026, its measures due in February 2027."""
    office.at("2026-10-20 09:00")
    problem = office.assigned_problem(due="2027-06-30")
    for _ in range(measures):
        office.open(
            "measure", "coordinator", parent=problem, text="清理", track="immediate",
            officer=office.people["officer"], period=period,
        )  # fmt: skip
    office.do("begin", problem, "coordinator")
    return problem


def _publishes(office: Office) -> bool:
    listed = read_list(LIST, "2027.csv", SOURCE)
    return put_in_force(office.house.desk, office.actor("administrator"), listed, office.now)


def _proposed(office: Office) -> list[Move]:
    with office.look() as tx:
        return propose(office.house.desk, tx, office.organizations["street"])


@pytest.mark.row(17)
def test_a_date_in_a_year_without_a_list_is_provisional_and_moves_only_when_approved(office: Office) -> None:
    problem = _problem(office)
    [measure] = office.measures(problem)
    before = office.case(measure).due_on
    assert office.register_row(problem).measures[0].clock.provisional
    assert "暂定" in office.register().deadline(office.register_row(problem).measures[0])
    assert _proposed(office) == []

    office.at("2026-11-05 10:00")
    assert _publishes(office)
    assert not _publishes(office)
    [move] = _proposed(office)
    assert (move.was.isoformat(), move.provisional) == (before, False)
    assert move.now > move.was
    assert office.case(measure).due_on == before

    assert [
        one.refusal.word for one in approve(office.house.desk, office.actor("officer"), [move], office.now)
    ] == ["not_yours"]
    [outcome] = approve(office.house.desk, office.actor("coordinator"), [move], office.now)
    assert outcome.done
    assert office.case(measure).due_on == office.fields(measure)["original_due_on"] == move.now.isoformat()
    assert not office.register_row(problem).measures[0].clock.provisional
    assert _proposed(office) == []
    assert office.breaks() == []


@pytest.mark.row(17)
def test_a_provisional_date_that_moves_does_not_restart_the_ladder(office: Office) -> None:
    problem = _problem(office)
    [measure] = office.measures(problem)
    due = date.fromisoformat(office.case(measure).due_on)
    office.at(f"{date.fromordinal(due.toordinal() - 4)} 09:00").sweep()
    fired = office.case(measure).fired
    assert "five_days" in fired
    _publishes(office)
    approve(office.house.desk, office.actor("coordinator"), _proposed(office), office.now)

    assert (office.case(measure).fired, office.case(measure).deadline_no) == (fired, 0)
    before = office.steps(problem)
    moved = date.fromisoformat(office.case(measure).due_on)
    office.at(f"{date.fromordinal(moved.toordinal() - 3)} 09:00").sweep()
    after = office.steps(problem)[len(before) :]
    assert "three_days 1" in after
    assert "five_days 1" not in after


def test_what_moved_again_since_it_was_shown_is_refused_in_its_row(office: Office) -> None:
    problem = _problem(office, measures=2)
    _publishes(office)
    first, second = _proposed(office)
    office.do("pause", first.case_id, "civil_head", waiting_for="区局", reason="待批")
    office.after(7).do("resume", first.case_id, "officer")
    outcomes = approve(office.house.desk, office.actor("coordinator"), [first, second], office.now)

    assert [one.refusal.word if one.refusal else None for one in outcomes] == ["nothing_to_recompute", None]
    assert len(office.measures(problem)) == 2


@pytest.mark.row(17)
def test_another_family_is_recomputed_by_the_same_step(office: Office) -> None:
    post = {"unit": "street", "role": "safety_inspector", "title": ""}
    inspector = {"key": "inspector", "name": "安监员甲", "email": "", "rank_order": 98, "posts": [post]}
    set_up_office(office.house.desk, {"people": [{**inspector, "organization": "street"}]}, "2026-01-01")
    office.people["inspector"] = office.rows("person", key="inspector")[0].id
    office.at("2027-01-28 09:00")
    hazard = office.open("hazard", "inspector", title="通道堵塞", place="二层", found_on=office.today)
    people = {"lead_official": office.people["lead"], "officer": office.people["officer"]}
    office.do("grade", hazard, "inspector", grade="general", lead_department=office.departments["civil"], **people)
    before = office.case(hazard).due_on
    office.do("pause", hazard, "inspector", waiting_for="消防验收", reason="已报验")
    assert office.refusal("submit_fix", hazard, "officer", result="已清理") == "paused"
    office.after(1).do("resume", hazard, "officer")
    assert office.case(hazard).due_on == before
    _publishes(office)
    [move] = _proposed(office)
    assert approve(office.house.desk, office.actor("coordinator"), [move], office.now)[0].done
    assert office.case(hazard).due_on == move.now.isoformat() > before
    assert office.breaks() == []


@pytest.mark.row(18)
def test_a_changed_period_keeps_the_pauses(office: Office) -> None:
    problem = _problem(office, "30天")
    [measure] = office.measures(problem)
    office.do("pause", measure, "civil_head", waiting_for="区局", reason="待批")
    office.after(5).do("resume", measure, "officer")
    was = office.case(measure).due_on
    with office.look() as tx:
        [move] = propose_period(
            office.house.desk, tx, office.organizations["street"],
            Policy("assigned", 30, "day"), Policy("assigned", 40, "day"),
        )  # fmt: skip
    assert (was, move.now.isoformat()) == ("2026-11-23", "2026-12-03")
    assert approve(office.house.desk, office.actor("coordinator"), [move], office.now)[0].done
    assert office.case(measure).due_on == "2026-12-03"
    assert office.fields(measure)["original_due_on"] == "2026-11-19"


def test_only_an_administrator_keeps_the_calendar_and_a_restart_does_not_undo_it(office: Office) -> None:
    listed = read_list(LIST, "2027.csv", SOURCE)
    with pytest.raises(RefusedError, match="系统管理员"):
        put_in_force(office.house.desk, office.actor("coordinator"), listed, office.now)
    with office.look() as tx:
        assert year_sheet(office.house.desk, tx, 2027).provisional
        assert year_sheet(office.house.desk, tx, 2099).number is None
    assert _publishes(office)
    install(office.house)
    with office.look() as tx:
        sheet = year_sheet(office.house.desk, tx, 2027)
    assert (sheet.number, sheet.provisional, sheet.source) == (2, False, SOURCE)
    assert (sheet.entered_on, len(sheet.days)) == (office.today, 365)
    assert [one.day.day for one in sheet.of_kind("make_up")] == [14, 20]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_line_shows_imports_proposes_and_approves(office: Office, tmp_path: Path) -> None:
    _problem(office)
    path = tmp_path / "2027.csv"
    path.write_bytes(LIST)
    terminal = Terminal(tmp_path)
    here = ("--database", office.house.settings.database_url)
    assert "暂定" in terminal.ok("calendar", "show", "2027", *here)
    listed = ("calendar", "import", str(path), "--source", SOURCE)
    assert "系统管理员" in terminal.no(*listed, "--as", "coordinator", *here)
    assert "已更新" in terminal.ok(*listed, "--as", "administrator", *here)
    assert SOURCE in terminal.ok("calendar", "show", "2027", *here)
    assert "80个工作日" in terminal.ok("calendar", "propose", *here)
    assert "--only" in terminal.no("calendar", "approve", "--as", "coordinator", "--only", "7", *here)
    assert "已改为" in terminal.ok("calendar", "approve", "--as", "coordinator", *here)
    assert "没有需要重算的时限" in terminal.ok("calendar", "propose", *here)


@pytest.mark.row(17)
def test_a_calendar_that_changes_twice_refuses_what_was_shown_of_the_first_change(office: Office) -> None:
    """Half of the list was approved; of the other half nobody has seen what it would be now."""
    problem = _problem(office, measures=2)
    _publishes(office)
    first, second = _proposed(office)
    [done] = approve(office.house.desk, office.actor("coordinator"), [first], office.now)
    assert done.done

    corrected = read_list(LIST + "\n2027-02-15,休,春节\n2027-02-16,休,春节".encode(), "2027.csv", SOURCE)
    assert put_in_force(office.house.desk, office.actor("administrator"), corrected, office.now)
    [refused] = approve(office.house.desk, office.actor("coordinator"), [second], office.now)

    assert refused.refusal is not None
    assert refused.refusal.word == "recomputed_otherwise"
    moves = _proposed(office)
    assert {one.case_id for one in moves} == set(office.measures(problem))
    assert [one.done for one in approve(office.house.desk, office.actor("coordinator"), moves, office.now)] == [
        True, True,
    ]  # fmt: skip
    assert _proposed(office) == []
    assert len({office.case(one).due_on for one in office.measures(problem)}) == 1
    assert office.breaks() == []
