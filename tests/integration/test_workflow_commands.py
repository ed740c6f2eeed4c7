"""`xiaohao workflow …` as an administrator uses it: look, compare, try a migration, do it."""

import shutil
from pathlib import Path

import pytest
from office import PLAN, Office, house_at
from terminal import Terminal

import workflows
from desk.set_up_office import set_up_office
from engine.editions import WORKFLOW, publish
from engine.kinds import ADMINISTRATOR

# The command line leaves its connections to the end of the process: one database is enough here.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BROKEN = Path(__file__).parents[1] / "broken"
ADMIN = {"key": "admin", "name": "管理员", "email": None, "rank_order": 90}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Office:
    office = Office(house_at(database_url, tmp_path))
    post = {"unit": "street", "role": ADMINISTRATOR.name}
    set_up_office(office.house.desk, {**PLAN, "people": [{**ADMIN, "posts": [post]}]}, "2026-01-01")
    return Office(office.house)


@pytest.fixture
def run(office: Office, tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path)
    terminal.options = ("--database", office.database.url)
    return terminal


def second_edition(office: Office) -> None:
    """`institutionalization` is called `ruling` from now on."""
    text = office.house.runtime.registry.workflows["problem"].replace('"institutionalization"', '"ruling"')
    with office.database.begin() as tx:
        publish(tx, WORKFLOW, "problem", text)


def test_check_is_green_for_ours_and_red_for_each_broken_one(run: Terminal, tmp_path: Path) -> None:
    assert "检查通过" in run.ok("workflow", "check")
    shutil.copytree(BROKEN, tmp_path / "broken")
    broken = [one for one in sorted(BROKEN.glob("*.toml")) if one.stem != "sound"]
    said = run.run("workflow", "check", *[f"broken/{one.name}" for one in (*broken, BROKEN / "sound.toml")])
    assert said.code == 1
    assert "broken/sound.toml" not in said.out
    for path in broken:
        of_it = [one for one in said.out.splitlines() if one.startswith(f"broken/{path.name}:")]
        line, _, message = path.with_suffix(".fault").read_text(encoding="utf-8").partition(": ")
        assert any(message.splitlines()[0] in one for one in of_it), path.name
        assert line == "-" or any(one.startswith(f"broken/{path.name}:{line}: ") for one in of_it), path.name


@pytest.mark.parametrize(("name", "code"), [("sound", 0), ("a_name_that_the_door_keeps_for_itself", 1)])
def test_a_file_alone_is_red_or_green(run: Terminal, tmp_path: Path, name: str, code: int) -> None:
    shutil.copytree(BROKEN, tmp_path / "broken")
    assert run.run("workflow", "check", f"broken/{name}.toml").code == code


def test_list_counts_the_cases_on_each_edition(office: Office, run: Terminal) -> None:
    office.opens_problem("1")
    second_edition(office)
    office.opens_problem("2")
    office.opens_problem("3")

    rows = [
        line.split("│")[1:-1] for line in run.ok("workflow", "list", *run.options).splitlines() if "problem" in line
    ]

    assert [[cell.strip() for cell in row] for row in rows] == [
        ["problem", "具体问题", "1", "1", "1", ""],
        ["problem", "具体问题", "2", "2", "2", "是"],
    ]


def test_a_diagram_marks_where_a_problem_stands_on_its_own_edition(office: Office, run: Terminal) -> None:
    office.problem_in_work("institutional")
    second_edition(office)

    text = run.ok("workflow", "diagram", "--problem", "1", *run.options)
    assert "class institutionalization current" in text
    assert "as ruling" in run.ok("workflow", "diagram", "problem", *run.options)
    run.ok("workflow", "diagram", "--problem", "1", "-o", "problem.svg", *run.options)
    assert "现在在这里" in (run.folder / "problem.svg").read_text(encoding="utf-8")
    assert "没有第 9 版" in run.no("workflow", "diagram", "problem", "--edition", "9", *run.options)
    assert "没有“probelm”这一类" in run.no("workflow", "diagram", "probelm", *run.options)


