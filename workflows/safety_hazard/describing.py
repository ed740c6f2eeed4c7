"""Says what a waiting message about a hazard is about, from the facts as they are when it is packed."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.cases import CaseState
from engine.kinds import LineRef
from engine.view import View

REMINDER = "hazard_reminder"


def describe(view: View, lines: Sequence[LineRef]) -> Mapping[str, Mapping[str, Any] | None]:
    """Line facts by key; None where the matter has moved on and the message would only confuse."""
    return {key: _facts(view, view.case(case_id), template, params) for key, case_id, template, params in lines}


def _facts(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> dict[str, Any] | None:
    if not _still_true(view, case, template, params):
        return None
    fields = view.fields(case)
    return {
        "title": fields["title"],
        "place": fields["place"],
        "due_on": case.due_on,
        "submitted": case.state == "accepting",
        "finding": fields["finding"],
        "rule_label": params["label"]["zh"],
        "role": params["role"],
        "role_label": view.registry.roles[params["role"]].label["zh"],
        "path": f"/cases/{case.id}",
    }


def _still_true(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> bool:
    if template == REMINDER:
        return bool(case.live) and case.due_on == params["due_on"]
    return any(case.state in rule.states for rule in view.registry.rules_of(template))
