"""The sample's files name each other by key; a slip there would surface as a crash in the middle of the demo."""

import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import config

SAMPLE = Path(config.__file__).parent / "sample"
FEEDBACK_MEETING = date(2025, 9, 10)
TIME_FRAME_ENDS = date(2026, 10, 31)
ROLES = {
    "coordinator",
    "head",
    "deputy_head",
    "lead_official",
    "department_head",
    "deputy_department_head",
    "officer",
    "auditor",
    "discipline",
    "supervisor",
    "administrator",
    "safety_inspector",
}


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((SAMPLE / name).read_text(encoding="utf-8"))


OFFICE = load("office.toml")
MEASURES = load("measures.toml")
NOTICE = load("notice.toml")
FEEDBACK = (SAMPLE / "feedback.txt").read_text(encoding="utf-8")
PROBLEMS: list[dict[str, Any]] = MEASURES["problems"]
DEPARTMENTS = {d["key"]: d for d in OFFICE["departments"]}
PEOPLE = {p["key"]: p for p in OFFICE["people"]}
EVIDENCE = {e["file"]: e for e in MEASURES["evidence"]}

each_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: f"problem {p['number']}")


def measures_of(*problems: dict[str, Any]) -> list[dict[str, Any]]:
    return [measure for problem in problems for measure in problem["measures"]]


def units_where(person: str, role: str) -> set[str]:
    return {post["unit"] for post in PEOPLE[person]["posts"] if post["role"] == role}


def people_with(role: str) -> set[str]:
    return {key for key in PEOPLE if units_where(key, role)}


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("organizations", "key"),
        ("departments", "key"),
        ("departments", "rank_order"),
        ("people", "key"),
        ("people", "name"),
        ("people", "email"),
        ("people", "rank_order"),
    ],
)
def test_nothing_in_the_office_is_named_or_ranked_twice(kind: str, field: str) -> None:
    values = [row[field] for row in OFFICE[kind]]
    assert len(values) == len(set(values))


@pytest.mark.parametrize("plan", ["plan.toml", "autumn/plan.toml"])
def test_every_step_is_taken_by_somebody_of_the_office_while_the_sample_plays(plan: str) -> None:
    steps, last = load(plan)["steps"], load("autumn/plan.toml")["ends_on"]
    assert {who for step in steps for who in (step["by"], step.get("signer", step["by"]))} <= set(PEOPLE)
    assert [step for step in steps if not load(plan)["begins_on"] <= step["on"] <= last] == []


@pytest.mark.parametrize("kind", ["departments", "people"])
def test_the_office_is_written_in_rank_order(kind: str) -> None:
    ranks = [row["rank_order"] for row in OFFICE[kind]]
    assert ranks == sorted(ranks)


def test_every_unit_belongs_to_an_organization_and_every_post_to_a_unit() -> None:
    organizations = {o["key"] for o in OFFICE["organizations"]}
    assert {o["parent"] for o in OFFICE["organizations"] if "parent" in o} <= organizations
    assert {d["organization"] for d in DEPARTMENTS.values()} <= organizations
    posts = [post for person in PEOPLE.values() for post in person["posts"]]
    assert {post["unit"] for post in posts} <= organizations | set(DEPARTMENTS)
    assert {post["role"] for post in posts} == ROLES


def test_every_department_has_one_head_to_climb_to() -> None:
    heads = Counter(unit for key in PEOPLE for unit in units_where(key, "department_head"))
    assert heads == dict.fromkeys(DEPARTMENTS, 1)


def test_mail_goes_to_the_domains_reserved_for_examples() -> None:
    assert {person["email"].split("@")[1] for person in PEOPLE.values()} == {"example.org", "example.com"}


def test_auditors_handle_no_problem() -> None:
    handlers = {m["officer"] for m in measures_of(*PROBLEMS)} | {p["lead_official"] for p in PROBLEMS}
    assert not handlers & people_with("auditor")


def test_the_feedback_has_four_areas_nine_headings_and_twenty_problems_in_one_run() -> None:
    findings = FEEDBACK.split("二、巡察发现的主要问题")[1].split("三、意见建议")[0]
    numbers = re.findall(r"^（(\d+)）", findings, flags=re.MULTILINE)
    assert [int(number) for number in numbers] == list(range(1, 21))
    assert len(re.findall(r"^（[一二三四五六]）", findings, flags=re.MULTILINE)) == 4
    assert len(re.findall(r"^\d\.", findings, flags=re.MULTILINE)) == 9


