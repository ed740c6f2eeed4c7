"""Nothing has to be written for a problem to be overdue: a day that passes is enough."""

from datetime import date

import pytest
from office import Office


@pytest.mark.row(34)
def test_a_week_without_a_single_write_and_the_register_counts_one_overdue_more(office: Office) -> None:
    problem = office.problem_in_work(due="2026-06-05")
    office.problem_in_work(number="2", due="2026-12-31")
    before = office.everything()

    office.at("2026-06-05 23:59")
    assert office.register().counts()["overdue"] == 0
    office.at("2026-06-12 09:00")

    assert office.register().counts()["overdue"] == 1
    assert office.register_row(problem).is_overdue(date(2026, 6, 12))
    assert office.everything() == before
