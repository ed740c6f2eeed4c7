"""What time does: nothing twice, nothing lost, never silent, and never to the wrong people."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from office import Office, instant

from engine.commands import Refusal
from engine.writing import wake


@pytest.fixture
def machine_on_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def _counts(office: Office) -> dict[str, int]:
    return {name: office.count(name) for name in ("history", "line", "envelope", "quarantine")}


def _wake(office: Office) -> None:
    with office.database.begin() as tx:
        wake(tx, office.organizations["street"], office.now)


@pytest.mark.row(2)
def test_sweeping_fifty_times_fires_nothing_twice(office: Office) -> None:
    office.many_problems(3, due="2026-07-01")
    office.at("2026-07-20 09:00")
    first = office.sweep()
    after_first = _counts(office)

    again = [office.sweep() for _ in range(48)]
    _wake(office)
    woken = office.sweep()

    assert (first.fired, first.looked_at) == (6, 6)
    assert all(one.looked_at == 0 for one in again)
    assert len(office.rows("cases", kind="letter")) == 3
    assert (woken.looked_at, woken.fired) == (10, 0)
    assert _counts(office) == after_first


@pytest.mark.row(2)
def test_beating_again_the_same_morning_sends_nothing_more(office: Office) -> None:
    office.many_problems(3, due="2026-07-01")
    office.at("2026-07-20 09:00").beat()
    sent, mails = _counts(office), office.mails()

    for _ in range(5):
        office.beat()

    assert _counts(office) == sent
    assert office.mails() == mails


@pytest.mark.row(4)
def test_after_ten_days_down_each_person_gets_one_digest(office: Office) -> None:
    office.many_problems(60, due="2026-06-12")
    office.beat()
    office.at("2026-06-22 09:00")

    office.beat()

    told = Counter(row.person_id for row in office.inbox() if row.day == "2026-06-22")
    assert office.keys_of(list(told)) == ["civil_head", "lead", "officer"]
    assert set(told.values()) == {1}
    assert office.count("line") == 0
    assert len(office.mails()) == len(office.inbox())
    [officers] = [row for row in office.inbox("officer") if row.day == "2026-06-22"]
    assert len(json.loads(officers.lines)) == 60
    alerts = [row for row in office.rows("history", action="alert") if row.case_id != row.root_id]
    skipped = [_skipped(json.loads(row.changes)["said"]) for row in alerts]
    assert {reason for one in skipped for _key, reason in one} == {"higher_step", "newer_occurrence"}
    assert all(skipped)


def _skipped(said: dict[str, Any]) -> set[tuple[str, str]]:
    """The steps that were passed over, and why."""
    return {(key, reason) for key, _first, _nth, _role, reason, _by in said["superseded"]}


@pytest.mark.row(1)
def test_a_clock_stopped_over_three_steps_makes_one_late_notice(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-17")
    office.at("2026-07-10 09:00").sweep()
    before = office.count("line")
    office.at("2026-07-16 09:00")

    office.sweep()

    said = office.said(problem, "alert")[-1]
    assert [(key, role) for key, _nth, role, _on in said["due"]] == [("weekly_5_3_1.one_day", "officer")]
    assert _skipped(said) == {
        ("weekly_5_3_1.five_days", "higher_step"),
        ("weekly_5_3_1.three_days", "higher_step"),
    }
    assert office.count("line") == before + 1


@pytest.mark.row(9)
def test_one_poisoned_case_of_a_hundred_steps_aside_and_the_others_go_on(office: Office) -> None:
    problems = office.many_problems(50, due="2026-07-01")
    poisoned = problems[20]
    office.write(f"UPDATE cases SET due_on = '2026-02-30' WHERE id = {poisoned}")
    office.at("2026-07-20 09:00")

    swept = office.sweep()

    assert (swept.fired, swept.quarantined) == (99, (poisoned,))
    [aside] = office.rows("quarantine")
    assert (aside.case_id, aside.at, aside.released_at) == (poisoned, office.now, None)
    assert "day is out of range" in aside.error
    assert office.sweep().looked_at == 0
    assert office.after(1).sweep().quarantined == ()


@pytest.mark.row(9)
def test_a_case_whose_alert_the_door_refuses_steps_aside_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its wake-up stayed where it was, and the sweep met it again and again without an end."""
    office.settings(ladder="jiangjin")
    poisoned, good = (office.problem_in_work(number=one, due="2026-07-01") for one in "12")
    roots = (poisoned, *office.measures(poisoned))
    guards = office.house.runtime.registry.guards
    monkeypatch.setitem(
        guards, "matter_is_open", lambda context: Refusal("not_in_work") if context.root.id == poisoned else None
    )

    swept = office.at("2026-07-02 09:00").sweep()

    # Whichever of the two comes first asks for the letter.
    assert swept.quarantined
    assert set(swept.quarantined) <= set(roots)
    assert "not_in_work" in office.rows("quarantine")[0].error
    assert {row.root_id for row in office.rows("cases", kind="letter")} == {good}
    assert office.sweep().looked_at == 0


