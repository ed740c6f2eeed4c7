"""One problem with everything that its page shows, read in one consistent state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from desk.desk import Desk
from desk.steps import Asking, Step, current_definition, may_open, steps_of
from engine import statements as sql
from engine.cases import CaseState
from engine.commands import Signed
from engine.database import Tx
from engine.definitions import Definition
from engine.organizations import department_names, names
from engine.sign_off import eligible, next_step
from engine.view import View
from workflows.rectification.delegations import DELEGATE
from workflows.rectification.facts import TRACKS, merged_in
from workflows.rectification.story import Telling, tell

ROLES = ("lead_official", "lead_department", "supporting_department", "officer", DELEGATE)


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who bore a role from a local day to a local day (ISO); `to_on` is None while no end is set."""

    role: str
    name: str
    from_on: str
    to_on: str | None
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece of evidence: its case, its fields, and the case it belongs to."""

    id: int
    parent_id: int
    round: int
    state: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MeasureSheet:
    """One measure with its officers, its evidence and what can be done with it."""

    id: int
    state: str
    due_on: str | None
    round: int
    fields: Mapping[str, Any]
    officers: tuple[str, ...]
    delegates: tuple[Responsible, ...]
    department: str
    evidence: tuple[Paper, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SignPlace:
    """One step of the sign-off: who has signed it and when, or, where it is the next, who may."""

    name: str
    label: Mapping[str, str]
    signed: Signed | None
    signer: str
    recorded_by: str
    may_sign: tuple[str, ...]


@dataclass(frozen=True)
class ProblemSheet:
    """A problem as its page shows it; `earlier` are the measures of rounds that are over, by round."""

    case: CaseState
    fields: Mapping[str, Any]
    definition: Definition
    measure_definition: Definition
    inspection: str
    people: tuple[Responsible, ...]
    tracks: Mapping[str, Sequence[MeasureSheet]]
    evidence: tuple[Paper, ...]
    sign_off: tuple[SignPlace, ...]
    steps: tuple[Step, ...]
    story: tuple[Telling, ...]
    earlier: Mapping[int, Sequence[MeasureSheet]]
    takes_measures: bool
    takes_evidence: bool

    @property
    def can_accept(self) -> bool:
        return any(one.state == "submitted" for some in self.tracks.values() for one in some)


def problem_sheet(desk: Desk, tx: Tx, problem_id: int, who: Asking) -> ProblemSheet:
    """The sheet of a problem for somebody. Raises LookupError when there is no such problem."""
    view = desk.runtime.view(tx)
    case = view.case(problem_id)
    if case.kind != "problem":
        raise LookupError(f"case {problem_id} is no problem")
    parts = _parts(view, case)
    papers = _papers(view, parts)
    measures = [_measure(desk, view, one, papers, who) for one in parts if one.kind == "measure"]
    current = [one for one in measures if one.round == case.round and one.state != "dropped"]
    earlier: dict[int, list[MeasureSheet]] = {}
    for one in measures:
        if one.round < case.round:
            earlier.setdefault(one.round, []).append(one)
    return ProblemSheet(
        case=case,
        fields=view.fields(case),
        definition=view.definition(case),
        measure_definition=current_definition(desk, tx, "measure"),
        inspection=view.fields(view.case(view.fields(case)["inspection_id"]))["name"],
        people=tuple(_people(view, case, who.day)),
        tracks={track: [one for one in current if one.fields["track"] == track] for track in TRACKS},
        evidence=(*_own(papers, case), *_early(view, case)),
        sign_off=tuple(_sign_off(view, case, who)),
        steps=tuple(steps_of(desk, tx, problem_id, who)),
        story=tuple(tell(view, problem_id, desk.words)),
        earlier=earlier,
        takes_measures=may_open(desk, tx, "measure", problem_id, who) is None,
        takes_evidence=may_open(desk, tx, "evidence", problem_id, who) is None,
    )


def _parts(view: View, case: CaseState) -> list[CaseState]:
    """Everything below a problem, of all rounds, oldest first."""
    rows = view.tx.connection.execute(
        select(*sql.CASE_COLUMNS)
        .where(sql.cases.c.root_id == case.id, sql.cases.c.id != case.id)
        .order_by(sql.cases.c.id)
    )
    return [CaseState(row) for row in rows]


def _papers(view: View, parts: Sequence[CaseState]) -> list[Paper]:
    return [
        Paper(one.id, one.parent_id or 0, one.round, one.state, view.fields(one))
        for one in parts
        if one.kind == "evidence"
    ]


def _own(papers: Sequence[Paper], case: CaseState) -> list[Paper]:
    """What was filed under the problem itself in the present round."""
    return [one for one in papers if one.parent_id == case.id and one.round == case.round]


def _early(view: View, case: CaseState) -> list[Paper]:
    """What came with the problems merged into this one: it stands, and nobody is asked for it again."""
    found = [paper for one in merged_in(view, case) for paper in _papers(view, _parts(view, one))]
    return [one for one in found if one.state == "filed"]


def _measure(desk: Desk, view: View, case: CaseState, papers: Sequence[Paper], who: Asking) -> MeasureSheet:
    officers = [one for one in view.bearers(case) if one.role == "officer" and one.to_on is None]
    lent = [one for one in view.bearers(case) if one.role == DELEGATE and one.holds_on(who.day)]
    own = [one.department_id for one in view.bearers(case) if one.department_id is not None]
    bearers = [one.person_id for one in officers if one.person_id is not None]
    called = names(view.tx, [*bearers, *(one.person_id for one in lent if one.person_id is not None)])
    is_over = case.round != view.root(case).round
    return MeasureSheet(
        id=case.id,
        state=case.state,
        due_on=case.due_on,
        round=case.round,
        fields=view.fields(case),
        officers=tuple(called[one] for one in bearers if one in called),
        delegates=tuple(
            Responsible(one.role, called.get(one.person_id or 0, ""), one.from_on, one.to_on) for one in lent
        ),
        department="、".join(department_names(view.tx, own).values()),
        evidence=tuple(one for one in papers if one.parent_id == case.id),
        steps=() if is_over else tuple(steps_of(desk, view.tx, case.id, who)),
    )


def _people(view: View, case: CaseState, day: str) -> list[Responsible]:
    """Everybody who ever bore a role here, the present ones first, in the order of the roles."""
    bearers = view.bearers(case)
    people = names(view.tx, [one.person_id for one in bearers if one.person_id])
    units = department_names(view.tx, [one.department_id for one in bearers if one.department_id])
    found = [
        Responsible(
            one.role,
            people.get(one.person_id or 0) or units.get(one.department_id or 0, ""),
            one.from_on,
            one.to_on,
            one.to_on is not None and one.to_on < day,
        )
        for one in bearers
    ]
    return sorted(found, key=lambda one: (one.is_past, _place(one.role), one.from_on))


def _place(role: str) -> int:
    return ROLES.index(role) if role in ROLES else len(ROLES)


def _sign_off(view: View, case: CaseState, who: Asking) -> list[SignPlace]:
    signed = {one.step: one for one in view.signatures(case)}
    signers = names(view.tx, [int(text) for one in signed.values() for text in (one.signer, one.actor)])
    step = next_step(view, case) if view.definition(case).states[case.state].signing else None
    able = names(view.tx, eligible(view, case, step, who.day)) if step else {}
    places = []
    for one in view.sign_steps(case):
        found = signed.get(one.name)
        signer = signers.get(int(found.signer), "") if found else ""
        recorder = signers.get(int(found.actor), "") if found and found.actor != found.signer else ""
        may_sign = tuple(able.values()) if one == step else ()
        places.append(SignPlace(one.name, one.label, found, signer, recorder, may_sign))
    return places
