"""The read side of the register: every problem of an inspection with its people, measures and evidence, in bulk."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, select

from engine import statements as sql
from engine.canonical import loads
from engine.cases import CaseState
from engine.database import Statement, among
from engine.deadlines import Pause, days_left, is_overdue, punctuality
from engine.organizations import department, person
from engine.terms import parse_term
from engine.view import View
from engine.working_days import WorkingCalendar
from workflows.rectification.facts import DONE_STATES, FIX_STATES, TRACKS, counts
from workflows.rectification.tables import TABLES

problem: Table = TABLES["problem"]
assignment: Table = sql.assignment
# Compiled text, like the statements of the door: the register is opened more often than anything else.
GET_DOSSIERS = Statement(
    select(*sql.CASE_COLUMNS)
    .where(
        sql.cases.c.root_id.in_(
            select(problem.c.case_id).where(problem.c.inspection_id == bindparam("inspection_id"))
        )
    )
    .order_by(sql.cases.c.id)
)
GET_TAKEN_IN = Statement(
    select(problem.c.taken_in).where(among(problem.c.case_id), problem.c.taken_in.is_not(None))
)
GET_HEADS = Statement(select(sql.cases.c.id, sql.cases.c.head).where(among(sql.cases.c.id)))
GET_NAMES = Statement(
    select(assignment.c.case_id, assignment.c.role, person.c.name, department.c.name)
    .outerjoin(person, person.c.id == assignment.c.person_id)
    .outerjoin(department, department.c.id == assignment.c.department_id)
    .where(among(assignment.c.case_id), assignment.c.to_on.is_(None))
    .order_by(person.c.rank_order, department.c.rank_order, assignment.c.id)
)


@dataclass(frozen=True, slots=True)
class Clock:
    """What moves a deadline, as lists show it: the lasting pause, how many extensions, whether it is certain."""

    pause: Pause | None = None
    extensions: int = 0
    provisional: bool = False

    def counts_to(self, day: date) -> date:
        """The last day that counts by a day: while it is paused, the one before the pause."""
        return min(day, self.pause.start - timedelta(days=1)) if self.pause else day


RUNNING = Clock()


def clock_of(view: View, case: CaseState) -> Clock:
    if case.term is None:
        return RUNNING
    term = case.term
    return view.of_calendar(("clock", term), lambda calendar: _clock(term, calendar))


def _clock(text: str, calendar: WorkingCalendar) -> Clock:
    term = parse_term(text)
    if term is None:
        return RUNNING
    return Clock(term.lasting, len(term.extensions), term.is_provisional(calendar))


@dataclass(frozen=True)
class MeasureRow:
    """One measure with its officer's name, and the department where it is a supporting one's part. Dates ISO."""

    id: int
    round: int
    state: str
    due_on: str | None
    fields: Mapping[str, Any]
    officers: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    clock: Clock = RUNNING
    department: str = ""

    def is_overdue(self, today: date) -> bool:
        """Whether its officer is late with it; what is submitted waits for others."""
        late = self.due_on and is_overdue(self.clock.counts_to(today), date.fromisoformat(self.due_on))
        return self.state == "open" and bool(late)


def all_paused(measures: Sequence[MeasureRow]) -> bool:
    """Whether there is work left and all of it is paused."""
    left = [one for one in measures if one.state != "accepted"]
    return len(left) > 0 and all(one.clock.pause for one in left)


@dataclass(frozen=True)
class ProblemRow:
    """One problem as every list and document shows it, measures and evidence of its present round only."""

    id: int
    organization_id: int
    state: str
    round: int
    due_on: str | None
    started_on: str | None
    live: bool
    revision: int
    fields: Mapping[str, Any]
    people: Mapping[str, tuple[str, ...]]
    measures: tuple[MeasureRow, ...] = ()
    evidence: tuple[str, ...] = ()
    clock: Clock = RUNNING
    merged_in: tuple["ProblemRow", ...] = ()

    @property
    def all_evidence(self) -> tuple[str, ...]:
        """The catalogue numbers, with those that came with what was merged into it."""
        return (*self.evidence, *(number for one in self.merged_in for number in one.evidence))

    def names(self, role: str) -> str:
        return "、".join(self.people.get(role, ()))

    @property
    def is_done(self) -> bool:
        return self.state in DONE_STATES

    @property
    def is_paused(self) -> bool:
        """Whether nothing of it can be worked on: its clock stands still, or that of all that is left to do."""
        return self.clock.pause is not None or all_paused(self.measures)

    @property
    def is_withheld(self) -> bool:
        """Whether the district has consented that it is not published."""
        return self.fields["withhold_consented_on"] is not None

    @property
    def completion(self) -> str:
        """A word of the catalogue's `completion`: what has been reached, whatever the clock says."""
        if self.is_done:
            return "done"
        if self.state in ("close_out", "staged"):
            return "nearly_done" if self.state == "close_out" else "staged"
        return "in_progress" if self.state in (*FIX_STATES, "raised") else "not_done"

    def track_counts(self) -> dict[str, str]:
        """Accepted of all measures by track, as in 1/3."""
        accepted, total = dict.fromkeys(TRACKS, 0), dict.fromkeys(TRACKS, 0)
        for one in self.measures:
            track = one.fields["track"]
            total[track] += 1
            accepted[track] += one.state == "accepted"
        return {track: f"{accepted[track]}/{total[track]}" for track in TRACKS}

    @property
    def share_done(self) -> float:
        """The accepted measures as a share of all, from 0 to 1."""
        return sum(one.state == "accepted" for one in self.measures) / (len(self.measures) or 1)

    @property
    def work_done_on(self) -> str | None:
        """The day the last result was accepted, ISO; None while there is work left. Signing comes after it."""
        days = [one.fields["accepted_on"] for one in self.measures]
        return max(days) if days and all(days) else None

    def is_overdue(self, today: date) -> bool:
        """Whether work is late: what was finished in time and only waits for its signatures is not.

        While it is paused no day counts: it is as late as it was the day before.
        """
        if self.is_done or self.due_on is None:
            return False
        until = date.fromisoformat(self.work_done_on) if self.work_done_on else today
        return is_overdue(self.clock.counts_to(until), date.fromisoformat(self.due_on))

    def days_left(self, today: date) -> int | None:
        return None if self.due_on is None else days_left(today, date.fromisoformat(self.due_on))

    def punctuality(self) -> str | None:
        """A word of the catalogue's `punctuality`; None while there is work left, or without a deadline."""
        done_on, due_on = self.work_done_on, self.due_on
        if not done_on or not due_on:
            return None
        original = date.fromisoformat(self.fields["original_due_on"] or due_on)
        return punctuality(date.fromisoformat(done_on), date.fromisoformat(due_on), original)


