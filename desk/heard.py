"""Finds the rule behind a message, from its line's key and the history entry it names."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.canonical import loads
from engine.cases import CaseState
from engine.chain import Entry
from engine.commands import ALERT
from engine.editions import LADDER, definition
from engine.history import entries_of
from engine.kinds import FOLLOWER, NEXT_SIGNER
from engine.ladders import Ladder, Step
from engine.permissions import hearers
from engine.view import View
from engine.words import Words
from engine.working_days import local_day
from workflows.letters import letter_name
from workflows.rectification.letters import INSTRUCTION
from workflows.rectification.wording import matter_text

# In a rule's `to`: those whom it names by what happens, not by a role that they hold.
SPOKEN_TO = (NEXT_SIGNER, FOLLOWER)


@dataclass(frozen=True, slots=True)
class Heard:
    """The rule behind a message: a ladder's step (`ladder.step`, its nth time, the day it fell due) or an event's
    rule. `label` is in both languages, `role` the person's, `at` the instant of the history entry."""

    case_id: int
    at: int
    action: str
    step: str | None
    nth: int
    label: Mapping[str, str]
    role: str
    on: str | None = None


def rule_sentence(words: Words, view: View, heard: Heard) -> str:
    """The rule, the step and the role behind a finding, in one sentence."""
    role = role_label(words, view, heard.role)
    if heard.step is None:
        return words.say("why.by_event", rule=words.label(heard.label), role=role)
    name = heard.step.partition(".")[0]
    ladder = view.editions.ladders(view.tx, name)[0]
    blanks = {"ladder": words.label(ladder.label), "step": words.label(heard.label), "role": role}
    return words.say("why.by_step", number=edition_number(view, LADDER, name), on=heard.on, nth=heard.nth, **blanks)


def role_label(words: Words, view: View, role: str) -> str:
    return words.say("why.signer") if role == NEXT_SIGNER else words.label(view.registry.roles[role].label)


def edition_number(view: View, kind: str, name: str) -> int:
    """The number of the edition that is in force for the view."""
    edition_id = view.editions.in_force(view.tx)[kind, name]
    query = select(definition.c.number).where(definition.c.id == edition_id)
    return int(view.tx.connection.execute(query).scalar_one())


def heard_in(view: View, key: str, entry: Entry | None = None) -> Heard:
    """The rule behind a line, by the line's key; `entry` is its history entry where that is at hand."""
    root_id, seq, person_id, template = key.split(":", 3)
    entry = entry or next(one for one in entries_of(view.tx, int(root_id)) if one.seq == int(seq))
    case = view.case(entry.case_id)
    day = local_day(entry.at, view.body(case.organization_id).settings.zone).isoformat()
    if entry.action == ALERT:
        return _heard_step(view, case, entry, int(person_id), day)
    return _heard_event(view, case, entry, int(person_id), template, day)


def _heard_step(view: View, case: CaseState, entry: Entry, person_id: int, day: str) -> Heard:
    """As it was told: of the steps that concern the person in any role, the highest."""
    due = loads(entry.changes)["said"]["due"]
    mine = [row for row in due if hears(view, case, row[2], person_id, day)] or due
    key, nth, role, on = max(mine, key=lambda row: step_of(view, case, row[0]).level)
    return Heard(case.id, entry.at, entry.action, key, nth, step_of(view, case, key).label, role, on)


def _heard_event(view: View, case: CaseState, entry: Entry, person_id: int, template: str, day: str) -> Heard:
    rules = [one for one in view.registry.told(case.kind, entry.action) if one.template == template]
    pairs = [(one, role) for one in rules for role in one.to]
    mine = (pair for pair in pairs if pair[1] in SPOKEN_TO or hears(view, case, pair[1], person_id, day))
    rule, role = next(mine, pairs[0])
    if role == FOLLOWER:
        followed = loads(entry.changes)["said"]["followers"]
        role = next((name for name, follower in followed if follower == person_id), followed[0][0])
    return Heard(case.id, entry.at, entry.action, None, 1, rule.label, role)


def hears(view: View, case: CaseState, role: str, person_id: int, day: str) -> bool:
    return any(one.person_id == person_id for one in hearers(view, case, role, day))


def step_of(view: View, case: CaseState, key: str) -> Step:
    """A step by its key, as it speaks in the case's round."""
    name, _, step = key.partition(".")
    ladder: Ladder = view.editions.ladders(view.tx, name)[0]
    return next(one for _, one in ladder.steps_in(case.round) if one.name == step)


def matter_name(words: Words, view: View, case: CaseState) -> str:
    """A case as people speak of it: （3）台账不实, or one of its measures with the problem's number."""
    root = view.root(case)
    problem = view.fields(root)
    if case.is_root and case.kind != "problem":
        return matter_text(view.definition(root), problem)
    number = problem.get("number") or words.say("why.no_number")
    if case.is_root:
        return words.say("why.problem", number=number, title=problem.get("title", ""))
    if case.kind in view.registry.letters:
        letter = letter_name(view.fields(case))
        return words.say("why.problem", number=number, title=letter) if "number" in problem else letter
    text = _own_text(view, case).rstrip("。；;.")
    if case.kind == INSTRUCTION:
        return words.say("why.instruction", number=number, text=text)
    return words.say("why.part", number=number, text=text)


def short_name(words: Words, view: View, case: CaseState, most: int) -> str:
    """The same in at most so many characters of text, for a list of many."""
    text = _own_text(view, case)
    number = view.fields(view.root(case)).get("number") or words.say("why.no_number")
    title = text if len(text) <= most else f"{text[: most - 1]}…"
    return words.say("why.problem", number=number, title=title.rstrip("。；;."))


def _own_text(view: View, case: CaseState) -> str:
    """What a case says of itself; a letter has its number, what says nothing (an extension) is about its parent."""
    fields = view.fields(case)
    if case.kind in view.registry.letters:
        return letter_name(fields)
    if own := fields.get("title") or fields.get("text"):
        return str(own)
    own_name = case.is_root or "name" in fields
    return matter_text(view.definition(case), fields) if own_name else _own_text(view, view.lineage(case)[1])
