"""The three tracks: worked side by side, the problem's state is the earliest unfinished one and moves by itself."""

import pytest
from office import Office

FIX_STATES = {
    "immediate": "immediate_fix",
    "time_limited": "time_limited_fix",
    "institutional": "institutionalization",
}


def test_the_state_is_the_earliest_unfinished_track(office: Office) -> None:
    problem = office.problem_in_work(*FIX_STATES)
    immediate, time_limited, institutional = office.measures(problem)

    seen = [office.state(problem)]
    for measure in (institutional, immediate, time_limited):
        office.finishes(measure)
        seen.append(office.state(problem))

    assert seen == ["immediate_fix", "immediate_fix", "time_limited_fix", "close_out"]


@pytest.mark.parametrize("track", FIX_STATES)
def test_a_track_without_measures_is_passed_with_that_reason_on_record(office: Office, track: str) -> None:
    problem = office.problem_in_work(track)

    assert office.state(problem) == FIX_STATES[track]
    office.finishes(office.measures(problem)[0])

    assert office.state(problem) == "close_out"
    passed = {one: office.said(problem, f"pass_{one}")[0]["reason"] for one in FIX_STATES}
    assert passed == dict.fromkeys(FIX_STATES, "no_measures_on_track") | {track: "all_accepted"}


def test_a_plan_with_no_measure_never_begins(office: Office) -> None:
    problem = office.assigned_problem()

    assert office.refusal("begin", problem, "coordinator") == "no_measures"
    assert office.state(problem) == "assignment"


def test_a_problem_whose_only_measure_is_dropped_never_reaches_close_out(office: Office) -> None:
    problem = office.problem_in_work()

    office.do("drop", office.measures(problem)[0], "coordinator", reason="与另一项重复")

    assert office.state(problem) == "immediate_fix"


def test_a_dropped_measure_does_not_hold_up_the_others(office: Office) -> None:
    problem = office.problem_in_work("immediate", "immediate")
    kept, dropped = office.measures(problem)
    office.finishes(kept)

    office.do("drop", dropped, "coordinator", reason="与另一项重复")

    assert office.state(problem) == "close_out"


def test_an_immediate_measure_is_worked_before_the_plan_is_issued_and_no_other(office: Office) -> None:
    office.opens_inspection(issued=False)
    problem = office.assigned_problem()
    immediate = office.adds_measure(problem, "immediate")
    later = [office.adds_measure(problem, track) for track in ("time_limited", "institutional")]

    office.finishes(immediate)

    assert office.state(immediate) == "accepted"
    for measure in later:
        assert office.refusal("progress", measure, "officer", text="动工") == "plan_not_issued"
        assert office.refusal("submit", measure, "officer", result="完成") == "plan_not_issued"
    assert office.refusal("begin", problem, "coordinator") == "plan_not_issued"


def test_a_problem_begins_on_the_first_track_that_still_has_work(office: Office) -> None:
    office.opens_inspection(issued=False)
    problem = office.assigned_problem()
    office.finishes(office.adds_measure(problem, "immediate"))
    office.adds_measure(problem, "time_limited")
    office.issues_plan()

    office.do("begin", problem, "coordinator")

    assert office.state(problem) == "time_limited_fix"


def test_a_measure_added_to_an_earlier_track_takes_the_problem_back(office: Office) -> None:
    problem = office.problem_in_work("institutional")

    office.adds_measure(problem, "immediate")

    assert office.state(problem) == "immediate_fix"


def test_an_institutional_measure_ends_with_a_regulation_or_the_leaders_reason(office: Office) -> None:
    problem = office.problem_in_work("institutional", "institutional")
    ruled, waived = office.measures(problem)
    for measure in (ruled, waived):
        office.files_evidence(measure)
        office.do("submit", measure, "officer", result="已研究")
        assert office.refusal("accept", measure, "civil_head") == "no_regulation"

    given = {"regulation_title": "办法", "regulation_number": "3号", "regulation_on": office.today}
    office.do("record_regulation", ruled, "officer", **given)
    office.on_paper("waive_regulation", waived, "lead", reason="上级已有规定")
    office.do("accept_results", problem, "civil_head")

    assert office.state(problem) == "close_out"


def test_nobody_accepts_a_result_without_evidence_or_their_own(office: Office) -> None:
    problem = office.problem_in_work(officers=["civil_head"])
    [measure] = office.measures(problem)
    office.do("submit", measure, "civil_head", result="已清理")

    assert office.refusal("accept", measure, "civil_deputy") == "no_evidence"
    office.files_evidence(measure, "civil_head")
    assert office.refusal("accept", measure, "civil_head") == "own_result"
    office.do("accept", measure, "civil_deputy")


def test_sending_one_measure_back_from_close_out_reopens_its_track_only(office: Office) -> None:
    problem = office.problem_in_work("immediate", "institutional")
    kept, redone = office.measures(problem)
    office.finishes(kept)
    office.finishes(redone)

    office.do("return_to_work", problem, "civil_head", reason="制度没有印发范围", measures=[redone])

    assert office.state(problem) == "institutionalization"
    assert [office.state(one) for one in (kept, redone)] == ["accepted", "open"]