def problem_rows(view: View, inspection_id: int) -> list[ProblemRow]:
    """The problems of an inspection that count, in the order of the document; what was merged into one shows there.

    Every list and every figure begins here. A fixed number of queries, however many rows.
    """
    return counted(every_problem_row(view, inspection_id))


def counted(rows: Sequence[ProblemRow]) -> list[ProblemRow]:
    """Each matter once: with the evidence that came with what was merged into it. Rows counted before stay so."""
    into: dict[int, list[ProblemRow]] = defaultdict(list)
    for one in rows:
        if one.state == "merged":
            into[one.fields["merged_into"]].append(one)
    counting = [one for one in rows if counts(one.state)]
    if not into:
        return counting
    return [replace(one, merged_in=tuple(_below(one, into)) or one.merged_in) for one in counting]


def _below(row: ProblemRow, into: Mapping[int, list[ProblemRow]]) -> list[ProblemRow]:
    return [found for one in into.get(row.id, ()) for found in (one, *_below(one, into))]


def every_problem_row(view: View, inspection_id: int) -> list[ProblemRow]:
    """All of them, what was merged or struck too."""
    found = view.tx.run(GET_DOSSIERS, {"inspection_id": inspection_id})
    return _rows_now(view, [CaseState(row) for row in found])


def rows_of(view: View, problem_ids: Sequence[int]) -> list[ProblemRow]:
    """These problems in this order, with what was merged into them; as many queries for fifty as for one, and fewer
    where nothing has happened since somebody looked."""
    ids = _with_merged(view, problem_ids)
    heads = {one[0]: one[1] for one in view.tx.run(GET_HEADS, {"ids": view.tx.many(ids)})}
    found = view.of_dossiers(heads, lambda lacking: _read(view, lacking))
    rows = {row.id: row for row in counted([found[one] for one in sorted(found)])}
    return [rows[one] for one in problem_ids]


