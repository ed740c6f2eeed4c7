"""The wall chart as a PDF for A3 or A1; a machine without a Chinese typeface must say so, not print boxes."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Literal

import typst

from documents.wall_chart import WallChart, wall_chart_svg

Paper = Literal["a3", "a1"]
PAPERS: Mapping[str, tuple[int, int]] = {"a3": (420, 297), "a1": (841, 594)}
FACES = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "Noto Serif CJK SC",
    "SimSun", "FangSong",
)  # fmt: skip
SOURCE = b"""
#let given = json(bytes(sys.inputs.given))
#let (year, month, day) = given.day
#set document(title: given.title, date: datetime(year: year, month: month, day: day))
#set page(width: given.size.at(0) * 1mm, height: given.size.at(1) * 1mm, margin: 0mm)
#for sheet in given.sheets { image(bytes(sheet), format: "svg", width: 100%, height: 100%) }
"""


class MissingFontError(LookupError):
    """There is no Chinese typeface on this machine: install one of those named, e.g. fonts-noto-cjk."""


def wall_chart_pdf(chart: WallChart, paper: Paper) -> bytes:
    """A page a sheet, landscape; larger paper shows the same sheets larger. Raises MissingFontError."""
    given = {
        "title": chart.title,
        "day": [chart.as_of.year, chart.as_of.month, chart.as_of.day],
        "size": PAPERS[paper],
        "sheets": wall_chart_svg(chart, chinese_face()),
    }
    made = typst.compile(SOURCE, sys_inputs={"given": json.dumps(given, ensure_ascii=False)}, format="pdf")
    return bytes(made)


def chinese_face() -> str:
    """The first of the typefaces that is installed. Raises MissingFontError naming them all."""
    installed = _installed()
    found = next((face for face in FACES if face in installed), None)
    if found is None:
        raise MissingFontError(f"本机没有可用的中文字体，无法生成 PDF；请安装其中之一：{'、'.join(FACES)}")
    return found


@cache
def _installed() -> frozenset[str]:
    return frozenset(typst.Fonts().families())
