"""An invented office with one dossier that came through the door, and as many copies of it as a bench asks for."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import SQLModel

from config.settings import Settings
from desk.set_up_office import set_up_office
from engine.commands import OPEN, Command, Outcome
from engine.database import Database, Tx
from engine.runtime import Runtime
from xiaohao.bootstrap import build, install

DAY = 24 * 3600
OPENED_AT = int(datetime(2026, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())
DUE_ON, OPENED_ON, LATER_ON = "2026-08-30", "2026-06-01", "2026-06-04"
# Nobody in the copies is due before `LATER_ON` asks for it.
LATER = 3 * DAY
# A problem and its measure.
STRIDE = 2
DOSSIERS_PER_INSPECTION, DOSSIERS_PER_ORGANIZATION = 50, 1_000
INSPECTIONS_PER_ORGANIZATION = DOSSIERS_PER_ORGANIZATION // DOSSIERS_PER_INSPECTION
FIRST_INSPECTION, FIRST_ORGANIZATION = 100_000_000, 100_000
PLAN: Mapping[str, Any] = {
    "organizations": [{"key": "street", "name": "柳林街道党工委"}],
    "departments": [
        {"key": "civil", "organization": "street", "name": "社会事务办", "kind": "department", "rank_order": 1}
    ],
    "people": [
        {
            "key": key,
            "name": f"{key}同志",
            "email": f"{key}@street.test",
            "rank_order": place,
            "posts": [{"unit": unit, "role": role}],
        }
        for place, (key, unit, role) in enumerate(
            [
                ("head", "street", "head"),
                ("lead", "street", "deputy_head"),
                ("coordinator", "street", "coordinator"),
                ("civil_head", "civil", "department_head"),
                ("officer", "civil", "officer"),
            ]
        )
    ],
}


@dataclass
class Office:
    """A database full of dossiers that wait for their officer. `next_measure` gives each of them once."""

    database: Database
    runtime: Runtime
    dossiers: int
    officer: int
    problem: int
    measure: int
    _given: int = field(default=0)

    def next_measure(self) -> int:
        """The case id of a measure that is still open."""
        self._given += 1
        if self._given > self.dossiers:
            raise LookupError(f"all {self.dossiers} dossiers are used up: ask for more")
        return self.measure + self._given * STRIDE

    def submission(self) -> Command:
        """The officer submits a result: the action that is benched."""
        return Command(
            action="submit", actor=str(self.officer), case_id=self.next_measure(), params={"result": "已清理"}
        )

    def reopened(self, *, durable: bool) -> "Office":
        """The same file by another connection."""
        return Office(
            Database(self.database.url, durable=durable),
            self.runtime,
            self.dossiers,
            self.officer,
            self.problem,
            self.measure,
            self._given,
        )

    def copy(self, path: Path, *, durable: bool) -> "Office":
        """The same office in a file of its own; SQLite only."""
        with self.database.engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.database.url.removeprefix("sqlite:///"), path)
        copied = self.reopened(durable=durable)
        copied.database = Database(f"sqlite:///{path}", durable=durable)
        return copied


def make_office(url: str, folder: Path, dossiers: int, *, durable: bool) -> Office:
    """An installation with an empty database, the office, one dossier by the door, and its copies."""
    house = build(Settings(data=folder, database=url))
    install(house)
    set_up_office(house.desk, PLAN, "2026-01-01")
    with house.database.read() as tx:
        people = _ids(tx, "person")
        units = _ids(tx, "department") | _ids(tx, "organization")
    problem, measure = _first_dossier(house.runtime, house.database, people, units)
    with house.database.begin() as tx:
        _copy_dossier(tx, problem, measure, dossiers)
    _analyze(house.database)
    house.database.dispose()
    database = Database(url, durable=durable)
    return Office(database, house.runtime, dossiers, people["officer"], problem, measure)


def _ids(tx: Tx, table: str) -> dict[str, int]:
    rows = tx.connection.execute(text(f"SELECT key, id FROM {table}"))  # noqa: S608
    return {row[0]: row[1] for row in rows}


def _first_dossier(
    runtime: Runtime, database: Database, people: Mapping[str, int], units: Mapping[str, int]
) -> tuple[int, int]:
    """A problem in work with one measure to fix at once, made by the commands that an office gives."""

    def do(action: str, case_id: int | None = None, **rest: Any) -> Outcome:
        command = Command(action=action, actor=str(people["coordinator"]), case_id=case_id, **rest)
        [outcome] = runtime.commit(database, [command], OPENED_AT)
        if outcome.refusal:
            raise RuntimeError(f"{action}: {outcome.refusal}")
        return outcome

    def opened(kind: str, parent: int | None = None, **params: Any) -> int:
        organization = units["street"] if parent is None else None
        outcome = do(OPEN, kind=kind, organization_id=organization, parent_id=parent, params=params)
        return outcome.case_id or 0

    inspection = opened("inspection", name="2026年常规巡察")
    problem = opened("problem", inspection_id=inspection, number="1", title="台账不实", source="feedback")
    do("confirm", problem)
    assigned = {
        "lead_official": people["lead"],
        "lead_department": units["civil"],
        "officers": [people["officer"]],
        "due_on": DUE_ON,
    }
    do("assign", problem, params=assigned)
    measure = opened(
        "measure", problem, text="清理台账", track="immediate", officer=people["officer"], due_on=DUE_ON
    )
    do("begin", problem)
    return problem, measure


def _copy_dossier(tx: Tx, problem: int, measure: int, count: int) -> None:
    """So many more dossiers of the same content, each begun three days later; of history the last two entries.

    The copied entries keep the hashes of the first dossier: the benches append to chains and never verify one.
    """
    organization = f"{FIRST_ORGANIZATION} + 1 + i / {DOSSIERS_PER_ORGANIZATION}"
    inspection = f"{FIRST_INSPECTION} + 1 + i / {DOSSIERS_PER_INSPECTION}"
    moved = f"+ i * {STRIDE}"
    pair = {"one": problem, "other": measure}
    _copy(
        tx, "organization", "TRUE", count // DOSSIERS_PER_ORGANIZATION + 1, {},
        id=f"{FIRST_ORGANIZATION} + i", key=f"'copy' || ({FIRST_ORGANIZATION} + i)",
    )  # fmt: skip
    _copy(
        tx, "cases", "kind = 'inspection'", count // DOSSIERS_PER_INSPECTION + 1, {},
        id=f"{FIRST_INSPECTION} + i", root_id=f"{FIRST_INSPECTION} + i",
        organization_id=f"{FIRST_ORGANIZATION} + 1 + (i - 1) / {INSPECTIONS_PER_ORGANIZATION}",
    )  # fmt: skip
    _copy(
        tx, "cases", "id IN (:one, :other)", count, pair,
        id=f"id {moved}", root_id=f"root_id {moved}", parent_id=f"parent_id {moved}",
        organization_id=organization, started_on=f"'{LATER_ON}'", next_alert_at=f"next_alert_at + {LATER}",
    )  # fmt: skip
    _copy(
        tx, "problem", "case_id = :one", count, pair,
        case_id=f"case_id {moved}", organization_id=organization, inspection_id=inspection,
    )  # fmt: skip
    _copy(tx, "measure", "case_id = :other", count, pair, case_id=f"case_id {moved}", organization_id=organization)
    _copy(tx, "assignment", "case_id IN (:one, :other)", count, pair, id=None, case_id=f"case_id {moved}")
    last = "root_id = :one AND seq >= (SELECT seq - 1 FROM cases WHERE id = :one)"
    _copy(tx, "history", last, count, pair, root_id=f"root_id {moved}", case_id=f"case_id {moved}")


def _copy(tx: Tx, table: str, where: str, count: int, params: Mapping[str, int], **changed: str | None) -> None:
    """Copies of the rows, numbered from 1 as `i`; `changed` in SQL, None leaves a column to the database."""
    names = [name for name in SQLModel.metadata.tables[table].c.keys() if changed.get(name, "") is not None]  # noqa: SIM118
    wanted = ", ".join(changed.get(name) or name for name in names)
    tx.connection.execute(
        text(
            f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608
            f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
            f"SELECT {wanted} FROM n CROSS JOIN (SELECT * FROM {table} WHERE {where}) AS first_one ORDER BY n.i"
        ),
        {"count": count, **params},
    )


def _analyze(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
