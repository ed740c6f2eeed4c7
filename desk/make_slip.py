"""The close-out slip of one problem: what stands in the records, and a line for every signature still missing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desk.desk import Desk
from desk.make_register import Register
from desk.wording import day_text
from documents.slip import SlipFacts, SlipStep, slip_docx, slip_pdf
from engine.cases import CaseState
from engine.commands import Signed
from engine.organizations import names
from engine.sign_off import dossier_hash
from engine.view import View
from engine.words import Words
from workflows.rectification.register import ProblemRow
from workflows.rectification.wording import close_out_text, number_text

HASH_DIGITS = 16
PRINTERS = {".docx": slip_docx, ".pdf": slip_pdf}


def printed_slip(desk: Desk, register: Register, row: ProblemRow, suffix: str) -> bytes:
    """The slip as .docx or .pdf. Raises MissingFontError for want of a typeface, KeyError for another suffix."""
    return PRINTERS[suffix](slip_facts(desk, register, row))


def slip_facts(desk: Desk, register: Register, row: ProblemRow) -> SlipFacts:
    """All that the slip says, as of the register's day; signatures that were given stand in their lines."""
    words = desk.words
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        root = view.case(row.id)
        steps = tuple(_steps(view, root, words))
        code = short_hash(dossier_hash(view, root))
    columns = ("step", "opinion", "signer", "day")
    step, opinion, signer, day = (words.say(f"slip.{name}") for name in columns)
    return SlipFacts(
        title=words.say("slip.title"),
        organization=register.organization,
        number=words.say("slip.number", number=close_out_text(row.fields) or words.say("slip.no_number")),
        facts=tuple(_facts(register, row)),
        heads=(step, opinion, signer, day),
        steps=steps,
        foot=words.say("slip.foot", code=code, day=day_text(words, register.as_of)),
        dated=register.as_of,
    )


def short_hash(digest: str) -> str:
    """The first digits of a hash in groups of four, short enough to be compared by eye."""
    digits = digest[:HASH_DIGITS].upper()
    return " ".join(digits[place : place + 4] for place in range(0, HASH_DIGITS, 4))


def _facts(register: Register, row: ProblemRow) -> list[tuple[str, str]]:
    words, fields = register.words, row.fields
    measures = "\n".join(f"{place}. {one.fields['text']}" for place, one in enumerate(row.measures, 1))
    results = [one.fields["result"] for one in row.measures if one.fields["result"]]
    told: list[tuple[str, str | None]] = [
        ("column.title", f"（{number_text(fields)}）{fields['title']}"),
        ("column.lead_official", row.names("lead_official")),
        ("column.lead_department", row.names("lead_department")),
        ("column.officer", row.names("officer")),
        ("column.due_on", row.due_on and day_text(words, row.due_on)),
        ("column.measures", measures),
        ("column.results", fields["result"] or "\n".join(results)),
        ("column.evidence", "、".join(row.all_evidence)),
        ("column.round", words.say("round.nth", round=row.round)),
    ]
    return [(words.say(key), value) for key, value in told if value]


def _steps(view: View, root: CaseState, words: Words) -> list[SlipStep]:
    signed = {one.step: one for one in view.signatures(root)}
    people = names(view.tx, [int(one.signer) for one in signed.values()])
    zone = view.body(root.organization_id).settings.zone
    return [
        _step(words.label(one.label), signed.get(one.name), people, zone, words) for one in view.sign_steps(root)
    ]


def _step(label: str, signed: Signed | None, people: Mapping[int, str], zone: Any, words: Words) -> SlipStep:
    if signed is None:
        return SlipStep(label)
    day = day_text(words, datetime.fromtimestamp(signed.at, zone).date())
    opinion = words.say("slip.on_paper" if signed.basis else "slip.agreed")
    return SlipStep(label, opinion, people[int(signed.signer)], day)