@pytest.mark.row(10)
def test_four_hundred_days_overdue_still_speaks_weekly_to_officer_and_leaders(office: Office) -> None:
    problem = office.problem_in_work(due="2026-06-30")
    office.at("2027-08-04 09:00").sweep()
    [letter] = office.rows("cases", kind="letter")
    office.do("answer", letter.id, "civil_head", answer="正在招标")
    before = Counter(office.told(problem))

    for _ in range(21):
        office.after(1).sweep()

    heard = Counter(office.told(problem)) - before
    assert heard == {"officer": 3, "civil_head": 3, "lead": 3, "head": 3}


@pytest.mark.row(12)
def test_a_saturday_deadline_speaks_on_monday_morning(office: Office) -> None:
    problem = office.problem_in_work(due="2026-06-13")
    office.at("2026-06-12 09:00").beat()
    packed = len(office.inbox("officer"))

    office.at("2026-06-13 20:00").beat()
    assert not office.register_row(problem).is_overdue(office.register().as_of)
    office.at("2026-06-14 10:00").beat()
    office.at("2026-06-15 08:29").beat()
    assert "overdue_daily 1" in office.steps(problem)
    assert len(office.inbox("officer")) == packed
    office.at("2026-06-15 08:30").beat()

    assert [row.day for row in office.inbox("officer")][packed:] == ["2026-06-15"]


@pytest.mark.row(13)
@pytest.mark.usefixtures("machine_on_utc")
def test_shanghai_at_half_past_midnight_is_a_new_day_on_a_utc_server(office: Office) -> None:
    assert time.localtime(instant("2026-06-11 00:30")).tm_mday == 10
    problem = office.problem_in_work(due="2026-06-10")
    office.at("2026-06-10 09:00").sweep()
    quiet = office.steps(problem)

    office.at("2026-06-10 23:59").sweep()
    assert not office.register_row(problem).is_overdue(office.register().as_of)
    office.at("2026-06-11 00:30").sweep()
    assert office.register_row(problem).is_overdue(office.register().as_of)
    assert office.steps(problem) == quiet
    office.at("2026-06-11 08:30").sweep()

    assert office.steps(problem) == [*quiet, "overdue_daily 1"]


@pytest.mark.row(22)
def test_a_case_without_a_deadline_never_alerts(office: Office) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")

    office.after(400)
    _wake(office)
    office.sweep()

    assert office.told() == []
    assert office.case(problem).next_alert_at is None
    assert office.register_row(problem).days_left(office.register().as_of) is None


@pytest.mark.row(23)
def test_who_is_reminded_in_which_state(office: Office) -> None:
    """State by state, all a month overdue: what is done is silent, what is submitted leaves its officer be."""
    due = "2026-07-01"
    problems = {
        "feedback": office.opens_problem("1"),
        "assignment": office.assigned_problem("2", due=due),
        "immediate_fix": office.problem_in_work(number="3", due=due),
        "time_limited_fix": office.problem_in_work("time_limited", number="4", due=due),
        "institutionalization": office.problem_in_work("institutional", number="5", due=due),
        "close_out": office.problem_at_close_out("6", due=due),
    }
    for state, number in (("closed", "7"), ("look_back", "8"), ("settled", "9")):
        problems[state] = office.problem_at_close_out(number, due=due)
        office.signs_up_to_meeting(problems[state])
        office.do("decide", problems[state], "head")
    for state in ("look_back", "settled"):
        office.do("start_look_back", problems[state], "auditor")
    office.do("pass_look_back", problems["settled"], "auditor", finding="到位")
    measures = {"open": office.measures(problems["immediate_fix"])[0]}
    measures["submitted"] = office.measures(problems["time_limited_fix"])[0]
    office.submits(measures["submitted"])
    measures["dropped"] = office.measures(problems["institutionalization"])[0]
    office.do("drop", measures["dropped"], "coordinator", reason="另行办理")
    measures["accepted"] = office.measures(problems["closed"])[0]
    cases = problems | measures
    assert {state: office.state(one) for state, one in cases.items()} == {state: state for state in cases}

    office.at("2026-08-01 09:00")
    _wake(office)
    office.sweep()

    leaders = {"lead", "head"}
    assert {state: office.told_of(one) for state, one in cases.items()} == {
        "feedback": set(),
        "assignment": leaders,
        "immediate_fix": leaders,
        "time_limited_fix": leaders,
        "institutionalization": leaders,
        "close_out": {"head"},
        "closed": set(),
        "look_back": set(),
        "settled": set(),
        "open": {"officer", "civil_head"},
        "submitted": {"civil_head"},
        "dropped": set(),
        "accepted": set(),
    }


