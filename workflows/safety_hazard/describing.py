"""Says what a waiting message about a hazard is about, from the facts as they are when it is packed."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.cases import CaseState
from engine.kinds import LineRef
from engine.term_steps import speaks_of_now
from engine.terms import lasting_pause
from engine.view import View
from workflows.letters import letter_name
from workflows.safety_hazard.operations import GENERAL, LETTER, MAJOR

REMINDER, PAUSED = "hazard_reminder", "hazard_paused"
# As words.toml says them on the pages.
GRADES: Mapping[str, str] = {GENERAL: "一般隐患", MAJOR: "重大隐患"}


def describe(view: View, lines: Sequence[LineRef]) -> Mapping[str, Mapping[str, Any] | None]:
    """Line facts by key; None where the matter has moved on and the message would only confuse."""
    return {key: _facts(view, view.case(case_id), template, params) for key, case_id, template, params in lines}


def _facts(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> dict[str, Any] | None:
    if not _still_true(view, case, template, params):
        return None
    fields, pause = view.fields(view.root(case)), lasting_pause(case)
    title, grade = fields["title"].rstrip("。；;."), GRADES[fields["grade"]]
    return {
        "number": "",
        "matter": f"{grade}“{title}”",
        "title": title,
        "grade": grade,
        "major": fields["grade"] == MAJOR,
        "place": fields["place"],
        "due_on": None if pause and template == REMINDER else case.due_on,
        "paused_on": pause.start.isoformat() if pause else None,
        "waiting_for": pause.waiting_for if pause else None,
        "submitted": case.state == "accepting",
        **_letter_facts(view, case, params),
        "finding": (fields["finding"] or "").rstrip("。；;."),
        "rule_label": params["label"]["zh"],
        "role": params["role"],
        "role_label": view.registry.roles[params["role"]].label["zh"],
        "path": f"/cases/{case.id}",
    }


def _letter_facts(view: View, case: CaseState, params: Mapping[str, Any]) -> dict[str, Any]:
    """The letter a message is about, empty for others, and the final date."""
    if case.kind != LETTER:
        return {"letter": "", "final_on": params.get("final_on")}
    fields = view.fields(case)
    return {"letter": letter_name(fields), "final_on": fields["final_on"]}


def _still_true(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> bool:
    if template == REMINDER:
        return speaks_of_now(case, params)
    if template == PAUSED:
        return lasting_pause(case) is not None
    return any(case.state in rule.states for rule in view.registry.rules_of(template))
