"""An invented street office in memory, and a short way to act in it: every change goes through the one door."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from shipped import REGISTRY
from sqlalchemy import Executable, insert, update

import config
from engine.canonical import dumps
from engine.cases import CaseState
from engine.commands import OPEN, Command, Outcome
from engine.database import Database
from engine.editions import CALENDAR, LADDER, WORKFLOW, publish
from engine.history import Break, verify
from engine.organizations import department, organization, person, post
from engine.runtime import Runtime
from xiaohao.migrations import upgrade

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2026, 3, 2)
DAY = 86400

# key → the posts held: (organisation, department or None, role)
OFFICE: Mapping[str, Sequence[tuple[str, str | None, str]]] = {
    "secretary": [("street", None, "head")],
    "deputy": [("street", None, "deputy_head")],
    "second_deputy": [("street", None, "deputy_head")],
    "coordinator": [("street", None, "coordinator")],
    "second_coordinator": [("street", None, "coordinator")],
    "chief": [("street", "repairs", "department_head")],
    "vice_chief": [("street", "repairs", "deputy_department_head")],
    "auditor": [("street", None, "auditor")],
    "second_auditor": [("street", None, "auditor")],
    "discipline": [("street", None, "discipline")],
    "administrator": [("street", None, "administrator")],
    "supervisor": [("district", None, "supervisor")],
    # Responsible by assignment only.
    "leader": [],
    "second_leader": [],
    "officer": [],
    "second_officer": [],
    # In the house, but towards these problems nobody.
    "other_chief": [("street", "accounts", "department_head")],
    "stranger": [("neighbour", None, "coordinator"), ("neighbour", None, "head"), ("neighbour", None, "auditor")],
    # Their posts were never closed, but they are gone.
    "leaver": [("street", None, "coordinator"), ("street", None, "head"), ("street", "repairs", "department_head")],
}
LEFT_ON = FIRST_DAY - timedelta(days=1)


@dataclass
class Office:
    """The database as it stands, the time it is, and who is who. `now` is epoch seconds."""

    database: Database
    raw: sqlite3.Connection
    runtime: Runtime
    people: Mapping[str, int]
    departments: Mapping[str, int]
    street: int
    now: int
    inspection: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    @property
    def today(self) -> str:
        return datetime.fromtimestamp(self.now, ZONE).date().isoformat()

    def in_days(self, days: int) -> str:
        return (date.fromisoformat(self.today) + timedelta(days=days)).isoformat()

    def later(self, days: int = 1) -> None:
        self.now += days * DAY

    def who(self, key: str) -> str:
        return str(self.people[key]) if key in self.people else key

    def execute(self, *commands: Command) -> list[Outcome]:
        with self.database.begin() as tx:
            return self.runtime.execute(tx, commands, self.now)

    def try_(self, case: int | None, action: str, by: str, **params: Any) -> Outcome:
        return self.execute(Command(action=action, actor=self.who(by), case_id=case, params=params))[0]

    def do(self, case: int | None, action: str, by: str, **params: Any) -> Outcome:
        return _done(self.try_(case, action, by, **params))

    def paper(self, case: int, action: str, signer: str, by: str = "coordinator", **more: Any) -> Command:
        """Signed by one, recorded by another with the hash of the scan (`basis`)."""
        given = {"basis": "b" * 64, **more}
        return Command(action=action, actor=self.who(by), signer=self.who(signer), case_id=case, **given)

    def on_paper(self, case: int, action: str, signer: str, by: str = "coordinator", **params: Any) -> Outcome:
        return self.execute(self.paper(case, action, signer, by, params=params))[0]

    def try_open(self, kind: str, by: str, parent: int | None = None, **params: Any) -> Outcome:
        place = self.street if parent is None else None
        command = Command(
            action=OPEN, kind=kind, actor=self.who(by), parent_id=parent, organization_id=place, params=params
        )
        return self.execute(command)[0]

    def open(self, kind: str, by: str, parent: int | None = None, **params: Any) -> int:
        case_id = _done(self.try_open(kind, by, parent, **params)).case_id
        assert case_id is not None
        return case_id

    def words(self, case: int, by: str) -> dict[str, str | None]:
        """The refusal word of every action, None for a possible one."""
        with self.database.read() as tx:
            found = self.runtime.possible(tx, case, self.who(by), self.now)
        return {name: refusal.word if refusal else None for name, refusal in found.items()}

    def case(self, case_id: int) -> CaseState:
        with self.database.read() as tx:
            return self.runtime.view(tx).case(case_id)

    def fields(self, case_id: int) -> dict[str, Any]:
        with self.database.read() as tx:
            view = self.runtime.view(tx)
            return view.fields(view.case(case_id))

    def rows(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        """Straight from the tables, past everything that the engine thinks of them."""
        cursor = self.raw.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor.execute(statement, values).fetchall()

    def breaks(self) -> list[Break]:
        """What does not hold in any dossier's history."""
        with self.database.read() as tx:
            return list(verify(tx, self.runtime))

    # --- the office itself, which administrators keep ---

    def leave(self, key: str) -> None:
        """Yesterday was their last day."""
        self._write(update(person).where(person.c.key == key).values(active_until=self.in_days(-1)))

    def add_post(self, key: str, role: str) -> None:
        """A second post in the street office."""
        where = {"organization_id": self.street, "department_id": None, "from_on": self.today}
        self._write(insert(post).values(**where, role=role, person_id=self.people[key], title=""))

    def settings(self, **wanted: Any) -> None:
        self._write(update(organization).where(organization.c.key == "street").values(settings=dumps(wanted)))

    def _write(self, statement: Executable) -> None:
        with self.database.begin() as tx:
            tx.connection.execute(statement)

    # --- the usual way through a life ---

    def issue_plan(self) -> None:
        self.do(self.inspection, "decide_plan", "secretary", decided_on=self.today)
        self.do(self.inspection, "issue_plan", "coordinator", plan_number="示例〔2026〕1号")

    def open_problem(self, **more: Any) -> int:
        params = {"inspection_id": self.inspection, "number": str(next(self.numbers)), "title": "示例问题"}
        return self.open("problem", "coordinator", **{**params, "source": "feedback", **more})

    def assign(self, problem: int, due_in: int = 60) -> None:
        self.do(
            problem,
            "assign",
            "coordinator",
            lead_official=self.people["leader"],
            lead_department=self.departments["repairs"],
            officers=[self.people["officer"]],
            due_on=self.in_days(due_in),
        )

    def add_measure(self, problem: int, track: str = "immediate", due_in: int = 30) -> int:
        officer = self.people["officer"]
        params = {"text": f"示例措施{track}", "track": track, "officer": officer, "due_on": self.in_days(due_in)}
        return self.open("measure", "coordinator", problem, **params)

    def open_commitment(self, problem: int, **more: Any) -> int:
        """Once a quarter in the one department."""
        units = {"units": [self.departments["repairs"]], "lead_department": self.departments["repairs"]}
        given = {"problem_id": problem, "text": "每季度自查一次", "per": "quarter", "times": 1, **units}
        return self.open("commitment", "coordinator", **{**given, "officer": self.people["officer"], **more})

    def file_evidence(self, parent: int, by: str = "officer") -> int:
        return self.open("evidence", by, parent, sha256="e" * 64, file_name="照片.txt", title="现场照片")

    def assigned_problem(self) -> int:
        problem = self.open_problem()
        self.do(problem, "confirm", "coordinator")
        self.assign(problem)
        return problem

    def problem_in_work(self, *tracks: str) -> tuple[int, list[int]]:
        """A begun problem with a measure per track; the plan must have been issued."""
        problem = self.assigned_problem()
        measures = [self.add_measure(problem, track) for track in tracks or ("immediate",)]
        self.do(problem, "begin", "coordinator")
        return problem, measures

    def extend(self, case: int, by: str, answerer: str, days: int) -> int:
        """Asked for and granted, within the rectification period."""
        asked = self.open("extension", by, case, until=self.in_days(days), reason="招标流标")
        self.do(asked, "grant", answerer)
        return asked

    def finish(self, measure: int) -> None:
        """The officer reports, the department head accepts."""
        self.do(measure, "submit", "officer", result="已完成")
        self.do(measure, "accept", "chief")

    def problem_in_close_out(self) -> int:
        problem, measures = self.problem_in_work()
        self.file_evidence(problem)
        for measure in measures:
            self.finish(measure)
        return problem

    def sign_all(self, problem: int) -> None:
        for signer in ("chief", "leader", "coordinator"):
            self.do(problem, "sign", signer)

    def closed_problem(self) -> int:
        problem = self.problem_in_close_out()
        self.sign_all(problem)
        self.do(problem, "decide", "secretary")
        return problem


