"""What lives beside a problem: commitments, milestones, regulations, reviews, leads, consent to withhold."""

import json
from typing import Any

import pytest
from office import SHANGHAI, Office

import config
from desk.draw_look_back import draw_look_back
from desk.find_signals import find_signals
from desk.finding import Inspection
from desk.make_notice import Wording, notice_facts
from desk.recompute import approve, propose
from desk.set_milestones import read_periods, set_milestones
from desk.set_up_office import set_up_office
from desk.show_inspection import milestone_rows
from engine.editions import CALENDAR, publish
from engine.faults import FaultsError
from engine.working_days import local_day

UNITS = ("east", "west", "south")
MORE = {
    "departments": [
        {"key": key, "organization": "street", "name": f"{key}社区", "kind": "community", "rank_order": place}
        for place, key in enumerate(UNITS, 10)
    ],
    "people": [
        {
            "key": f"{key}_head",
            "name": f"{key}书记",
            "email": f"{key}@street.test",
            "rank_order": place,
            "posts": [{"unit": key, "role": "department_head"}],
        }
        for place, key in enumerate(UNITS, 50)
    ]
    + [
        {
            "key": "discipline",
            "name": "纪工委同志",
            "email": "discipline@street.test",
            "rank_order": 60,
            "posts": [{"unit": "street", "role": "discipline"}],
        }
    ],
}


@pytest.fixture
def office(office: Office) -> Office:
    """With communities below it and a discipline committee."""
    set_up_office(office.house.desk, MORE, "2026-01-01")
    office.__post_init__()
    return office


# --- commitments ---


def _commitment(office: Office, problem: int, **more: Any) -> int:
    units = {"units": [office.departments[one] for one in UNITS], "lead_department": office.departments["civil"]}
    given = {"problem_id": problem, "text": "每季度开展民主评议", "per": "quarter", "times": 2, **units}
    return office.open("commitment", "coordinator", **{**given, **more})


def _told(office: Office, template: str) -> list[str]:
    return office.keys_of(sorted({row.person_id for row in office.rows("line", rule=template)}))


def test_one_community_did_it_once_instead_of_twice(office: Office) -> None:
    """That community and its department hear of it; the closed problem stays closed, nothing is overdue."""
    problem = office.closed_problem()
    commitment = _commitment(office, problem)
    office.do("fill_sheet", commitment, "civil_head", counts=[2, 1, 2])

    office.at("2026-07-01 08:30").sweep()

    assert _told(office, "missed_period") == ["civil_head", "west_head"]
    [packed] = office.rows("line", rule="missed_period", person_id=office.people["west_head"])
    assert json.loads(packed.params)["role"] == "unit_head"
    assert office.state(problem) == "closed"
    assert office.fields(problem)["long_term"] is True
    assert office.register().counts() == {"total": 1, "done": 1, "overdue": 0}
    assert "长期坚持" in office.register().where_it_stands(office.register().rows[0])
    west = office.departments["west"]
    assert office.fields(commitment)["missed"] == [{"period": "2026Q2", "units": [west], "sheet": True}]
    assert office.fields(commitment)["period"] == "2026Q3"
    assert office.breaks() == []


def test_the_message_names_the_unit_and_no_rank(office: Office) -> None:
    commitment = _commitment(office, office.closed_problem())
    office.do("fill_sheet", commitment, "civil_head", counts=[1, 1, 2])
    office.at("2026-07-01 09:00").beat()

    [envelope] = office.inbox("west_head")
    assert "2026年第2季度，east社区、west社区未达到 2 次" in envelope.body


def test_a_sheet_is_asked_for_a_week_before_the_end_unless_it_is_there(office: Office) -> None:
    first, second = (_commitment(office, office.closed_problem(number)) for number in "12")
    office.do("fill_sheet", first, "civil_head", counts=[2, 2, 2])

    office.at("2026-06-24 09:00").beat()

    [envelope] = office.inbox("civil_head")
    assert envelope.body.count("请点“填报”，写明各单位落实次数") == 1
    assert [office.fields(one)["look_on"] for one in (first, second)] == ["2026-07-01", "2026-07-01"]


def test_a_period_that_was_kept_is_silent(office: Office) -> None:
    commitment = _commitment(office, office.closed_problem())
    office.do("fill_sheet", commitment, "civil_head", counts=["2", "3", "2"])
    office.at("2026-07-01 08:30").sweep()

    assert _told(office, "missed_period") == []
    assert office.said(commitment, "note_kept") == [{"period": "2026Q2"}]