def test_diff_says_in_words_what_differs(office: Office, run: Terminal) -> None:
    assert "只有一个版本" in run.no("workflow", "diff", "problem", *run.options)
    second_edition(office)

    said = run.ok("workflow", "diff", "problem", *run.options)

    assert "－ 删去状态“制度促改”（institutionalization）" in said
    assert "＋ 新增状态“制度促改”（ruling）" in said
    assert "～ 操作“限期整改完成”（pass_time_limited）有改动\n    到哪个状态：institutionalization → ruling" in said
    assert "没有不同" in run.ok("workflow", "diff", "problem", "1", "1", *run.options)


def test_diff_with_a_file_that_is_not_in_force_yet(office: Office, run: Terminal) -> None:
    text = office.house.runtime.registry.workflows["problem"]
    changed = text.replace('name = "confirm"', 'name = "confirm"\npaper = true', 1)
    (run.folder / "new.toml").write_text(changed, encoding="utf-8")

    said = run.ok("workflow", "diff", "problem", "--file", "new.toml", *run.options)

    assert said == "～ 操作“确认问题”（confirm）有改动\n    可线下签批：否 → 是\n"


def test_what_is_said_once_for_a_kind_is_compared_too(office: Office, run: Terminal) -> None:
    text = office.house.runtime.registry.workflows["problem"]
    lines = (line for line in text.splitlines(keepends=True) if not line.startswith(("letter =", "absorbs =")))
    (run.folder / "new.toml").write_text("".join(lines), encoding="utf-8")

    said = run.ok("workflow", "diff", "problem", "--file", "new.toml", *run.options)

    assert "发出的单据种类：letter → " in said
    assert "并入的事项（经办人一并回避）：taken_in → " in said


def test_a_stranger_who_gives_the_wrong_thing_is_told_so(run: Terminal) -> None:
    measure = Path(workflows.__file__).parent / "rectification" / "measure.toml"
    assert "不能与“problem”比较" in run.no("workflow", "diff", "problem", "--file", str(measure), *run.options)
    (run.folder / "not.toml").write_text("x", encoding="utf-8")
    assert "not.toml:1: file: not TOML" in run.no("workflow", "diff", "problem", "--file", "not.toml", *run.options)
    for address in ("nonsense://x", "nonsense"):
        assert "数据库地址写得不对" in run.no("workflow", "list", "--database", address)


@pytest.mark.row(28)
def test_a_migration_is_tried_first_and_then_done_or_not_at_all(office: Office, run: Terminal) -> None:
    ruling, early = office.problem_in_work("institutional"), office.opens_problem("2")
    second_edition(office)
    before = office.everything()
    command = ("workflow", "migrate", "problem", "--to", "2", *run.options)

    said = run.run(*command, "--as", "admin")
    assert said.code == 1
    assert f"编号 {ruling}：制度促改，不能迁移：新版本中没有“institutionalization”这一状态" in said.out
    assert f"编号 {early}：待认领 → 待认领" in said.out
    assert "一件也没有动" in said.err
    assert "什么也没有写入" in run.ok(
        *command, "--as", "admin", "--map", "institutionalization=ruling", "--dry-run"
    )
    assert "新状态" in run.no(*command, "--as", "admin", "--map", "institutionalization")
    assert "各个版本都没有状态：ruleing" in run.no(*command, "--as", "admin", "--map", "ruleing=ruling")
    assert "没有这个权限" in run.run(*command, "--as", "head", "--map", "institutionalization=ruling").out
    assert office.everything() == before

    assert "已迁移 2 件" in run.ok(*command, "--as", "admin", "--map", "institutionalization=ruling")

    assert office.state(ruling) == "ruling"
    assert office.actions(ruling)[-1] == "migrate"
    assert office.breaks() == []
    assert "改按另一版流程办理" in run.ok("history", "show", "1", *run.options)
