"""A department head's question: what must I accept and sign, and which deadlines are ours."""

from desk.homes.looking import GET_IN_WORK, Looking
from desk.homes.matter import Matter, Section, by_deadline, in_time, section
from engine.cases import CaseState
from workflows.rectification.facts import measures

ROLES = ("department_head", "deputy_department_head")


def department_sections(looking: Looking) -> list[Section]:
    """What the departments that the person heads owe; empty when they head none."""
    ours = set(looking.departments(*ROLES))
    problems = looking.problems(looking.found(GET_IN_WORK, *ROLES)) if ours else []
    led = [one for one in problems if ours & _departments(looking, one, "lead_department")]
    rest = [one for one in problems if one not in led]
    helped = [one for one in rest if ours & _departments(looking, one, "supporting_department")]
    parts = [looking.matter(one) for problem in helped for one in _parts(looking, problem, ours)]
    problems_of_ours = [_deadline(looking, one) for one in led if not _to_sign(looking, one)]
    in_trouble = [one for one in problems_of_ours if one.notes and not one.is_late]
    others = [one for one in problems_of_ours if one.is_late or not one.notes]
    late, soon, later = in_time([*others, *parts])
    return [
        section(
            "to_accept",
            by_deadline([one for problem in [*led, *helped] for one in _to_accept(looking, problem, ours)]),
        ),
        section("to_sign", by_deadline([one for problem in led for one in _to_sign(looking, problem)])),
        section("our_overdue", [*late, *by_deadline(in_trouble)]),
        section("our_soon", soon),
        section("our_later", later),
        section("supporting", by_deadline([looking.matter(one) for one in helped])),
    ]


def _departments(looking: Looking, problem: CaseState, role: str) -> set[int | None]:
    return {
        one.department_id for one in looking.view.bearers(problem) if one.role == role and one.holds_on(looking.day)
    }


def _parts(looking: Looking, problem: CaseState, ours: set[int]) -> list[CaseState]:
    """The measures of another department's problem that are ours to do."""
    unfinished = [one for one in measures(looking.view, problem) if one.state == "open"]
    return [one for one in unfinished if ours & _departments(looking, one, "lead_department")]


def _is_ours(looking: Looking, measure: CaseState, problem: CaseState, ours: set[int]) -> bool:
    own = _departments(looking, measure, "lead_department")
    return bool(ours & (own or _departments(looking, problem, "lead_department")))


def _to_accept(looking: Looking, problem: CaseState, ours: set[int]) -> list[Matter]:
    """The results that were submitted to us; with more than one of a problem the whole problem in one press."""
    waiting = [one for one in measures(looking.view, problem) if one.state == "submitted"]
    submitted = [one for one in waiting if _is_ours(looking, one, problem, ours)]
    if len(submitted) > 1 and looking.refusal(problem, "accept_results") is None:
        results = [looking.view.fields(one)["result"] or "" for one in submitted]
        notes = [looking.words.say("home.result", result=result) for result in results]
        return [looking.matter(problem, notes, "accept_results")]
    return [looking.matter(one, _result(looking, one), "accept", "return") for one in submitted]


def _result(looking: Looking, measure: CaseState) -> list[str]:
    result = looking.view.fields(measure)["result"]
    return [looking.words.say("home.result", result=result)] if result else []


def _to_sign(looking: Looking, problem: CaseState) -> list[Matter]:
    if problem.state != "close_out" or looking.refusal(problem, "sign") is not None:
        return []
    return [looking.matter(problem, (), "sign", "return_to_work")]


def _deadline(looking: Looking, problem: CaseState) -> Matter:
    """A problem of ours, naming the measures that are late."""
    unfinished = [looking.matter(one) for one in measures(looking.view, problem) if one.state == "open"]
    late = [one for one in by_deadline(unfinished) if one.is_late]
    notes = [_late_measure(looking, one) for one in late]
    return looking.matter(problem, notes)


def _late_measure(looking: Looking, measure: Matter) -> str:
    return looking.words.say("home.late_measure", text=measure.text.rstrip("。；;."), n=-(measure.left or 0))