@pytest.mark.row(23)
def test_a_reminder_that_waits_for_monday_is_dropped_when_the_work_is_accepted_meanwhile(office: Office) -> None:
    problem = office.problem_in_work(due="2026-06-13")
    [measure] = office.measures(problem)
    office.at("2026-06-12 18:00").beat()
    office.at("2026-06-14 10:00").sweep()
    assert [row.rule for row in office.rows("line", case_id=measure)][-1] == "reminder"

    office.finishes(measure)
    office.at("2026-06-15 08:30").beat()

    assert [row for row in office.inbox("officer") if "逾期" in row.body] == []
    assert office.rows("line", rule="reminder") == []


@pytest.mark.row(24)
@pytest.mark.parametrize(
    ("gone", "hears"),
    [
        (["officer"], {"civil_head"}),
        (["officer", "civil_head"], {"civil_deputy"}),
        (["officer", "civil_head", "civil_deputy"], {"lead"}),
        (["officer", "civil_head", "civil_deputy", "lead"], {"coordinator", "second_coordinator"}),
    ],
)
def test_when_the_officer_has_left_the_next_one_up_hears_instead(
    office: Office, gone: list[str], hears: set[str]
) -> None:
    problem = office.problem_in_work(due="2026-06-20")
    [measure] = office.measures(problem)
    for who in gone:
        office.leaves(who, office.today)

    office.at("2026-06-15 09:00").sweep()

    assert office.told_of(measure) == hears


@pytest.mark.row(24)
def test_what_waited_for_somebody_who_has_left_is_not_sent_to_them(office: Office) -> None:
    office.problem_in_work(due="2026-06-20")
    office.leaves("officer", office.today)

    office.at("2026-06-15 09:00").beat()

    assert office.inbox("officer") == []
    assert office.inbox("civil_head")


@pytest.mark.row(18)
def test_a_granted_extension_starts_the_ladder_anew_and_repeats_nothing(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    office.at("2026-06-26 09:00").sweep()
    assert office.steps(problem)[-1] == "five_days 1"
    asked = office.open("extension", "officer", parent=measure, until="2026-08-31", reason="等审批")
    assert office.refusal("grant", asked, "officer") == "not_yours"
    office.do("grant", asked, "lead")
    before = office.steps(problem)

    office.sweep()
    assert office.steps(problem) == before
    office.at("2026-07-02 09:00").sweep()
    assert office.steps(problem) == before
    office.at("2026-07-03 09:00").sweep()
    assert office.steps(problem) == [*before, "weekly 1"]
    office.at("2026-08-26 09:00").sweep()

    assert office.steps(problem)[-1] == "five_days 1"
    assert office.fields(measure)["original_due_on"] == "2026-07-01"
    assert (office.case(measure).due_on, office.case(measure).deadline_no) == ("2026-08-31", 1)
    assert office.breaks() == []


def test_nobody_grants_their_own_request(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01", officers=["lead"])
    [measure] = office.measures(problem)
    asked = office.open("extension", "lead", parent=measure, until="2026-08-31", reason="等审批")

    assert office.refusal("grant", asked, "lead") == "own_request"
    assert office.refusal("refuse", asked, "lead", answer="不急") == "own_request"
    office.do("grant", asked, "coordinator")


@pytest.mark.row(21)
def test_another_ladder_is_recomputed_and_nothing_told_comes_again(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    office.at("2026-07-11 09:00").sweep()
    weekly = office.steps(problem)

    office.settings(ladder="jiangjin")
    _wake(office)
    office.sweep()
    red = office.steps(problem)[len(weekly) :]
    said = office.said(problem, "alert")[-1]
    office.settings(ladder="weekly_5_3_1")
    _wake(office)
    office.sweep()

    assert set(red) == {"overdue_weekly 1"}
    assert {reason for _key, reason in _skipped(said)} == {"higher_step"}
    assert office.steps(problem) == [*weekly, *red]


@pytest.mark.row(20)
def test_the_ladder_goes_on_after_a_measure_was_returned_twice(office: Office) -> None:
    problem = office.problem_in_work(due="2026-06-20")
    [measure] = office.measures(problem)
    for _ in range(2):
        office.do("submit", measure, "officer", result="已清理")
        office.do("return", measure, "civil_head", reason="再核")

    office.at("2026-06-17 09:00").sweep()

    assert office.steps(problem) == ["three_days 1"]
    assert office.told_of(measure) == {"officer"}


@pytest.mark.row(11)
def test_a_mass_of_overdue_problems_is_one_message_per_leader_and_week_and_paused_ones_are_not_in_it(
    office: Office,
) -> None:
    problems = office.many_problems(20, due="2026-06-12")
    paused = problems[0]
    office.do("pause", paused, "coordinator", waiting_for="区财政评审", reason="预算待批")
    for day in range(12, 40):
        office.at(f"2026-{6 + (day > 30):02}-{day - 30 * (day > 30):02} 09:00").beat()

    for who in ("head", "lead", "civil_head", "officer"):
        days = Counter(row.day for row in office.inbox(who))
        assert set(days.values()) == {1}, who
    last = office.inbox("head")[-1]
    keys = {key.split(":")[0] for key in json.loads(last.lines)}
    assert keys == {str(one) for one in problems[1:]}
