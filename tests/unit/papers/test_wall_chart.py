"""The wall chart: one drawing that is read without colour, for a few problems and for many."""

import io
import re
from datetime import date, timedelta
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from desk.make_wall_chart import chart_labels
from documents import wall_chart_pdf as pdf
from documents.wall_chart import COLOURS, MARKS, ChartArea, ChartRow, Step, WallChart, wall_chart_svg
from documents.wrapping import NOT_FIRST
from engine.words import load

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 3, 1)
LONG = "落实全面从严治党主体责任不到位，党工委会议专题研究少，（第二季度）没有听取汇报，台账、记录都不齐全。" * 2
ROOMS = ("desk", "workflows.rectification")
LABELS = chart_labels(
    load({room: files(room).joinpath("words.toml").read_text(encoding="utf-8") for room in ROOMS}, "zh")
)


def row(number, title="台账不实", mark="in_work", **rest):
    given = {
        "begins_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=number % 60),
        "standing": ("整改中", "还有 12 天"), "share": 0.5, **rest,
    }  # fmt: skip
    steps = (Step("done", "2/2"), Step("in_work", "1/3"), Step(None), Step("not_begun"), Step("not_begun"))
    return ChartRow(str(number), title, "李甲", "社会事务办", steps, mark, **given)


def chart(*areas):
    return WallChart(
        "挂图作战", "柳林街道党工委", "共 3 个问题。", "截至 2026年3月1日", TODAY, areas, LABELS, "校验码 AB"
    )


def texts(svg):
    return [one.text or "" for one in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314  our own drawing


def numbers(sheets):
    return [text for sheet in sheets for text in texts(sheet) if text.isdecimal()]


@pytest.mark.parametrize(("count", "sheets"), [(1, 1), (17, 1), (170, 9)])
def test_every_problem_stands_on_a_sheet_once_however_many_there_are(count, sheets):
    areas = tuple(ChartArea(f"（{n}）方面", tuple(row(n * 1000 + i) for i in range(count))) for n in (1,))
    drawn = wall_chart_svg(chart(*areas))
    assert len(drawn) == sheets
    assert numbers(drawn) == [one.number for area in areas for one in area.rows]


def test_an_area_that_goes_on_says_so_and_sheets_are_about_equally_full():
    drawn = wall_chart_svg(chart(ChartArea("党的领导方面", tuple(row(i) for i in range(20)))))
    assert "党的领导方面（续）" in texts(drawn[1])
    first, second = (len(numbers([sheet])) for sheet in drawn)
    assert abs(first - second) <= 2


def test_nothing_is_drawn_outside_the_sheet():
    [drawn] = wall_chart_svg(chart(ChartArea("方面", tuple(row(i, LONG) for i in range(12)))))
    for one in ET.fromstring(drawn).iter(f"{SVG}text"):  # noqa: S314
        assert 0 <= float(one.get("x")) <= 420
        assert 0 <= float(one.get("y")) <= 297


def test_no_line_begins_with_a_mark_that_closes_and_a_long_title_is_cut():
    [drawn] = wall_chart_svg(chart(ChartArea("", (row(1, LONG),))))
    lines = [text for text in texts(drawn) if text[:-1] in LONG and len(text) > 9]
    assert len(lines) == 3
    assert not any(line[0] in NOT_FIRST for line in lines)
    assert any(text.endswith("…") for text in texts(drawn))


def test_shapes_differ_without_their_colours():
    drawn = set()
    for mark in MARKS:
        [sheet] = wall_chart_svg(chart(ChartArea("", (row(1, mark=mark),))))
        # The shape of the row's own mark is the only one drawn at this size.
        [shape] = re.findall(r"scale\(1\.1\)\"[^>]*>(.*?)</g>", sheet, re.DOTALL)
        for colour in COLOURS.values():
            shape = shape.replace(colour, "")
        drawn.add(shape)
    assert len(drawn) == len(MARKS)


def test_a_deadline_is_written_as_people_write_it_and_in_one_line():
    [drawn] = wall_chart_svg(chart(ChartArea("", (row(1, due_on=date(2026, 12, 31)),))))
    assert "2026年12月31日" in texts(drawn)
    assert "2026-12-31" not in drawn


def test_what_is_late_is_hatched_and_a_moved_deadline_leaves_its_mark():
    on_time = row(1)
    late = row(2, due_on=TODAY - timedelta(days=9), late_until=TODAY, first_due_on=TODAY - timedelta(days=20))
    [plain] = wall_chart_svg(chart(ChartArea("", (on_time,))))
    [marked] = wall_chart_svg(chart(ChartArea("", (late,))))
    assert ("url(#late-1)" in plain, "url(#late-1)" in marked) == (False, True)
    assert marked.count("l1.3 -2h-2.6Z") == plain.count("l1.3 -2h-2.6Z") + 1


def test_text_is_escaped_and_the_sheet_brings_no_script_style_or_address():
    [drawn] = wall_chart_svg(chart(ChartArea("", (row(1, "台账<b>&不实\x0b"),))))
    assert "台账<b>&不实" in texts(drawn)
    assert not re.search(r"<script|<style|style=|href", drawn)


def test_a_chart_without_problems_is_an_empty_sheet():
    [drawn] = wall_chart_svg(chart())
    assert "第 1 页，共 1 页" in texts(drawn)


def test_equal_charts_give_equal_prints_of_the_size_asked_for():
    one = chart(ChartArea("方面", (row(1),)))
    assert pdf.wall_chart_pdf(one, "a3") == pdf.wall_chart_pdf(one, "a3")
    [page] = PdfReader(io.BytesIO(pdf.wall_chart_pdf(one, "a1"))).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (2384, 1684)


def test_without_a_chinese_typeface_nothing_is_printed(monkeypatch):
    monkeypatch.setattr(pdf, "_installed", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(pdf.MissingFontError, match="Noto Sans CJK SC"):
        pdf.wall_chart_pdf(chart(), "a3")
