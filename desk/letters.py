"""Letters and the instructions on them: the list, one found by its number, and what the printed one says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from desk.desk import Desk
from desk.finding import NotFoundError
from desk.heard import matter_name
from desk.wording import day_text
from documents.layout import six_cornered
from documents.letter import LetterFacts, letter_docx, letter_pdf
from engine import statements as sql
from engine.cases import CaseState
from engine.deadlines import Pause
from engine.organizations import department_names, names
from engine.terms import lasting_pause
from engine.view import View
from engine.words import Words
from workflows.letters import letter_number
from workflows.rectification import facts
from workflows.rectification.letters import instructions_on

PRINTERS = {".docx": letter_docx, ".pdf": letter_pdf}


@dataclass(frozen=True, slots=True)
class InstructionRow:
    """What a leader wrote on a letter; people by name, days ISO."""

    id: int
    text: str
    given_by: str
    officer: str
    due_on: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter with what it is about; `state` in words, `is_late` when its answer is overdue on the day asked for.

    While `pause` lasts no day counts: it is as late as it was the day before.
    """

    id: int
    root_id: int
    number: str
    form: str
    matter: str
    to: str
    issued_on: str
    due_on: str
    state: str
    is_open: bool
    is_late: bool
    pause: Pause | None
    answer: str
    instructions: tuple[InstructionRow, ...]


def letters(view: View, organization_id: int | None, today: date, words: Words) -> list[LetterRow]:
    """All letters of an organisation, or of all, the newest first."""
    cases = sql.cases
    return _rows(
        view, [] if organization_id is None else [cases.c.organization_id == organization_id], today, words
    )


def letters_about(view: View, root_id: int, today: date, words: Words) -> list[LetterRow]:
    """All letters of a dossier, those of earlier rounds too, the newest first."""
    return _rows(view, [sql.cases.c.root_id == root_id], today, words)


def _rows(view: View, wanted: Sequence[ColumnElement[bool]], today: date, words: Words) -> list[LetterRow]:
    cases = sql.cases
    query = select(cases.c.id).where(cases.c.kind.in_(view.registry.letters), *wanted).order_by(cases.c.id.desc())
    ids = list(view.tx.connection.execute(query).scalars())
    view.load_read_only(ids)
    return [letter_row(view, view.case(one), today, words) for one in ids]


def letter_row(view: View, letter: CaseState, today: date, words: Words) -> LetterRow:
    fields = view.fields(letter)
    due_on, pause = letter.due_on or "", lasting_pause(letter)
    counted = min(today, pause.start - timedelta(days=1)) if pause else today
    return LetterRow(
        id=letter.id,
        root_id=letter.root_id,
        number=letter_number(fields),
        form=fields["form"],
        matter=matter_of(view, view.root(letter), words),
        to=addressee(view, letter),
        issued_on=fields["issued_on"],
        due_on=due_on,
        state=_state(view, letter, words),
        is_open=bool(letter.live),
        is_late=bool(letter.live) and due_on < counted.isoformat(),
        pause=pause,
        answer=fields["answer"] or "",
        instructions=tuple(_instruction(view, one, words) for one in instructions_on(view, letter)),
    )


def _instruction(view: View, case: CaseState, words: Words) -> InstructionRow:
    fields = view.fields(case)
    officers = [one.person_id for one in view.bearers(case) if one.role == "officer" and one.to_on is None]
    people = names(view.tx, [one for one in (fields["given_by"], *officers) if one is not None])
    return InstructionRow(
        id=case.id,
        text=fields["text"],
        given_by=people.get(fields["given_by"], ""),
        officer="、".join(people[one] for one in officers if one is not None),
        due_on=case.due_on or "",
        state=_state(view, case, words),
        answer=fields["answer"] or "",
    )


def _state(view: View, case: CaseState, words: Words) -> str:
    definition = view.definition(case)
    state = words.label(definition.states[case.state].label)
    if lasting_pause(case) is None:
        return state
    return words.say("letter.paused", state=state, why=words.label(definition.actions["pause_with_problem"].label))


def matter_of(view: View, root: CaseState, words: Words) -> str:
    """What a letter is about: in its family's words where it has some, else as it is called everywhere."""
    key = f"{root.kind}.in_letter"
    return words.say(key, **view.fields(root)) if key in words.sentences else matter_name(words, view, root)