def _read(view: View, ids: Sequence[int]) -> dict[int, ProblemRow]:
    found = view.tx.run(sql.GET_DOSSIERS, {"ids": view.tx.many(ids)})
    return {row.id: row for row in _rows_now(view, [CaseState(row) for row in found])}


def _with_merged(view: View, problem_ids: Sequence[int]) -> list[int]:
    """These problems and those merged into them, and into those before."""
    found = newest = list(problem_ids)
    while newest:
        taken = view.tx.run(GET_TAKEN_IN, {"ids": view.tx.many(newest)})
        newest = [one for [text] in taken for one in loads(text) if one not in found]
        found = [*found, *newest]
    return found


def _rows_now(view: View, cases: Sequence[CaseState]) -> list[ProblemRow]:
    rounds = {one.id: one.round for one in cases if one.is_root}
    present = [one for one in cases if one.round == rounds[one.root_id]]
    return assemble(view, present, _fields(view, present), _people(view, present))


def assemble(
    view: View,
    present: Sequence[CaseState],
    fields: Mapping[int, Mapping[str, Any]],
    people: Mapping[int, Mapping[str, tuple[str, ...]]],
) -> list[ProblemRow]:
    """Rows from the cases of present rounds, with the fields of each and who bears it, by its id."""
    roots = {one.id: one for one in present if one.is_root}
    evidence: dict[int, list[str]] = defaultdict(list)
    for one in present:
        if one.kind == "evidence" and one.state == "filed":
            evidence[one.parent_id or 0].append(fields[one.id]["catalogue_no"] or "")
    measures: dict[int, list[MeasureRow]] = defaultdict(list)
    for one in present:
        if one.kind == "measure" and one.state != "dropped":
            bearing = people.get(one.id, {})
            officers, department = bearing.get("officer", ()), "、".join(bearing.get("lead_department", ()))
            proofs, clock = tuple(evidence[one.id]), clock_of(view, one)
            row = MeasureRow(
                one.id, one.round, one.state, one.due_on, fields[one.id], officers, proofs, clock, department
            )
            measures[one.root_id].append(row)
    return [
        _problem_row(
            root, fields[root.id], people.get(root.id, {}), measures[root.id], evidence, clock_of(view, root)
        )
        for root in roots.values()
    ]


def _problem_row(
    root: CaseState,
    fields: Mapping[str, Any],
    people: Mapping[str, tuple[str, ...]],
    measures: Sequence[MeasureRow],
    evidence: Mapping[int, list[str]],
    clock: Clock,
) -> ProblemRow:
    of_measures = [number for one in measures for number in one.evidence]
    return ProblemRow(
        id=root.id,
        organization_id=root.organization_id,
        state=root.state,
        round=root.round,
        due_on=root.due_on,
        started_on=root.started_on,
        live=bool(root.live),
        revision=root.revision,
        fields=fields,
        people=people,
        measures=tuple(measures),
        evidence=(*evidence.get(root.id, ()), *of_measures),
        clock=clock,
    )


def _fields(view: View, cases: Sequence[CaseState]) -> dict[int, dict[str, Any]]:
    by_definition: dict[int, list[CaseState]] = defaultdict(list)
    for one in cases:
        by_definition[one.definition_id].append(one)
    found: dict[int, dict[str, Any]] = {}
    for members in by_definition.values():
        store = view.workflow(members[0]).store
        if store is not None:
            found |= store.read_many(view.tx, [one.id for one in members])
    return found


def _people(view: View, cases: Sequence[CaseState]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Names by case and role, people and departments alike, in rank order; only who has it now."""
    wanted = [one.id for one in cases if one.kind != "evidence"]
    rows = view.tx.run(GET_NAMES, {"ids": view.tx.many(wanted)})
    found: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for case_id, role, person_name, department_name in rows:
        found[case_id][role] = (*found[case_id].get(role, ()), person_name or department_name)
    return found
