"""Writes the three files of the guide, as an invented street would send them: `python docs/examples/make.py`."""

import io
from datetime import date
from pathlib import Path

import docx
import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from config.settings import Settings
from desk.import_people import people_template
from xiaohao.bootstrap import build

HERE = Path(__file__).parent
ORGANIZATIONS = [("中共云溪街道工作委员会", "中共云川区委巡察办"), ("中共云川区委巡察办", "")]
DEPARTMENTS = [
    ("党政综合办公室", "科室"),
    ("党建工作办公室", "科室"),
    ("财政所", "科室"),
    ("城市管理办公室", "科室"),
    ("整改办", "科室"),
    ("柳岸社区", "社区"),
]
PEOPLE = [
    ("高远", "", "党工委书记", "组长"),
    ("林清", "", "党工委副书记、办事处主任", "副组长、牵头领导"),
    ("宋岩", "", "党工委委员、组织委员", "牵头领导"),
    ("方舟", "", "办事处副主任", "牵头领导"),
    ("陆文", "党政综合办公室", "主任", "科室负责人"),
    ("程亮", "党政综合办公室", "科员", "经办人"),
    ("许静", "党建工作办公室", "主任", "科室负责人"),
    ("罗敏", "党建工作办公室", "组织干事", "经办人"),
    ("丁锋", "财政所", "所长", "科室负责人"),
    ("唐宁", "财政所", "会计", "经办人"),
    ("郭磊", "城市管理办公室", "主任", "科室负责人"),
    ("贺明", "城市管理办公室", "副主任", "科室副职"),
    ("江波", "城市管理办公室", "科员", "经办人"),
    ("苏晴", "整改办", "主任", "整改办"),
    ("叶青", "整改办", "专干", "整改办、核查人员"),
    ("何平", "柳岸社区", "党委书记", "科室负责人"),
]
FEEDBACK = """\
中共云川区委第二巡察组关于巡察云溪街道党工委情况的反馈意见

根据区委统一部署，2026年8月3日至9月25日，区委第二巡察组对云溪街道党工委开展了常规巡察。现将巡察情况反馈如下。
一、巡察发现的主要问题
（一）落实党的理论和路线方针政策方面
1.理论学习联系实际不紧密
（1）“第一议题”制度落实不到位。2025年街道党工委召开会议31次，其中9次没有安排“第一议题”。
（2）学习成果转化不够。中心组集体学习10次，有6次以传阅文件代替研讨。
2.服务群众有差距
（3）柳岸社区公共座椅损坏长期无人修复。滨河步道36张座椅中有14张破损，居民多次反映没有解决。
（二）落实全面从严治党责任方面
3.重点领域风险防控薄弱
（4）公务用车管理不规范。2025年有22次出车没有派车单，加油卡与车辆不对应。
（5）村级集体资产租金收缴不及时。有7份租赁合同欠收租金合计12.6万元。
4.基层党建责任压得不实
（6）党员大会召开不规范。抽查8个党支部，有3个支部半年以上没有召开党员大会。
二、意见建议
（一）强化理论武装。完善学习制度，推动学习成果转化。
（二）压实整改责任。党工委要切实担负起整改主体责任，主要负责人要履行第一责任人责任。

中共云川区委第二巡察组
2026年10月20日
"""
HEADER = ["序号", "类别", "反馈问题", "具体问题", "整改措施", "责任分工", None, None, "整改时限", "备注"]
UNDER = {6: "牵头领导", 7: "责任部门", 8: "责任人"}
POLITICS, PARTY = "（一）落实党的理论和路线方针政策方面", "（二）落实全面从严治党责任方面"
REGISTER = [
    ("1", POLITICS, "1.理论学习联系实际不紧密", "“第一议题”制度落实不到位", "立即补学9次会议遗漏的内容", "林清",
     "党政综合办公室", "程亮", "2026年12月31日"),
    ("", "", "", "", "修订“第一议题”学习制度，明确领学人和记录要求", "", "", "程亮", "2027.1.31"),
    ("2", "", "", "学习成果转化不够", "1.每季度至少开展一次专题研讨；2.于2027年1月15日前形成调研报告", "林清",
     "党政综合办公室、党建工作办公室", "程亮、罗敏", "2027年1月31日"),
    ("３", "", "2.服务群众有差距", "柳岸社区公共座椅损坏长期无人修复", "立行立改，更换破损座椅14张", "方舟",
     "城市管理办公室、柳岸社区", "江波", date(2026, 12, 20)),
    ("四", PARTY, "3.重点领域风险防控薄弱", "公务用车管理不规范", "完善公务用车管理办法，出车一律凭派车单", "林清",
     "财政所", "唐宁", "2027-02-28"),
    ("5", "", "", "村级集体资产租金收缴不及时", "限期收回欠缴租金12.6万元", "方舟",
     "财政所", "唐宁", "2027年3月31日前"),
    ("6", "", "4.基层党建责任压得不实", "党员大会召开不规范",
     "督促3个支部立即补开党员大会；建立党员大会召开情况通报制度", "宋岩",
     "党建工作办公室", "罗敏", "2027/2/10"),
]  # fmt: skip
MERGED = ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:H3", "I3:I4", "J3:J4", "A1:J1",
          "A5:A6", "B5:B8", "C5:C7", "D5:D6", "F5:F6", "G5:G6", "B9:B11", "C9:C10")  # fmt: skip
WIDTHS = (6, 14, 16, 22, 34, 10, 16, 10, 14, 8)


def people() -> bytes:
    """The template of `xiaohao people template`, filled in."""
    empty = people_template(build(Settings(data=HERE, database="sqlite://")).desk)
    book = openpyxl.load_workbook(io.BytesIO(empty))
    for name, rows in (("单位", ORGANIZATIONS), ("科室", DEPARTMENTS), ("人员", PEOPLE)):
        for number, row in enumerate(rows, 2):
            for place, text in enumerate(row, 1):
                book[name].cell(number, place, text or None)
    book["人员"].cell(len(PEOPLE) + 2, 1, "严明")
    book["人员"].cell(len(PEOPLE) + 2, 4, "区委巡察办")
    book["人员"].cell(len(PEOPLE) + 2, 6, ORGANIZATIONS[1][0])
    return _bytes(book)


def feedback() -> bytes:
    paper = docx.Document()
    for line in FEEDBACK.splitlines():
        paper.add_paragraph(line)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def register() -> bytes:
    """A register as an office keeps it: a title, a header of two rows, merged cells, dates in every way."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "问题清单"
    sheet.append(["云溪街道巡察整改任务清单"])
    sheet.append(["填报单位：整改办"])
    sheet.append(HEADER)
    sheet.append([UNDER.get(place) for place in range(1, len(HEADER) + 1)])
    for row in REGISTER:
        sheet.append([text or None for text in row])
    sheet.append(["填表人：叶青", None, None, None, "审核人：苏晴"])
    for area in MERGED:
        sheet.merge_cells(area)
    _dress(sheet)
    return _bytes(book)


def _dress(sheet: Worksheet) -> None:
    line = Side(style="thin")
    for row in sheet.iter_rows(min_row=3, max_row=4 + len(REGISTER)):
        for cell in row:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
            cell.font = Font(bold=cell.row <= 4, size=10)
    for number in range(5, 5 + len(REGISTER)):
        sheet.row_dimensions[number].height = 48
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)


def _bytes(book: openpyxl.Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


if __name__ == "__main__":
    for name, content in (("people.xlsx", people()), ("feedback.docx", feedback()), ("register.xlsx", register())):
        (HERE / name).write_bytes(content)
