"""Editing a workflow strands nothing: running cases stay on their edition until somebody maps them to another."""

import json

import pytest
from office import Office

from desk.dossiers_then import told_then
from desk.migrate_workflow import Migration, Step, UnknownStatesError, migrate, running
from desk.set_up_office import set_up_office
from engine.commands import MIGRATE
from engine.editions import WORKFLOW, publish
from engine.terms import parse_term

PEOPLE = {
    "people": [
        {"key": key, "name": key, "email": None, "rank_order": 50, "posts": [{"unit": "street", "role": role}]}
        for key, role in (("inspector", "safety_inspector"), ("administrator", "administrator"))
    ]
}
MAP = {"accepting": "checking"}


@pytest.fixture
def office(office: Office) -> Office:
    set_up_office(office.house.desk, PEOPLE, "2026-01-01")
    return Office(office.house)


def submitted(office: Office, title: str = "通道堵塞") -> int:
    hazard = office.open("hazard", "inspector", title=title, place="二层", found_on=office.today)
    office.do(
        "grade",
        hazard,
        "inspector",
        grade="general",
        lead_official=office.people["lead"],
        lead_department=office.departments["civil"],
        officer=office.people["officer"],
    )
    office.do("submit_fix", hazard, "officer", result="已清空")
    return hazard


