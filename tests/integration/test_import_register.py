"""Registers come in as offices keep them, leave as our own, and come in again as the same."""

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import Office, house_at

from desk.desk import RefusedError
from desk.finding import Inspection
from desk.import_register import RegisterPreview, import_register, preview_register, remember_names
from desk.make_register import load_register, register_sheet, register_workbook
from desk.own_names import OwnNames

HEADER = ["序号", "方面", "具体问题", "整改措施", "牵头领导", "责任部门", "责任人", "整改时限", "是否长期坚持"]
GOOD = [
    "1",
    "党建",
    "甲不落实",
    "立即补学；制定学习制度",
    "lead同志",
    "社会事务办",
    "officer同志",
    "2026年12月31日",
    "是",
]
DATA = (
    "number", "area", "heading", "title", "source", "measures", "lead_official", "lead_department",
    "supporting_department", "officer", "due_on", "original_due_on", "long_term", "key_problem",
)  # fmt: skip


def workbook(*rows: list[Any], header: list[str] = HEADER) -> tuple[str, bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return "台账.xlsx", written.getvalue()


def inspection(office: Office) -> Inspection:
    return Inspection(
        office.inspection or office.opens_inspection(), office.organizations["street"], "2026年常规巡察"
    )


def preview(office: Office, file: tuple[str, bytes], said: OwnNames | None = None) -> RegisterPreview:
    return preview_register(office.house.desk, inspection(office), file, office.now, said)


def bring_in(office: Office, file: tuple[str, bytes]) -> int:
    seen = preview(office, file)
    assert seen.faults == ()
    return import_register(office.house.desk, seen, inspection(office), office.actor("coordinator"), office.now)


def data_columns(office: Office) -> list[tuple[Any, ...]]:
    register = load_register(office.house.desk, inspection(office), date(2026, 6, 1))
    sheet = register_sheet(register)
    places = [place for place, column in enumerate(sheet.columns) if column.key in DATA]
    return [tuple(row[place] for place in places) for row in sheet.rows]


def test_a_row_becomes_an_assigned_problem_with_its_measures(office: Office) -> None:
    assert bring_in(office, workbook(GOOD)) == 1

    [problem] = office.rows("problem")
    assert (problem.title, problem.area, problem.long_term, problem.source_line) == ("甲不落实", "党建", 1, 2)
    assert office.state(problem.case_id) == "assignment"
    assert [(row.text, row.track) for row in office.rows("measure")] == [
        ("立即补学", "immediate"),
        ("制定学习制度", "institutional"),
    ]
    bearers = {(row.role, row.person_id or row.department_id) for row in office.rows("assignment")}
    assert ("lead_official", office.people["lead"]) in bearers
    assert ("lead_department", office.departments["civil"]) in bearers


def test_every_entry_names_the_import_as_its_cause(office: Office) -> None:
    bring_in(office, workbook(GOOD))

    entries = [row for row in office.rows("history") if row.root_id != office.inspection]
    noted = [row for row in office.rows("history") if row.action == "import_document"]
    assert {row.cause for row in entries} == {f"{office.inspection}:{noted[0].seq}"}
    assert office.breaks() == []


def test_what_cannot_be_assigned_yet_is_opened_and_its_measures_are_kept_as_a_draft(office: Office) -> None:
    bring_in(office, workbook([*GOOD[:6], "", *GOOD[7:]]))

    [problem] = office.rows("problem")
    assert "立即补学" in problem.draft_answer
    assert office.rows("measure") == []


def test_all_faults_are_said_at_once_and_nothing_is_written(office: Office) -> None:
    bad = ["2", "", "乙不落实", "整顿", "leed同志", "社会事务", "officer同志", "2026.13.40", "也许"]
    seen = preview(office, workbook(GOOD, bad))

    assert seen.faults == (
        "第3行 H列 整改时限：2026.13.40 不是日期",
        "第3行 I列 是否长期坚持：也许 不是“是”或“否”",
        seen.faults[2],
        "第3行 F列 责任部门：没有登记这个科室（部门）：社会事务（是不是：社会事务办？）",
    )
    assert seen.faults[2].startswith("第3行 E列 牵头领导：没有登记这个人：leed同志（是不是：lead同志、")
    with pytest.raises(ValueError, match="mend"):
        import_register(office.house.desk, seen, inspection(office), office.actor("coordinator"), office.now)
    assert office.rows("problem") == []


def test_names_are_said_once_and_remembered_for_the_organisation(office: Office) -> None:
    header = [*HEADER[:6], "落实人", *HEADER[7:]]
    file = workbook([*GOOD[:5], "民政", *GOOD[6:]], header=header)
    said = OwnNames({"落实人": "officer"}, {"民政": "社会事务办"})
    assert preview(office, file).faults != ()

    assert preview(office, file, said).faults == ()
    remember_names(office.house.desk, inspection(office), said)
    remember_names(office.house.desk, inspection(office), said)

    assert preview(office, file).assigned == 1
    assert [row.number for row in office.rows("definition", kind="columns")] == [1]


def test_the_same_register_is_not_imported_twice(office: Office) -> None:
    file = workbook(GOOD)
    bring_in(office, file)

    with pytest.raises(RefusedError, match="已经导入过"):
        bring_in(office, file)
    assert len(office.rows("problem")) == 1


def test_an_import_that_broke_off_goes_on_where_it_stopped(office: Office) -> None:
    """The power fails after the first batch; the same command again does the rest and nothing twice."""
    file = workbook(*([str(number), *GOOD[1:]] for number in range(1, 121)))
    seen = preview(office, file)
    desk, target, actor = office.house.desk, inspection(office), office.actor("coordinator")

    def fail(done: int, _all: int) -> None:
        if done >= 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_register(desk, seen, target, actor, office.now, fail)
    assert len(office.rows("problem")) == 50
    told: list[tuple[int, int]] = []
    assert import_register(desk, seen, target, actor, office.now, lambda *one: told.append(one)) == 70

    assert told[-1] == (120, 120)
    assert sorted(row.source_line for row in office.rows("problem")) == list(range(2, 122))
    assert len([row for row in office.rows("history") if row.action == "import_document"]) == 1


def test_a_problem_that_is_on_record_is_assigned_and_not_opened_again(office: Office) -> None:
    """The feedback document came first; the register only breaks it down."""
    known = office.opens_problem("1", "甲不落实")
    bring_in(office, workbook([*GOOD[:2], "甲不落实。2024年有3次没有开展。", *GOOD[3:]]))

    assert [row.case_id for row in office.rows("problem")] == [known]
    assert office.actions(known)[:3] == ["open", "confirm", "assign"]
    assert len(office.measures(known)) == 2


def test_the_register_saved_anew_changes_nothing(office: Office) -> None:
    bring_in(office, workbook(GOOD))
    seen = preview(office, workbook(GOOD, ["2", "", "乙不落实", *GOOD[3:]]))

    assert (seen.new, seen.assigned) == (1, 1)
    assert any("第 2 行的问题已经登记并分解" in note for note in seen.notes)
    import_register(office.house.desk, seen, inspection(office), office.actor("coordinator"), office.now)
    assert [row.title for row in office.rows("problem")] == ["甲不落实", "乙不落实"]


def test_what_sounds_alike_is_named_for_a_person_to_judge(office: Office) -> None:
    office.opens_problem("13", "公共健身设施损坏长期无人修复")
    seen = preview(office, workbook(["1", "", "公共健身设施长期损坏无人修复", *GOOD[3:]]))

    assert any("（13）公共健身设施损坏长期无人修复" in note for note in seen.notes)
    assert seen.new == 1


def test_who_is_not_entitled_imports_nothing(office: Office) -> None:
    seen = preview(office, workbook(GOOD))

    with pytest.raises(RefusedError, match="整改办"):
        import_register(office.house.desk, seen, inspection(office), office.actor("officer"), office.now)
    assert office.rows("problem") == []


@pytest.fixture
def empty_office(office_template: Callable[[str], str], tmp_path: Path) -> Iterator[Office]:
    """Another office with the same people and nothing done in it yet."""
    path = tmp_path / "empty.db"
    shutil.copyfile(office_template("sqlite").removeprefix("sqlite:///"), path)
    opened = Office(house_at(f"sqlite:///{path}", tmp_path))
    yield opened
    opened.database.dispose()


def test_what_leaves_comes_back_as_the_same(office: Office, empty_office: Office) -> None:
    """Export → import into an empty office with the same people → export: the data columns are equal."""
    bring_in(office, workbook(GOOD, ["（2）", "作风", "乙不落实", "整顿；每月检查一次", *GOOD[4:8], "否"]))
    office.opens_problem("立1", "坡道被占用")
    office.problem_in_work("time_limited", "institutional", number="3")
    before = data_columns(office)
    file = (
        "register.xlsx",
        register_workbook(load_register(office.house.desk, inspection(office), date(2026, 6, 1))),
    )

    bring_in(empty_office, file)

    assert data_columns(empty_office) == before
