"""The page that tells how to add a workflow is followed to the letter: its files, its one line, a whole life."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from howto import blocks, patched
from office import Office

import config
import workflows
from desk.check_workflows import check_paths
from desk.set_up_office import set_up_office
from engine.kinds import Family
from engine.registry import Registry
from engine.runtime import Runtime
from notifications.messages import Messages
from xiaohao.bootstrap import install

ROOT = Path(__file__).parents[2]
PAGE = "new-workflow.md"
GIVER = {
    "key": "giver",
    "name": "督办员",
    "email": None,
    "rank_order": 60,
    "posts": [{"unit": "street", "role": "duty_office"}],
}


def changed_families() -> Sequence[Family]:
    """What workflows/__init__.py gives once it is changed as the page says."""
    [(where, diff)] = blocks(PAGE, "Changed in ").items()
    names: dict[str, Any] = {}
    exec(patched((ROOT / where).read_text(encoding="utf-8"), diff), names)  # noqa: S102  our own page
    return tuple(names["families"]())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's files, where Python finds them as `workflows.duty`."""
    for name, content in blocks(PAGE).items():
        path = tmp_path / "added" / Path(name).relative_to("workflows")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(workflows, "__path__", [*workflows.__path__, str(tmp_path / "added")])
    yield tmp_path / "added" / "duty"
    for name in [one for one in sys.modules if one.startswith("workflows.duty")]:
        del sys.modules[name]
    vars(workflows).pop("duty", None)


@pytest.fixture
def office(office: Office, folder: Path) -> Office:
    """The office with the added family in force, brought in by the registry with its one line more."""
    registry = Registry(changed_families())
    desk = replace(office.house.desk, runtime=Runtime(registry))
    house = replace(office.house, desk=desk, messages=Messages.parse(registry.messages))
    install(house)
    set_up_office(desk, {"people": [GIVER]}, "2026-01-01")
    assert check_paths([folder], registry, config.ladders()) == []
    return Office(house)


def test_a_case_lives_through_the_workflow_of_the_page(office: Office) -> None:
    given = {"title": "排查窨井盖", "bearer": office.people["officer"], "due_on": office.day(7)}
    duty = office.open("duty", "giver", **given)
    assert office.refusal("report", duty, "colleague", report="已排查") == "not_yours"
    office.do("report", duty, "officer", report="已排查 12 处")
    office.do("return", duty, "giver", reason="缺少照片")
    office.do("report", duty, "officer", report="已补充")
    office.do("accept", duty, "giver")

    assert office.state(duty) == "done"
    assert office.breaks() == []


def test_its_bearer_is_told_and_reminded_in_its_own_words(office: Office) -> None:
    given = {"title": "排查窨井盖", "bearer": office.people["officer"], "due_on": office.day(7)}
    office.open("duty", "giver", **given)
    office.beat()
    office.after(10).beat()

    bodies = "\n".join(row.body for row in office.inbox("officer"))
    assert "督办事项“排查窨井盖”已交由您承办" in bodies
    assert "到期，请尽快报送" in bodies


def test_who_leaves_a_duty_orphans_nothing(office: Office) -> None:
    duty = office.open("duty", "giver", title="排查窨井盖", bearer=office.people["officer"], due_on=office.day(7))
    office.leaves("officer", office.day(-1))
    office.beat()
    office.after(10).beat()

    assert office.told_of(duty) == {"coordinator", "second_coordinator"}
    assert office.breaks() == []
