"""The sample year as a user plays it: what the command prints and leaves, and what tampering shows."""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from terminal import Terminal

from config.settings import Settings
from desk.finding import find_person
from desk.homes.looking import Looking
from engine.database import Tx
from engine.organizations import SHANGHAI
from engine.working_days import local_day
from web.pages.home import HOMES, in_order
from xiaohao.bootstrap import House, build
from xiaohao.demo.sample import Sample
from xiaohao.demo.year import last_moment

XIAOHAO = (sys.executable, "-m", "xiaohao")
STATES = {
    "feedback", "assignment", "immediate_fix", "time_limited_fix", "institutionalization", "close_out", "closed",
    "look_back", "settled",
}  # fmt: skip
DROP_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
FIRST = "(SELECT * FROM problem WHERE inspection_id = (SELECT min(inspection_id) FROM problem))"
LAST = "(SELECT max(seq) FROM history WHERE root_id = {root})"


def xiaohao(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*XIAOHAO, *words], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder and the output of one run of the demo."""
    folder = tmp_path_factory.mktemp("demo") / "year"
    done = xiaohao("demo", "--no-serve", "--dir", str(folder))
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture(scope="module")
def database(year: tuple[Path, str]) -> sqlite3.Connection:
    return sqlite3.connect(year[0] / "xiaohao.db")


def mails(folder: Path) -> list[EmailMessage]:
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (folder / "mail").glob("*.eml")
    ]
    return [one for one in found if isinstance(one, EmailMessage)]


def test_one_problem_goes_through_every_state(database: sqlite3.Connection) -> None:
    rows = database.execute(
        "SELECT h.case_id, json_extract(h.changes, '$.set.state') FROM history h JOIN problem p USING (case_id)"
    )
    reached: dict[int, set[str]] = {}
    for case_id, state in rows:
        reached.setdefault(case_id, set()).add(state)

    assert any(states >= STATES for states in reached.values())


def test_the_late_one_climbs_to_the_head(database: sqlite3.Connection) -> None:
    """Problem 5 is submitted a month late: officer, department head, lead official and head hear of it in turn."""
    (root,) = database.execute(f"SELECT case_id FROM {FIRST} WHERE number = '5'").fetchone()
    roles = {
        role
        for (changes,) in database.execute(
            "SELECT changes FROM history WHERE root_id = ? AND action = 'alert'", (root,)
        )
        for role in re.findall(r'"overdue\w*",\d+,"(\w+)"|"[\w.]*to_\w+",\d+,"(\w+)"', changes)
        for role in filter(None, role)
    }

    assert {"department_head", "lead_official", "head"} <= roles


def test_the_relapse_opens_a_second_round_and_keeps_the_first(database: sqlite3.Connection) -> None:
    (root,) = database.execute(f"SELECT case_id FROM {FIRST} WHERE number = '9'").fetchone()
    rounds = Counter(
        number
        for (number,) in database.execute("SELECT round FROM cases WHERE root_id = ? AND kind = 'measure'", (root,))
    )

    assert database.execute("SELECT round, state FROM cases WHERE id = ?", (root,)).fetchone() == (2, "look_back")
    assert rounds == {1: 4, 2: 2}


def test_everybody_finds_something_to_do_at_the_end(year: tuple[Path, str]) -> None:
    """Each account but the administrator's, who keeps people and settings and owes no problem."""
    house = build(Settings(data=year[0], database=""))
    people = [one["person"] for one in Sample().accounts["accounts"] if one["role"] != "administrator"]
    with house.database.read() as tx:
        homes = {key: sections_of(house, tx, find_person(tx, key)) for key in people}

    assert all(homes.values()), homes
    assert homes["you_shen"] == ["to_check"]
    assert homes["ma_yuan"] == ["to_recognize"]
    assert "to_accept" in homes["he_xu"]
    assert "lead_decide" in homes["feng_ren"]
    assert "head_decide" in homes["zhao_jia"]
    assert homes["zhang_ping"][:5] == ["milestones", "to_confirm", "to_assign", "disputed", "extensions"]


def sections_of(house: House, tx: Tx, person_id: int) -> list[str]:
    """The names of the sections of a person's home, as the sample stands at its end."""
    now = last_moment(None)
    looking = Looking(house.desk, tx, person_id, now, local_day(now, SHANGHAI))
    return [one.key for one in in_order(section for home in HOMES for section in home(looking))]


def test_no_list_is_empty_at_the_end(database: sqlite3.Connection) -> None:
    there = set(database.execute("SELECT kind, state FROM cases"))

    assert there >= {
        ("commitment", "running"), ("extension", "requested"), ("instruction", "open"), ("lead", "done"),
        ("lead", "handed"), ("letter", "received"), ("milestone", "done"), ("milestone", "waiting"),
        ("review", "checking"), ("review", "concluded"), ("review", "drawn"),
    }  # fmt: skip