def test_a_sheet_that_comes_late_tells_what_was_missed_after_all(office: Office) -> None:
    commitment = _commitment(office, office.closed_problem())
    office.at("2026-07-01 08:30").sweep()
    assert _told(office, "missed_period") == ["civil_head"]
    assert office.fields(commitment)["missed"] == [{"period": "2026Q2", "units": [], "sheet": False}]

    assert office.refusal("fill_sheet", commitment, "civil_head", counts=[2, 2]) == "counts_differ"
    late = {"counts": [2, 2, 2], "period": "2026Q2"}
    office.do("fill_sheet", commitment, "civil_head", **late)
    assert office.fields(commitment)["missed"] == []
    assert office.refusal("fill_sheet", commitment, "civil_head", **late | {"period": "2026Q1"}) == "no_such_period"


@pytest.mark.row(1)
def test_periods_that_passed_while_the_server_was_off_are_each_noted_once(office: Office) -> None:
    commitment = _commitment(office, office.closed_problem(), per="month")
    office.at("2026-10-05 09:00").sweep()
    office.sweep()

    missed = [one["period"] for one in office.fields(commitment)["missed"]]
    assert missed == ["2026-06", "2026-07", "2026-08", "2026-09"]
    assert office.fields(commitment)["period"] == "2026-10"


@pytest.mark.row(19)
def test_a_relapse_does_not_end_the_commitment_and_its_own_end_does(office: Office) -> None:
    problem = office.closed_problem()
    commitment = _commitment(office, problem, ends_on="2026-08-31")
    office.do("relapse", problem, "auditor", finding="又不评议了")
    office.at("2026-07-01 08:30").sweep()
    assert office.state(commitment) == "running"

    office.at("2026-10-01 08:30").sweep()

    assert office.state(commitment) == "ended"
    assert office.case(commitment).next_alert_at is None


@pytest.mark.row(22)
def test_a_commitment_has_no_deadline_and_fires_no_ladder(office: Office) -> None:
    commitment = _commitment(office, office.closed_problem())
    for _ in range(40):
        office.after(10).sweep()

    assert office.case(commitment).due_on is None
    assert office.told(commitment) == []


# --- milestones ---


def _clock(office: Office) -> None:
    office.inspection = office.open(
        "inspection", "coordinator", name="巡察", feedback_on="2026-06-01", period_ends_on="2026-09-01"
    )
    periods = read_periods(config.milestones(), "milestones.toml")
    outcomes, left_out = set_milestones(
        office.house.desk, office.inspection, periods, office.actor("coordinator"), office.now
    )
    assert (left_out, [one.refusal for one in outcomes if one.refusal]) == ([], [])


def test_the_milestones_run_side_by_side_each_with_its_own_day(office: Office) -> None:
    _clock(office)
    rows = milestone_rows(office.house.desk, office.inspection, local_day(office.now, SHANGHAI))
    days = {one.title: one.due_on for one in rows}
    assert days["反馈意见公开"] == "2026-06-15"
    assert days["集中整改期限届满"] == "2026-09-01"
    first = rows[0]

    office.after(5)
    office.do("complete", first.id, "coordinator", done_on=office.today, paper="柳工委〔2026〕9号")

    [done] = [one for one in milestone_rows(office.house.desk, office.inspection, local_day(office.now, SHANGHAI))
              if one.state == "done"]  # fmt: skip
    assert (done.id, done.done_on, done.paper) == (first.id, office.today, "柳工委〔2026〕9号")


def test_a_milestone_warns_before_its_day_and_not_after_it_is_done(office: Office) -> None:
    _clock(office)
    office.at("2026-06-12 09:00").sweep()
    [published] = [row for row in office.rows("cases", kind="milestone") if row.due_on == "2026-06-15"]

    assert office.told_of(published.id) == {"coordinator", "second_coordinator"}

    office.do("complete", published.id, "coordinator", done_on=office.today)
    before = len(office.rows("history", action="alert", case_id=published.id))
    office.at("2026-06-20 09:00").sweep()
    assert len(office.rows("history", action="alert", case_id=published.id)) == before


