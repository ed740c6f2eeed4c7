"""The page that tells how to add a state is followed to the letter: its lines, its code, a life through it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from howto import blocks, commands, patched
from office import Office
from terminal import Terminal

import config
import workflows
from desk.check_workflows import check_paths
from desk.desk import Desk
from desk.migrate_workflow import Migration, migrate
from engine.kinds import ADMINISTRATOR
from engine.registry import Registry
from engine.runtime import Runtime
from workflows import rectification
from workflows.rectification import regulations
from xiaohao.bootstrap import install

PAGE = "new-state.md"
TOML = "workflows/rectification/regulation.toml"
MODULE = "workflows/rectification/regulations.py"
ROOT = Path(__file__).parents[2]


def changed_text() -> str:
    [(where, added)] = [one for one in blocks(PAGE, "Added to ").items() if one[0] == TOML]
    text = (ROOT / where).read_text(encoding="utf-8") + "\n" + added
    return patched(text, blocks(PAGE, "Changed in ")[TOML])


def changed_registry() -> Registry:
    names = dict(vars(regulations))
    exec(compile(blocks(PAGE, "Added to ")[MODULE], PAGE, "exec"), names)  # noqa: S102  our own page
    family = rectification.family()
    changed = replace(
        family,
        definitions={**family.definitions, "rectification/regulation.toml": changed_text()},
        operations={**family.operations, "begin_trial": names["begin_trial"]},
    )
    return Registry([changed, *(one for one in workflows.families() if one.name != family.name)])


@pytest.fixture
def changed(office: Office) -> Office:
    """The office after `xiaohao init` with the changed file."""
    office.open("regulation", "coordinator", title="旧稿", officer=office.people["officer"])
    desk: Desk = replace(office.house.desk, runtime=Runtime(changed_registry()))
    house = replace(office.house, desk=desk)
    install(house)
    return Office(house)


def test_the_page_touches_two_files() -> None:
    assert {*blocks(PAGE, "Added to "), *blocks(PAGE, "Changed in ")} == {TOML, MODULE}


def test_a_regulation_lives_through_the_new_state(changed: Office) -> None:
    given = {"title": "办法", "officer": changed.people["officer"], "lead_department": changed.departments["civil"]}
    regulation = changed.open("regulation", "coordinator", **given)
    changed.do("submit", regulation, "officer")
    assert changed.refusal("try_out", regulation, "officer", until=changed.day(30)) == "not_yours"

    changed.do("try_out", regulation, "head", until=changed.day(30))
    assert (changed.state(regulation), changed.case(regulation).due_on) == ("trial", changed.day(30))
    changed.after(31).beat()
    changed.after(7).beat()
    assert {"officer", "civil_head"} <= changed.told_of(regulation)

    changed.do("issue", regulation, "head", number="柳街发〔2026〕9号", issued_on=changed.today)
    assert changed.state(regulation) == "issued"
    assert changed.breaks() == []


def test_running_cases_stay_where_they_are_until_they_are_moved(changed: Office) -> None:
    [draft] = [row.id for row in changed.rows("cases", kind="regulation")]
    changed.do("submit", draft, "officer")
    assert changed.refusal("try_out", draft, "head", until=changed.day(30)) == "unknown_action"

    person = changed.people["coordinator"]
    changed.write(
        "INSERT INTO post (person_id, organization_id, role, title, from_on) "
        f"VALUES ({person}, {changed.organizations['street']}, '{ADMINISTRATOR.name}', '', '2026-01-01')"
    )
    [step] = migrate(changed.house.desk, Migration("regulation", 2, {}), str(person), changed.now, dry_run=False)

    assert step.refusal is None
    changed.do("try_out", draft, "head", until=changed.day(30))
    assert changed.state(draft) == "trial"
    assert changed.breaks() == []


def test_the_changed_files_are_sound_and_the_commands_of_the_page_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "rectification"
    shutil.copytree(ROOT / "workflows" / "rectification", folder)
    (folder / "regulation.toml").write_text(changed_text(), encoding="utf-8")
    assert check_paths([folder], changed_registry(), config.ladders()) == []

    terminal = Terminal(tmp_path)
    for program, *words in (line.split() for line in commands(PAGE)):
        if program == "xiaohao":
            assert terminal.run(*[one for one in words if one.isalpha()][:2], "--help").code == 0
        else:
            assert program.partition("=")[0] in (ROOT / words[-1]).read_text(encoding="utf-8")
