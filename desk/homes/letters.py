"""What letters and the instructions on them ask for: an answer from the department, an end from whoever asked."""

from collections.abc import Iterable, Iterator

from sqlalchemy import and_, bindparam, or_, select

from desk.homes.department import ROLES
from desk.homes.looking import Looking
from desk.homes.matter import Matter, Section, by_deadline, section
from engine import statements as sql
from engine.cases import CaseState
from engine.database import Statement, among, one_of
from workflows.rectification.letters import INSTRUCTION, KINDS, LETTER, instructions_on, letters_of

# The first that is possible stands out.
ANSWERING = {LETTER: ("receive", "answer"), INSTRUCTION: ("answer",)}
ENDING = ("close", "return")
_CASE, _BORNE = sql.cases.c, sql.assignment.c
_MINE = and_(_BORNE.person_id == bindparam("person_id"), _BORNE.role == "officer")
GET_ASKED = Statement(
    select(_CASE.root_id)
    .join(sql.assignment, or_(_BORNE.case_id == _CASE.root_id, _BORNE.case_id == _CASE.id))
    .where(one_of(_CASE.kind, KINDS), sql.IS_LIVE, _BORNE.to_on.is_(None))
    .where(or_(_MINE, among(_BORNE.department_id, "ours")))
    .distinct()
    .order_by(_CASE.root_id)
)


def letter_sections(looking: Looking) -> list[Section]:
    """Letters that wait for the person's own answer, by deadline."""
    problems = looking.problems(_asked(looking))
    waiting = [one for problem in problems for one in written_about(looking, problem) if one.live]
    matters = [looking.matter(one, _demand(looking, one), *ANSWERING[one.kind]) for one in waiting]
    return [section("letters", by_deadline([one for one in matters if one.buttons]))]


def written_about(looking: Looking, problem: CaseState) -> Iterator[CaseState]:
    """A problem's letters, each before the instructions on it."""
    for letter in letters_of(looking.view, problem):
        yield letter
        yield from instructions_on(looking.view, letter)


def answered(looking: Looking, problems: Iterable[CaseState]) -> list[Matter]:
    """What was answered and waits for the person to end it or to ask again."""
    parts = [one for problem in problems for one in written_about(looking, problem) if one.state == "answered"]
    matters = [looking.matter(one, _answer(looking, one), *ENDING) for one in parts]
    return [one for one in matters if one.buttons]


def _asked(looking: Looking) -> list[int]:
    """The dossiers with a letter that waits, where the person is an officer or heads a department that bears it."""
    ours = looking.tx.many(looking.departments(*ROLES))
    return [row[0] for row in looking.tx.run(GET_ASKED, {"person_id": looking.person_id, "ours": ours})]


def _demand(looking: Looking, case: CaseState) -> list[str]:
    fields = looking.view.fields(case)
    return [
        looking.words.say(f"home.{name}", text=fields[name]) for name in ("demand", "grounds") if fields.get(name)
    ]


def _answer(looking: Looking, case: CaseState) -> list[str]:
    return [looking.words.say("home.answer", text=looking.view.fields(case)["answer"])]