def test_the_reminder_of_a_milestone_says_what_it_is(office: Office) -> None:
    _clock(office)
    office.at("2026-06-12 09:00").beat()

    [envelope] = office.inbox("coordinator")
    assert "巡察节点“反馈意见公开”：6月15日到期，还剩 3 天" in envelope.body
    assert "归档" not in envelope.body


@pytest.mark.row(17)
def test_a_milestone_in_a_year_without_a_holiday_list_is_provisional_and_recomputed(office: Office) -> None:
    _clock(office)
    today = local_day(office.now, SHANGHAI)
    rows = {one.title: one for one in milestone_rows(office.house.desk, office.inspection, today)}
    assert {name for name, one in rows.items() if one.provisional} == {"归档"}
    archive = rows["归档"]
    assert archive.due_on == "2027-09-01"
    with office.look() as tx:
        assert propose(office.house.desk, tx, office.organizations["street"]) == []

    published = config.calendars()["2027"].replace("provisional = true\n", "")
    closed = '\n[[holidays]]\nname = "全区停工"\nfirst = "2027-09-01"\nlast = "2027-09-01"\n'
    with office.database.begin() as tx:
        publish(tx, CALENDAR, "2027", published + closed)
    with office.look() as tx:
        [move] = propose(office.house.desk, tx, office.organizations["street"])
    assert (move.case_id, move.was.isoformat(), move.now.isoformat()) == (archive.id, "2027-09-01", "2027-09-02")
    assert "归档" in move.matter

    [done] = approve(office.house.desk, office.actor("coordinator"), [move], office.now)
    assert done.refusal is None
    assert (office.case(archive.id).due_on, office.fields(archive.id)["original_due_on"]) == ("2027-09-02",) * 2
    assert office.breaks() == []


def test_setting_them_again_sets_nothing_twice_and_an_unknown_anchor_is_named(office: Office) -> None:
    office.opens_inspection()
    periods = read_periods(config.milestones(), "milestones.toml")
    outcomes, left_out = set_milestones(
        office.house.desk, office.inspection, periods, office.actor("coordinator"), office.now
    )
    assert outcomes == []
    assert len(left_out) == len(periods)
    _clock(office)
    again, _ = set_milestones(
        office.house.desk, office.inspection, periods, office.actor("coordinator"), office.now
    )
    assert {one.refusal.word for one in again if one.refusal} == {"milestone_there"}


def test_an_inspection_is_not_archived_over_a_waiting_milestone(office: Office) -> None:
    _clock(office)
    office.issues_plan()
    assert office.refusal("archive", office.inspection, "coordinator") == "milestones_wait"
    for row in office.rows("cases", kind="milestone"):
        office.do("skip", row.id, "coordinator", reason="不设")
    office.do("archive", office.inspection, "coordinator")


def test_a_broken_file_of_periods_names_its_faults() -> None:
    broken = '[[milestones]]\nname = "archive"\nanchor = "moon"\namount = 3\nunit = "week"\n'
    with pytest.raises(FaultsError, match="moon"):
        read_periods(broken, "periods.toml")


# --- regulations ---


def test_a_recorded_regulation_has_a_life_of_its_own_and_is_looked_at_after_a_year(office: Office) -> None:
    problem = office.problem_in_work("institutional")
    [measure] = office.measures(problem)
    office.finishes(measure)

    [regulation] = office.rows("cases", kind="regulation")
    assert (regulation.state, regulation.due_on) == ("issued", "2027-06-01")
    assert office.fields(measure)["regulation_id"] == regulation.id
    [opened] = office.rows("history", root_id=regulation.id, action="open")
    assert opened.cause.startswith(f"{problem}:")
    office.at("2027-05-31 09:00").sweep()
    assert "civil_head" in office.told_of(regulation.id)
    office.do("check", regulation.id, "civil_head", finding="仍然适用")
    assert office.case(regulation.id).due_on == "2028-05-31"
    assert office.breaks() == []


def test_recording_it_again_corrects_the_same_regulation(office: Office) -> None:
    problem = office.problem_in_work("institutional")
    [measure] = office.measures(problem)
    for number in ("3号", "4号"):
        given = {"regulation_title": "办法", "regulation_number": number, "regulation_on": office.today}
        office.do("record_regulation", measure, "officer", **given)

    [regulation] = office.rows("cases", kind="regulation")
    assert office.fields(regulation.id)["number"] == "4号"


