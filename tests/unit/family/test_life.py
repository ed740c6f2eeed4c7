"""One problem's whole life in the office, and the doors that stay shut on the way."""


def test_a_problem_closes_with_its_number(office):
    office.issue_plan()
    problem = office.closed_problem()
    assert office.case(problem).state == "closed"
    assert office.fields(problem)["close_out_number"] == 1
