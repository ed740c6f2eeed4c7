"""What reaches a lead official and the head: exceptions only, why each came, and which decision is asked."""

from collections.abc import Iterable
from dataclasses import replace

from desk.homes.letters import answered
from desk.homes.looking import GET_ASKED, GET_EXCEPTIONS, Looking
from desk.homes.matter import Matter, Section, section
from desk.homes.said import extension_asked, is_asked_of, last_reminder, requests_of, stage_asked
from engine.cases import CaseState
from engine.sign_off import next_step
from workflows.rectification.facts import measures
from workflows.rectification.letters import LETTER, letters_of

HEADS = ("head", "deputy_head")
GRANTING = ("grant", "grant_beyond_period")


def official_sections(looking: Looking) -> list[Section]:
    """The exceptions among the problems that the person leads; empty when they lead none."""
    led = sorted(looking.problems(looking.borne("lead_official")), key=lambda one: (one.due_on or "", one.id))
    return _exceptions(looking, led, ("lead_official",), "lead")


def head_sections(looking: Looking) -> list[Section]:
    """The exceptions of the whole organisation, for its head and deputies, in the rank order of who leads them."""
    problems = looking.problems([*looking.found(GET_EXCEPTIONS, *HEADS), *looking.found(GET_ASKED, *HEADS)])
    return _exceptions(looking, in_rank_order(looking, problems), HEADS, "head")


def in_rank_order(looking: Looking, problems: Iterable[CaseState]) -> list[CaseState]:
    """By the rank of the lead official, never by how many are late; each official's nearest deadline first."""
    found = list(problems)
    leads = {one.id: _bearing(looking, one, "lead_official") for one in found}
    everybody = tuple(sorted({person for people in leads.values() for person in people}))
    ranked = looking.view.active_people(everybody, looking.day) if everybody else []
    place = {one.person_id: number for number, one in enumerate(ranked)}

    def key(problem: CaseState) -> tuple[int, str, int]:
        places = [place[one] for one in leads[problem.id] if one in place]
        return min(places, default=len(place)), problem.due_on or "", problem.id

    return sorted(found, key=key)


def _bearing(looking: Looking, case: CaseState, role: str) -> set[int]:
    """The people who bear a role towards a case today."""
    return {
        one.person_id
        for one in looking.view.bearers(case)
        if one.role == role and one.person_id is not None and one.holds_on(looking.day)
    }


def _exceptions(
    looking: Looking, problems: Iterable[CaseState], roles: tuple[str, ...], whose: str
) -> list[Section]:
    """What asks for a decision, what is late, and what was approved until a review date but not forgotten."""
    decide: list[Matter] = []
    late: list[Matter] = []
    staged: list[Matter] = []
    for problem in problems:
        asked = [*_asking(looking, problem), *_signing(looking, problem), *answered(looking, [problem])]
        decide += asked
        matter = _late(looking, problem, roles)
        if problem.state == "staged":
            staged.append(looking.matter(problem, [stage_asked(looking, problem)]))
        elif not asked and matter.is_late:
            late.append(matter)
    return [
        section(f"{whose}_decide", decide),
        section(f"{whose}_late", late),
        section(f"{whose}_staged", staged),
    ]


def _late(looking: Looking, problem: CaseState, roles: tuple[str, ...]) -> Matter:
    """With what a leader may do at once: write on the letter that is out, or have one sent."""
    instruct = [one for letter in letters_of(looking.view, problem) for one in looking.buttons(letter, "instruct")]
    matter = looking.matter(problem, _why(looking, problem, roles))
    if not matter.is_late:
        return matter
    return replace(matter, buttons=tuple(instruct[-1:]) or looking.to_open(problem, LETTER))


def _why(looking: Looking, problem: CaseState, roles: tuple[str, ...]) -> list[str]:
    """Whose it is, where it hangs, and which reminder brought it to this desk."""
    words = looking.words
    notes = [words.say("home.hangs_on", what=_hangs_on(looking, problem))]
    return [one for one in (*notes, last_reminder(looking, problem, roles), words.say("home.talk")) if one]


def _hangs_on(looking: Looking, problem: CaseState) -> str:
    """The measures that hold a problem up, with who has them; else the step that it waits for."""
    unfinished = [one for one in measures(looking.view, problem) if one.state != "accepted"]
    if not unfinished:
        step = next_step(looking.view, problem)
        return looking.words.label(step.label) if step else looking.standing(problem)
    names = _officers(looking, unfinished)
    return looking.words.say("home.measures_left", n=len(unfinished), names="、".join(names) or "—")


def _officers(looking: Looking, cases: Iterable[CaseState]) -> list[str]:
    """Names of the officers of these measures, in rank order."""
    ids = {person for case in cases for person in _bearing(looking, case, "officer")}
    return [one.name for one in looking.view.active_people(tuple(sorted(ids)), looking.day)] if ids else []


def _asking(looking: Looking, problem: CaseState) -> list[Matter]:
    """What asks for more time, or to be done for this stage, and may be granted by the person."""
    asking = [one for one in requests_of(looking, problem) if is_asked_of(looking, one)]
    requests = [looking.matter(one, [extension_asked(looking, one)], *GRANTING, "refuse") for one in asking]
    # Who can only refuse is not asked: it is the business of somebody else.
    asked = [one for one in requests if {button.action for button in one.buttons} & set(GRANTING)]
    if not looking.view.fields(problem)["stage_until"] or looking.refusal(problem, "approve_stage") is not None:
        return asked
    return [*asked, looking.matter(problem, [stage_asked(looking, problem)], "approve_stage", "refuse_stage")]


def _signing(looking: Looking, problem: CaseState) -> list[Matter]:
    """A close-out that waits for the person's signature or decision."""
    if problem.state != "close_out":
        return []
    for action in ("sign", "decide"):
        if looking.refusal(problem, action) is None:
            return [looking.matter(problem, [looking.words.say(f"home.asks_{action}")], action, "return_to_work")]
    return []