def find_letter(view: View, number: str, words: Words) -> CaseState:
    """By its number in whichever brackets, or by its id as #12. Raises NotFoundError telling what there is."""
    rows = letters(view, None, date.min, words)
    wanted = _plain(number)
    found = [one for one in rows if number == f"#{one.id}" or _plain(one.number) == wanted]
    if len(found) == 1:
        return view.case(found[0].id)
    if found:
        choose = "；".join(f"#{one.id} {one.matter}" for one in found)
        raise NotFoundError(f"“{number}”不止一份，请用其中一个：{choose}")
    there = "、".join(one.number for one in rows[:10]) or "（还没有）"
    raise NotFoundError(f"没有编号为“{number}”的单据；现有：{there}")


def find_instruction(view: View, letter: CaseState, place: int) -> CaseState:
    """The nth instruction on a letter, from 1. Raises NotFoundError."""
    there = instructions_on(view, letter)
    if not 1 <= place <= len(there):
        raise NotFoundError(f"这份单据有 {len(there)} 条批示，没有第 {place} 条")
    return there[place - 1]


def _plain(number: str) -> str:
    return re.sub(r"\s", "", six_cornered(number)).removesuffix("号")


def addressee(view: View, letter: CaseState) -> str:
    """The departments that were responsible on the day it was sent."""
    root, day = view.root(letter), view.fields(letter)["issued_on"]
    ids = [
        one.department_id
        for one in view.bearers(root)
        if one.role == "lead_department" and one.department_id and one.holds_on(day)
    ]
    return "、".join(department_names(view.tx, ids).values())


def printed(desk: Desk, view: View, letter: CaseState, suffix: str) -> bytes:
    """The letter as .docx or .pdf. Raises NotFoundError for another suffix, MissingFontError for want of a face."""
    if suffix not in PRINTERS:
        raise NotFoundError(f"单据可以打印为 {'、'.join(PRINTERS)}，不能是“{suffix}”")
    return PRINTERS[suffix](letter_facts(view, letter, desk.words))


def letter_facts(view: View, letter: CaseState, words: Words) -> LetterFacts:
    """What the letter says, in its kind's words; its measures are those still open now."""
    fields, root = view.fields(letter), view.root(letter)
    issued_on = date.fromisoformat(fields["issued_on"])
    open_now = [one for one in facts.measures(view, root) if one.live]
    grounds = words.say("letter.grounds", grounds=fields["grounds"]) if fields["grounds"] else ""
    return LetterFacts(
        form=fields["form"],
        number=letter_number(fields),
        addressee=addressee(view, letter),
        opening=words.say(f"{letter.kind}.opening", grounds=grounds),
        problem=_matter(view, root, issued_on, open_now, words),
        measures=tuple(_measure(view, one, issued_on, words) for one in open_now),
        answer_by=date.fromisoformat(letter.due_on or fields["issued_on"]),
        final_on=date.fromisoformat(fields["final_on"]) if fields["final_on"] else None,
        demand=_sentence(fields["demand"] or words.say("letter.demand")),
        way=words.say(f"{letter.kind}.way"),
        signed_by=_signer(view, letter, words),
        dated=issued_on,
    )


def _signer(view: View, letter: CaseState, words: Words) -> str:
    """The body that issues letters of a kind: as the organisation calls it, else its usual name."""
    body = view.body(letter.organization_id)
    named = body.settings.letter_signers.get(letter.kind)
    return named or words.say(f"{letter.kind}.signed_by", organization=body.name)


def _matter(view: View, root: CaseState, day: date, open_now: Sequence[CaseState], words: Words) -> str:
    """What it is about and by when; a measure may be late before its problem has a deadline at all."""
    said = {"due_on": day_text(words, root.due_on), "late": _late(root.due_on, day, words)} if root.due_on else {}
    deadline = words.say("letter.deadline", **said) if said else ""
    ending = words.say("letter.measures") if open_now else ""
    called = matter_of(view, root, words).rstrip("。；;.")
    return words.say("letter.matter", matter=called, deadline=deadline) + ending


def _measure(view: View, measure: CaseState, day: date, words: Words) -> str:
    text, due_on = view.fields(measure)["text"].rstrip("。；;."), measure.due_on or day.isoformat()
    return words.say("letter.measure", text=text, due_on=day_text(words, due_on), late=_late(due_on, day, words))


def _late(due_on: str, day: date, words: Words) -> str:
    """By how many days on the day of the letter: often it is a measure that is late and not yet its problem."""
    days = (day - date.fromisoformat(due_on)).days
    return words.say("letter.late", days=days) if days > 0 else ""


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "！")) else f"{text}。"