def test_a_period_was_missed_a_measure_rests_and_a_colleague_has_one_on_loan(database: sqlite3.Connection) -> None:
    (missed,) = database.execute(
        "SELECT count(*) FROM cases WHERE kind = 'commitment' AND json_array_length(data, '$.missed') = 1"
    ).fetchone()
    (paused,) = database.execute(
        "SELECT count(*) FROM history h JOIN cases c ON c.id = h.case_id WHERE action = 'pause' AND c.live"
    ).fetchone()
    (lent,) = database.execute(
        "SELECT count(*) FROM assignment WHERE role = 'delegate' AND to_on >= '2026-11-25'"
    ).fetchone()

    assert (missed, paused, lent) == (1, 1, 1)


def test_the_family_next_door_lives_in_the_same_house(database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT state, round FROM cases WHERE kind = 'hazard' ORDER BY id").fetchall()

    assert rows == [("settled", 2), ("fixing", 1)]


def test_close_out_numbers_have_no_gaps(database: sqlite3.Connection) -> None:
    drawn: dict[tuple[int, int], list[int]] = {}
    year_path, number_path = "$.set.close_out_year", "$.set.close_out_number"
    query = f"""
        SELECT c.organization_id, json_extract(changes, '{year_path}'), json_extract(changes, '{number_path}')
        FROM history h JOIN cases c ON c.id = h.root_id
        WHERE action = 'decide' AND json_extract(changes, '{number_path}') IS NOT NULL"""
    for body, year_, number in database.execute(query):
        drawn.setdefault((body, year_), []).append(number)

    assert [year_ for _, year_ in sorted(drawn)] == [2025, 2026, 2026]
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in drawn.values())


def test_nobody_gets_two_digests_a_day_and_ten_days_down_make_one(year: tuple[Path, str]) -> None:
    digests = [mail for mail in mails(year[0]) if ".digest." in mail["Message-ID"]]
    per_day = Counter((mail["To"], mail["Date"].datetime.date()) for mail in digests)
    after_the_downtime = [mail for mail in mails(year[0]) if f"{mail['Date'].datetime.date()}" == "2025-12-02"]

    assert max(per_day.values()) == 1
    assert len({mail["To"] for mail in after_the_downtime}) == len(after_the_downtime) > 5


def test_every_message_is_printed(year: tuple[Path, str]) -> None:
    folder, printed = year

    assert printed.count("✉") == len(mails(folder))


def test_the_register_at_the_end_agrees_with_the_workbook(year: tuple[Path, str]) -> None:
    folder, printed = year
    sheet = openpyxl.load_workbook(folder / "register.xlsx").active
    assert sheet is not None
    header = [cell.value for cell in sheet[3]]
    rows = [dict(zip(header, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=4)]
    problems = [row for row in rows if row["具体问题"]]

    assert "共 21 个问题，已销号 21 个，逾期 0 个。" in printed
    assert len(problems) == 21
    assert Counter(row["整改次数"] for row in problems) == {"第 1 次整改": 20, "第 2 次整改": 1}


def test_the_history_holds(year: tuple[Path, str]) -> None:
    done = xiaohao("history", "verify", "--database", f"sqlite:///{year[0] / 'xiaohao.db'}")

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("number", "tampering"),
    [
        ("3", "UPDATE history SET changes = replace(changes, '2025', '2026') WHERE root_id = {root} AND seq = 4"),
        ("3", "UPDATE history SET actor = '1' WHERE root_id = {root} AND seq = 2"),
        ("7", "DELETE FROM history WHERE root_id = {root} AND seq = 3"),
        ("7", f"DELETE FROM history WHERE root_id = {{root}} AND seq = {LAST}"),
        ("12", "DELETE FROM history WHERE root_id = {root}"),
        ("14", "UPDATE problem SET closed_on = '2026-01-01' WHERE case_id = {root}"),
        ("14", "UPDATE measure SET result = '' WHERE case_id IN (SELECT id FROM cases WHERE root_id = {root})"),
        ("16", "UPDATE cases SET state = 'closed' WHERE id = {root}"),
    ],
)
def test_tampering_is_found_and_named(
    year: tuple[Path, str], database: sqlite3.Connection, tmp_path: Path, number: str, tampering: str
) -> None:
    """Whoever holds the file can drop its triggers; they cannot make the chain agree."""
    root, title = database.execute(f"SELECT case_id, title FROM {FIRST} WHERE number = ?", (number,)).fetchone()
    copy = shutil.copy(year[0] / "xiaohao.db", tmp_path / "copy.db")
    with sqlite3.connect(copy) as tampered:
        for (name,) in tampered.execute(DROP_TRIGGERS).fetchall():
            tampered.execute(f"DROP TRIGGER {name}")
        assert tampered.execute(tampering.format(root=root)).rowcount > 0

    done = Terminal(tmp_path).run("history", "verify", "--database", f"sqlite:///{copy}")

    assert done.code == 1
    assert f"（{number}）{title}" in done.out


def test_a_second_run_into_the_same_folder_is_refused(year: tuple[Path, str]) -> None:
    refused = Terminal(year[0]).no("demo", "--no-serve", "--dir", str(year[0]))

    assert "已经存在" in refused


def test_the_story_of_a_problem_is_told(year: tuple[Path, str]) -> None:
    told = Terminal(year[0]).ok("history", "show", "9", "--inspection", "第三巡察组", "--dir", str(year[0]))

    assert "许酉：核查未通过" in told
    assert "钱乙（线下签批，云仄代录）：签字" in told
    assert "第 2 次整改" not in told.splitlines()[0]
