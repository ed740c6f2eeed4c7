"""Who leaves orphans nothing, who is away is stood in for, and history says for whom."""

import json

import pytest
from office import Office

from desk import people
from desk.desk import RefusedError
from desk.health import WARNING, health
from engine.commands import SUCCEED
from engine.permissions import hearers
from workflows.rectification.story import tell

LEADERS = ("coordinator", "second_coordinator", "head", "deputy")


def bearers(office: Office, case: int, role: str) -> list[str]:
    """Who bears a role in a case today."""
    rows = [row for row in office.rows("assignment", case_id=case, role=role) if row.person_id]
    return office.keys_of([one.person_id for one in rows if one.from_on <= office.today <= (one.to_on or "9999")])


def lets_leave(
    office: Office, who: str, last_day: str, to: str | None = None, by: str = "coordinator"
) -> list[str]:
    outcomes = people.leave(
        office.house.desk,
        office.people[who],
        last_day,
        office.people[to] if to else None,
        office.actor(by),
        office.now,
    )
    return [one.refusal.word if one.refusal else "" for one in outcomes]


def stands_in(office: Office, who: str, by: str, days: int = 10, recorded_by: str = "coordinator") -> None:
    one = people.StandIn(office.people[who], office.people[by], office.today, office.day(days), "外出学习")
    people.let_stand_in(office.house.desk, one, office.actor(recorded_by), office.now)


def heard(office: Office, who: str) -> str:
    return "\n".join(row.body for row in office.inbox(who))


# --- leaving ---


@pytest.mark.row(24)
def test_a_named_successor_takes_over_everything_after_the_last_day(office: Office) -> None:
    problem = office.problem_in_work("immediate", "time_limited")
    first, second = office.measures(problem)

    assert lets_leave(office, "officer", office.day(1), to="colleague") == ["", "", ""]

    assert [bearers(office, one, "officer") for one in (problem, first, second)] == [["officer"]] * 3
    office.submits(first)
    office.after(2)
    assert [bearers(office, one, "officer") for one in (problem, first, second)] == [["colleague"]] * 3
    assert office.refusal("progress", second, "officer", text="还在办") == "not_yours"
    office.finishes(second, "colleague")
    assert office.breaks() == []


