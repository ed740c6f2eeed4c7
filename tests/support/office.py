"""An invented street office for tests, with verbs for what its people do, so that tests read as sentences."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Table, event, func, select, text, update
from sqlmodel import SQLModel

from config.settings import Settings
from desk.desk import Desk
from desk.finding import Inspection
from desk.make_register import Register, load_register
from desk.record_meeting import Meeting, record_meeting
from desk.set_up_office import set_up_office
from engine.canonical import dumps
from engine.commands import OPEN, Command, Outcome
from engine.database import Database, Tx
from engine.history import Break, verify
from engine.runtime import Runtime
from engine.sweep import Swept, sweep
from engine.working_days import local_day
from workflows.rectification.register import ProblemRow, problem_rows
from xiaohao.bootstrap import House, build, install
from xiaohao.run_once import Beaten, run_once

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLES: Mapping[str, Table] = SQLModel.metadata.tables
PAPER = "b" * 64
DAY = 24 * 3600

# Everybody's posts: key -> (unit, role). The outsider has every post there is, in an organisation next door.
STREET = {
    "head": ("street", "head"),
    "deputy": ("street", "deputy_head"),
    "lead": ("street", None),
    "other_lead": ("street", None),
    "civil_head": ("civil", "department_head"),
    "civil_deputy": ("civil", "deputy_department_head"),
    "officer": ("civil", "officer"),
    "colleague": ("civil", "officer"),
    "finance_head": ("finance", "department_head"),
    "finance_deputy": ("finance", "deputy_department_head"),
    "accountant": ("finance", "officer"),
    "coordinator": ("street", "coordinator"),
    "second_coordinator": ("street", "coordinator"),
    "auditor": ("street", "auditor"),
    "second_auditor": ("street", "auditor"),
    "supervisor": ("district", "supervisor"),
}
ROLES = (
    "head", "deputy_head", "department_head", "deputy_department_head", "officer", "lead_official",
    "coordinator", "auditor", "discipline", "supervisor", "administrator",
)  # fmt: skip
PLAN: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "organizations": [
        {"key": "district", "name": "清河区委巡察办"},
        {"key": "street", "name": "柳林街道党工委", "parent": "district"},
        {"key": "next_door", "name": "东湖街道党工委"},
    ],
    "departments": [
        {"key": key, "organization": organization, "name": name, "kind": "department", "rank_order": place}
        for place, (key, organization, name) in enumerate(
            [
                ("civil", "street", "社会事务办"),
                ("finance", "street", "财政所"),
                ("next_door_office", "next_door", "综合办"),
            ]
        )
    ],
    "people": [
        {
            "key": key,
            "name": f"{key}同志",
            "email": f"{key}@street.test",
            "rank_order": place,
            "posts": [{"unit": unit, "role": role or "leader"}],
        }
        for place, (key, (unit, role)) in enumerate(STREET.items(), 1)
    ]
    + [
        {
            "key": "outsider",
            "name": "邻街同志",
            "email": "outsider@street.test",
            "rank_order": 99,
            "posts": [{"unit": "next_door", "role": role} for role in ROLES]
            + [{"unit": "next_door_office", "role": role} for role in ROLES],
        }
    ],
}


@cache
def _built() -> House:
    """The parts that every test may share: parsed families, words and messages. Its database is never opened."""
    return build(Settings(data=Path("/nonexistent"), database="sqlite://"))


def house_at(url: str, folder: Path) -> House:
    """An installation on a database, with its files and its folder of mails under `folder`."""
    shared = _built()
    desk = Desk(
        database=without_fsync(Database(url, durable=False)),
        runtime=Runtime(shared.runtime.registry),
        files=replace(shared.desk.files, folder=folder / "files"),
        words=shared.desk.words,
    )
    return House(Settings(data=folder, database=url), desk, shared.messages)


def without_fsync(database: Database) -> Database:
    """For tests on SQLite: what a power cut would lose does not matter to them."""
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    return database


def prepare(url: str, folder: Path) -> None:
    """Migrate an empty database, put workflows, ladders and calendars in force, and set up the office."""
    house = house_at(url, folder)
    install(house)
    set_up_office(house.desk, PLAN, "2026-01-01")
    _fold_log(house.database)
    house.database.dispose()


def _fold_log(database: Database) -> None:
    """Everything into the one file that is copied: SQLite's write-ahead log lies beside it."""
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def instant(local: str) -> int:
    """Epoch seconds of a local time in Shanghai, as in `2026-06-01 09:00`."""
    return int(datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).timestamp())


