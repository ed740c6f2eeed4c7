"""What an action does in this family: pure, from a context to the values to set, the follow-ups and the story."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from engine.asks import fills_fields
from engine.cases import CaseState
from engine.commands import Bearer, Draw, FollowUp, Result
from engine.context import Context
from engine.kinds import Operation
from engine.sign_off import OPERATIONS as SIGN_OFF_OPERATIONS
from engine.sign_off import own_step, signatures_with, signs_for, voided
from engine.term_steps import OPERATIONS as TERM_OPERATIONS
from engine.term_steps import given, settled
from engine.terms import lasting_pause
from workflows.letters import lapsing, pausing, resuming
from workflows.rectification import delegations, extensions, facts, ladder, letters, periods, ways_out
from workflows.rectification.guards import LIVES
from workflows.rectification.reviews import concluded_with


def note_document(context: Context) -> Result:
    params = context.params
    one = {"on": context.today} | {name: params[name] for name in ("sha256", "file_name", "problems")}
    if params["against"]:
        one["against"] = params["against"]
    corrections = {"corrections": params["corrections"]} if params["corrections"] else {}
    return Result({"documents": [*(context.fields["documents"] or []), one]}, said=one | corrections)


def decide_plan(context: Context) -> Result:
    return Result({"plan_decided_on": context.params["decided_on"]}, said=context.params)


def issue_plan(context: Context) -> Result:
    values = {"plan_issued_on": context.today, "plan_number": context.params["plan_number"]}
    return Result(values, said=context.params)


def open_problem(context: Context) -> Result:
    values = {
        # A document may leave a problem without a number; none is invented for it.
        "number": context.params["number"] or "",
        "key_problem": bool(context.params["key_problem"]),
        "publicity": "public",
        "recognition": "not_reported",
        "submission": 1,
    }
    return Result(values)


def open_measure(context: Context) -> Result:
    """A supporting department's part has that one as its lead: its head judges the result."""
    params, today = context.params, context.today
    bearers = [Bearer("officer", params["officer"], None, today)]
    if params["department"] is not None:
        bearers.append(Bearer("lead_department", None, params["department"], today))
    return Result({**_first_deadline(context), "bearers": tuple(bearers)})


def _first_deadline(context: Context) -> dict[str, Any]:
    """The term that was given, and its date as the one that stays visible for good."""
    values = given(context, periods.term_given(context))
    return {**values, "original_due_on": values["due_on"]}


def catalogue_evidence(context: Context) -> Result:
    """The catalogue number: problem, measure, and the place within it, as in 3-1-2."""
    view, parent = context.view, context.view.lineage(context.case)[1]
    place = len(view.children(parent, "evidence"))
    values = {"arrived_on": context.today, "catalogue_no": f"{_place(context, parent)}-{place}"}
    return Result(values)


def _place(context: Context, parent: CaseState) -> str:
    problem = context.root
    number = context.view.fields(problem)["number"]
    if parent.is_root:
        return f"{number}-0"
    siblings = [one.id for one in context.view.children(problem, "measure")]
    return f"{number}-{siblings.index(parent.id) + 1}"


def assign(context: Context) -> Result:
    params = context.params
    wanted = [
        ("lead_official", [params["lead_official"]], []),
        ("lead_department", [], [params["lead_department"]]),
        ("supporting_department", [], params["supporting_departments"] or []),
        ("officer", params["officers"], []),
    ]
    bearers = context.view.bearers(context.case)
    for role, people, departments in wanted:
        bearers = _replaced(bearers, role, people, departments, context.today)
    values = {**_first_deadline(context), "bearers": bearers}
    if params["key_problem"] is not None:
        values["key_problem"] = params["key_problem"]
    return Result(values, said=params)


def _replaced(
    bearers: Sequence[Bearer], role: str, people: list[int], departments: list[int], today: str
) -> tuple[Bearer, ...]:
    """The bearers with a role given to exactly these from today on; who had it keeps it until yesterday."""
    wanted = [(one, None) for one in people] + [(None, one) for one in departments]
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    kept, standing = [], set()
    for one in delegations.withdrawn(bearers, role, people, today):
        who = (one.person_id, one.department_id)
        open_now = one.role == role and one.to_on is None
        kept.append(one._replace(to_on=yesterday) if open_now and who not in wanted else one)
        if open_now:
            standing.add(who)
    given = [(person, department) for person, department in wanted if (person, department) not in standing]
    return (*kept, *(Bearer(role, person, department, today) for person, department in given))


