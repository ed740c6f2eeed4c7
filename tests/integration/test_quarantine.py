"""A case that was set aside is seen by a person, who lets it go on."""

import pytest
import time_machine
from office import Office
from terminal import Terminal

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ON_SQLITE
@pytest.mark.row(9)
def test_a_poisoned_case_is_listed_mended_released_and_reminded_of_again(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    [measure] = office.measures(problem)
    office.write(f"UPDATE cases SET started_on = 'never' WHERE id = {measure}")
    office.at("2026-06-29 09:00").sweep()
    terminal = Terminal(office.house.settings.data)
    where = ("--database", office.database.url)

    listed = terminal.ok("quarantine", "list", *where)
    assert listed.startswith(f"{measure}　（1）措施“immediate措施”　2026-06-29 09:00 起搁置：ValueError")
    assert f"{problem} 没有被搁置" in terminal.no("quarantine", "release", str(problem), *where)

    office.write(f"UPDATE cases SET started_on = '2026-06-01' WHERE id = {measure}")
    with time_machine.travel(office.now, tick=False):
        terminal.ok("quarantine", "release", str(measure), *where)
    office.after(30)
    office.sweep()
    assert "没有被搁置的事项" in terminal.ok("quarantine", "list", *where)
    assert office.told_of(measure)
    assert office.rows("quarantine")[0].released_at is not None


@ON_SQLITE
def test_what_is_still_wrong_is_set_aside_anew(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    office.write(f"UPDATE cases SET started_on = 'never' WHERE id = {problem}")
    office.at("2026-08-29 09:00").sweep()
    terminal = Terminal(office.house.settings.data)
    with time_machine.travel(office.now, tick=False):
        terminal.ok("quarantine", "release", str(problem), "--database", office.database.url)
    office.sweep()

    released = [row.released_at is not None for row in office.rows("quarantine")]
    assert released == [True, False]
