"""A rehearsal: what is played on the copy is what a forecast says, and the original is only read."""

from pathlib import Path

import pytest
from office import Office
from terminal import Terminal


def _played(office: Office, folder: Path, *more: str) -> str:
    words = ("rehearse", "--until", "2026-06-30", "-o", str(folder), "--at", "2026-06-04T09:00", *more)
    return Terminal(folder.parent).ok(*words, "--database", office.database.url, "--dir", str(folder.parent))


def test_the_coming_weeks_are_played_on_a_copy_and_written_down(office: Office, tmp_path: Path) -> None:
    office.problem_in_work("immediate", due="2026-06-10")
    office.closed_problem("2")
    before = office.everything()

    said = _played(office, tmp_path / "rehearsal")

    summary = (tmp_path / "rehearsal" / "rehearsal.md").read_text(encoding="utf-8")
    mails = list((tmp_path / "rehearsal" / "mail").glob("*.eml"))
    assert f"{len(mails)}" in said
    assert len(mails) > 5
    assert "### 2026-06-08 至 2026-06-14" in summary
    assert "head同志" in summary  # three weeks overdue: it has climbed to the head
    assert office.everything() == before


def test_the_summary_tells_each_week_what_began_in_which_colour_who_got_how_much_and_which_letters(
    office: Office, tmp_path: Path
) -> None:
    office.settings(number_prefixes={"红色督办单": "柳街督"})
    office.problem_in_work("immediate", due="2026-06-20")
    office.problem_in_work(number="2", due="2026-06-20", officers=["colleague"])
    office.beat()

    _played(office, tmp_path / "r", "--ladder", "ratio_30_15")

    text = (tmp_path / "r" / "rehearsal.md").read_text(encoding="utf-8")
    week = text.partition("### 2026-06-22 至 2026-06-28")[2].partition("###")[0]
    assert "- 开始 【急】红色督办单〔红〕 4 项：（1）（2）" in week
    assert "- 发出单据 2 份：柳街督〔2026〕1—2号，涉及 （1）（2）" in week
    assert "head同志 1（急 1）" in week
    assert "| 【急】红色督办单 | 红 | 组长（第一责任人） |" in text
    assert "| （1）台账不实 | 2026-06-20 |" in text
    assert f"系统发出 {len(list((tmp_path / 'r' / 'mail').glob('*.eml')))} 条通知" in text


def test_another_ladder_tells_other_people_on_other_days(office: Office, tmp_path: Path) -> None:
    office.problem_in_work("immediate", due="2026-06-20")

    own = _played(office, tmp_path / "own")
    other = _played(office, tmp_path / "other", "--ladder", "last_three_days")

    texts = [(tmp_path / name / "rehearsal.md").read_text(encoding="utf-8") for name in ("own", "other")]
    assert own != other
    assert texts[0] != texts[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--ladder", "no_such"), "weekly_5_3_1"),
        (("--until", "2026-06-01"), "2026-06-01"),
    ],
)
def test_what_cannot_be_played_is_refused_with_what_could(
    office: Office, tmp_path: Path, words: tuple[str, str], sentence: str
) -> None:
    given = {"--until": "2026-06-30", "--at": "2026-06-04T09:00", "-o": str(tmp_path / "r"), words[0]: words[1]}
    flat = [one for pair in given.items() for one in pair]

    refused = Terminal(tmp_path).no("rehearse", *flat, "--database", office.database.url)

    assert sentence in refused
    assert not list(tmp_path.glob("r/mail/*"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rehearsal_does_not_write_into_a_folder_that_holds_something(office: Office, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "here.txt").write_text("already")

    refused = Terminal(tmp_path).no(
        "rehearse", "--until", "2099-01-01", "-o", str(tmp_path / "r"), "--database", office.database.url
    )

    assert str(tmp_path / "r") in refused
