"""A meeting decides about many problems: recorded once, with its minutes, and each problem says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.desk import Desk
from desk.file_evidence import keep
from engine.commands import OPEN, Command, Outcome


@dataclass(frozen=True)
class Meeting:
    """What was held and who answers for its decisions. `signer` is the chair's person id as text."""

    name: str
    held_on: str
    signer: str
    minutes_name: str
    minutes: bytes


def record_meeting(
    desk: Desk, organization_id: int, meeting: Meeting, problems: Sequence[int], actor: str, now: int
) -> list[Outcome]:
    """Record the meeting and its decision to close each problem; the first outcome is the meeting's.

    A problem that cannot be closed is refused with its reason and hinders no other.
    """
    sha256 = keep(desk, meeting.minutes_name, meeting.minutes, now)
    opened = Command(
        action=OPEN,
        kind="meeting",
        organization_id=organization_id,
        actor=actor,
        params={
            "name": meeting.name,
            "held_on": meeting.held_on,
            "minutes": sha256,
            "problems": list(problems),
        },
    )
    decisions = [
        Command(action="decide", case_id=one, actor=actor, signer=meeting.signer, basis=sha256, cause=0)
        for one in problems
    ]
    return desk.commit([opened, *decisions], now)


def decide_plan(desk: Desk, inspection_id: int, meeting: Meeting, actor: str, now: int) -> Outcome:
    """A meeting decides the inspection's plan; recorded with the minutes as its basis."""
    sha256 = keep(desk, meeting.minutes_name, meeting.minutes, now)
    command = Command(
        action="decide_plan",
        case_id=inspection_id,
        actor=actor,
        signer=meeting.signer,
        basis=sha256,
        params={"decided_on": meeting.held_on},
    )
    return desk.must([command], now)[0]
