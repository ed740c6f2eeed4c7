"""Close-out numbers without a gap, non-recognition in the same round, a relapse in a new one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from office import Office


@pytest.mark.row(35)
def test_numbers_have_no_gap_under_parallel_decisions_and_refusals(office: Office) -> None:
    """Twenty at once: half of them may be decided, the other half lacks a signature and draws nothing."""
    ready = [office.signed_problem(f"甲{number}") for number in range(10)]
    unsigned = [office.problem_at_close_out(f"乙{number}") for number in range(10)]
    mixed = [one for pair in zip(ready, unsigned, strict=True) for one in pair]

    with ThreadPoolExecutor(8) as pool:
        words = list(pool.map(lambda one: office.refusal("decide", one, "head"), mixed))

    assert words == [None, "signature_missing"] * 10
    numbers = sorted(office.fields(one)["close_out_number"] for one in ready)
    assert numbers == list(range(1, 11))
    assert [row.value for row in office.rows("number")] == [10]
    assert office.breaks() == []


@pytest.mark.row(35)
def test_a_decision_that_fails_at_the_last_moment_gives_its_number_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = office.signed_problem("1"), office.signed_problem("2")
    with monkeypatch.context() as broken:
        broken.setattr("engine.writing._send_chained", _fails)
        with pytest.raises(OSError, match="power cut"):
            office.do("decide", first, "head")

    office.do("decide", second, "head")
    office.do("decide", first, "head")

    assert [office.fields(one)["close_out_number"] for one in (second, first)] == [1, 2]


def _fails(*_args: object) -> None:
    raise OSError("power cut")


def test_each_year_counts_from_one(office: Office) -> None:
    old, new = office.signed_problem("1"), office.signed_problem("2")
    office.at("2026-12-31 23:59").do("decide", old, "head")
    office.at("2027-01-01 00:00").do("decide", new, "head")

    given = [(office.fields(one)["close_out_year"], office.fields(one)["close_out_number"]) for one in (old, new)]
    assert given == [(2026, 1), (2027, 1)]


def test_not_recognised_is_the_same_round_and_the_number_is_kept(office: Office) -> None:
    problem = office.closed_problem()
    office.do("report_to_district", problem, "coordinator")

    office.on_paper("not_recognize", problem, "supervisor", reason="成效不实")

    assert (office.state(problem), office.case(problem).round, office.case(problem).live) == ("immediate_fix", 1, 1)
    fields = office.fields(problem)
    assert (fields["close_out_number"], fields["recognition"], fields["closed_on"]) == (1, "not_recognized", None)
    office.redoes(problem)
    office.signs_up_to_meeting(problem)
    office.closed_problem("2")
    office.do("decide", problem, "head")
    assert office.fields(problem)["close_out_number"] == 1
    assert [row.value for row in office.rows("number")] == [2]
    assert office.breaks() == []


def test_only_the_measures_named_are_sent_back_by_the_district(office: Office) -> None:
    problem = office.problem_in_work("immediate", "time_limited")
    kept, redone = office.measures(problem)
    for measure in (kept, redone):
        office.finishes(measure)
    office.signs_up_to_meeting(problem)
    office.do("decide", problem, "head")

    office.on_paper("not_recognize", problem, "supervisor", reason="成效不实", measures=[redone])

    assert office.state(problem) == "time_limited_fix"
    assert [office.state(one) for one in (kept, redone)] == ["accepted", "open"]


@pytest.mark.row(19)
def test_a_relapse_opens_a_second_round_and_leaves_the_first_as_it_was(office: Office) -> None:
    problem = office.closed_problem()
    [old] = office.measures(problem)
    first_round = [office.rows(name) for name in ("measure", "evidence", "signature")]
    office.do("start_look_back", problem, "auditor")

    office.do("find_relapse", problem, "second_auditor", verdict="relapse", finding="台账又不更新了")

    assert (office.state(problem), office.case(problem).round) == ("assignment", 2)
    assert office.measures(problem) == []
    office.assigns(problem)
    new = office.adds_measure(problem)
    office.do("begin", problem, "coordinator")
    office.finishes(new)
    office.signs_up_to_meeting(problem)
    office.do("decide", problem, "head")
    for before, name in zip(first_round, ("measure", "evidence", "signature"), strict=True):
        assert set(before) <= set(office.rows(name))
    assert office.case(old).round == 1
    assert office.fields(problem)["close_out_number"] == 2
    assert {row.round for row in office.rows("history", root_id=problem)} == {1, 2}
    assert office.breaks() == []


@pytest.mark.row(19)
def test_the_register_shows_the_second_round_and_its_measures_only(office: Office) -> None:
    problem = office.relapsed_problem()
    office.assigns(problem, due=office.day(60))
    office.adds_measure(problem, "time_limited")

    row = office.register_row(problem)

    assert (row.round, row.state, row.due_on) == (2, "assignment", office.day(60))
    assert row.track_counts() == {"immediate": "0/0", "time_limited": "0/1", "institutional": "0/0"}
    assert row.fields["close_out_number"] is None
    assert row.evidence == ()
    assert not office.register().rows[0].is_done


@pytest.mark.row(19)
def test_a_new_round_is_not_overdue_from_its_first_day(office: Office) -> None:
    problem = office.closed_problem()
    office.after(300)
    office.do("start_look_back", problem, "auditor")
    office.do("find_relapse", problem, "auditor", verdict="relapse", finding="反弹")

    office.sweep()

    assert office.told(problem) == []
    assert not office.register_row(problem).is_overdue(office.register().as_of)


def test_a_third_round_follows_a_second(office: Office) -> None:
    problem = office.relapsed_problem()
    office.assigns(problem)
    office.finishes(_begun(office, problem))
    office.signs_up_to_meeting(problem)
    office.do("decide", problem, "head")

    office.do("relapse", problem, "coordinator", finding="又反弹了")

    assert office.case(problem).round == 3
    assert office.breaks() == []


def _begun(office: Office, problem: int) -> int:
    measure = office.adds_measure(problem)
    office.do("begin", problem, "coordinator")
    return measure


def test_who_handled_or_signed_it_does_not_check_it(office: Office) -> None:
    problem = office.problem_at_close_out(officers=["auditor"])
    office.signs_up_to_meeting(problem)
    office.do("decide", problem, "head")
    office.do("start_look_back", problem, "auditor")

    given = {"verdict": "relapse", "finding": "反弹"}
    assert office.refusal("pass_look_back", problem, "auditor", finding="到位") == "not_independent"
    assert office.refusal("find_relapse", problem, "auditor", **given) == "not_independent"
    office.do("pass_look_back", problem, "second_auditor", finding="到位")
    assert office.state(problem) == "settled"


def test_a_new_round_does_not_begin_without_a_new_deadline(office: Office) -> None:
    """Officers and leaders stay from the round before, a deadline does not: without one nobody is reminded."""
    problem = office.relapsed_problem()
    office.adds_measure(problem)

    assert office.refusal("begin", problem, "coordinator") == "no_due_date"
    office.assigns(problem)
    office.do("begin", problem, "coordinator")
    assert office.case(problem).next_alert_at is not None


@pytest.mark.row(19)
def test_no_round_begins_while_a_part_of_the_last_one_is_still_open(office: Office) -> None:
    """Sealed with the old round it could be ended by nobody, and would alert for ever."""
    problem = office.closed_problem()
    [measure] = office.measures(problem)
    office.write(f"UPDATE cases SET live = 1 WHERE id = {measure}")

    assert office.refusal("relapse", problem, "auditor", finding="又停了") == "parts_still_live"
    assert (office.state(problem), office.case(problem).round) == ("closed", 1)
