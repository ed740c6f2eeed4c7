"""Two people at once: the database is the judge, one of them wins and the other hears why."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from office import Office

from engine.commands import Command, Outcome

PAIRS = 100


def _at_once(first: Callable[[], str | None], second: Callable[[], str | None]) -> list[str | None]:
    barrier = threading.Barrier(2)

    def run(act: Callable[[], str | None]) -> str | None:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (first, second)))


def _both_at_once(office: Office, *commands: Command) -> list[Outcome]:
    barrier = threading.Barrier(len(commands))

    def send(command: Command) -> Outcome:
        barrier.wait()
        return office.send(command)[0]

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(send, commands))


def _contradicting(office: Office, problem: int) -> list[str | None]:
    return _at_once(
        lambda: office.refusal("decide", problem, "head"),
        lambda: office.refusal("return_to_work", problem, "coordinator", reason="再核一核"),
    )


@pytest.mark.row(26)
def test_of_two_contradicting_commands_exactly_one_wins(office: Office) -> None:
    office.settings(skip_sign_steps=["department", "lead_official", "coordinator"])
    problems = [office.problem_at_close_out(str(number)) for number in range(PAIRS)]

    results = [_contradicting(office, problem) for problem in problems]

    for problem, words in zip(problems, results, strict=True):
        closed = office.state(problem) == "closed"
        # What is back in work cannot be decided: its track is unfinished again.
        assert words == ([None, "wrong_state"] if closed else ["track_unfinished", None])
        actions = office.actions(problem)
        assert ("decide" in actions, "return_to_work" in actions) == (closed, not closed)
    closed = sum(office.state(problem) == "closed" for problem in problems)
    assert [row.value for row in office.rows("number")] == ([closed] if closed else [])
    assert office.breaks() == []


@pytest.mark.row(26)
def test_with_forms_open_the_loser_hears_who_was_faster_with_what_and_when(office: Office) -> None:
    office.settings(skip_sign_steps=["department", "lead_official", "coordinator"])
    problems = [office.problem_at_close_out(str(number)) for number in range(10)]

    for problem in problems:
        revision = office.case(problem).revision
        decide = office.command("decide", problem, "head", revision=revision)
        back = office.command("return_to_work", problem, "coordinator", reason="再核一核", revision=revision)
        outcomes = _both_at_once(office, decide, back)

        [loser] = [one.refusal for one in outcomes if one.refusal]
        winner, action = ("head", "decide") if outcomes[0].done else ("coordinator", "return_to_work")
        told = (loser.word, loser.params["by"], loser.params["action"], loser.params["at"])
        assert told == ("stale", office.actor(winner), action, office.now)
        assert f"{winner}同志更新了这项内容" in office.house.desk.explain(loser)


def test_many_hands_on_one_dossier_lose_nothing(office: Office) -> None:
    """Comments, evidence and progress on one problem from six threads: each entry is in the chain once."""
    problem = office.problem_in_work("immediate", "time_limited", "institutional")
    measures = office.measures(problem)
    before = len(office.actions(problem))

    def work(number: int) -> None:
        measure = measures[number % 3]
        office.do("progress", measure, "officer", text=f"第{number}次")
        office.files_evidence(measure, sha256=f"{number:064}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(12)))

    assert len(office.actions(problem)) == before + 24
    assert sorted(row.sha256 for row in office.rows("evidence")) == [f"{number:064}" for number in range(12)]
    numbers = [row.catalogue_no for row in office.rows("evidence")]
    assert len(set(numbers)) == 12
    assert office.breaks() == []


def test_meetings_that_overlap_do_not_lock_each_other_out(office: Office) -> None:
    """Two batches over the same problems in opposite order: dossiers are locked in the order of their ids."""
    office.settings(skip_sign_steps=["department", "lead_official", "coordinator"])
    problems = [office.problem_at_close_out(str(number)) for number in range(6)]

    def hold(order: Iterable[int]) -> list[str | None]:
        outcomes = office.send(*(office.command("decide", one, "head") for one in order))
        return [one.refusal.word if one.refusal else None for one in outcomes]

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(hold, (problems, problems[::-1])))

    assert sorted(map(str, [word for words in results for word in words])) == ["None"] * 6 + ["wrong_state"] * 6
    assert sorted(office.fields(one)["close_out_number"] for one in problems) == [1, 2, 3, 4, 5, 6]


@pytest.mark.row(26)
def test_the_sweep_and_the_officers_do_not_get_in_each_others_way(office: Office) -> None:
    problems = office.many_problems(12, due="2026-07-01")
    office.at("2026-07-20 09:00")
    measures = [office.measures(problem)[0] for problem in problems]

    with ThreadPoolExecutor(3) as pool:
        sweeps = [pool.submit(office.sweep) for _ in range(2)]
        work = [pool.submit(office.submits, measure) for measure in measures]
        fired = sum(one.result().fired for one in sweeps)
        for one in work:
            one.result()

    office.sweep()
    assert {office.state(measure) for measure in measures} == {"submitted"}
    times = [office.actions(problem).count("alert") for problem in problems]
    assert set(times) <= {1, 2}
    assert fired <= sum(times)
    assert office.breaks() == []