@pytest.mark.row(24)
def test_without_a_successor_the_stand_in_follows_and_else_the_next_in_line(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    stands_in(office, "officer", "colleague")

    lets_leave(office, "officer", office.day(0))
    office.after(1)
    assert bearers(office, measure, "officer") == ["colleague"]

    lets_leave(office, "colleague", office.day(0))
    office.after(1)
    assert bearers(office, measure, "officer") == ["civil_head"]


@pytest.mark.row(24)
def test_who_is_only_marked_as_gone_is_followed_by_the_next_beat_and_their_messages_too(office: Office) -> None:
    """The only officer, deactivated by an administrator who knows nothing of handing over."""
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    assert office.rows("line", person_id=office.people["officer"])

    office.leaves("officer", office.day(-1))
    office.beat()

    assert bearers(office, measure, "officer") == ["civil_head"]
    assert office.rows("line", person_id=office.people["officer"]) == []
    assert office.inbox("officer") == []
    assert "immediate措施" in heard(office, "civil_head")
    assert {row.reason for row in office.rows("withheld")} == {"handed_over"}
    entries = office.rows("history", root_id=problem, action=SUCCEED)
    assert {row.actor for row in entries} == {"system:leaving"}
    before = office.count("history")
    office.beat()
    assert office.count("history") == before
    assert office.breaks() == []


@pytest.mark.row(24)
def test_when_the_whole_line_has_left_the_head_hears_then_the_organisation_above_then_health_says_it(
    office: Office,
) -> None:
    problem = office.problem_in_work(due=office.day(20))
    [measure] = office.measures(problem)
    for who in ("officer", "colleague", "civil_head", "civil_deputy", "lead", "other_lead"):
        office.leaves(who, office.day(-1))
    office.beat()
    assert bearers(office, measure, "officer") == []
    assert bearers(office, problem, "lead_official") == []

    office.after(25).beat()
    assert set(office.told_of(measure)) == {"coordinator", "second_coordinator"}

    for who in LEADERS:
        office.leaves(who, office.day(-1))
    office.at("2026-07-27 09:00").beat()
    assert "supervisor" in office.told_of(measure)
    assert heard(office, "supervisor")
    with office.look() as tx:
        assert health(office.house.runtime.view(tx), office.now, 300).deaf == ()

    office.leaves("supervisor", office.day(-1))
    with office.look() as tx:
        found = health(office.house.runtime.view(tx), office.now, 300)
    assert (found.deaf, found.level) == (("柳林街道党工委",), WARNING)


@pytest.mark.row(24)
def test_no_kind_of_case_is_left_orphan(office: Office) -> None:
    """Whatever the kind: when everybody near has left, every role that a definition names is heard by somebody."""
    problem = office.problem_in_work("immediate")
    near = ("officer", "colleague", "civil_head", "civil_deputy", "lead")
    for who in near:
        office.leaves(who, office.day(-1))
    office.beat()

    gone = {office.people[who] for who in near}
    registry = office.house.runtime.registry
    with office.look() as tx:
        view = office.house.runtime.view(tx)
        case = view.case(problem)
        for kind in registry.workflows:
            definition = registry.parse(registry.workflows[kind], kind)
            named = {role for state in definition.states.values() for role in state.held_by}
            for role in {*named, *definition.alert_roles} - {"system"}:
                assert hearers(view, case, role, office.today), (kind, role)
    for row in office.rows("assignment"):
        assert row.person_id is None or row.to_on is not None or row.person_id not in gone


def test_only_an_administrator_or_the_coordinator_lets_somebody_leave(office: Office) -> None:
    office.problem_in_work()
    before = office.everything()

    for who in ("officer", "head", "outsider", "auditor"):
        with pytest.raises(RefusedError, match="权限"):
            lets_leave(office, "officer", office.day(0), by=who)

    assert office.everything() == before


def test_a_case_set_aside_does_not_hold_up_the_handing_over_of_others(office: Office) -> None:
    first, second = office.problem_in_work(number="1"), office.problem_in_work(number="2")
    office.write(f"UPDATE cases SET fired = '{{' WHERE id = {office.measures(first)[0]}")
    office.leaves("officer", office.day(-1))

    office.beat()

    assert bearers(office, office.measures(second)[0], "officer") == ["civil_head"]
    aside = [row.case_id for row in office.rows("quarantine")]
    assert aside == [first, *office.measures(first)]  # a dossier of which a part cannot be read is not acted on
    office.beat()
    assert office.count("quarantine") == len(aside)


# --- standing in ---


def test_a_stand_in_acts_for_somebody_and_history_names_both(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    assert office.refusal("progress", measure, "colleague", text="已清理") == "not_yours"
    stands_in(office, "officer", "colleague")

    office.do("progress", measure, "colleague", text="已清理")

    entry = office.rows("history", root_id=problem, action="progress")[0]
    assert (entry.actor, entry.signer) == (office.actor("colleague"), office.actor("colleague"))
    assert json.loads(entry.changes)["for"] == office.actor("officer")
    with office.look() as tx:
        told = tell(office.house.runtime.view(tx), problem, office.house.desk.words)
    assert told[-1].who == "colleague同志（代officer同志）"
    assert office.breaks() == []


def test_before_and_after_its_days_a_stand_in_is_nobody(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    stands_in(office, "officer", "colleague", days=3)

    office.after(3).do("progress", measure, "colleague", text="最后一天")
    assert office.after(1).refusal("progress", measure, "colleague", text="又一天") == "not_yours"
    assert office.after(-10).refusal("progress", measure, "colleague", text="之前") == "not_yours"


def test_who_acts_in_their_own_right_acts_for_nobody(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    stands_in(office, "colleague", "officer")

    office.do("progress", measure, "officer", text="已清理")

    assert "for" not in json.loads(office.rows("history", root_id=problem, action="progress")[0].changes)


def test_a_stand_in_hears_what_the_person_would_hear(office: Office) -> None:
    stands_in(office, "lead", "other_lead", days=60)
    problem = office.problem_in_work(due=office.day(20))
    office.after(28).beat()

    assert {"lead", "other_lead"} <= office.told_of(problem)


@pytest.mark.row(30)
def test_recusal_counts_who_really_signed_and_reaches_through_whom_they_stand_in_for(office: Office) -> None:
    problem = office.problem_at_close_out()
    stands_in(office, "civil_head", "finance_head")
    stands_in(office, "lead", "finance_head")
    stands_in(office, "officer", "deputy")

    office.do("sign", problem, "finance_head")
    [signed] = office.rows("signature", root_id=problem)
    assert (signed.step, signed.signer) == ("department", office.actor("finance_head"))
    entry = office.rows("history", root_id=problem, action="sign")[0]
    assert json.loads(entry.changes)["for"] == office.actor("civil_head")
    assert office.refusal("sign", problem, "finance_head") == "signed_already"
    office.on_paper("sign", problem, "lead")
    office.do("sign", problem, "coordinator")
    office.do("decide", problem, "head")
    assert office.breaks() == []


@pytest.mark.row(30)
def test_nobody_signs_through_somebody_for_a_person_who_worked_on_it(office: Office) -> None:
    problem = office.problem_in_work()
    office.do("set_result", problem, "civil_head", result="已整改")
    for measure in office.measures(problem):
        office.submits(measure)
        office.do("accept", measure, "civil_deputy")
    stands_in(office, "civil_head", "finance_head")

    assert office.refusal("sign", problem, "finance_head") == "not_your_step"
    office.do("sign", problem, "civil_deputy")


def test_a_person_may_name_their_own_stand_in_and_nobody_elses(office: Office) -> None:
    stands_in(office, "officer", "colleague", recorded_by="officer")
    with pytest.raises(RefusedError):
        stands_in(office, "civil_head", "colleague", recorded_by="officer")
    with pytest.raises(RefusedError, match="另一个人"):
        stands_in(office, "officer", "officer")
    assert office.count("stand_in") == 1


def test_a_new_post_and_a_new_order_of_departments(office: Office) -> None:
    values = {
        "organization_id": office.organizations["street"],
        "department_id": office.departments["finance"],
        "role": "department_head",
        "title": "所长",
        "from_on": office.today,
    }
    desk = office.house.desk
    people.give_post(desk, office.people["colleague"], values, office.actor("coordinator"), office.now)
    with pytest.raises(RefusedError, match="没有“king”这个角色"):
        people.give_post(
            desk, office.people["colleague"], {**values, "role": "king"}, office.actor("coordinator"), office.now
        )
    problem = office.problem_in_work(department="finance", officers=["accountant"])
    for measure in office.measures(problem):
        office.finishes(measure, "accountant", "colleague")

    people.order_departments(desk, [office.departments["finance"]], office.actor("coordinator"), office.now)
    ranks = {row.key: row.rank_order for row in office.rows("department")}
    assert ranks["finance"] < ranks["civil"]


# --- several leave ---


@pytest.mark.row(24)
def test_two_who_leave_on_one_day_leave_no_gap_whoever_is_entered_first(office: Office) -> None:
    """The successor leaves on the very day: the work goes on to the next in line, and the days fit together."""
    for number, order in enumerate((("officer", "colleague"), ("colleague", "officer"))):
        problem = office.problem_in_work(number=str(number))
        [measure] = office.measures(problem)
        for who in order:
            lets_leave(office, who, office.day(1), to="colleague" if who == "officer" else None)
        office.after(2).beat()
        assert bearers(office, measure, "officer") == ["civil_head"], order
        spans = [(row.from_on, row.to_on) for row in office.rows("assignment", case_id=measure, role="officer")]
        assert [to_on or "9999" for _, to_on in spans] == sorted(to_on or "9999" for _, to_on in spans)
        assert all(since <= (until or "9999") for since, until in spans), spans
        office.write("UPDATE person SET active_until = NULL")
        office.write("UPDATE post SET to_on = NULL")
    assert office.breaks() == []


@pytest.mark.row(24)
def test_a_successor_who_leaves_before_they_begin_is_followed_from_the_day_they_were_to_begin(
    office: Office,
) -> None:
    """Until then the first one is still there: nobody has the work twice."""
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    lets_leave(office, "officer", office.day(10), to="colleague")
    lets_leave(office, "colleague", office.day(3), to="civil_deputy")

    assert [bearers(office.after(5), measure, "officer"), bearers(office.after(6), measure, "officer")] == [
        ["officer"], ["civil_deputy"],
    ]  # fmt: skip
    assert office.breaks() == []


@pytest.mark.row(24)
def test_who_was_given_it_on_their_last_day_had_it_that_day(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    lets_leave(office, "officer", office.today, to="colleague")

    assert bearers(office, measure, "officer") == ["officer"]
    assert bearers(office.after(1), measure, "officer") == ["colleague"]
    assert office.breaks() == []


@pytest.mark.row(24)
def test_a_stand_in_who_leaves_too_does_not_follow(office: Office) -> None:
    problem = office.problem_in_work()
    [measure] = office.measures(problem)
    stands_in(office, "officer", "colleague")
    lets_leave(office, "colleague", office.day(2))
    lets_leave(office, "officer", office.day(2))

    assert bearers(office.after(3), measure, "officer") == ["civil_head"]
    assert office.breaks() == []


# --- a department goes ---


@pytest.mark.row(24)
def test_the_work_of_a_dissolved_department_goes_on_in_another(office: Office) -> None:
    """Its head judges and signs from today on, who judged before no longer does, and everybody concerned hears."""
    problem = office.problem_in_work("immediate", "time_limited")
    first, second = office.measures(problem)
    office.finishes(first)
    finance = office.departments["finance"]

    assert (
        office.refusal("change_department", problem, "civil_head", lead_department=finance, reason="撤并")
        == "not_yours"
    )
    same = office.departments["civil"]
    assert (
        office.refusal("change_department", problem, "coordinator", lead_department=same, reason="x")
        == "leads_already"
    )
    office.do("change_department", problem, "coordinator", lead_department=finance, reason="机构改革，科室撤并")

    told = {row.person_id for row in office.rows("line", rule="handed_over")}
    assert {office.people[one] for one in ("finance_head", "lead", "officer")} <= told
    office.submits(second)
    assert office.refusal("accept", second, "civil_head") == "not_yours"
    office.do("accept", second, "finance_head")
    assert office.refusal("sign", problem, "civil_head") == "not_yours"
    office.do("sign", problem, "finance_head")
    rows = office.rows("assignment", case_id=problem, role="lead_department")
    assert [(row.department_id, row.to_on) for row in rows][-1] == (finance, None)
    with office.look() as tx:
        told_in_words = tell(office.house.runtime.view(tx), problem, office.house.desk.words)
    assert any("财政所" in detail for one in told_in_words for detail in one.details)
    assert office.breaks() == []


def test_a_supporting_department_that_comes_to_lead_supports_no_longer(office: Office) -> None:
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    finance, civil = office.departments["finance"], office.departments["civil"]
    office.do(
        "assign", problem, "coordinator", lead_official=office.people["lead"], lead_department=civil,
        supporting_departments=[finance], officers=[office.people["officer"]], due_on=office.day(30),
    )  # fmt: skip
    office.after(1).do("change_department", problem, "coordinator", lead_department=finance, reason="职责调整")

    rows = [(row.role, row.department_id, row.to_on) for row in office.rows("assignment", case_id=problem)]
    open_now = {(role, department) for role, department, to_on in rows if department and to_on is None}
    assert open_now == {("lead_department", finance)}
    assert ("lead_department", civil, office.day(-1)) in rows
    assert office.breaks() == []