def puts_in_force(office: Office, *changes: tuple[str, str]) -> None:
    text = office.house.runtime.registry.workflows["hazard"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with office.database.begin() as tx:
        publish(tx, WORKFLOW, "hazard", text)


def without_accepting(office: Office) -> None:
    """The second edition: `accepting` is gone, `checking` is there instead."""
    puts_in_force(office, ('"accepting"', '"checking"'))


def moved(
    office: Office, dry_run: bool = False, by: str = "administrator", to: int = 2, **states: str
) -> list[Step]:
    wanted = Migration("hazard", to, states)
    return migrate(office.house.desk, wanted, office.actor(by), office.now, dry_run=dry_run)


def words(steps: list[Step]) -> list[str | None]:
    return [one.refusal.word if one.refusal else None for one in steps]


@pytest.mark.row(28)
def test_removing_a_used_state_strands_nothing(office: Office) -> None:
    old = submitted(office)
    without_accepting(office)
    new = submitted(office, "线路老化")

    assert (office.state(old), office.state(new)) == ("accepting", "checking")
    office.do("return_fix", old, "inspector", reason="不彻底")
    office.do("submit_fix", old, "officer", result="已彻底清空")
    assert office.state(old) == "accepting"
    office.do("accept", old, "inspector")
    assert office.breaks() == []


@pytest.mark.row(28)
def test_without_a_map_nobody_moves_and_the_stranded_are_listed(office: Office) -> None:
    stranded = submitted(office)
    free = office.open("hazard", "inspector", title="灭火器过期", place="一层", found_on=office.today)
    without_accepting(office)
    before = office.everything()

    steps = moved(office)

    assert [(one.case_id, one.refusal.word if one.refusal else None) for one in steps] == [
        (stranded, "no_image"),
        (free, None),
    ]
    assert office.everything() == before


@pytest.mark.row(28)
def test_with_a_map_they_move_and_the_history_tells_it(office: Office) -> None:
    hazard = submitted(office)
    without_accepting(office)

    [step] = moved(office, **MAP)

    assert (step.refusal, step.before["zh"], step.after and step.after["zh"]) == (None, "待验收", "待验收")
    row = office.case(hazard)
    assert row.state == "checking"
    with office.look() as tx:
        assert row.definition_id == office.house.runtime.editions.numbered(tx, "hazard")[2]
        assert running(tx, "hazard") == {row.definition_id: [hazard]}
    entry = office.rows("history", root_id=hazard, action=MIGRATE)[0]
    assert json.loads(entry.changes)["set"] == {"definition_id": row.definition_id, "state": "checking"}
    assert entry.actor == office.actor("administrator")
    assert office.breaks() == []
    office.do("accept", hazard, "inspector")
    assert office.state(hazard) == "closed"
    assert office.breaks() == []


def test_a_dry_run_shows_the_same_and_writes_nothing(office: Office) -> None:
    submitted(office)
    without_accepting(office)
    before = office.everything()

    shown = moved(office, dry_run=True, **MAP)

    assert office.everything() == before
    assert moved(office, **MAP) == shown


def test_only_an_administrator_migrates(office: Office) -> None:
    hazard = submitted(office)
    without_accepting(office)

    for who in ("inspector", "head", "outsider", "system:auto"):
        assert words(moved(office, by=who, **MAP)) == ["not_yours"], who
    assert office.state(hazard) == "accepting"


def test_a_migrated_case_is_not_migrated_again(office: Office) -> None:
    hazard = submitted(office)
    without_accepting(office)
    moved(office, **MAP)

    assert moved(office, **MAP) == []
    refused = office.refusal(MIGRATE, hazard, "administrator", edition=2)
    assert refused == "same_edition"


@pytest.mark.parametrize(
    ("states", "word"), [({"accepting": "nowhere"}, "no_such_image"), ({"fixing": "checking"}, "no_image")]
)
def test_a_map_to_nowhere_or_of_another_state_is_refused(office: Office, states: dict[str, str], word: str) -> None:
    submitted(office)
    without_accepting(office)

    assert words(moved(office, **states)) == [word]


def test_an_edition_that_is_not_there_is_refused(office: Office) -> None:
    hazard = submitted(office)

    assert office.refusal(MIGRATE, hazard, "administrator", edition=9) == "no_such_edition"
    assert office.refusal(MIGRATE, hazard, "administrator") == "missing_param"


PLACE = '[[fields]]\nname = "place"\nlabel = { zh = "地点", en = "Place" }\n'
STREET = '[[fields]]\nname = "street"\nlabel = { zh = "街巷", en = "Street" }\n'


def test_what_is_filled_in_is_never_lost(office: Office) -> None:
    submitted(office)
    puts_in_force(office, (PLACE, STREET))

    assert words(moved(office)) == ["field_lost"]


def test_what_is_filled_in_is_not_read_as_something_else(office: Office) -> None:
    submitted(office)
    puts_in_force(office, ('name = "place"', 'name = "place"\ntype = "int"'))

    assert words(moved(office)) == ["field_lost"]


def test_a_field_that_is_new_is_there_and_empty(office: Office) -> None:
    hazard = submitted(office)
    puts_in_force(office, (PLACE, PLACE + STREET))

    assert words(moved(office)) == [None]

    assert office.fields(hazard)["street"] is None
    assert office.breaks() == []


def test_a_changed_definition_id_breaks_the_replay(office: Office) -> None:
    """Whoever re-pins a case past the door is found out."""
    hazard = submitted(office)
    without_accepting(office)
    with office.look() as tx:
        second = office.house.runtime.editions.numbered(tx, "hazard")[2]

    office.write(f"UPDATE cases SET definition_id = {second} WHERE id = {hazard}")

    [found] = office.breaks()
    assert (found.word, found.detail) == ("row_differs", f"hazard {hazard}: definition_id")


def renamed(office: Office, *names: tuple[str, str]) -> None:
    """Another edition of the problem's workflow, in which these states are called otherwise."""
    text = office.house.runtime.registry.workflows["problem"]
    for old, new in names:
        text = text.replace(f'"{old}"', f'"{new}"')
    with office.database.begin() as tx:
        publish(tx, WORKFLOW, "problem", text)


def moves(office: Office, number: int, **states: str) -> list[str | None]:
    wanted = Migration("problem", number, states)
    return words(migrate(office.house.desk, wanted, office.actor("administrator"), office.now, dry_run=False))


@pytest.mark.row(28)
def test_the_way_back_is_found_in_another_edition_too(office: Office) -> None:
    """The state from which the dispute came is called otherwise now; it was refused for ever."""
    problem = office.problem_in_work("institutional")
    office.do("dispute", problem, "civil_head", reason="并非事实")
    renamed(office, ("institutionalization", "ruling"), ("disputed", "challenged"))
    assert moves(office, 2, institutionalization="ruling", disputed="challenged") == [None]
    renamed(office, ("institutionalization", "rules"), ("disputed", "doubted"))
    assert moves(office, 3, ruling="rules", challenged="doubted") == [None]

    office.on_paper("dismiss_dispute", problem, "supervisor", reason="属实")

    assert office.state(problem) == "rules"
    assert office.breaks() == []


@pytest.mark.row(28)
def test_there_and_back_between_the_steps_of_the_work(office: Office) -> None:
    hazard = submitted(office)
    without_accepting(office)
    assert words(moved(office)) == ["no_image"]
    office.do("return_fix", hazard, "inspector", reason="不彻底")
    assert words(moved(office)) == [None]
    office.do("submit_fix", hazard, "officer", result="已彻底清空")
    assert office.state(hazard) == "checking"
    assert words(moved(office, to=1)) == ["no_image"]
    assert words(moved(office, to=1, checking="accepting")) == [None]
    office.do("accept", hazard, "inspector")

    assert (office.state(hazard), office.actions(hazard).count(MIGRATE)) == ("closed", 2)
    assert office.breaks() == []


@pytest.mark.row(28)
def test_a_dossier_is_read_as_it_was_before_it_was_migrated(office: Office) -> None:
    problem = office.problem_in_work("institutional")
    before = office.now
    renamed(office, ("institutionalization", "ruling"))
    office.after(1)
    moves(office, 2, institutionalization="ruling")

    with office.look() as tx:
        then = told_then(tx, office.house.desk, problem, before)
        now = told_then(tx, office.house.desk, problem, office.now)
    assert then[0] == now[0] == "具体问题：制度促改　第 1 次整改"
    assert len(then) == len(now) > 10


@pytest.mark.row(28)
def test_a_map_that_names_a_state_nobody_had_is_refused(office: Office) -> None:
    """A slip of the pen would leave everybody where they are, and nobody would know."""
    problem = office.problem_in_work("institutional")
    renamed(office, ("closed", "shut"))
    with pytest.raises(UnknownStatesError, match="institutionalisation"):
        moves(office, 2, institutionalisation="close_out")
    assert office.state(problem) == "institutionalization"


def test_who_is_moved_to_where_nothing_is_owed_waits_no_longer(office: Office) -> None:
    hazard = submitted(office)
    office.do("return_fix", hazard, "inspector", reason="不彻底")
    office.do("pause", hazard, "inspector", waiting_for="消防检测", reason="等检测结果")
    puts_in_force(office, ('label = { zh = "隐患"', 'label = { zh = "安全隐患"'))
    office.after(5)

    [step] = moved(office, fixing="dismissed")

    assert step.refusal is None
    case = office.case(hazard)
    assert (case.state, case.live) == ("dismissed", 0)
    term = parse_term(case.term)
    assert term is not None
    assert term.lasting is None
    assert office.breaks() == []
