"""A register as of a past day says what was known at its end, and as of now it says what the tables say."""

from dataclasses import replace
from datetime import date

import pytest
from office import Office
from terminal import Terminal

from desk.finding import Inspection
from desk.make_register import Register, register_then
from workflows.rectification.register import ProblemRow, every_problem_row
from workflows.rectification.register_then import rows_then

WAITS = {"waiting_for": "区财政评审", "reason": "预算待批"}


def then(office: Office, day: str) -> Register:
    inspection = Inspection(office.inspection, office.organizations["street"], "")
    return register_then(office.house.desk, inspection, date.fromisoformat(day))


def lived(office: Office) -> Office:
    """Problems at every turn: closed, back in a second round, paused, extended, handed over, merged."""
    office.opens_inspection()
    office.closed_problem("1")
    office.relapsed_problem()
    paused = office.problem_in_work("immediate", "time_limited", number="3", due="2026-07-01")
    office.extends(paused, "coordinator", "lead", until="2026-07-20")
    office.do("pause", office.measures(paused)[0], "civil_head", **WAITS)
    early, late = (office.opens_problem(number=number) for number in ("4", "5"))
    office.do("confirm", early, "coordinator")
    office.do("merge", late, "coordinator", into=early, kind="same_matter", reason="同一事项")
    office.problem_in_work(number="6", due="2026-06-10", lead="other_lead")
    office.leaves("officer", office.today)
    office.after(1).beat()
    return office


def without_revision(rows: list[ProblemRow]) -> list[ProblemRow]:
    """The number of a form's content is of no history."""
    return [replace(row, revision=0) for row in rows]


def test_as_of_now_the_history_gives_the_very_rows_of_the_tables(office: Office) -> None:
    lived(office)
    with office.look() as tx:
        replayed = [row for _, row in rows_then(office.house.runtime, tx, office.inspection, office.now)]
        stored = every_problem_row(office.house.runtime.view(tx), office.inspection)
    assert len(replayed) == len(stored) >= 6
    assert without_revision(replayed) == without_revision(stored)


def test_what_came_later_is_not_known_yet(office: Office) -> None:
    office.opens_inspection()
    problem = office.problem_in_work(number="1", due="2026-06-10")
    began = office.today
    office.after(3)
    office.finishes(office.measures(problem)[0])
    office.after(2).opens_problem(number="2")

    [row] = then(office, began).rows
    assert (row.fields["number"], row.completion, row.measures[0].state) == ("1", "in_progress", "open")
    assert then(office, began).counts() == {"total": 1, "done": 0, "overdue": 0}
    assert then(office, office.day(-2)).rows[0].measures[0].state == "accepted"
    assert [one.fields["number"] for one in then(office, office.today).rows] == ["1", "2"]
    assert then(office, "2026-01-01").rows == ()


def test_who_bore_it_then_stands_there_though_another_has_it_now(office: Office) -> None:
    office.opens_inspection()
    office.problem_in_work(number="1")
    began = office.today
    office.leaves("officer", office.today)
    office.after(1).beat()
    assert then(office, began).rows[0].measures[0].officers == ("officer同志",)
    assert then(office, office.today).rows[0].measures[0].officers == ("civil_head同志",)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_prints_the_register_of_that_day(office: Office) -> None:
    office.opens_inspection()
    problem = office.problem_in_work(number="1")
    began = office.today
    office.after(2).do("pause", problem, "coordinator", **WAITS)
    terminal = Terminal(office.house.settings.data)
    asked = ("register", "--database", office.database.url, "--as-of")
    assert "暂停中" not in terminal.ok(*asked, began)
    assert "暂停中" in terminal.ok(*asked, office.today)
    refused = terminal.run(*asked, "2026-13-01")
    assert refused.code == 2
    assert "不是日期" in refused.err
