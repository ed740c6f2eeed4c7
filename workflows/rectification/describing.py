"""Says what a waiting message is about, from the facts as they are when it is packed."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.cases import CaseState
from engine.kinds import NEXT_SIGNER, REMINDER, LineRef
from engine.term_steps import lasting_pause
from engine.view import View
from workflows.rectification import facts
from workflows.rectification.wording import close_out_text, number_text

EXTENSION, PAUSED = "extension", "paused"
SIGNER_LABEL = {"zh": "签字人", "en": "signer"}


def describe(view: View, lines: Sequence[LineRef]) -> Mapping[str, Mapping[str, Any] | None]:
    """Line facts by key; None where the matter has moved on and the message would only confuse."""
    return {key: _facts(view, view.case(case_id), template, params) for key, case_id, template, params in lines}


def _facts(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> dict[str, Any] | None:
    if not _still_true(view, case, template, params):
        return None
    matter = view.lineage(case)[1] if case.kind == EXTENSION else case
    problem, fields = view.root(case), view.fields(matter)
    of_problem = view.fields(problem)
    about_measure = matter.kind == "measure"
    waiting = not about_measure and facts.is_waiting(problem, view)
    pause = lasting_pause(matter)
    return {
        "number": number_text(of_problem),
        "title": of_problem["title"],
        "measure": _within_a_sentence(fields["text"]) if about_measure else "",
        "matter": _within_a_sentence(fields["text"] if about_measure else of_problem["title"]),
        # Work done in time is not called overdue while it waits for its signatures.
        "due_on": None if waiting else matter.due_on,
        "waiting": waiting,
        "staged": problem.state == "staged",
        "stage_until": of_problem["stage_until"],
        "merged_into": _number_of(view, of_problem["merged_into"]),
        "extension_to": view.fields(case).get("until"),
        "waiting_for": pause.waiting_for if pause else None,
        "close_out": close_out_text(of_problem),
        "round": problem.round,
        "rule_label": params["label"]["zh"],
        "role_label": _role_label(view, params["role"]),
        "path": f"/problems/{problem.id}",
    }


def _number_of(view: View, problem_id: int | None) -> str:
    return number_text(view.fields(view.case(problem_id))) if problem_id else ""


def _within_a_sentence(text: str) -> str:
    """A measure ends with a full stop in its list; in the middle of a message it must not."""
    return text.rstrip("。；;.")


def _role_label(view: View, role: str) -> str:
    return SIGNER_LABEL["zh"] if role == NEXT_SIGNER else view.registry.roles[role].label["zh"]


def _still_true(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> bool:
    if template == REMINDER:
        return bool(case.live) and case.due_on == params["due_on"] and not lasting_pause(case)
    if template == PAUSED:
        return lasting_pause(case) is not None
    rules = [rule for rule in view.registry.rules_of(template) if rule.on.startswith(f"{case.kind}.")]
    return any(not rule.states or case.state in rule.states for rule in rules)
