"""The page that tells how to add an alert ladder is followed to the letter: its file checked, chosen, played."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from howto import blocks, commands
from office import Office
from terminal import Terminal

import config
from desk.ladders import choose_for_organization, ladder_names
from xiaohao.bootstrap import install

PAGE = "new-ladder.md"
[(WHERE, LADDER)] = blocks(PAGE).items()


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The office with the file in its place and put in force."""
    there = {**config.ladders(), Path(WHERE).stem: LADDER}
    monkeypatch.setattr(config, "ladders", lambda: there)
    install(office.house)
    return office


def test_the_page_touches_one_file_named_after_the_ladder() -> None:
    path = Path(WHERE)

    assert path.parent == Path("config/ladders")
    assert path.stem == tomllib.loads(LADDER)["name"]


def test_the_ladder_is_followed_as_the_page_says(office: Office) -> None:
    street = office.organizations["street"]
    choose_for_organization(office.house.desk, street, "lakeside", office.now)
    problem = office.problem_in_work(due=office.day(30))
    [measure] = office.measures(problem)

    began: dict[str, str] = {}
    for _ in range(30 + 22):
        office.after(1).beat()
        for key, nth, _role, _on in [row for said in office.said(problem, "alert") for row in said["due"]]:
            began.setdefault(f"{key} {nth}", office.today)

    assert [began[f"lakeside.{step} 1"] for step in ("week_before", "late", "weekly", "to_head")] == [
        office.day(-22 - 7),
        office.day(-22 + 1),
        "2026-07-13",  # the first Monday from the eighth day on
        office.day(-22 + 15),
    ]
    assert "head" in office.told_of(problem)
    assert "head" not in office.told_of(measure)
    [letter] = office.rows("cases", kind="letter")
    assert office.fields(letter.id)["form"] == "督办单"
    assert office.breaks() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_commands_of_the_page_work(office: Office, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    path = tmp_path / WHERE
    path.parent.mkdir(parents=True)
    path.write_text(LADDER, encoding="utf-8")
    assert "lakeside" in ladder_names_of(office)

    said = []
    for line in commands(PAGE):
        program, *words = line.split()
        if program == "xiaohao" and words[0] != "init":
            said.append(terminal.ok(*words, "--database", office.database.url))
    assert "湖滨办法" in said[0]
    assert "督办单" in said[0]
    assert (tmp_path / "rehearsal" / "rehearsal.md").is_file()


def ladder_names_of(office: Office) -> list[str]:
    with office.look() as tx:
        return ladder_names(tx, office.house.runtime)
