"""Documents nobody wrote: what was not damaged is found, what was damaged is reported, nothing else is."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.marks import write
from documents.reader import read
from documents.reading import Reading

SUBJECTS = [
    "台账",
    "学习",
    "值班",
    "采购",
    "考勤",
    "巡查",
    "公示",
    "培训",
    "维修",
    "收费",
    "档案",
    "会议",
    "用车",
    "合同",
]
LACKS = ["管理不规范", "落实不到位", "更新不及时", "记录不完整", "执行不严格", "监督缺位", "流于形式", "推进缓慢"]
AREAS = ["政治建设", "组织建设", "作风建设", "纪律建设", "制度建设"]
WORK = [
    "补齐相关材料",
    "组织专题培训三期",
    "明确专人负责",
    "修订管理办法",
    "2023年6月30日前完成整改",
    "每月检查一次",
]
MARKERS = ["整改落实情况：", "整改情况：", "整改情况:", "整改完成情况：", "整改进展情况：", "整改措施："]
KINDS = ["一、", "（一）", "1.", "（1）", "①"]
STYLES = {"1.": ["1.", "1、", "1．"]}
FORMS = ["{}", "关于{}的问题", "关于“{}。群众有反映。”的问题", "{}，存在薄弱环节"]
NUMBER_DEFECTS = ["skip", "repeat", "unnumbered"]
TEXT_DEFECTS = ["no_answer", "masked_date", "broken_date", "no_date", "wrong_total"]
LATE_DEFECTS = ["half_width", "contains_next"]


@dataclass
class Expected:
    """What a careful person reads, filled while the document is written."""

    lines: list[str] = field(default_factory=list)
    areas: list[tuple[str | None, str]] = field(default_factory=list)
    headings: list[tuple[str | None, str]] = field(default_factory=list)
    problems: list[tuple[str | None, str, str, str | None, str | None]] = field(default_factory=list)
    faults: set[tuple[str, int]] = field(default_factory=set)

    def write(self, text: str) -> int:
        self.lines.append(text)
        return len(self.lines)


class Author:
    """Writes one document from drawn choices and remembers what it means."""

    def __init__(self, draw: st.DrawFn, defect: str) -> None:
        self.draw = draw
        self.expected = Expected()
        depth = draw(st.integers(2, 3), label="levels of the list")
        self.container, *self.kinds = draw(st.permutations(KINDS), label="kinds of number")[: depth + 1]
        if defect == "half_width":
            self.kinds.sort(key=lambda kind: kind.startswith("（"))
            self.kinds[-1] = self.kinds[-1] if self.kinds[-1].startswith("（") else "（1）"
            self.container = next(kind for kind in KINDS if kind not in self.kinds)
        self.running = [draw(st.booleans()) for _ in self.kinds]
        self.style = {kind: draw(st.sampled_from(STYLES.get(kind, [kind]))) for kind in KINDS}
        self.marker = draw(st.sampled_from(MARKERS))
        self.indent = draw(st.sampled_from(["", "　　", "    ", "\u00a0\u00a0"]))
        self.defect = defect
        self.form = draw(st.sampled_from(FORMS))
        self.is_notice = draw(st.booleans(), label="notice, not feedback")
        layouts = ["below", "inline", "paragraph"] if self.form.startswith("关于") else ["below", "inline"]
        self.layout = draw(st.sampled_from(layouts), label="where the answer stands")
        if defect == "contains_next":
            self.is_notice, self.layout, self.form = True, "below", "{}"
        self.target = draw(st.integers(2, 4), label="which title is damaged")
        lowest = depth - 1 if defect in TEXT_DEFECTS else 1
        self.level = draw(st.integers(lowest, depth - 1), label="level of the damage")
        self.counts = [0] * depth
        self.opened = [0] * depth
        self.pending: list[str | None] = [None] * depth
        self.serial = 0
        self.titles: set[int] = set()

    def document(self) -> Expected:
        notice, feedback = "云溪县示范单位党支部关于巡察整改情况的通报", "关于巡察云溪县示范单位党支部的反馈意见"
        self.expected.write(notice if self.is_notice else feedback)
        self._front()
        self._list()
        self._back()
        self._state_total()
        if self.defect == "half_width":
            self._narrow_a_number()
        if self.defect == "contains_next":
            self._run_two_titles_together()
        return self.expected

    def _narrow_a_number(self) -> None:
        """Give one number of many half-width brackets."""
        lines = self.expected.lines
        bracketed = [place for place, line in enumerate(lines) if line.strip().startswith("（")]
        kinds = {place: lines[place].strip()[1].isdigit() for place in bracketed}
        many = [place for place in bracketed if list(kinds.values()).count(kinds[place]) >= 3]
        titles = [place for place in many if place + 1 in self.titles]
        if titles:
            place = self.draw(st.sampled_from(titles))
            lines[place] = lines[place].replace("（", "(", 1).replace("）", ")", 1)
            self.expected.faults.add(("half_width_number", place + 1))

    def _run_two_titles_together(self) -> None:
        """Let the title of one problem hold that of the next."""
        problems = self.expected.problems
        place = self.draw(st.integers(0, len(problems) - 2)) if len(problems) > 1 else None
        if place is None:
            return
        number, title, *rest = problems[place]
        joined = f"{title}。{problems[place + 1][1]}"
        line = next(at for at, text in enumerate(self.expected.lines) if text.endswith(title))
        self.expected.lines[line] = self.expected.lines[line].replace(title, joined)
        problems[place] = (number, joined, *rest)
        self.expected.faults.add(("title_contains_problem", line + 1))

    def _state_total(self) -> None:
        """Write the total into the line kept for it, wrong by one where that is the damage."""
        wrong = self.defect == "wrong_total"
        counted = len(self.expected.problems) + wrong * (1 + len(self.expected.headings))
        self.expected.lines[1] = f"巡察反馈{counted}个问题，现将有关情况公布如下。"
        if wrong:
            self.expected.faults.add(("totals_differ", 2))

    def _front(self) -> None:
        number = 1
        self.expected.write("")
        title = "反馈问题整改落实情况" if self.is_notice else "巡察发现的主要问题"
        if self.draw(st.booleans()):
            self.expected.write(f"{self._glyphs(self.container, 1)}总体情况")
            self.expected.write("召开专题会议，逐条研究整改措施。")
            number = 2
        self.expected.write(f"{self._glyphs(self.container, number)}{title}")
        self.closing = number + 1

    def _back(self) -> None:
        if self.draw(st.booleans()):
            title = "下一步工作打算" if self.is_notice else "意见建议"
            self.expected.write(f"{self._glyphs(self.container, self.closing)}{title}")
            self.expected.write("持续巩固整改成果。")
        if self.draw(st.booleans()):
            self.expected.write("联系电话：000-0000000")

    def _list(self) -> None:
        for _ in range(self.draw(st.integers(2, 3))):
            number, _ = self._number(0)
            area = f"{AREAS[self.opened[0] - 1]}方面"
            self._title(0, number, area)
            self.expected.areas.append((number, area))
            self._below(area)

    def _below(self, area: str) -> None:
        if len(self.kinds) == 2:
            self._problems(area, None)
            return
        self._restart(1)
        for _ in range(self.draw(st.integers(1, 3))):
            number, _ = self._number(1)
            heading = self._new_title()
            self._title(1, number, heading)
            self.expected.headings.append((number, heading))
            self._problems(area, heading)

    def _problems(self, area: str, heading: str | None) -> None:
        level = len(self.kinds) - 1
        self._restart(level)
        for _ in range(self.draw(st.integers(1, 3))):
            number, damaged = self._number(level)
            title = self.form.format(self._new_title())
            line = self._title(level, number, title)
            answer = self._answer(line, damaged)
            self.expected.problems.append((number, title, area, heading, answer))

    def _restart(self, level: int) -> None:
        if not self.running[level]:
            self.counts[level] = 0

    def _number(self, level: int) -> tuple[str | None, str | None]:
        """Give the next number of a level and the defect this title is to bear."""
        self.opened[level] += 1
        damaged = self.defect if (level, self.opened[level]) == (self.level, self.target) else None
        begins = self.counts[level] == 0
        if damaged == "repeat" and not begins and self.counts[level] > 1:
            self.counts[level] -= 1
            self._expect_next(level, "repeated_number")
        if damaged == "skip" and not begins:
            self.counts[level] += 1
            self._expect_next(level, "missing_number")
        self.counts[level] += 1
        if damaged == "unnumbered" and level == 1 and len(self.kinds) == 3 and not begins:
            self._expect_next(level, "unnumbered_heading")
            self.counts[level] -= 1
            return None, damaged
        return str(self.counts[level]), damaged

    def _expect_next(self, level: int, code: str) -> None:
        self.pending[level] = code

    def _title(self, level: int, number: str | None, title: str) -> int:
        glyphs = self._glyphs(self.kinds[level], int(number)) if number else ""
        line = self.expected.write(f"{self.indent}{glyphs}{title}")
        self.titles.add(line)
        if self.pending[level]:
            self.expected.faults.add((str(self.pending[level]), line))
            self.pending[level] = None
        return line

    def _glyphs(self, kind: str, value: int) -> str:
        if kind == "①":
            return chr((0x2460 if value <= 20 else 0x3251 - 20) + value - 1)
        style = self.style[kind]
        return write(style, value) if style == kind else f"{value}{style[1:]}"

    def _answer(self, line: int, damaged: str | None) -> str | None:
        if not self.is_notice:
            self.expected.lines[line - 1] += self.draw(st.sampled_from(["", "。", "。2023年抽查发现3处。"]))
            return None
        if damaged == "no_answer":
            self.expected.faults.add(("no_answer", line))
            return None
        work = self.draw(st.lists(st.sampled_from(WORK), min_size=1, max_size=3, unique=True))
        text = "；".join([*work, *self._flaw(line, damaged)]) + "。"
        if self.layout != "below":
            self.expected.lines[line - 1] += "。" + (self.marker if self.layout == "inline" else "") + text
        elif self.draw(st.integers(0, 3)) == 0:
            return self._stepwise(text)
        else:
            self.expected.write(f"{self.indent}{self.marker}{text}")
        return text

    def _stepwise(self, text: str) -> str:
        """Write an answer as a numbered list under its marker, in a kind of number the document may use above."""
        kind = self.draw(st.sampled_from(["1.", "（1）"]))
        self.expected.write(f"{self.indent}{self.marker}")
        steps = [
            f"{self._glyphs(kind, place)}{step.strip('。')}。" for place, step in enumerate(text.split("；"), 1)
        ]
        for step in steps:
            self.expected.write(f"{self.indent}{step}")
        return "\n".join(steps)

    def _flaw(self, line: int, damaged: str | None) -> list[str]:
        if damaged == "masked_date":
            self.expected.faults.add(("masked_date", 0))
            return ["2024年X月X日召开现场会"]
        if damaged == "broken_date":
            self.expected.faults.add(("broken_date", 0))
            return ["2024717日移交有关材料"]
        if damaged == "no_date":
            self.expected.faults.add(("no_date", line))
            return ["后期将根据实际情况办理"]
        return []

    def _new_title(self) -> str:
        self.serial += 1
        subject = SUBJECTS[self.serial % len(SUBJECTS)]
        return f"{subject}{LACKS[self.serial // len(SUBJECTS) % len(LACKS)]}"


@st.composite
def documents(draw: st.DrawFn, defect: str) -> Expected:
    return Author(draw, defect).document()


def found_problems(reading: Reading) -> list[tuple[str | None, str, str | None, str | None, str | None]]:
    return [(each.number, each.title, each.area, each.heading, each.answer) for each in reading.problems]


@pytest.mark.parametrize("defect", ["none", *NUMBER_DEFECTS, *TEXT_DEFECTS, *LATE_DEFECTS])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_was_not_damaged_is_found_and_what_was_is_reported(defect: str, data: st.DataObject) -> None:
    expected = data.draw(documents(defect))
    reading = read("通报.txt", "\n".join(expected.lines).encode())
    assert [(area.number, area.title) for area in reading.areas] == expected.areas
    assert [(heading.number, heading.title) for heading in reading.headings] == expected.headings
    assert found_problems(reading) == expected.problems
    assert [line.text for line in reading.source_lines] == expected.lines
    assert {fault for fault in expected.faults if fault[1]} <= {
        (fault.code, fault.line) for fault in reading.faults
    }
    assert {fault.code for fault in reading.faults} - {"ambiguous_number"} == {code for code, _ in expected.faults}


@settings(max_examples=80, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_document_cut_and_pasted_at_random_loses_no_line(data: st.DataObject) -> None:
    lines = data.draw(documents("none")).lines
    for _ in range(data.draw(st.integers(1, 6))):
        place, taken = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
        cut = data.draw(st.integers(0, len(lines[taken])))
        lines[place] = data.draw(
            st.sampled_from([lines[taken][cut:], lines[taken][:cut], lines[place] + lines[taken][cut:]])
        )
    reading = read("通报.txt", "\n".join([*lines, "完"]).encode())
    assert [line.text for line in reading.source_lines] == [line for line in [*lines, "完"] if line.strip()]
    counts = reading.line_counts()
    assert counts.pop("total") == sum(counts.values())
