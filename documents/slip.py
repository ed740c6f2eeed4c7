"""The close-out slip (销号单): what was done about one problem, and a line for each handwritten signature."""

import json
from dataclasses import dataclass
from datetime import date

import typst
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm

from documents import layout
from documents.ruled_table import add_row, keep_together, ruled_table
from documents.wall_chart_pdf import chinese_face

LABEL_MM, VALUE_MM = 30, 126
STEP_MM = (38, 42, 34, 42)
LINE_MM = 14
SOURCE = b"""
#let given = json(bytes(sys.inputs.given))
#let (year, month, day) = given.day
#set document(title: given.title, date: datetime(year: year, month: month, day: day))
#set page(paper: "a4", margin: (top: 26mm, bottom: 22mm, left: 26mm, right: 26mm))
#set text(font: given.face, size: 10.5pt, lang: "zh")
#set par(leading: 0.75em)
#align(center, text(size: 20pt, weight: "bold", given.title))
#v(2mm)
#grid(columns: (1fr, auto), given.organization, given.number)
#v(1mm)
#table(columns: (30mm, 1fr), inset: 6pt, stroke: 0.5pt,
  ..given.facts.map(((label, value)) => (label, value)).flatten())
#v(2mm)
#block(breakable: false, table(columns: (38mm, 1fr, 36mm, 38mm), inset: 6pt, stroke: 0.5pt,
  align: (left + horizon,) * 4,
  rows: (auto,) + (given.line * 1mm,) * given.steps.len(),
  ..given.heads.map(head => text(weight: "bold", head)),
  ..given.steps.flatten()))
#v(2mm)
#text(size: 9pt, given.foot)
"""


@dataclass(frozen=True)
class SlipStep:
    """One step of the sign-off; what is not known yet is left empty, to be written by hand."""

    label: str
    opinion: str = ""
    signer: str = ""
    day: str = ""


@dataclass(frozen=True)
class SlipFacts:
    """All that a slip says. `heads` name the four columns of the signatures, `foot` what the slip is bound to."""

    title: str
    organization: str
    number: str
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, str, str, str]
    steps: tuple[SlipStep, ...]
    foot: str
    dated: date


def slip_pdf(facts: SlipFacts) -> bytes:
    """The slip as a PDF. Raises MissingFontError where no Chinese typeface is installed."""
    given = {
        "title": facts.title,
        "organization": facts.organization,
        "number": facts.number,
        "facts": [[layout.printable(text) for text in pair] for pair in facts.facts],
        "heads": facts.heads,
        "steps": [_cells(one) for one in facts.steps],
        "foot": facts.foot,
        "line": LINE_MM,
        "day": [facts.dated.year, facts.dated.month, facts.dated.day],
        "face": chinese_face(),
    }
    return bytes(typst.compile(SOURCE, sys_inputs={"given": json.dumps(given, ensure_ascii=False)}, format="pdf"))


def slip_docx(facts: SlipFacts) -> bytes:
    """The slip as a Word file; equal facts give equal bytes."""
    document = layout.official_document()
    layout.add_title(document, facts.title)
    head = layout.add(document, layout.TABLE_TEXT, f"{facts.organization}\t{facts.number}")
    head.paragraph_format.tab_stops.add_tab_stop(Mm(LABEL_MM + VALUE_MM), WD_TAB_ALIGNMENT.RIGHT)
    known = ruled_table(document, (LABEL_MM, VALUE_MM))
    for pair in facts.facts:
        add_row(known, pair)
    layout.add(document, layout.TABLE_TEXT, "")
    signed = ruled_table(document, STEP_MM)
    add_row(signed, facts.heads)
    for step in facts.steps:
        add_row(signed, _cells(step), least_mm=LINE_MM)
    keep_together(signed)
    layout.add(document, layout.TABLE_TEXT, facts.foot)
    return layout.to_bytes(document, facts.title, facts.organization, facts.dated)


def _cells(step: SlipStep) -> tuple[str, str, str, str]:
    return step.label, step.opinion, step.signer, step.day
