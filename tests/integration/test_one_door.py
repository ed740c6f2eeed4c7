"""The one door: everything a command does commits together or not at all, and refusals hinder nobody."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from office import Office

from engine import writing
from engine.database import StaleError, Tx

WRITES = ("_insert_case", "_update_case", "_write_parts", "_send_chained", "_write_numbers")


class PowerCutError(Exception):
    """The step that a test lets fail."""


def _fails(*_args: Any) -> None:
    raise PowerCutError


def _fails_after(real: Callable[..., None]) -> Callable[..., None]:
    def step(*args: Any) -> None:
        real(*args)
        raise PowerCutError

    return step


@pytest.mark.row(25)
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("when", ["before", "after"])
def test_state_history_lines_and_number_commit_together_or_not_at_all(
    office: Office, monkeypatch: pytest.MonkeyPatch, write: str, when: str
) -> None:
    problem = office.signed_problem()
    before = office.everything()
    step = _fails if when == "before" else _fails_after(getattr(writing, write))
    monkeypatch.setattr(writing, write, step)

    with pytest.raises(PowerCutError):
        office.holds_meeting(problem)
    monkeypatch.undo()

    assert _without_files(office.everything()) == _without_files(before)
    office.holds_meeting(problem)
    assert office.fields(problem)["close_out_number"] == 1


@pytest.mark.row(25)
def test_a_cut_between_any_two_statements_undoes_those_before_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third statement fails, then the fourth, and so on until the decision gets through."""
    problem = office.signed_problem()
    before = _without_files(office.everything())
    real, cuts = Tx.run_batches, 0
    for allowed in count():
        left = allowed

        def cut_short(tx: Tx, batches: Sequence[Any], *, in_order: bool) -> list[int]:
            nonlocal left
            touched = real(tx, batches[:left], in_order=in_order)
            if left < len(batches):
                raise PowerCutError
            left -= len(batches)
            return touched

        with monkeypatch.context() as patched, suppress(PowerCutError):
            patched.setattr(Tx, "run_batches", cut_short)
            office.holds_meeting(problem)
            break
        cuts += 1
        assert _without_files(office.everything()) == before
    assert cuts > len(("case", "fields", "history", "lines"))
    assert office.fields(problem)["close_out_number"] == 1


def test_what_a_table_refuses_is_not_taken_for_somebody_who_was_faster(office: Office) -> None:
    """Tried again it would be refused again: a sweep that took it for a lost race would never end."""
    problem = office.problem_in_work()
    nobody = {
        "key": "x", "person_id": 10**9, "not_before": 0, "lane": "digest", "case_id": problem, "seq": 1,
        "rule": "reminder", "params": "{}",
    }  # fmt: skip
    with pytest.raises(Exception, match=r"(?i)foreign key") as refused, office.database.begin() as tx:
        writing.write(office.house.runtime.view(tx), writing.Plan(lines=[nobody, nobody | {"key": "y"}]))
    assert not isinstance(refused.value, StaleError)


def _without_files(rows: dict[str, Any]) -> dict[str, Any]:
    """The minutes are put on record before the decision that rests on them."""
    return {name: value for name, value in rows.items() if name != "file"}