def hand_over(context: Context) -> Result:
    """Who hands over does so alone: the others of the role keep their part."""
    params = context.params
    others = [one for one in facts.bearing(context, params["role"]) if params["who"] not in (None, one)]
    people = list(dict.fromkeys([*others, params["to"]]))
    bearers = _replaced(context.view.bearers(context.case), params["role"], people, [], context.today)
    return Result({"bearers": bearers}, said=params)


def change_department(context: Context) -> Result:
    """Another department leads from today on; where it has supported so far, it does so no longer."""
    to, today = context.params["lead_department"], context.today
    bearers = _replaced(context.view.bearers(context.case), "lead_department", [], [to], today)
    supporting = [one.department_id for one in bearers if one.role == "supporting_department" and one.to_on is None]
    others = [one for one in supporting if one is not None and one != to]
    bearers = _replaced(bearers, "supporting_department", [], others, today)
    return Result({"bearers": bearers}, said=context.params)


def hand_over_measure(context: Context) -> Result:
    bearers = _replaced(context.view.bearers(context.case), "officer", [context.params["to"]], [], context.today)
    return Result({"bearers": bearers}, said=context.params)


def appoint_signer(context: Context) -> Result:
    people = [context.params["person"]]
    bearers = _replaced(context.view.bearers(context.case), "appointed_signer", people, [], context.today)
    return Result({"bearers": bearers}, said=context.params)


@fills_fields()
def set_fields(context: Context) -> Result:
    """Each parameter goes into the field of its name."""
    return Result({name: value for name, value in context.params.items() if value is not None})


@fills_fields("reason")
def correct(context: Context) -> Result:
    """Another wording of the same problem; the reason stands in the history."""
    texts = {name: value for name, value in context.params.items() if value is not None and name != "reason"}
    return Result(texts, said=context.params)


def report_progress(context: Context) -> Result:
    return Result({"progress": context.params["text"], "progress_on": context.today})


def report_no_change(context: Context) -> Result:
    return Result({"progress_on": context.today})


def accept(context: Context) -> Result:
    return Result({"accepted_on": context.today}, extensions.lapses(context.view, context.case))


def drop(context: Context) -> Result:
    return Result(follow_ups=extensions.lapses(context.view, context.case), said=context.params)


def reopen(context: Context) -> Result:
    return Result({"accepted_on": None, **_new_deadline(context)})


def _new_deadline(context: Context) -> dict[str, Any]:
    """A new date where one was given: work that comes back would otherwise be long overdue at once."""
    due_on = context.params["due_on"]
    return {} if due_on is None else facts.new_deadline(context, due_on)


def waive_regulation(context: Context) -> Result:
    return Result({"no_regulation_reason": context.params["reason"]}, said=context.params)


def accept_results(context: Context) -> Result:
    waiting = facts.to_accept(context)
    return Result(follow_ups=tuple(FollowUp(one.id, "accept") for one in waiting), said={"measures": len(waiting)})


def pause_problem(context: Context) -> Result:
    """Its open measures and letters wait with it: nobody is reminded of work that cannot go on."""
    view, problem, params = context.view, context.case, context.params
    waiting = [one for one in facts.measures(view, problem) if one.live and not lasting_pause(one)]
    measures = tuple(FollowUp(one.id, "pause_with_problem", params) for one in waiting)
    return TERM_OPERATIONS["pause"](context)._replace(
        follow_ups=(*measures, *pausing(letters.letters_and_instructions(view, problem), params))
    )


def resume_problem(context: Context) -> Result:
    """What was paused with it goes on with it; a measure that waits for something of its own still does."""
    paused = [(one, lasting_pause(one)) for one in facts.measures(context.view, context.case)]
    measures = tuple(
        FollowUp(one.id, "resume_with_problem") for one, pause in paused if pause and pause.with_parent
    )
    result = TERM_OPERATIONS["resume"](context)
    return result._replace(
        follow_ups=(*measures, *resuming(letters.letters_and_instructions(context.view, context.case)))
    )


def recompute_with_original(context: Context) -> Result:
    return _with_original(context, TERM_OPERATIONS["recompute"](context))


def change_period(context: Context) -> Result:
    """The same pauses and extensions under another period."""
    return _with_original(context, Result(settled(context, periods.changed_term(context)), said=context.params))


