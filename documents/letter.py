"""A letter inside the body (提醒单, 督办单) on paper: short, polite, and with room for whoever signs for it."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import typst

from documents import layout
from documents.ruled_table import add_row, keep_together, ruled_table
from documents.wall_chart_pdf import chinese_face

# What is written by hand: a label, what stands in its cell, and how many millimetres it is high at least:
# a short letter stays on one page with it.
RECEIPT = (
    ("签收", "签收人：　　　　　　　　　　　　　　　年　　月　　日", 9),
    ("领导批示", "", 14),
    ("办理回复", "", 20),
)
RECEIPT_MM = (26, 130)


@dataclass(frozen=True)
class LetterFacts:
    """All that a letter says. `number` is 青街督〔2026〕3号; `addressee` ends without a colon; `measures` are
    those still open, each a text with its deadline and no mark at its end; texts that are empty are left out."""

    form: str
    number: str
    addressee: str
    opening: str
    problem: str
    measures: tuple[str, ...]
    answer_by: date
    final_on: date | None
    demand: str
    way: str
    signed_by: str
    dated: date


def letter_docx(facts: LetterFacts) -> bytes:
    """The letter as a Word file in the format of GB/T 9704-2012; equal facts give equal bytes."""
    document = layout.official_document()
    layout.add(document, layout.DOCUMENT_NUMBER, facts.number)
    layout.add_title(document, facts.form)
    layout.add(document, layout.SALUTATION, f"{facts.addressee}：")
    for kind, text in _lines(facts):
        layout.add_lines(document, kind, text)
    layout.add_signature(document, facts.signed_by, facts.dated)
    layout.add(document, layout.TABLE_TEXT, "")
    receipt = ruled_table(document, RECEIPT_MM)
    for label, text, least_mm in RECEIPT:
        add_row(receipt, (label, text), least_mm)
    keep_together(receipt)
    return layout.to_bytes(document, facts.form, facts.signed_by, facts.dated)


def letter_pdf(facts: LetterFacts) -> bytes:
    """The same as a PDF. Raises MissingFontError where no Chinese typeface is installed."""
    chinese_face()
    given = {
        "title": layout.title_lines(layout.printable(facts.form)),
        "number": layout.printable(facts.number),
        "addressee": layout.printable(f"{facts.addressee}："),
        "lines": [line for _, text in _lines(facts) for line in layout.lines_of(text)],
        "signed_by": layout.printable(facts.signed_by),
        "dated": layout.chinese_date(facts.dated),
        "day": [facts.dated.year, facts.dated.month, facts.dated.day],
        "receipt": RECEIPT,
        "receipt_mm": RECEIPT_MM,
        "faces": {face.name: list(face.value) for face in layout.Face},
        "overhang": max(
            0.0, 4 - (layout.width(facts.signed_by) - layout.width(layout.chinese_date(facts.dated))) / 2
        ),
    }
    made = typst.compile(_source(), sys_inputs={"given": json.dumps(given, ensure_ascii=False)}, format="pdf")
    return bytes(made)


def _lines(facts: LetterFacts) -> list[tuple[layout.Kind, str]]:
    """What and why, what to do and by when, how to answer: nothing that is empty, no heading between."""
    last = len(facts.measures)
    measures = [f"{place}.{text}{'；' if place < last else '。'}" for place, text in enumerate(facts.measures, 1)]
    asked = f"{facts.demand}请于{layout.chinese_date(facts.answer_by)}前书面回复办理情况。"
    final = f"该事项最迟于{layout.chinese_date(facts.final_on)}办结。" if facts.final_on else ""
    texts = [facts.opening, facts.problem, *measures, asked + final, facts.way]
    return [(layout.BODY, text) for text in texts if text]


@cache
def _source() -> bytes:
    return files("documents").joinpath("letter.typ").read_bytes()