@dataclass
class Office:
    """The office and its clock. Cases are known by their id, people by their key; `now` moves only when told."""

    house: House
    now: int = field(default_factory=lambda: instant("2026-06-01 09:00"))
    people: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)
    inspection: int = 0

    def __post_init__(self) -> None:
        for keep, name in (
            (self.people, "person"),
            (self.departments, "department"),
            (self.organizations, "organization"),
        ):
            keep.update({row.key: row.id for row in self.rows(name)})

    # --- the clock ---

    def at(self, local: str) -> "Office":
        self.now = instant(local)
        return self

    def after(self, days: int) -> "Office":
        self.now += days * DAY
        return self

    @property
    def today(self) -> str:
        return local_day(self.now, SHANGHAI).isoformat()

    def day(self, offset: int) -> str:
        """The local day so many days from today, ISO."""
        return (local_day(self.now, SHANGHAI) + timedelta(days=offset)).isoformat()

    # --- through the door ---

    @property
    def database(self) -> Database:
        return self.house.database

    @property
    def dialect(self) -> str:
        return self.database.engine.dialect.name

    def command(
        self,
        action: str,
        case_id: int | None,
        by: str,
        *,
        signed_by: str | None = None,
        basis: str | None = None,
        revision: int | None = None,
        **params: Any,
    ) -> Command:
        signer = str(self.people[signed_by]) if signed_by else None
        return Command(
            action=action,
            case_id=case_id,
            actor=self.actor(by),
            signer=signer,
            basis=basis,
            revision=revision,
            params=params,
        )

    def opening(
        self, kind: str, by: str, *, parent: int | None = None, of: str = "street", **params: Any
    ) -> Command:
        organization = None if parent else self.organizations[of]
        return Command(
            action=OPEN,
            kind=kind,
            organization_id=organization,
            parent_id=parent,
            actor=self.actor(by),
            params=params,
        )

    def actor(self, key: str) -> str:
        return key if key.startswith("system:") else str(self.people[key])

    def send(self, *commands: Command) -> list[Outcome]:
        return self.house.runtime.commit(self.database, commands, self.now)

    def do(self, action: str, case_id: int, by: str, **rest: Any) -> Outcome:
        """Somebody does something, and it works."""
        return self._done(self.command(action, case_id, by, **rest))

    def refusal(self, action: str, case_id: int, by: str, **rest: Any) -> str | None:
        """The word with which somebody is refused; None when it was done."""
        [outcome] = self.send(self.command(action, case_id, by, **rest))
        return outcome.refusal.word if outcome.refusal else None

    def on_paper(self, action: str, case_id: int, signed_by: str, **rest: Any) -> Outcome:
        """Signed on paper, recorded by the coordinator with the scan."""
        rest = {"by": "coordinator", "basis": PAPER, **rest}
        return self.do(action, case_id, signed_by=signed_by, **rest)

    def open(self, kind: str, by: str, **rest: Any) -> int:
        outcome = self._done(self.opening(kind, by, **rest))
        assert outcome.case_id is not None
        return outcome.case_id

    def _done(self, command: Command) -> Outcome:
        [outcome] = self.send(command)
        assert outcome.done, f"{command.action} was refused: {outcome.refusal}"
        return outcome

    # --- the verbs of the work ---

    def opens_inspection(self, name: str = "2026年常规巡察", *, issued: bool = True) -> int:
        self.inspection = self.open("inspection", "coordinator", name=name)
        if issued:
            self.issues_plan()
        return self.inspection

    def issues_plan(self) -> None:
        self.on_paper("decide_plan", self.inspection, "head", decided_on=self.today)
        self.do("issue_plan", self.inspection, "coordinator", plan_number="柳工委〔2026〕1号")

    def opens_problem(self, number: str = "1", title: str = "台账不实", **rest: Any) -> int:
        """A problem as it comes out of the document, not confirmed yet."""
        if not self.inspection:
            self.opens_inspection()
        given = {"inspection_id": self.inspection, "number": number, "title": title, "source": "feedback", **rest}
        return self.open("problem", "coordinator", **given)

    def assigns(self, problem: int, *, due: str | None = None, **rest: Any) -> None:
        given = {
            "lead": "lead",
            "department": "civil",
            "officers": ["officer"],
            **rest,
        }
        self.do(
            "assign",
            problem,
            "coordinator",
            lead_official=self.people[given["lead"]],
            lead_department=self.departments[given["department"]],
            officers=[self.people[one] for one in given["officers"]],
            due_on=due or self.day(90),
        )

    def assigned_problem(self, number: str = "1", *, due: str | None = None, **people: Any) -> int:
        problem = self.opens_problem(number)
        self.do("confirm", problem, "coordinator")
        self.assigns(problem, due=due, **people)
        return problem

    def adds_measure(
        self, problem: int, track: str = "immediate", *, due: str | None = None, officer: str = "officer"
    ) -> int:
        return self.open(
            "measure",
            "coordinator",
            parent=problem,
            text=f"{track}措施",
            track=track,
            officer=self.people[officer],
            due_on=due or self.day(30),
        )

    def problem_in_work(self, *tracks: str, number: str = "1", due: str | None = None, **people: Any) -> int:
        """Assigned, with a measure on each of the tracks (one to fix at once by default), and begun."""
        problem = self.assigned_problem(number, due=due, **people)
        for track in tracks or ("immediate",):
            self.adds_measure(problem, track, due=due, officer=(people.get("officers") or ["officer"])[0])
        self.do("begin", problem, "coordinator")
        return problem

    def many_problems(self, how_many: int, *, due: str) -> list[int]:
        """So many problems in work at once, each with one measure due on the same day, in four batches."""
        if not self.inspection:
            self.opens_inspection()
        given = {"inspection_id": self.inspection, "title": "台账不实", "source": "feedback"}
        opened = [self.opening("problem", "coordinator", number=f"多{n}", **given) for n in range(how_many)]
        problems = [one.case_id for one in self.send(*opened) if one.case_id]
        people = {
            "lead_official": self.people["lead"],
            "lead_department": self.departments["civil"],
            "officers": [self.people["officer"]],
        }
        measure = {"text": "清理", "track": "immediate", "officer": self.people["officer"], "due_on": due}
        self.send(*(self.command("confirm", one, "coordinator") for one in problems))
        self.send(*(self.command("assign", one, "coordinator", **people, due_on=due) for one in problems))
        self.send(*(self.opening("measure", "coordinator", parent=one, **measure) for one in problems))
        self.send(*(self.command("begin", one, "coordinator") for one in problems))
        assert {row.state for row in self.rows("cases", kind="problem")} == {"immediate_fix"}
        return problems

    def extends(self, case: int, by: str, answerer: str, *, until: str) -> int:
        """More time is asked for and granted."""
        asked = self.open("extension", by, parent=case, until=until, reason="等审批")
        self.do("grant", asked, answerer)
        return asked

    def files_evidence(self, parent: int, by: str = "officer", sha256: str = "e" * 64) -> int:
        return self.open(
            "evidence",
            by,
            parent=parent,
            sha256=sha256,
            file_name="照片.jpg",
            title="整改照片",
            about_on=self.today,
        )

    def submits(self, measure: int, by: str = "officer", result: str = "已清理") -> None:
        self.files_evidence(measure, by)
        if self.fields(measure)["track"] == "institutional":
            self.do(
                "record_regulation",
                measure,
                by,
                regulation_title="台账管理办法",
                regulation_number="柳街发〔2026〕3号",
                regulation_on=self.today,
            )
        self.do("submit", measure, by, result=result)

    def finishes(self, measure: int, officer: str = "officer", head: str = "civil_head") -> None:
        self.submits(measure, officer)
        self.do("accept", measure, head)

    def problem_at_close_out(self, number: str = "1", **people: Any) -> int:
        problem = self.problem_in_work(number=number, **people)
        for measure in self.measures(problem):
            self.finishes(measure, (people.get("officers") or ["officer"])[0])
        assert self.state(problem) == "close_out"
        return problem

    def signed_problem(self, number: str = "1") -> int:
        """Everything signed but the decision of the meeting."""
        problem = self.problem_at_close_out(number)
        self.signs_up_to_meeting(problem)
        return problem

    def signs_up_to_meeting(self, problem: int) -> None:
        self.do("sign", problem, "civil_head")
        self.on_paper("sign", problem, "lead")
        self.do("sign", problem, "coordinator")

    def closed_problem(self, number: str = "1") -> int:
        problem = self.signed_problem(number)
        self.on_paper("decide", problem, "head")
        return problem

    def redoes(self, problem: int) -> None:
        """The measures that were sent back are done again."""
        for measure in self.measures(problem):
            if self.state(measure) == "open":
                self.finishes(measure)

    def relapsed_problem(self) -> int:
        problem = self.closed_problem()
        self.do("start_look_back", problem, "auditor")
        self.do("find_relapse", problem, "auditor", verdict="relapse", finding="台账又不更新了")
        return problem

    def holds_meeting(self, *problems: int, chair: str = "head", by: str = "coordinator") -> list[Outcome]:
        meeting = Meeting("领导小组会议", self.today, str(self.people[chair]), "纪要.txt", "会议纪要".encode())
        return record_meeting(
            self.house.desk, self.organizations["street"], meeting, problems, self.actor(by), self.now
        )

    # --- time ---

    def sweep(self) -> Swept:
        return sweep(self.database, self.house.runtime, self.now)

    def beat(self) -> Beaten:
        return run_once(self.house, lambda: self.now)

    def settings(self, **changed: Any) -> None:
        """The street's settings, as an administrator writes them."""
        table = TABLES["organization"]
        self.write(update(table).where(table.c.key == "street").values(settings=dumps(changed)))

    def leaves(self, who: str, last_day: str) -> None:
        table = TABLES["person"]
        self.write(update(table).where(table.c.key == who).values(active_until=last_day))

    # --- what can be seen ---

    @contextmanager
    def look(self) -> Iterator[Tx]:
        with self.database.read() as tx:
            yield tx

    def write(self, statement: Any) -> int:
        """A statement past the door, as somebody with the database's password could send it; rows touched."""
        statement = text(statement) if isinstance(statement, str) else statement
        with self.database.begin() as tx:
            return int(tx.connection.execute(statement).rowcount)

    def rows(self, name: str, **where: Any) -> list[Row[Any]]:
        table = TABLES[name]
        query = select(table).order_by(*table.primary_key.columns)
        for column, value in where.items():
            query = query.where(table.c[column] == value)
        with self.look() as tx:
            return list(tx.connection.execute(query))

    def count(self, name: str) -> int:
        with self.look() as tx:
            return int(tx.connection.execute(select(func.count()).select_from(TABLES[name])).scalar_one())

    def case(self, case_id: int) -> Row[Any]:
        [row] = self.rows("cases", id=case_id)
        return row

    def state(self, case_id: int) -> str:
        return str(self.case(case_id).state)

    def fields(self, case_id: int) -> dict[str, Any]:
        with self.look() as tx:
            view = self.house.runtime.view(tx)
            return dict(view.fields(view.case(case_id)))

    def measures(self, problem: int) -> list[int]:
        """The measures of the present round."""
        rows = self.rows("cases", root_id=problem, kind="measure", round=self.case(problem).round)
        return [row.id for row in rows]

    def actions(self, root: int) -> list[str]:
        """What happened to a dossier, oldest first."""
        return [row.action for row in self.rows("history", root_id=root)]

    def said(self, root: int, action: str) -> list[Any]:
        """What history tells of each time an action was taken."""
        rows = self.rows("history", root_id=root, action=action)
        return [json.loads(row.changes)["said"] for row in rows]

    def breaks(self) -> list[Break]:
        with self.look() as tx:
            return list(verify(tx, self.house.runtime))

    def keys_of(self, ids: Sequence[int]) -> list[str]:
        by_id = {one: key for key, one in self.people.items()}
        return sorted(by_id[one] for one in ids)

    def told(self, root: int | None = None) -> list[str]:
        """Who was named in reminders so far, in the order of the history, once for each reminder."""
        where = {"action": "alert"} | ({} if root is None else {"root_id": root})
        rows = self.rows("history", **where)
        return [key for row in rows for key in self.keys_of(json.loads(row.changes)["said"]["told"])]

    def steps(self, root: int) -> list[str]:
        """The ladder steps that have fired in a dossier, oldest first, as `five_days 1`."""
        due = [one for said in self.said(root, "alert") for one in said["due"]]
        return [f"{key.partition('.')[2]} {nth}" for key, nth, _role, _on in due]

    def told_of(self, case_id: int) -> set[str]:
        """Everybody who was reminded of one case."""
        rows = self.rows("history", action="alert", case_id=case_id)
        return {key for row in rows for key in self.keys_of(json.loads(row.changes)["said"]["told"])}

    def inbox(self, who: str | None = None) -> list[Row[Any]]:
        where = {"channel": "inbox"} | ({} if who is None else {"person_id": self.people[who]})
        return self.rows("envelope", **where)

    def mails(self) -> list[str]:
        return sorted(path.name for path in self.house.settings.mail_folder.glob("*"))

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, to be compared with itself later."""
        return {name: [tuple(row) for row in self.rows(name)] for name in TABLES}

    def register(self) -> Register:
        inspection = Inspection(self.inspection, self.organizations["street"], "")
        return load_register(self.house.desk, inspection, local_day(self.now, SHANGHAI))

    def register_row(self, problem: int) -> ProblemRow:
        with self.look() as tx:
            rows = problem_rows(self.house.runtime.view(tx), self.inspection)
        return next(row for row in rows if row.id == problem)
