"""Leaving orphans nothing: a case of every kind there is, and its bearer leaves."""

import json
from collections.abc import Callable, Mapping

import pytest
from office import PLAN, Office
from shipped import REGISTRY

from desk.draw_look_back import draw_look_back
from desk.finding import Inspection
from desk.set_up_office import set_up_office
from engine.commands import SUCCEED
from engine.definitions import Definition
from engine.permissions import hearers

KINDS = REGISTRY.definitions
MORE = {
    "people": [
        {"key": key, "name": key, "email": None, "rank_order": 60, "posts": [{"unit": "street", "role": role}]}
        for key, role in (("discipline", "discipline"), ("inspector", "safety_inspector"))
    ]
}


@pytest.fixture
def office(office: Office) -> Office:
    set_up_office(office.house.desk, {**PLAN, **MORE}, "2026-01-01")
    return Office(office.house)


def _measure(office: Office) -> int:
    [measure] = office.measures(office.problem_in_work())
    return measure


def _letter(office: Office) -> int:
    return office.open(
        "letter", "coordinator", parent=office.problem_in_work(), form="督办单", due_on=office.day(5)
    )


def _instruction(office: Office) -> int:
    task = {"text": "请抓紧。", "officer": office.people["officer"], "due_on": office.day(9)}
    [opened] = office.do("instruct", _letter(office), "head", **task).opened
    return opened


def _milestone(office: Office) -> int:
    given = {"name": "body_report", "due_on": office.day(40), "officer": office.people["officer"]}
    return office.open("milestone", "coordinator", parent=office.opens_inspection(), **given)


def _commitment(office: Office) -> int:
    civil = office.departments["civil"]
    given = {"units": [civil], "lead_department": civil, "officer": office.people["officer"]}
    return office.open(
        "commitment",
        "coordinator",
        problem_id=office.problem_in_work(),
        text="评议",
        per="month",
        times=1,
        **given,
    )


def _hazard(office: Office) -> int:
    given = {"lead_official": office.people["lead"], "lead_department": office.departments["civil"]}
    hazard = office.open("hazard", "inspector", title="通道堵塞", place="市场二层", found_on=office.today)
    office.do("grade", hazard, "inspector", grade="general", officer=office.people["officer"], **given)
    return hazard


def _look_back(office: Office, kind: str) -> int:
    office.closed_problem()
    target = Inspection(office.inspection, office.organizations["street"], "巡察")
    draw_look_back(office.house.desk, target, "回头看", "7", office.actor("auditor"), office.now)
    return int(office.rows("cases", kind=kind)[0].id)


def _meeting(office: Office) -> int:
    office.holds_meeting(office.signed_problem())
    return int(office.rows("cases", kind="meeting")[0].id)


def _extension(office: Office) -> int:
    return office.open("extension", "officer", parent=_measure(office), until=office.day(60), reason="等审批")


def _regulation(office: Office) -> int:
    given = {"officer": office.people["officer"], "lead_department": office.departments["civil"]}
    return office.open("regulation", "coordinator", title="办法", **given)


def _lead(office: Office) -> int:
    bare = {"number": "2026-7", "handling_body": "区纪委监委", "transferred_on": "2026-06-01"}
    return office.open("lead", "discipline", **bare)


def _notice(office: Office) -> int:
    given = {"form": "to_public", "sha256": "a" * 64, "total": 1, "done": 0}
    return office.open("notice", "coordinator", parent=office.opens_inspection(), **given)


OPENED: Mapping[str, Callable[[Office], int]] = {
    "inspection": Office.opens_inspection,
    "milestone": _milestone,
    "problem": Office.problem_in_work,
    "measure": _measure,
    "evidence": lambda office: office.files_evidence(_measure(office)),
    "extension": _extension,
    "letter": _letter,
    "instruction": _instruction,
    "review": lambda office: _look_back(office, "review"),
    "look_back_campaign": lambda office: _look_back(office, "look_back_campaign"),
    "commitment": _commitment,
    "regulation": _regulation,
    "lead": _lead,
    "meeting": _meeting,
    "notice": _notice,
    "hazard": _hazard,
    "hazard_letter": lambda office: office.open(
        "hazard_letter", "inspector", parent=_hazard(office), form="督办单", due_on=office.day(5)
    ),
}


def spoken_to(definition: Definition) -> set[str]:
    """Every role that a kind needs somebody in: who holds its states, who hears its deadline."""
    held = {role for state in definition.states.values() for role in state.held_by}
    return {*held, *definition.alert_roles} - {"system"}


def heard_by(office: Office, case: int, role: str) -> set[str]:
    with office.look() as tx:
        view = office.house.runtime.view(tx)
        return set(office.keys_of([one.person_id for one in hearers(view, view.case(case), role, office.today)]))


def bearers(office: Office, case: int) -> dict[str, str]:
    """Who bears a case today or, where nobody does, the case above it: person → role."""
    with office.look() as tx:
        view = office.house.runtime.view(tx)
        for one in view.lineage(view.case(case)):
            borne = [row for row in view.bearers(one) if row.person_id and row.holds_on(office.today)]
            if borne:
                return {office.keys_of([row.person_id])[0]: row.role for row in borne if row.person_id}
    return {}


def still_borne(office: Office, gone: set[str]) -> list[int]:
    """The live cases that somebody who has left still bears."""
    left = {office.people[one] for one in gone}
    rows = [row.case_id for row in office.rows("assignment", to_on=None) if row.person_id in left]
    return [one for one in rows if office.case(one).live]


def untold(office: Office) -> list[str]:
    """Those who took over, by the key of the line that should have reached them and did not."""
    packed = "".join(row.lines for row in office.rows("envelope"))
    keys = [
        f"{row.root_id}:{row.seq}:{person}:"
        for row in office.rows("history", action=SUCCEED)
        for _role, person in json.loads(row.changes)["said"]["followers"]
        if person
    ]
    return [key for key in keys if key not in packed]


def test_there_is_a_case_of_every_kind() -> None:
    assert OPENED.keys() == KINDS.keys()


@pytest.mark.row(24)
@pytest.mark.parametrize("kind", KINDS)
def test_a_case_whose_bearers_leave_goes_to_somebody_who_is_told_or_the_head_hears(
    office: Office, kind: str
) -> None:
    case = OPENED[kind](office)
    gone = bearers(office, case)
    for who in gone:
        office.leaves(who, office.day(-1))
    office.beat()

    for role in spoken_to(KINDS[kind]):
        heard = heard_by(office, case, role)
        assert heard, f"nobody hears as {role}"
        assert heard.isdisjoint(gone), role
    assert still_borne(office, set(gone)) == []
    assert untold(office) == []
    if gone and office.case(case).live:
        assert office.rows("history", action=SUCCEED)
    assert office.breaks() == []


@pytest.mark.row(24)
@pytest.mark.parametrize("kind", KINDS)
def test_when_only_the_head_is_left_the_head_hears(office: Office, kind: str) -> None:
    case = OPENED[kind](office)
    for who in office.people:
        if who not in ("head", "supervisor", "outsider"):
            office.leaves(who, office.day(-1))
    office.beat()

    for role in spoken_to(KINDS[kind]):
        assert heard_by(office, case, role) == ({"supervisor"} if role == "supervisor" else {"head"}), role
