"""The workbook with which an office is set up: three short lists to fill in, and a sheet that says how."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from documents.register import A4, STYLES, WORKBOOK_OPTIONS

FILLED_ROWS = 300  # rows that offer the choices of a column
_LISTS: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = (
    ("单位", (("单位名称", 30), ("上级单位", 30), ("代号", 12))),
    ("科室", (("科室名称", 30), ("类别", 12), ("代号", 12))),
    ("人员", (("姓名", 10), ("科室", 24), ("职务", 24), ("角色", 24), ("邮箱", 26), ("单位", 26), ("代号", 12))),
)
KINDS = ("科室", "社区", "村", "外部单位")
_HOW = (
    "三张表从第 2 行起填写，一行一个；顺序就是本单位习惯的排名，以后各种名单都按这个顺序。",
    "“单位”：第一行填被巡察的党组织，上级单位（区委巡察办）另起一行，也可以不填。",
    "“科室”：科室、社区、村和外部单位（如会计师事务所）。不填这张表的，以“人员”表中的科室为准。",
    "“人员”：一人一行。“科室”要与“科室”表中的名称一致；领导不属于科室的，科室空着。",
    "“角色”：从下面选，可以有几个，用顿号分开。角色决定谁能办什么、谁会收到提醒；不经办的可以空着。",
    "“单位”只在这个人不属于第一行的单位时填写，如区委巡察办的同志。",
    "“代号”可以不填；有重名的，每人填一个不同的代号。一个人在两个科室任职的，填两行，代号相同。",
    "填好以后运行 xiaohao people import 文件名。再次导入同一份文件，已有的不会变动，只添加新的。",
)


def office_template(roles: Sequence[tuple[str, str]]) -> bytes:
    """An empty workbook to fill in; `roles` are the roles to choose from, each with what it is for."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, WORKBOOK_OPTIONS) as workbook:
        formats = {name: workbook.add_format(style) for name, style in STYLES.items()}
        for name, columns in _LISTS:
            _write_list(workbook.add_worksheet(name), formats, columns, [label for label, _ in roles])
        _explain(workbook.add_worksheet("填写说明"), formats, roles)
    return buffer.getvalue()


def _write_list(
    sheet: Any, formats: dict[str, Any], columns: Sequence[tuple[str, float]], roles: Sequence[str]
) -> None:
    _set_up_page(sheet)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 22)
    choices = {"类别": list(KINDS), "角色": list(roles)}
    for place, (label, chars) in enumerate(columns):
        sheet.set_column(place, place, chars)
        sheet.write(0, place, label, formats["header"])
        if label in choices:
            # Several roles are written with 、 between them: the list helps, and does not forbid.
            offered = {"validate": "list", "source": choices[label], "error_type": "information"}
            sheet.data_validation(1, place, FILLED_ROWS, place, offered)


def _set_up_page(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _explain(sheet: Any, formats: dict[str, Any], roles: Sequence[tuple[str, str]]) -> None:
    _set_up_page(sheet)
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 2, 76)
    sheet.merge_range(0, 0, 0, 2, "怎样填写", formats["title"])
    sheet.set_row(0, 32)
    for row, text in enumerate(_HOW, 1):
        sheet.write(row, 0, row, formats["number"])
        sheet.merge_range(row, 1, row, 2, text, formats["wrapped"])
        sheet.set_row(row, 32)
    top = len(_HOW) + 2
    sheet.write(top, 1, "可选的角色", formats["header"])
    sheet.write(top, 2, "做什么", formats["header"])
    for row, (label, meaning) in enumerate(roles, top + 1):
        sheet.write(row, 1, label, formats["text"])
        sheet.write(row, 2, meaning, formats["wrapped"])
        sheet.set_row(row, 20)
