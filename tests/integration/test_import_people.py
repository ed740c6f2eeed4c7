"""An office is set up from its own lists of people."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import Office
from terminal import Terminal

from desk.import_people import PeoplePreview, import_people, people_template, preview_people
from desk.set_up_office import UnknownKeyError

Lists = dict[str, list[list[str]]]
LISTS: Lists = {
    "单位": [["单位名称", "上级单位"], ["柳湾街道党工委", "清河区委巡察办"]],
    "科室": [["科室名称", "类别"], ["综合办（党政办）", "科室"], ["柳湾社区", "社区"]],
    "人员": [
        ["姓名", "科室", "职务", "角色", "邮箱"],
        ["张 三", "", "书记", "组长", "zhang@street.test"],
        ["李四", "综合办(党政办)", "主任", "科室负责人、整改办", ""],
        ["王五", "柳湾社区", "", "", ""],
    ],
}


def workbook(lists: Lists = LISTS) -> tuple[str, bytes]:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in lists.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return "名单.xlsx", written.getvalue()


def preview(office: Office, lists: Lists = LISTS) -> PeoplePreview:
    return preview_people(office.house.desk, workbook(lists))


def named(office: Office, name: str) -> list[Any]:
    return [row for row in office.rows("organization") if row.name == name]


def faults(office: Office, *people: list[str]) -> list[str]:
    seen = preview(office, {**LISTS, "人员": [LISTS["人员"][0], *people]})
    return [one.text for one in seen.faults]


def test_organisations_departments_and_people_come_from_three_sheets(office: Office) -> None:
    import_people(office.house.desk, preview(office), office.today)

    [body] = named(office, "柳湾街道党工委")
    assert body.parent_id == office.organizations["district"]
    assert [(row.name, row.kind) for row in office.rows("department", organization_id=body.id)] == [
        ("综合办（党政办）", "department"),
        ("柳湾社区", "community"),
    ]
    people = office.rows("person", organization_id=body.id)
    assert [(row.name, row.email) for row in people] == [
        ("张三", "zhang@street.test"), ("李四", None), ("王五", None)
    ]  # fmt: skip
    posts = [(row.role, row.department_id is None) for row in office.rows("post", organization_id=body.id)]
    assert posts == [("head", True), ("department_head", False), ("coordinator", False)]


def test_the_order_of_the_rows_is_the_rank_and_comes_after_those_on_record(office: Office) -> None:
    import_people(office.house.desk, preview(office), office.today)

    ranks = [row.rank_order for row in office.rows("person") if row.name in ("张三", "李四", "王五")]
    assert ranks == sorted(ranks)
    assert ranks[0] > 99


def test_each_row_has_its_result_and_the_same_list_again_changes_nothing(office: Office) -> None:
    first = preview(office)
    assert [one.word for one in first.results] == ["added"] * 5 + ["no_role"]
    import_people(office.house.desk, first, office.today)
    before = office.everything()

    again = preview(office)
    assert {one.word for one in again.results} == {"there"}
    import_people(office.house.desk, again, office.today)
    assert office.everything() == before


def test_all_faults_are_said_with_their_cells_and_nothing_is_written(office: Office) -> None:
    assert faults(
        office,
        ["张三", "综合", "", "科室负责人", ""],
        ["李四", "", "", "经办人", ""],
        ["王五", "", "", "主任委员", ""],
        ["赵六", "", "", "", "zhao.street"],
        ["钱七", "", "", "", ""],
        ["钱七", "", "", "", ""],
    ) == [
        "人员 第2行 B列 科室：没有登记这个科室（部门）：综合（是不是：综合办（党政办）？）",
        "人员 第3行 B列 科室：空着，角色“经办人”要写明科室",
        "人员 第4行 D列 角色：没有“主任委员”这个角色，可选的见空表的填写说明",
        "人员 第5行 E列 邮箱：zhao.street 不是邮箱",
        "人员 第7行 A列 姓名：与第 6 行同名。是同一个人，两行写相同的代号；不是，各写一个代号",
    ]
    bad = preview(office, {**LISTS, "人员": [LISTS["人员"][0], ["张三", "没有", "", "", ""]]})
    with pytest.raises(ValueError, match="mend"):
        import_people(office.house.desk, bad, office.today)
    assert named(office, "柳湾街道党工委") == []


def test_one_person_with_two_posts_is_written_on_two_rows_with_one_key(office: Office) -> None:
    header = ["姓名", "代号", "科室", "角色"]
    people = [header, ["张三", "z3", "综合办（党政办）", "科室负责人"], ["张三", "z3", "柳湾社区", "经办人"]]
    import_people(office.house.desk, preview(office, {**LISTS, "人员": people}), office.today)

    [person] = office.rows("person", key="z3")
    assert [row.role for row in office.rows("post", person_id=person.id)] == ["department_head", "officer"]


def test_a_list_of_people_alone_brings_its_departments(office: Office) -> None:
    lists = {"Sheet1": [["姓名", "部门", "职务"], ["张三", "信访办", "主任"]]}
    seen = preview_people(office.house.desk, workbook(lists), "柳林街道党工委")
    import_people(office.house.desk, seen, office.today)

    assert [row.name for row in office.rows("department", organization_id=office.organizations["street"])] == [
        "社会事务办", "财政所", "信访办"
    ]  # fmt: skip


def test_without_an_organisation_the_remedy_is_named(office: Office) -> None:
    lists = {"人员": [["姓名", "部门"], ["张三", "信访办"]]}

    [fault] = preview_people(office.house.desk, workbook(lists)).faults
    assert "--organization" in fault.text


def test_a_parent_may_be_listed_below_its_child(office: Office) -> None:
    rows = [["单位名称", "上级单位"], ["甲街道", "乙区"], ["乙区", ""]]
    import_people(office.house.desk, preview(office, {"单位": rows}), office.today)

    parents = {row.key: row.parent_id for row in office.rows("organization")}
    ids = {row.key: row.id for row in office.rows("organization")}
    assert parents["甲街道"] == ids["乙区"]


def test_organisations_above_each_other_in_a_ring_are_refused(office: Office) -> None:
    rows = [["单位名称", "上级单位"], ["甲街道", "乙区"], ["乙区", "甲街道"]]

    with pytest.raises(UnknownKeyError):
        import_people(office.house.desk, preview(office, {"单位": rows}), office.today)


def test_the_empty_list_is_read_and_offers_the_roles(office: Office) -> None:
    empty = people_template(office.house.desk)
    book = openpyxl.load_workbook(io.BytesIO(empty))

    assert book.sheetnames == ["单位", "科室", "人员", "填写说明"]
    assert preview_people(office.house.desk, ("空表.xlsx", empty)).results == ()
    explained = [str(cell.value) for row in book["填写说明"].iter_rows() for cell in row if cell.value]
    assert {"整改办", "组长（第一责任人）", "经办人", "核查人员"} <= set(explained)


def test_the_command_asks_before_it_writes(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.ok("init")
    file = tmp_path / "people.xlsx"
    lists = {**LISTS, "单位": [["单位名称"], ["柳湾街道党工委"]]}
    file.write_bytes(workbook(lists)[1])

    assert terminal.run("people", "import", str(file), answer="n\n").code == 1
    said = terminal.ok("people", "import", str(file), "--yes")
    assert "新增 1 个单位、2 个科室（部门）、3 人" in said
    assert "人员 第 4 行 王五：新增，没有角色" in said
