"""In which states a deadline still speaks, to whom it speaks when people are gone, and when it falls silent."""

import json

import pytest

from engine.commands import ALERT
from engine.sweep import sweep
from engine.writing import wake

LIVE = ("assignment", "immediate_fix", "time_limited_fix", "institutionalization", "close_out")
AT_REST = ("closed", "look_back", "settled")
TRACKS = ("immediate", "time_limited", "institutional")


def bring_to(office, state):
    """A problem with a deadline, in that state."""
    office.issue_plan()
    problem = office.assigned_problem()
    if state == "assignment":
        return problem
    track = TRACKS[LIVE.index(state) - 1] if state in LIVE[1:4] else "immediate"
    measure = office.add_measure(problem, track, due_in=60)
    office.do(problem, "begin", "coordinator")
    if state not in LIVE[1:4]:
        office.file_evidence(problem)
        office.finish(measure)
    if state in AT_REST:
        office.sign_all(problem)
        office.do(problem, "decide", "secretary")
    if state in AT_REST[1:]:
        office.do(problem, "start_look_back", "auditor")
    if state == "settled":
        office.do(problem, "pass_look_back", "auditor", finding="属实")
    assert office.case(problem).state == state
    return problem


def alerted(office, case):
    """Who has been told by the alerts of a case, by key."""
    rows = office.rows("SELECT changes FROM history WHERE case_id = ? AND action = ?", case, ALERT)
    keys = {number: key for key, number in office.people.items()}
    return {keys[one] for row in rows for one in json.loads(row["changes"])["said"]["told"]}


def beat(office):
    return sweep(office.database, office.runtime, office.now)


@pytest.mark.parametrize("state", LIVE)
def test_a_deadline_speaks_while_the_problem_is_alive(office, state):
    problem = bring_to(office, state)
    office.later(days=100)
    beat(office)
    # In the sign-off the lead official has done their part.
    assert alerted(office, problem) == ({"secretary"} if state == "close_out" else {"leader", "secretary"})


@pytest.mark.parametrize("state", AT_REST)
def test_it_is_silent_once_the_problem_rests(office, state):
    problem = bring_to(office, state)
    assert office.case(problem).next_alert_at is None
    office.later(days=400)
    assert beat(office).looked_at == 0
    assert alerted(office, problem) == set()


def test_without_a_deadline_nothing_is_due_today(office):
    problem = office.open_problem()
    office.do(problem, "confirm", "coordinator")
    assert office.case(problem).next_alert_at is None
    office.later(days=400)
    assert beat(office).looked_at == 0


def test_a_dropped_measure_is_silent(office):
    office.issue_plan()
    _, (measure,) = office.problem_in_work()
    office.do(measure, "drop", "coordinator", reason="合并")
    assert office.case(measure).next_alert_at is None


def test_who_has_done_their_part_is_left_in_peace(office):
    """A submitted result waits for the head of the department, no longer for the officer."""
    office.issue_plan()
    _, (measure,) = office.problem_in_work()
    office.do(measure, "submit", "officer", result="办结")
    office.later(days=100)
    beat(office)
    assert alerted(office, measure) == {"chief"}


@pytest.mark.parametrize(
    ("gone", "hears"), [([], "officer"), (["officer"], "chief"), (["officer", "chief"], "vice_chief")]
)
def test_a_leavers_deadline_reaches_whoever_it_falls_to(office, gone, hears):
    office.issue_plan()
    _, (measure,) = office.problem_in_work()
    for key in gone:
        office.leave(key)
    office.later(days=29)
    beat(office)
    assert alerted(office, measure) == {hears}


def test_an_overdue_problem_is_never_silent(office):
    problem = bring_to(office, "immediate_fix")
    office.later(days=60)
    beat(office)
    for _ in range(60):
        before = len(office.rows("SELECT 1 FROM history WHERE case_id = ?", problem))
        office.later(days=7)
        beat(office)
        assert len(office.rows("SELECT 1 FROM history WHERE case_id = ?", problem)) > before


def test_weeks_without_a_beat_give_one_entry_not_a_storm(office):
    problem = bring_to(office, "immediate_fix")
    office.later(days=200)
    assert beat(office).fired == 2  # the problem and its measure
    rows = office.rows("SELECT changes FROM history WHERE case_id = ? AND action = ?", problem, ALERT)
    said = json.loads(rows[0]["changes"])["said"]
    assert len(rows) == 1
    assert all(reason for *_, reason in said["superseded"])
    lines = office.rows("SELECT person_id FROM line WHERE case_id = ? AND rule = 'reminder'", problem)
    assert len({row["person_id"] for row in lines}) == len(lines)


def test_waking_everything_changes_nothing_that_people_see(office):
    problem = bring_to(office, "immediate_fix")
    before = office.case(problem)
    with office.database.begin() as tx:
        assert wake(tx, office.street, office.now) > 0
    beat(office)
    after = office.case(problem)
    assert (after.seq, after.revision, after.next_alert_at) == (before.seq, before.revision, before.next_alert_at)


def test_a_granted_extension_starts_the_ladder_anew(office):
    office.issue_plan()
    _, (measure,) = office.problem_in_work()
    office.later(days=40)
    beat(office)
    assert office.case(measure).fired
    office.extend(measure, "officer", "leader", days=60)
    case = office.case(measure)
    assert (case.fired, case.deadline_no, case.due_on) == ({}, 1, office.in_days(60))
    assert office.fields(measure)["original_due_on"] == "2026-04-01"
    office.later(days=59)
    beat(office)
    assert office.case(measure).fired