def test_a_regulation_that_is_there_serves_another_measure(office: Office) -> None:
    first, second = (office.problem_in_work("institutional", number=one) for one in "12")
    office.finishes(office.measures(first)[0])
    [regulation] = office.rows("cases", kind="regulation")
    [measure] = office.measures(second)
    assert office.refusal("use_regulation", measure, "officer", regulation=first) == "not_in_force"

    office.do("use_regulation", measure, "officer", regulation=regulation.id)
    office.files_evidence(measure)
    office.do("submit", measure, "officer", result="适用已有制度")
    office.do("accept", measure, "civil_head")

    assert office.state(second) == "close_out"
    assert office.fields(measure)["regulation_number"] == "柳街发〔2026〕3号"
    assert len(office.fields(regulation.id)["measures"]) == 2


# --- reviews ---


def test_a_sampled_problem_gets_a_review_and_its_verdict_drives_the_problem(office: Office) -> None:
    problem = office.closed_problem()
    target = Inspection(office.inspection, office.organizations["street"], "巡察")
    draw_look_back(office.house.desk, target, "回头看", "7", office.actor("auditor"), office.now)
    [review] = office.rows("cases", kind="review")
    assert (review.root_id, office.state(problem)) == (problem, "look_back")

    verdict = {"verdict": "relapse", "finding": "走访的人都不知道"}
    office.do("begin", review.id, "auditor")
    assert office.refusal("conclude", review.id, "auditor", **verdict) == "nothing_seen"
    office.do("note", review.id, "auditor", means="visit", text="走访7人，4人不知道")
    office.do("note", review.id, "auditor", means="look", text="看了现场")
    office.do("conclude", review.id, "auditor", **verdict)

    assert (office.state(problem), office.case(problem).round) == ("assignment", 2)
    assert office.fields(review.id)["means"] == ["look", "visit"]
    assert office.fields(problem)["verdict"] == "relapse"
    assert office.breaks() == []


@pytest.mark.parametrize(("step", "more"), [("pass_look_back", {}), ("find_relapse", {"verdict": "incomplete"})])
def test_a_verdict_on_the_problem_itself_concludes_its_review(
    office: Office, step: str, more: dict[str, str]
) -> None:
    problem = office.closed_problem()
    review = office.open("review", "auditor", parent=problem)
    [refused] = office.send(office.opening("review", "auditor", parent=problem))
    assert refused.refusal is not None
    assert refused.refusal.word == "review_open"

    office.do(step, problem, "auditor", finding="看过了", **more)

    assert office.state(review) == "concluded"
    assert office.breaks() == []


@pytest.mark.row(30)
def test_who_signed_does_not_check_unless_the_head_of_the_group_says_why(office: Office) -> None:
    problem = office.problem_at_close_out(lead="auditor")
    office.do("sign", problem, "civil_head")
    office.do("sign", problem, "auditor")
    office.do("sign", problem, "coordinator")
    office.on_paper("decide", problem, "head")
    review = office.open("review", "second_auditor", parent=problem)
    assert office.refusal("begin", review, "auditor") == "not_independent"
    rest = {"reason": "人手不足，只核查现场"}
    second = office.people["second_auditor"]
    assert office.refusal("override_independence", review, "head", person=second, **rest) == "already_independent"

    office.do("override_independence", review, "head", person=office.people["auditor"], **rest)
    office.do("begin", review, "auditor")
    office.do("note", review, "auditor", means="look", text="看了现场")
    office.do("conclude", review, "auditor", verdict="in_place", finding="属实")

    assert office.state(problem) == "settled"
    assert office.said(problem, "override_independence")[0]["reason"] == rest["reason"]


# --- leads ---


def test_a_lead_is_seen_by_the_head_and_the_discipline_committee_only(office: Office) -> None:
    bare = {"number": "2026-7", "handling_body": "区纪委监委", "transferred_on": "2026-06-01"}
    lead = office.open("lead", "discipline", **bare)

    assert office.case(lead).due_on == "2026-09-01"
    for who in ("coordinator", "officer", "supervisor", "auditor", "outsider"):
        with office.look() as tx:
            possible = office.house.runtime.possible(tx, lead, office.actor(who), office.now)
        assert {one.word for one in possible.values() if one} == {"no_such_case"}
        assert office.refusal("complete", lead, who, done_on=office.today) == "no_such_case"
    with office.look() as tx:
        possible = office.house.runtime.possible(tx, lead, office.actor("head"), office.now)
    assert {one.word for one in possible.values() if one} <= {"not_yours", "wrong_state"}


