"""A meeting as its page shows it: when it was held, its minutes, and what became of every problem before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from desk.file_evidence import file_name_of
from desk.finding import Inspection
from engine import statements as sql
from engine.cases import CaseState
from engine.view import View
from workflows.rectification.tables import TABLES


@dataclass(frozen=True, slots=True)
class Decided:
    """One problem of a meeting. `closed` tells that this meeting closed it, `state` is where it stands now."""

    id: int
    number: str
    title: str
    closed: bool
    state: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MeetingSheet:
    """`held_on` is a local day (ISO), `minutes` the hash of the scan and `file_name` what it was called."""

    name: str
    held_on: str
    minutes: str
    file_name: str
    problems: Sequence[Decided]


def meeting_sheet(view: View, meeting: CaseState) -> MeetingSheet:
    """The problems in the order in which they were put before the meeting."""
    fields = view.fields(meeting)
    problems = list(fields["problems"])
    view.load_read_only(problems)
    closed = _closed_by(view, meeting, problems)
    return MeetingSheet(
        name=fields["name"],
        held_on=fields["held_on"],
        minutes=fields["minutes"],
        file_name=file_name_of(view.tx, fields["minutes"]),
        problems=[_decided(view, view.case(one), one in closed) for one in problems],
    )


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting in a list: how many problems of one inspection it had before it, and how many it closed."""

    id: int
    name: str
    held_on: str
    problems: int
    closed: int


def meetings_about(view: View, inspection: Inspection) -> list[HeldMeeting]:
    """The meetings that decided about problems of an inspection, the newest first."""
    case, problem = sql.cases.c, TABLES["problem"].c
    query = select(problem.case_id).where(problem.inspection_id == inspection.id)
    ours = set(view.tx.connection.scalars(query))
    rows = view.tx.connection.scalars(
        select(case.id)
        .where(case.kind == "meeting", case.organization_id == inspection.organization_id)
        .order_by(case.id.desc())
    ).all()
    view.load_read_only(rows)
    held = [(view.case(one), ours.intersection(view.fields(view.case(one))["problems"])) for one in rows]
    found = [_held(view, meeting, sorted(about)) for meeting, about in held if about]
    return sorted(found, key=lambda one: (one.held_on, one.id), reverse=True)


def _held(view: View, meeting: CaseState, problems: Sequence[int]) -> HeldMeeting:
    fields, closed = view.fields(meeting), _closed_by(view, meeting, problems)
    return HeldMeeting(meeting.id, fields["name"], fields["held_on"], len(problems), len(closed))


def _closed_by(view: View, meeting: CaseState, problems: Sequence[int]) -> set[int]:
    """Those whose history names an entry of the meeting as the cause of its decision."""
    table = sql.history
    found = view.tx.connection.scalars(
        select(table.c.root_id).where(
            table.c.root_id.in_(problems), table.c.action == "decide", table.c.cause.like(f"{meeting.id}:%")
        )
    )
    return set(found)


def _decided(view: View, problem: CaseState, closed: bool) -> Decided:
    fields = view.fields(problem)
    state = view.definition(problem).states[problem.state].label
    return Decided(problem.id, fields["number"] or "", fields["title"], closed, state)