def _with_original(context: Context, result: Result) -> Result:
    """A date that nothing has moved yet is the original one, and stays so when it is computed anew."""
    if context.fields["original_due_on"] != context.case.due_on:
        return result
    return result._replace(values={**result.values, "original_due_on": result.values["due_on"]})


def close_out(context: Context) -> Result:
    """Closed with its number; a problem that has its number from before keeps it and draws no second one."""
    step = own_step(context)
    year = int(context.today[:4])
    values: dict[str, Any] = {"closed_on": context.today}
    if step is not None:
        values["signatures"] = signatures_with(context, step)
    if context.fields["close_out_number"] is None:
        values |= {"close_out_number": Draw("close_out", year), "close_out_year": year}
    behalf = signs_for(context, step) if step else None
    view, problem = context.view, context.case
    ended = (*extensions.lapses(view, problem), *lapsing(view, letters.letters_and_instructions(view, problem)))
    return Result(values, ended, behalf=behalf)


def return_to_work(context: Context) -> Result:
    return _back_to_work(context, {})


def not_recognize(context: Context) -> Result:
    return _back_to_work(context, {"recognition": "not_recognized", "closed_on": None})


def _back_to_work(context: Context, values: dict[str, Any]) -> Result:
    """In the same round: the named measures, or all, are redone; what was signed no longer stands."""
    view, problem = context.view, context.case
    accepted = [one.id for one in facts.measures(view, problem) if one.state == "accepted"]
    chosen = context.params["measures"]
    redo = [one for one in accepted if chosen is None or one in chosen]
    view.signatures(problem)
    due_on = context.params["due_on"]
    values = {
        **values,
        **_new_deadline(context),
        "submission": context.fields["submission"] + 1,
        "signatures": voided(view, problem, context.now),
    }
    return Result(
        values,
        follow_ups=tuple(FollowUp(one, "reopen", {"due_on": due_on}) for one in redo),
        said={"reason": context.params["reason"], "redone": len(redo), "due_on": due_on},
    )


def report_to_district(_context: Context) -> Result:
    return Result({"recognition": "reported"})


def recognize(_context: Context) -> Result:
    return Result({"recognition": "recognized"})


def pass_look_back(context: Context) -> Result:
    return Result({"verdict": "in_place"}, concluded_with(context, "in_place"), context.params)


def open_round(context: Context) -> Result:
    """A new round starts with nothing done; what the old one came to stays in its history entries."""
    verdict = context.params.get("verdict") or "relapse"
    values = {
        "verdict": verdict,
        "submission": 1,
        "result": None,
        "close_out_number": None,
        "close_out_year": None,
        "closed_on": None,
        "recognition": "not_reported",
        "due_on": None,
        "original_due_on": None,
        "term": None,
    }
    return Result(values, concluded_with(context, verdict), context.params)


def _say(track: str) -> Operation:
    def operation(context: Context) -> Result:
        """What moved the problem: how far the track is, or that it has no measures at all."""
        all_of = facts.of_track(context.view, context.case, track)
        left = facts.unfinished(context.view, context.case, track)
        reason = "no_measures_on_track" if not all_of else "unfinished" if left else "all_accepted"
        return Result(said={"track": track, "measures": len(all_of), "left": len(left), "reason": reason})

    return operation


OPERATIONS: dict[str, Operation] = {
    **SIGN_OFF_OPERATIONS,
    **ways_out.OPERATIONS,
    **TERM_OPERATIONS,
    **extensions.OPERATIONS,
    **ladder.OPERATIONS,
    **letters.OPERATIONS,
    **{
        operation.__name__: operation
        for operation in (
            accept, accept_results, assign, catalogue_evidence, change_department, change_period, close_out,
            correct, decide_plan,
            drop, hand_over, hand_over_measure, issue_plan, not_recognize, note_document, open_measure,
            open_problem, open_round, pass_look_back, pause_problem, recognize, recompute_with_original,
            reopen, report_no_change,
            report_progress, report_to_district, resume_problem, return_to_work, set_fields, waive_regulation,
        )
    },
    **{f"say_{track}": _say(track) for track in facts.TRACKS},
    **{name: operation for part in LIVES for name, operation in part.OPERATIONS.items()},
    appoint_signer.__name__: appoint_signer,
}  # fmt: skip
