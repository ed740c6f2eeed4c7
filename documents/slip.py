"""The close-out slip (销号单): what was done about one problem, and a line for each handwritten signature."""

import json
from dataclasses import dataclass
from datetime import date

import typst
from docx.document import Document
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from docx.table import Table

from documents import layout
from documents.wall_chart_pdf import chinese_face

LABEL_MM, VALUE_MM = 30, 126
STEP_MM = (38, 50, 38, 30)
LINE_MM = 14
SOURCE = b"""
#let given = json(bytes(sys.inputs.given))
#let (year, month, day) = given.day
#set document(title: given.title, date: datetime(year: year, month: month, day: day))
#set page(paper: "a4", margin: (top: 30mm, bottom: 25mm, left: 26mm, right: 26mm))
#set text(font: given.face, size: 11pt, lang: "zh")
#set par(leading: 0.75em)
#align(center, text(size: 20pt, weight: "bold", given.title))
#v(2mm)
#grid(columns: (1fr, auto), given.organization, given.number)
#v(1mm)
#table(columns: (30mm, 1fr), inset: 6pt, stroke: 0.5pt,
  ..given.facts.map(((label, value)) => (label, value)).flatten())
#v(2mm)
#table(columns: (38mm, 1fr, 38mm, 30mm), inset: 6pt, stroke: 0.5pt, align: (left + horizon,) * 4,
  rows: (auto,) + (given.line * 1mm,) * given.steps.len(),
  ..given.heads.map(head => text(weight: "bold", head)),
  ..given.steps.flatten())
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
    layout.add(document, layout.ADDRESS, f"{facts.organization}　{facts.number}")
    known = _table(document, (LABEL_MM, VALUE_MM))
    for pair in facts.facts:
        _add_row(known, pair)
    layout.add(document, layout.ADDRESS, "")
    signed = _table(document, STEP_MM)
    _add_row(signed, facts.heads)
    for step in facts.steps:
        _add_row(signed, _cells(step), least_mm=LINE_MM)
    layout.add(document, layout.ADDRESS, facts.foot)
    return layout.to_bytes(document, facts.title, facts.organization, facts.dated)


def _cells(step: SlipStep) -> tuple[str, str, str, str]:
    return step.label, step.opinion, step.signer, step.day


def _table(document: Document, widths: tuple[int, ...]) -> Table:
    """A ruled table without rows: one style of the template would bring a dozen others."""
    table: Table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>"))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _add_row(table: Table, texts: tuple[str, ...], least_mm: int = 0) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call]  # the library leaves it unannotated
    if least_mm:
        row.height = Mm(least_mm)
    for cell, text, column in zip(row.cells, texts, table.columns, strict=True):
        cell.width = column.width
        lines = layout.lines_of(text) or [""]
        cell.paragraphs[0].text, cell.paragraphs[0].style = lines[0], layout.ADDRESS.name
        for line in lines[1:]:
            cell.add_paragraph(line, style=layout.ADDRESS.name)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.first_line_indent = Mm(0)
