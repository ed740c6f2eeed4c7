"""The sentences of a home: why something was sent back, which reminder brought it here, who asks for more time."""

from collections.abc import Collection
from typing import Any

from desk.homes.looking import ROOT_ENTRIES, Looking
from engine.canonical import loads
from engine.cases import CaseState
from engine.chain import Entry
from engine.commands import ALERT
from workflows.rectification.facts import measures
from workflows.rectification.wording import step_text


def returned(looking: Looking, case: CaseState) -> str:
    """Why a measure is open again, in one sentence; empty where nobody sent it back since it was last submitted."""
    last = next((one for one in reversed(looking.past(case)) if one.action != ALERT), None)
    if case.state != "open" or last is None or last.action not in ("return", "reopen"):
        return ""
    entry = last if last.action == "return" else _sent_back(looking, case, last)
    reason = loads(entry.changes)["said"].get("reason") if entry else None
    return looking.words.say("home.returned", day=looking.day_of(last), reason=reason or "—")


def _sent_back(looking: Looking, case: CaseState, reopened: Entry) -> Entry | None:
    """What was done to the problem that reopened its measure: the last such step before it."""
    of_problem = looking.past(looking.view.root(case))
    before = [one for one in of_problem if one.action in ROOT_ENTRIES and one.seq < reopened.seq]
    return before[-1] if before else None


def last_reminder(looking: Looking, case: CaseState, roles: Collection[str]) -> str:
    """The last step of a ladder that spoke to one of these roles, in one sentence; empty where none did."""
    for entry in reversed(looking.past(case)):
        if entry.action == ALERT:
            mine = [row for row in loads(entry.changes)["said"]["due"] if row[2] in roles]
            if mine:
                return _reminder(looking, entry, mine[-1])
    return ""


def _reminder(looking: Looking, entry: Entry, due: list[Any]) -> str:
    key, nth, role, _on = due
    label = step_text(looking.view, looking.words, key)
    role_label = looking.words.label(looking.view.registry.roles[role].label)
    return looking.words.say("home.reminded", day=looking.day_of(entry), step=label, nth=nth, role=role_label)


def extension_asked(looking: Looking, extension: CaseState) -> str:
    """Until when more time is asked for, for what, and why."""
    fields, above = looking.view.fields(extension), looking.view.lineage(extension)[1]
    text = "" if above.is_root else looking.view.fields(above)["text"].rstrip("。；;.")
    what = looking.words.say("home.of_measure", text=text) if text else ""
    return looking.words.say("home.extension", what=what, until=fields["until"], reason=fields["reason"])


def stage_asked(looking: Looking, problem: CaseState) -> str:
    """Until when a problem is done for this stage, or asks to be, and why."""
    fields = looking.view.fields(problem)
    return looking.words.say("home.stage", until=fields["stage_until"], reason=fields["stage_reason"])


def is_asked_of(looking: Looking, extension: CaseState) -> bool:
    """Whether a request for more time is the person's to answer: who may grant it may refuse it."""
    refused = looking.refusal(extension, "refuse")
    return refused is None or refused.word != "not_yours"


def requests_of(looking: Looking, problem: CaseState, *states: str) -> list[CaseState]:
    """The requests for more time of a problem and its measures that wait for an answer, or are in these states."""
    wanted = states or ("requested",)
    places = (problem, *measures(looking.view, problem))
    return [one for place in places for one in looking.view.children(place, "extension") if one.state in wanted]