def test_nobody_hears_of_a_lead_who_may_not_see_it_though_its_officer_has_left(office: Office) -> None:
    bare = {"number": "2026-7", "handling_body": "区纪委监委", "transferred_on": "2026-06-01"}
    lead = office.open("lead", "discipline", **bare)
    office.leaves("discipline", office.today)

    office.at("2026-08-30 09:00").sweep()
    office.at("2026-09-20 09:00").sweep()

    assert office.told_of(lead) == {"head"}


def test_a_lead_has_no_room_for_names_or_content(office: Office) -> None:
    long = {"number": "某某反映" * 10, "handling_body": "区纪委", "transferred_on": "2026-06-01"}
    [outcome] = office.send(office.opening("lead", "discipline", **long))

    assert outcome.refusal is not None
    assert outcome.refusal.word == "lead_too_long"


# --- consent to withhold ---


def test_withholding_is_impossible_until_the_district_has_consented(office: Office) -> None:
    problem, other = office.closed_problem("14"), office.closed_problem("15")
    wording = Wording("通报", "街道", (), (), (), None)

    def told(*, inside: bool = False) -> list[str | None]:
        facts = notice_facts(office.register(), wording, inside=inside)
        return [one.number for area in facts.areas for heading in area.headings for one in heading.problems]

    office.on_paper("ask_withholding", problem, "lead", ground="negative_hype", reason="涉及个人隐私")
    assert told() == ["14", "15"]
    assert office.refusal("consent_withholding", problem, "head") == "not_yours"
    assert office.refusal("consent_withholding", other, "supervisor") == "no_withholding_asked"
    office.on_paper("consent_withholding", problem, "supervisor")

    assert told() == ["15"]
    assert told(inside=True) == ["14", "15"]
    figures = {notice_facts(office.register(), wording, inside=one).overview for one in (True, False)}
    assert len(figures) == 1
    office.do("publish_after_all", problem, "coordinator", reason="已无必要")
    assert told() == ["14", "15"]


# --- signals ---


def test_one_sign_in_sheet_serves_three_problems_until_a_reviewer_says_why(office: Office) -> None:
    problems = [office.closed_problem(number) for number in ("1", "5", "11")]

    def seen() -> dict[str, str | None]:
        with office.look() as tx:
            found = find_signals(office.house.runtime.view(tx), office.inspection, problems[0])
        return {one.word: one.explained for one in found}

    assert seen() == {"same_file": None}
    assert (
        office.refusal("clear_signal", problems[0], "officer", signal="same_file", word="一会多用") == "not_yours"
    )
    office.do("clear_signal", problems[0], "auditor", signal="same_file", word="一会多用")

    assert seen() == {"same_file": "一会多用"}


@pytest.mark.parametrize(
    ("ends_on", "state_then"), [("2026-06-30", "ended"), ("2026-07-01", "running"), ("2026-09-30", "running")]
)
def test_the_last_period_of_a_duty_is_the_one_in_which_its_last_day_lies(
    office: Office, ends_on: str, state_then: str
) -> None:
    commitment = _commitment(office, office.closed_problem(), ends_on=ends_on)
    office.at("2026-07-01 08:30").sweep()
    assert office.state(commitment) == state_then

    office.at("2026-10-01 08:30").sweep()
    assert office.state(commitment) == "ended"
    missed = [one["period"] for one in office.said(commitment, "note_missed")]
    assert missed == (["2026Q2"] if state_then == "ended" else ["2026Q2", "2026Q3"])


@pytest.mark.row(1)
def test_a_monthly_duty_is_told_of_every_month_after_years_of_downtime(office: Office) -> None:
    commitment = _commitment(office, office.closed_problem(), per="month")
    swept = office.at("2029-06-01 08:30").sweep()

    assert swept.quarantined == ()
    missed = [one["period"] for one in office.said(commitment, "note_missed")]
    assert (missed[0], missed[-1], len(missed)) == ("2026-06", "2029-05", 36)
    assert office.fields(commitment)["period"] == "2029-06"
    assert office.breaks() == []
