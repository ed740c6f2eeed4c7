"""A database that lives by what this program no longer has: said clearly at the start, with place and remedy."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from office import Office
from terminal import Terminal

from desk.check_editions import unreadable
from engine.editions import LADDER, WORKFLOW, publish
from engine.kinds import Family
from engine.registry import Registry
from engine.runtime import Runtime
from workflows import families

COMMANDS = (("doctor",), ("serve", "--port", "0"), ("worker",), ("beat",))


def without(family: Family, kind: str) -> Family:
    """A family that has lost a kind."""
    kept = {where: text for where, text in family.definitions.items() if not where.endswith(f"/{kind}.toml")}
    rules = tuple(rule for rule in family.rules if not rule.on.startswith(f"{kind}."))
    return replace(family, definitions=kept, rules=rules)


def faults_with(office: Office, change: Callable[[Family], Family]) -> list[str]:
    first, *others = families()
    with office.look() as tx:
        return [str(one) for one in unreadable(tx, Runtime(Registry([change(first), *others])))]


def edition_with(office: Office, kind: str, name: str, old: str, new: str) -> None:
    """Put an edition in force as an earlier program could have done."""
    [row] = [one for one in office.rows("definition", kind=kind, number=1) if one.name == name]
    assert old in row.body
    with office.database.begin() as tx:
        publish(tx, kind, name, row.body.replace(old, new, 1))


def test_an_installation_of_this_program_is_readable(office: Office) -> None:
    office.problem_in_work()
    assert faults_with(office, lambda family: family) == []


@pytest.mark.row(28)
def test_a_guard_that_is_gone_is_named_with_its_edition(office: Office) -> None:
    edition_with(office, WORKFLOW, "regulation", '"issued_not_in_future"', '"is_countersigned"')

    [fault] = faults_with(office, lambda family: family)
    assert fault.startswith("workflow regulation no. 2:")
    assert "actions[2].guards[0]: unknown guard 'is_countersigned'" in fault


@pytest.mark.row(28)
def test_an_edition_that_only_a_closed_case_needs_counts_and_one_that_nobody_needs_does_not(office: Office) -> None:
    first = office.house.runtime.registry.workflows["regulation"]
    edition_with(office, WORKFLOW, "regulation", '"issued_not_in_future"', '"is_countersigned"')
    with office.database.begin() as tx:
        publish(tx, WORKFLOW, "regulation", first)
    assert faults_with(office, lambda family: family) == []

    regulation = office.open("regulation", "coordinator", title="办法")
    [lost] = [row.id for row in office.rows("definition", number=2)]
    office.write(f"UPDATE cases SET definition_id = {lost} WHERE id = {regulation}")
    assert len(faults_with(office, lambda family: family)) == 1


def test_a_kind_that_is_gone_is_named(office: Office) -> None:
    faults = faults_with(office, lambda family: without(family, "commitment"))
    assert faults == [
        "workflow commitment no. 1:1: kind: the program has no kind 'commitment' (bring its family back)"
    ]


def test_a_role_that_a_ladder_in_force_names_is_asked_for(office: Office) -> None:
    edition_with(office, LADDER, "jiangjin", '"lead_official"]', '"vice_leader"]')
    fault, *_ = faults_with(office, lambda family: family)
    assert fault.startswith("ladder jiangjin no. 2:")
    assert "steps[1].roles[1]: unknown role 'vice_leader'" in fault


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_whatever_opens_the_product_says_what_is_missing_and_what_to_do(
    office: Office, tmp_path: Path, command: tuple[str, ...]
) -> None:
    edition_with(office, WORKFLOW, "regulation", '"issued_not_in_future"', '"is_countersigned"')
    said = Terminal(tmp_path).no(*command, "--database", office.database.url, "--dir", str(tmp_path))
    assert "workflow regulation no. 2" in said
    assert "is_countersigned" in said
    assert "workflow migrate" in said
