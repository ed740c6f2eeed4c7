"""Who may do what: nobody by default, the outsider nothing at all, the office above only its own part."""

from office import Office

from engine.commands import OPEN, Command

OPENINGS = {
    "inspection": {"name": "巡察"},
    "meeting": {"name": "会议", "held_on": "2026-06-01", "minutes": "m" * 64, "problems": []},
    "look_back_campaign": {"name": "回头看", "seed": "1", "rate_percent": 30, "population": [], "sample": []},
}


def test_the_outsider_can_do_nothing_at_all_to_anything(office: Office) -> None:
    """Every action of every case in every state, from somebody who holds every post next door."""
    for number, bring in enumerate(
        (
            office.opens_problem, office.assigned_problem, lambda number: office.problem_in_work(number=number),
            office.problem_at_close_out, office.signed_problem, office.closed_problem,
        )
    ):  # fmt: skip
        bring(str(number))
    office.holds_meeting()
    before = office.everything()

    for row in office.rows("cases"):
        with office.look() as tx:
            possible = office.house.runtime.possible(tx, row.id, office.actor("outsider"), office.now)
            actions = office.house.runtime.view(tx).definition(office.house.runtime.view(tx).case(row.id)).actions
        assert all(possible.values()), (row.kind, row.state)
        outcomes = office.send(*(office.command(name, row.id, "outsider") for name in actions))
        assert {one.refusal.word for one in outcomes if one.refusal} <= {"not_yours"}
        assert all(one.refusal for one in outcomes)

    assert office.everything() == before


def test_the_outsider_opens_nothing_here_and_hangs_nothing_on_what_is_here(office: Office) -> None:
    problem = office.assigned_problem()
    measure = office.adds_measure(problem)
    evidence = {"sha256": "e" * 64, "file_name": "a.txt", "title": "材料"}
    before = office.everything()

    refused = office.send(
        *(office.opening(kind, "outsider", **params) for kind, params in OPENINGS.items()),
        office.opening("evidence", "outsider", parent=measure, **evidence),
        office.opening("evidence", "outsider", parent=problem, **evidence),
    )
    smuggled = office.send(
        office.opening(
            "problem",
            "outsider",
            of="next_door",
            inspection_id=office.inspection,
            number="9",
            title="混入的问题",
            source="feedback",
        )
    )

    assert [one.refusal.word for one in refused if one.refusal] == ["not_yours"] * (len(OPENINGS) + 2)
    assert [one.refusal.word for one in smuggled if one.refusal] == ["bad_param"]
    assert office.everything() == before


def test_the_outsider_neither_records_nor_signs_on_paper(office: Office) -> None:
    problem = office.signed_problem()
    paper = {"basis": "b" * 64}

    assert office.refusal("decide", problem, "outsider", signed_by="head", **paper) == "not_yours"
    assert office.refusal("decide", problem, "coordinator", signed_by="outsider", **paper) == "signer_not_entitled"


def test_an_action_is_denied_to_everybody_it_does_not_name(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)

    for who in sorted(office.people.keys() - {"officer"}):
        assert office.refusal("submit", measure, who, result="已清理") == "not_yours", who
    for who in ("head", "officer", "auditor", "supervisor"):
        assert office.refusal("assign", problem, who) == "not_yours", who


def test_a_post_in_another_department_gives_no_right_here(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    office.submits(measure)

    assert office.refusal("accept", measure, "finance_head") == "not_yours"
    office.do("accept", measure, "civil_deputy")


def test_a_lead_official_of_another_problem_has_no_right_here(office: Office) -> None:
    problem = office.problem_in_work("institutional")
    office.problem_in_work(number="2", lead="other_lead")
    [measure] = office.measures(problem)

    assert office.refusal("waive_regulation", measure, "other_lead", reason="不需要") == "not_yours"


def test_the_office_above_recognises_and_does_nothing_else(office: Office) -> None:
    problem = office.closed_problem()
    office.do("report_to_district", problem, "coordinator")
    before = office.fields(problem)["recognition"]

    assert office.refusal("start_look_back", problem, "supervisor") == "not_yours"
    office.do("recognize", problem, "supervisor")

    assert (before, office.fields(problem)["recognition"]) == ("reported", "recognized")


def test_who_has_left_can_do_nothing_any_more(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    office.leaves("officer", office.today)

    assert office.refusal("progress", measure, "officer", text="最后一天") is None
    office.after(1)
    assert office.refusal("progress", measure, "officer", text="走后") == "not_yours"


def test_a_department_or_an_inspection_next_door_cannot_be_named(office: Office) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    given = {
        "lead_official": office.people["lead"],
        "lead_department": office.departments["next_door_office"],
        "officers": [office.people["officer"]],
        "due_on": office.day(30),
    }

    assert office.refusal("assign", problem, "coordinator", **given) == "bad_param"


def test_a_command_that_claims_to_be_the_system_is_still_bound_by_the_definition(office: Office) -> None:
    problem = office.signed_problem()

    assert office.refusal("decide", problem, "system:auto") == "not_yours"
    [opened] = office.send(
        Command(
            action=OPEN,
            actor="system:auto",
            kind="inspection",
            organization_id=office.organizations["street"],
            params={"name": "假的"},
        )
    )
    assert opened.refusal is not None
    assert opened.refusal.word == "not_yours"
