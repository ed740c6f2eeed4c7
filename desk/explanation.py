"""Tells the answer to "why was (not) something sent" in sentences, for the terminal and the page alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from desk.desk import Desk
from desk.heard import matter_name, rule_sentence
from desk.why import Answer, Finding, Question, sentence
from engine.chain import Entry
from engine.database import Tx
from engine.history import entries_of
from engine.past import view_then


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in a sentence, and the rule, step and role behind it where there is one."""

    sentence: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to say about one matter."""

    matter: str
    reasons: tuple[Reason, ...]


def explain_answer(desk: Desk, tx: Tx, question: Question, answer: Answer) -> Iterator[Told]:
    """The findings by matter, in the order in which they were found."""
    view, chain = desk.runtime.view(tx), entries_of(tx, question.problem_id)
    for case_id, of_case in groupby(answer.findings, key=lambda one: one.case_id):
        matter = matter_name(desk.words, view, view.case(case_id))
        yield Told(matter, tuple(_reason(desk, tx, chain, one) for one in of_case))


def _reason(desk: Desk, tx: Tx, chain: list[Entry], finding: Finding) -> Reason:
    rule = None
    if finding.heard is not None:
        then = view_then(desk.runtime, tx, chain, finding.heard.at)
        rule = rule_sentence(desk.words, then, finding.heard)
    return Reason(sentence(desk.words, finding), rule)