def _done(outcome: Outcome) -> Outcome:
    assert outcome.refusal is None, outcome.refusal
    return outcome


@dataclass(frozen=True)
class Template:
    """The office before the first day's work, to be copied into the one connection as often as wanted."""

    stored: sqlite3.Connection
    office: Office

    def fresh(self) -> Office:
        self.stored.backup(self.office.raw)
        return replace(self.office, numbers=iter(range(1, 10_000)))


def _raw(database: Database) -> sqlite3.Connection:
    """The connection in which the whole in-memory database lives: the pool keeps one per thread."""
    with database.engine.connect() as connection:
        found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    """Built once by the real migrations, so that the triggers stand guard here too."""
    database = Database("sqlite://")
    upgrade(database)
    runtime = Runtime(REGISTRY)
    _publish(database, runtime)
    places, departments, people = _populate(database)
    now = int(datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 9, tzinfo=ZONE).timestamp())
    office = Office(database, _raw(database), runtime, people, departments, places["street"], now)
    office.inspection = office.open("inspection", "coordinator", name="示例巡察", period_ends_on="2026-12-31")
    stored = sqlite3.connect(":memory:")
    office.raw.backup(stored)
    yield Template(stored, office)
    stored.close()
    database.dispose()


@pytest.fixture
def office(template: Template) -> Office:
    return template.fresh()


