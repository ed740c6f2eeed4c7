"""The register's read side: what every list shows of a problem, computed from the records as they stand."""

from datetime import date, timedelta
from importlib.resources import files

import pytest

from engine.words import load
from workflows.rectification.register import problem_rows
from workflows.rectification.story import tell

ROOMS = ("engine", "workflows.rectification")


@pytest.fixture
def rows(office):
    def read():
        with office.database.read() as tx:
            return problem_rows(office.runtime.view(tx), office.inspection)

    return read


@pytest.fixture
def row(rows):
    """The only problem there is."""

    def read():
        (one,) = rows()
        return one

    return read


def test_the_people_of_a_problem_stand_in_rank_order(office, row):
    problem = office.open_problem()
    office.do(problem, "confirm", "coordinator")
    office.do(
        problem, "assign", "coordinator", lead_official=office.people["leader"],
        lead_department=office.departments["repairs"], supporting_departments=[office.departments["accounts"]],
        officers=[office.people["second_officer"], office.people["officer"]], due_on=office.in_days(30),
    )  # fmt: skip
    found = row()
    assert found.names("officer") == "示例officer、示例second_officer"
    assert found.names("lead_department") == "维修科"
    assert found.names("supporting_department") == "财务科"
    assert found.names("auditor") == ""


def test_who_handed_over_is_no_longer_shown(office, row):
    problem = office.assigned_problem()
    office.later()
    office.do(
        problem, "hand_over", "coordinator", role="officer", to=office.people["second_officer"], reason="轮岗"
    )
    assert row().names("officer") == "示例second_officer"


def test_dropped_measures_and_rejected_evidence_do_not_count(office, row):
    office.issue_plan()
    problem, (kept, dropped) = office.problem_in_work("immediate", "time_limited")
    evidence = [office.file_evidence(problem), office.file_evidence(kept)]
    office.do(evidence[0], "reject", "leader", reason="不清晰")
    office.do(dropped, "drop", "coordinator", reason="合并")
    found = row()
    assert [one.id for one in found.measures] == [kept]
    assert found.evidence == ("1-1-1",)
    assert found.track_counts() == {"immediate": "0/1", "time_limited": "0/0", "institutional": "0/0"}


def test_only_the_present_round_is_shown(office, row):
    office.issue_plan()
    problem = office.closed_problem()
    assert (len(row().measures), row().is_done) == (1, True)
    office.do(problem, "relapse", "auditor", finding="反弹")
    found = row()
    assert (found.round, found.measures, found.evidence, found.is_done) == (2, (), (), False)


def test_overdue_is_reckoned_from_the_day_and_stored_nowhere(office, row):
    office.issue_plan()
    office.problem_in_work()
    due = date.fromisoformat(row().due_on)
    before = office.rows("SELECT * FROM cases")
    assert not row().is_overdue(due)
    assert row().is_overdue(due + timedelta(days=1))
    assert (row().days_left(due), row().days_left(due + timedelta(days=3))) == (0, -3)
    office.later(days=400)
    assert office.rows("SELECT * FROM cases") == before


def test_a_problem_without_a_deadline_is_never_late(office, row):
    office.open_problem()
    found = row()
    assert (found.is_overdue(date(2030, 1, 1)), found.days_left(date(2030, 1, 1))) == (False, None)
    assert found.punctuality() is None


def test_the_words_for_how_far_it_is(office, row):
    seen = []

    def look():
        if row().completion not in seen:
            seen.append(row().completion)

    problem = office.open_problem()
    look()
    office.issue_plan()
    office.do(problem, "confirm", "coordinator")
    office.assign(problem)
    measure = office.add_measure(problem)
    office.do(problem, "begin", "coordinator")
    look()
    office.file_evidence(problem)
    office.finish(measure)
    look()
    office.sign_all(problem)
    office.do(problem, "decide", "secretary")
    look()
    assert seen == ["not_done", "in_progress", "nearly_done", "done"]


@pytest.mark.parametrize(("days", "word"), [(10, "early"), (60, "on_time"), (61, "late")])
def test_in_time_is_judged_by_the_work_and_not_by_the_signatures(office, row, days, word):
    office.issue_plan()
    problem, (measure,) = office.problem_in_work()
    office.file_evidence(problem)
    office.later(days)
    office.finish(measure)
    office.later(days=30)
    office.sign_all(problem)
    office.do(problem, "decide", "secretary")
    assert row().punctuality() == word


def test_as_many_queries_for_six_problems_as_for_one(office, rows):
    def queries():
        seen = []
        office.raw.set_trace_callback(seen.append)
        with office.database.read() as tx:
            problem_rows(office.runtime.view(tx), office.inspection)
        office.raw.set_trace_callback(None)
        return len(seen)

    office.issue_plan()
    office.problem_in_work()
    one = queries()
    for _ in range(5):
        office.problem_in_work()
    assert queries() == one
    assert [found.fields["number"] for found in rows()] == ["1", "2", "3", "4", "5", "6"]


# --- the story ---


@pytest.fixture(params=["zh", "en"])
def words(request):
    texts = {room: files(room).joinpath("words.toml").read_text(encoding="utf-8") for room in ROOMS}
    return load(texts, request.param)


def test_every_entry_of_a_life_becomes_a_sentence(office, words):
    office.issue_plan()
    problem = office.problem_in_close_out()
    assert office.on_paper(problem, "sign", signer="chief").done
    office.do(problem, "set_result", "officer", result="补充了成效")
    office.sign_all(problem)
    office.do(problem, "decide", "secretary")
    office.do(problem, "relapse", "auditor", finding="又出现")
    with office.database.read() as tx:
        told = tell(office.runtime.view(tx), problem, words)
    assert [one.seq for one in told] == list(range(1, len(told) + 1))
    assert all(one.what and one.who for one in told)
    assert {one.round for one in told} == {1, 2}
    zh = words.language == "zh"
    recorded = (
        "示例chief（线下签批，示例coordinator代录）" if zh else "示例chief (on paper, recorded by 示例coordinator)"
    )
    assert recorded in [one.who for one in told]
    assert ("内容变动，原签字作废" if zh else "Content changed: signatures void") in [one.what for one in told]