def test_there_is_a_plan_for_each_problem_of_the_feedback() -> None:
    assert [problem["number"] for problem in PROBLEMS] == list(range(1, 21))


@each_problem
def test_a_problem_names_people_and_units_that_exist(problem: dict[str, Any]) -> None:
    units = [problem["lead_department"], *problem["supporting_departments"]]
    assert set(units) <= set(DEPARTMENTS)
    assert len(units) == len(set(units))
    assert problem["lead_official"] in people_with("lead_official")
    assert isinstance(problem["key_problem"], bool)


@each_problem
def test_its_officers_are_officers_of_its_units_and_not_its_lead_official(problem: dict[str, Any]) -> None:
    units = {problem["lead_department"], *problem["supporting_departments"]}
    assert {m["officer"] for m in problem["measures"]} == set(problem["officers"])
    assert problem["lead_official"] not in problem["officers"]
    for officer in problem["officers"]:
        assert units_where(officer, "officer") & units, officer


@each_problem
def test_it_has_two_to_five_measures_on_known_tracks_within_the_time_frame(problem: dict[str, Any]) -> None:
    assert 2 <= len(problem["measures"]) <= 5
    assert {m["track"] for m in problem["measures"]} <= {"immediate", "time_limited", "institutional"}
    for measure in problem["measures"]:
        assert FEEDBACK_MEETING < measure["due"] <= TIME_FRAME_ENDS
        assert measure["text"].endswith("。")
        assert re.search(r"\d|《", measure["result"]), "a result says something concrete"


@each_problem
def test_immediate_measures_are_due_within_about_a_month(problem: dict[str, Any]) -> None:
    due = [m["due"] for m in problem["measures"] if m["track"] == "immediate"]
    assert due
    assert max(due) <= date(2025, 10, 10)


@each_problem
def test_an_institutional_measure_ends_in_a_regulation_or_a_reason(problem: dict[str, Any]) -> None:
    for measure in problem["measures"]:
        endings = {"regulation", "no_regulation_reason"} & set(measure)
        assert len(endings) == (measure["track"] == "institutional"), measure["text"]


def test_exactly_one_measure_needs_no_regulation() -> None:
    assert sum("no_regulation_reason" in measure for measure in measures_of(*PROBLEMS)) == 1


def test_regulations_are_issued_in_time_under_numbers_of_their_own() -> None:
    issued = [(m["regulation"], m["due"]) for m in measures_of(*PROBLEMS) if "regulation" in m]
    numbers = [regulation["number"] for regulation, _ in issued]
    assert len(numbers) == len(set(numbers))
    for regulation, due in issued:
        assert FEEDBACK_MEETING < regulation["issued_on"] <= due < regulation["review_on"]
        assert regulation["number"].startswith(f"青街发〔{regulation['issued_on'].year}〕")


def test_every_evidence_file_is_there_used_and_older_than_what_it_proves() -> None:
    assert {path.name for path in (SAMPLE / "evidence").iterdir()} == set(EVIDENCE)
    uses = [(m["due"], name) for m in measures_of(*PROBLEMS) for name in m.get("evidence", [])]
    assert {name for _, name in uses} == set(EVIDENCE)
    for due, name in uses:
        assert FEEDBACK_MEETING < EVIDENCE[name]["about"] <= due


def test_one_sign_in_sheet_serves_several_problems() -> None:
    users = [
        p["number"] for p in PROBLEMS if any("sign-in" in e for m in measures_of(p) for e in m.get("evidence", []))
    ]
    assert len(users) > 1


def test_the_notice_holds_wording_and_no_figures() -> None:
    wording = [*NOTICE["opening"], *NOTICE["overview"], *NOTICE["next_steps"]]
    assert not [text for text in wording if re.search(r"\d+\s*(个|项|件|条)", text)]
    fields = {field for _, field, _, _ in Formatter().parse(NOTICE["contact"]["period"]) if field}
    assert fields == {"start", "end"}
    assert set(NOTICE["contact"]) == {"invitation", "period", "phone", "mailbox", "email", "days"}