@pytest.mark.row(25)
def test_a_reminder_commits_its_fired_step_history_and_lines_together(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.problem_in_work()
    office.after(100)
    before = office.everything()
    monkeypatch.setattr(writing.sql, "INSERT_LINE", None)

    swept = office.sweep()

    assert swept.fired == 0
    after = office.everything()
    assert [after[name] for name in ("history", "line")] == [before[name] for name in ("history", "line")]


def test_everything_of_a_close_out_is_there_when_it_commits(office: Office) -> None:
    problem = office.signed_problem()
    office.sweep()
    lines = office.count("line")

    [_meeting, closed] = office.holds_meeting(problem)

    row = office.case(problem)
    assert (row.state, row.live, row.next_alert_at) == ("closed", 0, None)
    assert (row.seq, row.head) == (closed.seq, office.rows("history", root_id=problem)[-1].hash)
    assert [one.value for one in office.rows("number")] == [1]
    assert office.count("line") > lines


def test_a_refused_command_leaves_no_trace_and_does_not_hinder_the_others(office: Office) -> None:
    first, second = office.signed_problem("1"), office.problem_in_work(number="2")
    third = office.signed_problem("3")
    before = office.everything()

    outcomes = office.holds_meeting(first, second, third)

    assert [one.refusal.word if one.refusal else None for one in outcomes] == [None, None, "track_unfinished", None]
    assert [office.fields(one)["close_out_number"] for one in (first, second, third)] == [1, None, 2]
    after = office.everything()
    for name in ("cases", "problem"):
        assert _rows_of(before, name, second) == _rows_of(after, name, second)
    assert len(office.rows("history", root_id=second)) == sum(row[0] == second for row in before["history"])


def _rows_of(rows: dict[str, list[tuple[Any, ...]]], table: str, case_id: int) -> list[tuple[Any, ...]]:
    return [row for row in rows[table] if row[0] == case_id]


def test_a_command_refused_half_way_takes_back_all_it_had_planned(office: Office) -> None:
    """Accepting a whole problem fails on its second measure: the first one's acceptance goes back too."""
    problem = office.problem_in_work("immediate", "immediate")
    first, second = office.measures(problem)
    for measure in (first, second):
        office.do("submit", measure, "officer", result="已清理")
    office.files_evidence(first)
    office.open("measure", "coordinator", parent=problem, text="另一项", track="institutional",
                officer=office.people["officer"], due_on=office.day(30))  # fmt: skip
    third = office.measures(problem)[-1]
    office.do("submit", third, "officer", result="已研究")
    before = office.everything()

    outcomes = office.send(
        office.command("accept_results", problem, "civil_head"),
        office.command("comment", problem, "civil_head", text="请补充"),
    )

    assert [one.refusal.word if one.refusal else None for one in outcomes] == ["no_regulation", None]
    after = office.everything()
    for name in ("problem", "measure", "signature", "number", "line"):
        assert after[name] == before[name]
    assert len(after["history"]) == len(before["history"]) + 1
    assert office.breaks() == []


def test_a_case_opened_by_a_refused_command_is_not_there_and_the_next_one_is(office: Office) -> None:
    problem = office.assigned_problem()
    wanted = {"text": "清理", "track": "immediate", "officer": office.people["officer"]}

    bad, good = office.send(
        office.opening("measure", "coordinator", parent=problem, **wanted, due_on="2026-02-30"),
        office.opening("measure", "coordinator", parent=problem, **wanted, due_on="2026-07-01"),
    )

    assert bad.refusal is not None
    assert (bad.refusal.word, bad.opened) == ("bad_param", ())
    assert office.measures(problem) == [good.case_id]
    assert office.breaks() == []


@pytest.mark.row(26)
def test_a_stale_form_is_refused_with_who_did_what(office: Office) -> None:
    problem = office.problem_in_work()
    drawn = office.case(problem).revision
    office.do("mark_long_term", problem, "second_coordinator", long_term=True)

    [outcome] = office.send(office.command("set_result", problem, "officer", revision=drawn, result="见效"))

    assert outcome.refusal is not None
    assert outcome.refusal.word == "stale"
    assert outcome.refusal.params["yours"] == drawn
    assert outcome.refusal.params["now"] == drawn + 1
    assert outcome.refusal.params["by"] == office.actor("second_coordinator")
    assert outcome.refusal.params["action"] == "mark_long_term"
    assert outcome.refusal.params["at"] == office.now


def test_a_reminder_or_a_comment_does_not_make_an_open_form_stale(office: Office) -> None:
    problem = office.problem_in_work()
    drawn = office.case(problem).revision
    office.after(100)
    assert office.sweep().fired
    assert "alert" in office.actions(problem)
    office.do("comment", problem, "coordinator", text="请抓紧")

    assert office.refusal("set_result", problem, "officer", revision=drawn, result="见效") is None


def test_what_is_not_there_is_refused_with_a_word(office: Office) -> None:
    problem = office.assigned_problem()
    evidence = {"sha256": "e" * 64, "file_name": "a.txt", "title": "材料"}

    assert office.refusal("comment", 999_999, "coordinator", text="？") == "no_such_case"
    assert office.refusal("fly", problem, "coordinator") == "unknown_action"
    refused = office.send(
        office.opening("evidence", "officer", parent=999_999, **evidence),
        office.opening("poem", "coordinator"),
        office.opening("measure", "coordinator"),
    )
    words = [one.refusal.word for one in refused if one.refusal]
    assert words == ["no_such_case", "unknown_kind", "wrong_parent"]


def test_a_part_of_an_earlier_round_is_refused_and_hinders_nobody(office: Office) -> None:
    problem = office.closed_problem()
    [old] = office.measures(problem)
    office.do("start_look_back", problem, "auditor")
    office.do("find_relapse", problem, "auditor", verdict="relapse", finding="反弹")

    outcomes = office.send(
        office.command("comment", old, "officer", text="补一句"),
        office.opening("evidence", "officer", parent=old, sha256="f" * 64, file_name="a.txt", title="迟到的材料"),
        office.command("comment", problem, "officer", text="补一句"),
    )

    assert [one.refusal.word if one.refusal else None for one in outcomes] == [
        "earlier_round",
        "earlier_round",
        None,
    ]


def test_what_follows_from_a_refused_command_is_refused_with_it(office: Office) -> None:
    """A head who records a meeting himself has no meeting on record, and so no decision that rests on one."""
    problem = office.signed_problem()

    outcomes = office.holds_meeting(problem, by="head")

    assert [one.refusal.word if one.refusal else None for one in outcomes] == ["not_yours", "cause_refused"]
    assert office.state(problem) == "close_out"


def test_a_problem_belongs_to_an_inspection_that_still_runs(office: Office) -> None:
    problem = office.opens_problem()
    given = {"number": "2", "title": "另一件", "source": "feedback"}

    [under_a_problem] = office.send(office.opening("problem", "coordinator", inspection_id=problem, **given))
    office.do("archive", office.inspection, "coordinator")
    [too_late] = office.send(office.opening("problem", "coordinator", inspection_id=office.inspection, **given))

    words = [one.refusal.word for one in (under_a_problem, too_late) if one.refusal]
    assert words == ["no_inspection", "no_inspection"]


def test_a_name_of_nobody_is_refused_and_hinders_nobody(office: Office) -> None:
    problem = office.assigned_problem()
    wanted = {"text": "清理", "track": "immediate", "due_on": office.day(30)}

    nobody, somebody = office.send(
        office.opening("measure", "coordinator", parent=problem, **wanted, officer=999_999),
        office.opening("measure", "coordinator", parent=problem, **wanted, officer=office.people["officer"]),
    )

    assert nobody.refusal is not None
    assert nobody.refusal.word == "bad_param"
    assert somebody.done


def test_every_no_of_these_tests_has_a_sentence(office: Office) -> None:
    said = office.house.desk.words.sentences
    for word in ("stale", "no_such_case", "earlier_round", "cause_refused", "not_yours", "wrong_state"):
        assert f"refusal.{word}" in said
