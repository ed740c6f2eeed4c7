"""A family needs no commands of its own: a hazard is reported and graded with the generic ones."""

from pathlib import Path

import pytest
from terminal import Terminal

SAMPLE = Path(__file__).parents[2] / "config" / "sample"


@pytest.fixture
def office(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path)
    terminal.ok("init", "--office", str(SAMPLE / "office.toml"))
    return terminal


def test_a_hazard_is_reported_shown_and_refused_to_an_outsider(office: Terminal) -> None:
    hazard = ("--set", "title=灭火器过期", "--set", "place=便民大厅", "--set", "found_on=2026-06-01")
    said = office.ok("case", "open", "hazard", "--organization", "street", "--as", "zhang_ping", *hazard)
    number = "".join(one for one in said if one.isdecimal())

    shown = office.ok("case", "show", number, "--as", "wei_bei")
    assert "灭火器过期" in shown
    assert "现在不能办理" in shown
    assert "没有这个权限" in office.no("case", "act", number, "grade", "--as", "wei_bei")
    assert "完整" in office.ok("history", "verify")


def test_an_unknown_kind_names_those_there_are(office: Terminal) -> None:
    refused = office.no("case", "open", "hazzard", "--organization", "street", "--as", "zhang_ping")

    assert "hazard" in refused
    assert "problem" in refused
