"""What anybody would write first: a `transitions` machine on SQLModel objects, saved by a Session. For our DDL."""

from typing import Any

from sqlmodel import Session, select
from transitions import Machine

from bench.raw import SAID, SHANGHAI, wake_after
from engine.canonical import dumps
from engine.chain import entry_hash
from engine.database import Database
from engine.tables import Assignment, Case, History, Line, Person, Post
from engine.working_days import local_day
from workflows.rectification.tables import Measure

STATES = ["open", "submitted", "accepted", "dropped"]
TRANSITIONS: Any = [
    {"trigger": "submit", "source": "open", "dest": "submitted", "conditions": ["is_officer", "is_workable"]},
    {"trigger": "withdraw", "source": "submitted", "dest": "open", "conditions": ["is_officer"]},
    {"trigger": "accept", "source": "submitted", "dest": "accepted"},
    {"trigger": "return_", "source": "submitted", "dest": "open"},
    {"trigger": "drop", "source": "open", "dest": "dropped"},
]


class MeasureFlow:
    """One measure with its machine, its root and its session."""

    def __init__(self, session: Session, case: Case, officer: int, today: str) -> None:
        self.session, self.case, self.officer, self.today = session, case, officer, today
        self.root = session.get_one(Case, case.root_id)
        self.machine = Machine(self, states=STATES, transitions=TRANSITIONS, initial=case.state)

    def is_officer(self) -> bool:
        person = self.session.get_one(Person, self.officer)
        here = person.active_until is None or person.active_until >= self.today
        return here and any(one.person_id == self.officer for one in self._assigned(self.case.id, "officer"))

    def is_workable(self) -> bool:
        return self.root.state == "immediate_fix" and self.root.round == self.case.round

    def hearers(self) -> list[int]:
        departments = [one.department_id for one in self._assigned(self.root.id, "lead_department")]
        posts = self.session.exec(select(Post).where(Post.department_id.in_(departments))).all()  # type: ignore[union-attr]
        return [one.person_id for one in posts if one.role == "department_head"]

    def _assigned(self, case_id: Any, role: str) -> list[Assignment]:
        rows = self.session.exec(select(Assignment).where(Assignment.case_id == case_id)).all()
        return [one for one in rows if one.role == role and one.to_on is None]


def submit(database: Database, measure: int, officer: int, now: int) -> None:
    """Load, trigger, change the objects, add the history and the lines, commit."""
    with Session(database.engine) as session:
        case = session.get_one(Case, measure)
        flow = MeasureFlow(session, case, officer, local_day(now, SHANGHAI).isoformat())
        if not flow.submit():  # type: ignore[attr-defined]
            raise RuntimeError("refused")
        entry = _entry(flow, now)
        case.state = flow.state  # type: ignore[attr-defined]
        case.revision += 1
        case.next_alert_at = wake_after(case.due_on or "")
        session.get_one(Measure, measure).result = "已清理"
        flow.root.seq = case.seq = entry.seq
        flow.root.head = entry.hash
        session.add(entry)
        session.add_all(_line(entry, person) for person in flow.hearers())
        session.commit()


def _entry(flow: MeasureFlow, now: int) -> History:
    result = "已清理"
    changes = dumps({"said": {}, "set": {"result": result, "state": "submitted"}})
    actor, root, case = str(flow.officer), flow.root, flow.case
    root_id, case_id = root.id or 0, case.id or 0
    stored = (
        root_id, root.seq + 1, case_id, case.round, now, actor, actor, None, "submit", 1, None, changes,
    )  # fmt: skip
    return History(
        root_id=root_id, seq=root.seq + 1, case_id=case_id, round=case.round, at=now, actor=actor, signer=actor,
        action="submit", work=1, changes=changes, hash=entry_hash(root.head, stored),
    )  # fmt: skip


def _line(entry: History, person: int) -> Line:
    return Line(
        key=f"{entry.root_id}:{entry.seq}:{person}:submitted", person_id=person, not_before=entry.at, lane="digest",
        case_id=entry.case_id, seq=entry.seq, rule="submitted", params=SAID,
    )  # fmt: skip
