"""Three tracks run side by side, and the problem shows the earliest that is not finished."""

import itertools

import pytest

TRACKS = ("immediate", "time_limited", "institutional")
STATES = dict(zip(TRACKS, ("immediate_fix", "time_limited_fix", "institutionalization"), strict=True))


def word(outcome):
    return outcome.refusal.word if outcome.refusal else None


def finish(office, measure):
    if office.fields(measure)["track"] == "institutional":
        office.do(measure, "waive_regulation", "leader", reason="已有同类制度")
    office.finish(measure)


@pytest.fixture
def begun(office):
    """A problem in work with a measure on each track, and evidence."""
    office.issue_plan()
    problem, measures = office.problem_in_work(*TRACKS)
    office.file_evidence(problem)
    return problem, dict(zip(TRACKS, measures, strict=True))


@pytest.mark.parametrize("order", list(itertools.permutations(TRACKS)), ids="-".join)
def test_whatever_is_finished_first_the_earliest_open_track_shows(office, begun, order):
    problem, measures = begun
    left = list(TRACKS)
    for track in order:
        assert office.case(problem).state == STATES[left[0]]
        finish(office, measures[track])
        left.remove(track)
    assert office.case(problem).state == "close_out"


def test_a_new_measure_brings_its_track_back(office, begun):
    problem, measures = begun
    finish(office, measures["immediate"])
    assert office.case(problem).state == "time_limited_fix"
    office.add_measure(problem, "immediate")
    assert office.case(problem).state == "immediate_fix"


def test_a_dropped_measure_no_longer_holds_its_track(office, begun):
    problem, measures = begun
    office.do(measures["immediate"], "drop", "coordinator", reason="合并")
    assert office.case(problem).state == "time_limited_fix"


def test_a_problem_without_measures_goes_nowhere(office):
    office.issue_plan()
    problem = office.assigned_problem()
    assert word(office.try_(problem, "begin", "coordinator")) == "no_measures"
    measure = office.add_measure(problem)
    office.do(problem, "begin", "coordinator")
    office.do(measure, "drop", "coordinator", reason="撤销")
    assert office.case(problem).state == "immediate_fix"


def test_begin_waits_for_people_measures_and_the_plan(office):
    problem = office.open_problem()
    office.do(problem, "confirm", "coordinator")
    refused = office.try_(problem, "begin", "coordinator").refusal
    assert (refused.word, refused.params["roles"]) == (
        "not_assigned",
        ["lead_official", "lead_department", "officer"],
    )
    office.assign(problem)
    office.add_measure(problem, "time_limited")
    assert word(office.try_(problem, "begin", "coordinator")) == "plan_not_issued"
    assert (
        word(office.try_(office.inspection, "issue_plan", "coordinator", plan_number="1号")) == "plan_not_decided"
    )
    office.issue_plan()
    office.do(problem, "begin", "coordinator")


def test_only_immediate_measures_are_worked_on_before_the_plan(office):
    problem = office.assigned_problem()
    now, later = office.add_measure(problem, "immediate"), office.add_measure(problem, "time_limited")
    assert office.words(now, "officer")["progress"] is None
    assert office.words(later, "officer")["progress"] == "plan_not_issued"
    office.issue_plan()
    assert office.words(later, "officer")["progress"] is None


def test_a_notice_to_fix_at_once_begins_before_the_plan_and_lets_nothing_else_begin(office):
    problem, (now,) = office.problem_in_work("immediate")
    later = office.add_measure(problem, "time_limited")
    assert office.words(now, "officer")["submit"] is None
    assert office.words(later, "officer")["submit"] == "plan_not_issued"


def test_nothing_is_accepted_without_evidence(office):
    office.issue_plan()
    problem, (measure,) = office.problem_in_work()
    office.do(measure, "submit", "officer", result="办结")
    assert word(office.try_(measure, "accept", "chief")) == "no_evidence"
    evidence = office.file_evidence(problem)
    office.do(evidence, "reject", "leader", reason="不清晰")
    assert word(office.try_(measure, "accept", "chief")) == "no_evidence"
    office.file_evidence(measure)
    office.do(measure, "accept", "chief")


def test_a_rule_is_issued_or_somebody_says_why_not(office, begun):
    _, measures = begun
    measure = measures["institutional"]
    office.do(measure, "submit", "officer", result="办结")
    assert word(office.try_(measure, "accept", "chief")) == "no_regulation"
    given = {"regulation_title": "办法", "regulation_number": "1号", "regulation_on": office.today}
    office.do(measure, "record_regulation", "officer", **given)
    office.do(measure, "accept", "chief")
    assert word(office.try_(measures["immediate"], "record_regulation", "officer", **given)) == "not_institutional"


def test_accepting_a_problem_accepts_all_that_waits_or_nothing(office, begun):
    problem, measures = begun
    assert word(office.try_(problem, "accept_results", "chief")) == "nothing_submitted"
    office.do(measures["immediate"], "submit", "officer", result="办结")
    office.do(measures["institutional"], "submit", "officer", result="办结")
    entries = office.rows("SELECT * FROM history")
    assert word(office.try_(problem, "accept_results", "chief")) == "no_regulation"
    assert office.rows("SELECT * FROM history") == entries
    assert office.case(measures["immediate"]).state == "submitted"
    office.do(measures["institutional"], "waive_regulation", "leader", reason="已有同类制度")
    office.do(problem, "accept_results", "chief")
    assert {office.case(measures[one]).state for one in ("immediate", "institutional")} == {"accepted"}


def test_returning_names_what_is_redone(office, begun):
    problem, measures = begun
    for measure in measures.values():
        finish(office, measure)
    office.do(problem, "return_to_work", "secretary", reason="制度未落实", measures=[measures["institutional"]])
    assert office.case(problem).state == "institutionalization"
    assert office.case(measures["immediate"]).state == "accepted"


def test_numbers_are_drawn_without_gaps_even_beside_refusals(office):
    office.issue_plan()
    problems = [office.problem_in_close_out() for _ in range(3)]
    for problem in (problems[0], problems[2]):
        office.sign_all(problem)
    outcomes = office.execute(*(office.paper(one, "decide", signer="secretary") for one in problems))
    assert [word(one) for one in outcomes] == [None, "signature_missing", None]
    assert [office.fields(one)["close_out_number"] for one in problems] == [1, None, 2]


def test_the_year_of_a_number_is_the_local_one(office):
    office.issue_plan()
    problem = office.problem_in_close_out()
    office.sign_all(problem)
    office.now = 1798733400  # 2027-01-01 00:10 in Shanghai, still 2026 in UTC
    office.do(problem, "decide", "secretary")
    assert office.fields(problem)["close_out_year"] == 2027


def test_evidence_is_catalogued_by_problem_measure_and_place(office, begun):
    problem, measures = begun
    number = office.fields(problem)["number"]
    second = [office.file_evidence(measures["time_limited"]) for _ in range(2)]
    assert [office.fields(one)["catalogue_no"] for one in second] == [f"{number}-2-1", f"{number}-2-2"]
    assert office.fields(office.file_evidence(problem))["catalogue_no"] == f"{number}-0-2"


def test_the_same_document_is_imported_once(office):
    given = {"sha256": "d" * 64, "file_name": "反馈意见.docx", "problems": 3}
    office.do(office.inspection, "import_document", "coordinator", **given)
    refused = office.try_(office.inspection, "import_document", "coordinator", **given).refusal
    assert (refused.word, refused.params["on"]) == ("already_imported", office.today)
    office.do(office.inspection, "import_document", "coordinator", **{**given, "sha256": "f" * 64})