def _publish(database: Database, runtime: Runtime) -> None:
    with database.begin() as tx:
        for kind, text in runtime.registry.workflows.items():
            publish(tx, WORKFLOW, kind, text)
        for name, text in config.ladders().items():
            publish(tx, LADDER, name, text)
        for year, text in config.calendars().items():
            publish(tx, CALENDAR, year, text)


def _populate(database: Database) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    with database.begin() as tx:

        def add(table: Any, **values: Any) -> int:
            return int(tx.connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())

        district = add(organization, key="district", name="示例区", settings="{}")
        places = {"district": district}
        for key, name in (("street", "示例街道"), ("neighbour", "邻近街道")):
            places[key] = add(organization, key=key, name=name, parent_id=district, settings="{}")
        departments = {
            key: add(
                department, organization_id=places["street"], key=key, name=name, kind="department", rank_order=n
            )
            for n, (key, name) in enumerate((("repairs", "维修科"), ("accounts", "财务科")))
        }
        people = {}
        for rank, (key, posts) in enumerate(OFFICE.items()):
            home = places[posts[0][0] if posts else "street"]
            gone = LEFT_ON.isoformat() if key == "leaver" else None
            people[key] = add(
                person, organization_id=home, key=key, name=f"示例{key}", rank_order=rank, active_until=gone
            )
            for place, unit, role in posts:
                where = {"organization_id": places[place], "department_id": departments.get(unit or "")}
                add(post, **where, role=role, person_id=people[key], title="", from_on="2025-01-01")
    return places, departments, people
