"""A coordinator's question: what must be arranged, whom does the rest wait for, what is ready for the meeting."""

from desk.homes.letters import answered
from desk.homes.looking import GET_TO_ARRANGE, Looking
from desk.homes.matter import Matter, Section, section
from desk.homes.said import extension_asked, is_asked_of, requests_of
from engine.cases import CaseState
from engine.definitions import SignStep
from engine.sign_off import eligible, next_step


def coordinator_sections(looking: Looking) -> list[Section]:
    """What waits for the coordinators of the person's organisations; empty for who is none."""
    if not looking.places("coordinator"):
        return []
    problems = looking.problems(looking.found(GET_TO_ARRANGE, "coordinator"))
    drafts = [_draft(looking, one) for one in problems if one.state == "feedback"]
    unassigned = [looking.matter(one, (), "begin", "assign") for one in problems if one.state == "assignment"]
    signing = [one for one in problems if one.state == "close_out"]
    mine = [one for one in signing if looking.refusal(one, "sign") is None]
    others = [one for one in signing if one not in mine]
    return [
        section("to_confirm", drafts),
        section("to_assign", unassigned),
        section("disputed", [_disputed(looking, one) for one in problems if one.state == "disputed"]),
        section("extensions", [matter for one in problems for matter in _extensions(looking, one)]),
        section("letters_answered", answered(looking, problems)),
        section("to_sign", [looking.matter(one, (), "sign", "return_to_work") for one in mine]),
        section("for_meeting", [looking.matter(one) for one in others if _step_left(looking, one) is None]),
        section("awaited", [_awaited(looking, one, step) for one in others if (step := _step_left(looking, one))]),
    ]


def _draft(looking: Looking, problem: CaseState) -> Matter:
    """A problem out of a document; an answer that stood there is only a draft."""
    answer = looking.view.fields(problem)["draft_answer"]
    notes = [looking.words.say("home.draft_answer")] if answer else []
    return looking.matter(problem, notes, "confirm")


def _disputed(looking: Looking, problem: CaseState) -> Matter:
    reason = looking.view.fields(problem)["dispute_reason"]
    notes = [looking.words.say("home.disputed", reason=reason or "—")]
    return looking.matter(problem, notes, "dismiss_dispute", "correct_facts")


def _extensions(looking: Looking, problem: CaseState) -> list[Matter]:
    """Requests that the coordinator may answer, and granted ones that must be reported upward."""
    found = [
        looking.matter(one, [extension_asked(looking, one)], "grant", "report_upward", "refuse")
        for one in requests_of(looking, problem, "requested", "to_report")
        if is_asked_of(looking, one)
    ]
    return [one for one in found if one.buttons]


def _step_left(looking: Looking, problem: CaseState) -> SignStep | None:
    """The signature that is missing before the decision; None where only the meeting is left."""
    step = next_step(looking.view, problem)
    return None if step is None or step == looking.view.sign_steps(problem)[-1] else step


def _awaited(looking: Looking, problem: CaseState, step: SignStep) -> Matter:
    """For whom a close-out waits, by name."""
    able = tuple(sorted(eligible(looking.view, problem, step, looking.day)))
    people = looking.view.active_people(able, looking.day) if able else []
    names = "、".join(one.name for one in people) or looking.words.say("home.nobody")
    note = looking.words.say("home.awaits", step=looking.words.label(step.label), names=names)
    return looking.matter(problem, [note])
