"""Says what a waiting message is about, from the facts as they are when it is packed."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.cases import CaseState
from engine.kinds import NEXT_SIGNER, REMINDER, LineRef
from engine.organizations import department_names, names
from engine.term_steps import speaks_of_now
from engine.terms import lasting_pause
from engine.view import View
from workflows.letters import letter_name
from workflows.rectification import delegations, facts, letters
from workflows.rectification.commitments import sheet_of
from workflows.rectification.extensions import ends_beyond
from workflows.rectification.wording import close_out_text, cycle_text, matter_text, number_text

EXTENSION, PAUSED, DELEGATED, TAKEN_ON = "extension", "paused", "delegated", "taken_on"
SHEET_WANTED = "sheet_wanted"
ANSWER_TO = {
    letters.LETTER: "{title}，{letter}的办理回复",
    letters.INSTRUCTION: "{title}，批示“{instruction}”的办理回复",
}
# What the one reminder of all kinds looks at, where a kind has nothing to say to it.
NOTHING: Mapping[str, Any] = {
    "waiting": False,
    "staged": False,
    "measure": "",
    "letter": "",
    "instruction": "",
    "final_on": None,
    "paused_on": None,
}
SIGNER_LABEL = {"zh": "签字人", "en": "signer"}


def describe(view: View, lines: Sequence[LineRef]) -> Mapping[str, Mapping[str, Any] | None]:
    """Line facts by key; None where the matter has moved on and the message would only confuse."""
    return {key: _facts(view, view.case(case_id), template, params) for key, case_id, template, params in lines}


def _facts(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> dict[str, Any] | None:
    if not _still_true(view, case, template, params):
        return None
    said = {
        # To sign comes to others than the signers only where all of those must step aside.
        "nobody_can_sign": params["role"] != NEXT_SIGNER,
        "rule_label": params["label"]["zh"],
        "role": params["role"],
        "role_label": _role_label(view, params["role"]),
    }
    if template == DELEGATED:
        said |= _of_delegation(view, case)
    if template == TAKEN_ON:
        said["taken_on_from"] = _taken_on_from(view, case, params["role"])
    if view.root(case).kind == "problem":
        return _of_problem(view, case, template, params) | said
    return {**NOTHING, **_of_another(view, case), **said}


def _of_problem(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """A problem or a part of it; a request for more time speaks of what it asks for."""
    matter = view.lineage(case)[1] if case.kind == EXTENSION else case
    problem, fields = view.root(case), view.fields(matter)
    of_problem = view.fields(problem)
    about_measure = matter.kind == "measure"
    waiting = matter.is_root and facts.is_waiting(problem, view)
    pause = lasting_pause(matter)
    return {
        "number": number_text(of_problem),
        "title": of_problem["title"],
        "measure": _within_a_sentence(fields["text"]) if about_measure else "",
        "matter": _matter(view, matter),
        **_letter_facts(view, case, params),
        # Work done in time is not called overdue while it waits for its signatures, nor is what is paused.
        "due_on": None if waiting or (pause and template == REMINDER) else matter.due_on,
        "waiting": waiting,
        "staged": problem.state == "staged",
        "stage_until": of_problem["stage_until"],
        "merged_into": _number_of(view, of_problem["merged_into"]),
        "extension_to": view.fields(case).get("until"),
        "beyond": ends_beyond(view, problem, view.fields(case).get("until")),
        "waiting_for": pause.waiting_for if pause else None,
        "paused_on": pause.start.isoformat() if pause else None,
        "close_out": close_out_text(of_problem),
        "round": problem.round,
        "path": _path(view, case),
    }


def _of_delegation(view: View, case: CaseState) -> dict[str, Any]:
    """The colleague and the last day (ISO) of the newest delegation."""
    newest = delegations.newest(view, case)
    if newest is None or newest.person_id is None:
        raise LookupError(f"case {case.id} was never delegated")
    return {"delegate": names(view.tx, [newest.person_id])[newest.person_id], "delegated_until": newest.to_on}


def _taken_on_from(view: View, case: CaseState, role: str) -> str | None:
    """The day (ISO) from which somebody follows in a role; None while nobody does."""
    lasting = [one.from_on for one in view.bearers(case) if one.role == role and one.to_on is None]
    return max(lasting, default=None)


def _of_another(view: View, case: CaseState) -> dict[str, Any]:
    """A milestone, a commitment, a regulation or a lead: its kind and what it is called stand for the number."""
    fields = view.fields(case)
    matter = matter_text(view.definition(case), fields)
    found = {"number": "", "title": matter, "matter": matter, "due_on": case.due_on, "path": f"/cases/{case.id}"}
    found |= NOTHING
    if case.kind == "commitment":
        found |= _of_commitment(view, case)
    return found


def _of_commitment(view: View, case: CaseState) -> dict[str, Any]:
    """Its problem's number, the period that is told of, and the units that missed it, in the office's order."""
    fields = view.fields(case)
    nothing: Mapping[str, Any] = {"units": [], "period": "", "sheet": True}
    missed = fields["missed"][-1] if fields["missed"] else nothing
    names = department_names(view.tx, missed["units"])
    text = _within_a_sentence(fields["text"])
    return {
        "number": _number_of(view, fields["problem_id"]),
        "title": text,
        "matter": text,
        "period": cycle_text(fields["period"]),
        "missed_period": cycle_text(missed["period"]),
        "units": "、".join(names[one] for one in fields["units"] if one in names),
        "sheet": missed["sheet"],
        "times": fields["times"],
    }


def _number_of(view: View, problem_id: int | None) -> str:
    return number_text(view.fields(view.case(problem_id))) if problem_id else ""


def _path(view: View, case: CaseState) -> str:
    """Where what is asked for can be done."""
    if case.kind in letters.KINDS:
        letter = case if case.kind == letters.LETTER else view.lineage(case)[1]
        return f"/letters/{letter.id}"
    return f"/problems/{case.root_id}"


def _matter(view: View, case: CaseState) -> str:
    """What a reminder is about: the problem, one of its measures, or an answer that is owed."""
    title = _within_a_sentence(view.fields(view.root(case))["title"])
    if case.kind in letters.KINDS:
        return ANSWER_TO[case.kind].format(title=title, **_letter_facts(view, case, {}))
    return _within_a_sentence(view.fields(case)["text"]) if case.kind == "measure" else title


def _letter_facts(view: View, case: CaseState, params: Mapping[str, Any]) -> dict[str, Any]:
    """The letter a message is about and the instruction written on it, empty for others; and the final date."""
    if case.kind not in letters.KINDS:
        return {"letter": "", "instruction": "", "final_on": params.get("final_on")}
    fields = view.fields(case)
    letter = fields if case.kind == letters.LETTER else view.fields(view.lineage(case)[1])
    instruction = fields["text"] if case.kind == letters.INSTRUCTION else ""
    return {
        "letter": letter_name(letter),
        "instruction": _within_a_sentence(instruction),
        "final_on": letter["final_on"],
    }


def _within_a_sentence(text: str) -> str:
    """A measure ends with a full stop in its list; in the middle of a message it must not."""
    return text.rstrip("。；;.")


def _role_label(view: View, role: str) -> str:
    return SIGNER_LABEL["zh"] if role == NEXT_SIGNER else view.registry.roles[role].label["zh"]


def _still_true(view: View, case: CaseState, template: str, params: Mapping[str, Any]) -> bool:
    if template == REMINDER:
        return speaks_of_now(case, params)
    if template == PAUSED:
        return lasting_pause(case) is not None
    if template == TAKEN_ON:
        return bool(case.live)
    if template == SHEET_WANTED:
        return sheet_of(view.fields(case), view.fields(case)["period"]) is None
    rules = [rule for rule in view.registry.rules_of(template) if rule.on.startswith(f"{case.kind}.")]
    return any(not rule.states or case.state in rule.states for rule in rules)
