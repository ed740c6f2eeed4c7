"""A check sheet as it is filled on the spot: what was heard, seen, checked and asked, and perhaps a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.desk import Desk
from engine.commands import Command

MEANS = ("listen", "look", "check", "visit")


@dataclass(frozen=True)
class Sheet:
    """What was found by each of MEANS (empty: not used), and the verdict with its finding (empty: not yet)."""

    seen: Mapping[str, str] = field(default_factory=dict)
    verdict: str = ""
    finding: str = ""


def record_review(desk: Desk, review_id: int, sheet: Sheet, actor: str, now: int) -> None:
    """All of it in one go: a review that was not begun begins with its first look. Raises RefusedError."""
    with desk.database.read() as tx:
        state = desk.runtime.view(tx).case(review_id).state
    commands = [Command(action="begin", case_id=review_id, actor=actor)] if state == "drawn" else []
    commands += [
        Command(action="note", case_id=review_id, actor=actor, params={"means": means, "text": sheet.seen[means]})
        for means in MEANS
        if sheet.seen.get(means)
    ]
    if sheet.verdict:
        params = {"verdict": sheet.verdict, "finding": sheet.finding}
        commands.append(Command(action="conclude", case_id=review_id, actor=actor, params=params))
    desk.must(commands, now)
