"""The least that any program must do for the benched action and the sweep: the statements by hand, for our DDL."""

import hashlib
import json
import re
import sqlite3
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

SHANGHAI = ZoneInfo("Asia/Shanghai")

READ = """
SELECT m.seq, m.state, m.round, m.due_on, m.started_on, r.id, r.seq, r.head, r.state, r.round
FROM cases m JOIN cases r ON r.id = m.root_id WHERE m.id = :measure"""
MAY = """
SELECT 1 FROM assignment a JOIN person p ON p.id = a.person_id
WHERE a.case_id = :measure AND a.role = 'officer' AND a.person_id = :officer AND a.from_on <= :today
AND (a.to_on IS NULL OR a.to_on >= :today) AND (p.active_until IS NULL OR p.active_until >= :today)"""
HEARS = """
SELECT p.id FROM assignment a JOIN post o ON o.department_id = a.department_id JOIN person p ON p.id = o.person_id
WHERE a.case_id = :root AND a.role = 'lead_department' AND a.from_on <= :today
AND (a.to_on IS NULL OR a.to_on >= :today) AND o.role = 'department_head' AND o.from_on <= :today
AND (o.to_on IS NULL OR o.to_on >= :today) AND (p.active_until IS NULL OR p.active_until >= :today)"""
PART = """
UPDATE cases SET state = 'submitted', revision = revision + 1, seq = :seq, next_alert_at = :wake
WHERE id = :measure AND seq = :before"""
FIELDS = "UPDATE measure SET result = :result WHERE case_id = :measure"
ROOT = "UPDATE cases SET seq = :seq, head = :hash WHERE id = :root AND seq = :before"
HISTORY = """
INSERT INTO history (root_id, seq, case_id, round, at, actor, signer, basis, action, work, cause, changes, hash)
VALUES (:root, :seq, :measure, :round, :now, :actor, :actor, NULL, 'submit', 1, NULL, :changes, :hash)"""
LINE = """
INSERT INTO line (key, person_id, not_before, lane, case_id, seq, rule, params)
VALUES (:key, :person, :now, 'digest', :measure, :seq, 'submitted', :params)"""
SAID = '{"label":{"en":"Result to accept","zh":"结果待认可"},"role":"department_head"}'

# The sweep's limit: what is due and its lines in one statement, the marks in another; no history.
DUE_LINES = """
INSERT INTO line (key, person_id, not_before, lane, case_id, seq, rule, params)
SELECT c.root_id || ':' || (c.seq + 1) || ':' || a.person_id || ':reminder', a.person_id, :now, 'digest', c.id,
c.seq + 1, 'reminder', '{"step":"weekly_5_3_1.weekly","role":"officer","due_on":"' || c.due_on || '"}'
FROM cases c JOIN assignment a ON a.case_id = c.id AND a.role = 'officer' AND a.to_on IS NULL
WHERE c.next_alert_at IS NOT NULL AND c.next_alert_at <= :now"""
DUE_MARKS = """
UPDATE cases SET fired = '{"weekly_5_3_1.weekly":1}', next_alert_at = next_alert_at + 604800
WHERE next_alert_at IS NOT NULL AND next_alert_at <= :now"""

# The sweep with a chained entry for each reminder, as the engine writes it: no history comes from SQL alone.
DUE = """
SELECT c.id, c.root_id, c.round, c.due_on, c.seq, r.seq, r.head, a.person_id
FROM cases c JOIN cases r ON r.id = c.root_id
JOIN assignment a ON a.case_id = c.id AND a.role = 'officer' AND a.to_on IS NULL
WHERE c.next_alert_at IS NOT NULL AND c.next_alert_at <= :now"""
DUE_PART = """
UPDATE cases SET fired = '{"weekly_5_3_1.weekly":1}', seq = ?, next_alert_at = next_alert_at + 604800
WHERE id = ? AND seq = ?"""
DUE_ROOT = "UPDATE cases SET seq = ?, head = ? WHERE id = ? AND seq = ?"
DUE_HISTORY = "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
DUE_LINE = "INSERT INTO line VALUES (?, ?, ?, 'digest', ?, ?, 'reminder', ?)"
SWEEPER = "system:sweep"

STATEMENTS = (READ, MAY, HEARS, PART, FIELDS, ROOT, HISTORY, LINE)
TO_PSYCOPG = {one: re.sub(r":(\w+)", r"%(\1)s", one) for one in STATEMENTS}


class RawSqlite:
    """A connection of the standard library's driver, set up like ours."""

    def __init__(self, path: str, synchronous: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "recursive_triggers=ON", "wal_autocheckpoint=16000"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute(f"PRAGMA synchronous={synchronous}")

    def submit(self, measure: int, officer: int, now: int) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        _submit(self._run, measure, officer, now)
        self.connection.execute("COMMIT")

    def sweep(self, now: int) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute(DUE_LINES, {"now": now})
        self.connection.execute(DUE_MARKS, {"now": now})
        self.connection.execute("COMMIT")

    def sweep_with_history(self, now: int) -> None:
        """Every due officer reminded for the first time, with what the engine writes of it, in one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        due = [_reminder(row, now) for row in self.connection.execute(DUE, {"now": now}).fetchall()]
        for statement, place in ((DUE_PART, 0), (DUE_ROOT, 1), (DUE_HISTORY, 2), (DUE_LINE, 3)):
            self.connection.executemany(statement, [one[place] for one in due])
        self.connection.execute("COMMIT")

    def _run(self, statement: str, params: dict[str, Any]) -> sqlite3.Cursor:
        return self.connection.execute(statement, params)


class RawPostgres:
    """A psycopg connection, a round trip a statement."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)

    def submit(self, measure: int, officer: int, now: int) -> None:
        with self.connection.transaction():
            _submit(self._run, measure, officer, now)

    def _run(self, statement: str, params: dict[str, Any]) -> Any:
        locked = " FOR UPDATE OF r" if statement is READ else ""
        return self.connection.execute(TO_PSYCOPG[statement] + locked, params)


def _submit(run: Any, measure: int, officer: int, now: int) -> None:
    """An officer submits a result: the rows that the engine writes, column for column."""
    today = datetime.fromtimestamp(now, SHANGHAI).date().isoformat()
    row = run(READ, {"measure": measure}).fetchone()
    before, state, part_round, due_on, _, root, root_before, head, root_state, root_round = row
    if state != "open" or part_round != root_round or root_state != "immediate_fix":
        raise RuntimeError("wrong state")
    if not run(MAY, {"measure": measure, "officer": officer, "today": today}).fetchone():
        raise RuntimeError("not yours")
    hearers = run(HEARS, {"root": root, "today": today}).fetchall()
    seq, actor, result = root_before + 1, str(officer), "已清理"
    changes = _text({"said": {}, "set": {"result": result, "state": "submitted"}})
    mark = _mark(head, [root, seq, measure, part_round, now, actor, actor, None, "submit", 1, None, changes])
    params = {
        "root": root, "seq": seq, "measure": measure, "round": part_round, "now": now, "actor": actor,
        "changes": changes, "hash": mark, "result": result, "wake": wake_after(due_on),
    }  # fmt: skip
    _changed(run(PART, {**params, "before": before}))
    run(FIELDS, params)
    _changed(run(ROOT, {**params, "before": root_before}))
    run(HISTORY, params)
    for (person,) in hearers:
        line = {"key": f"{root}:{seq}:{person}:submitted", "person": person, "params": SAID}
        run(LINE, {**params, **line})


def _reminder(row: tuple[Any, ...], now: int) -> tuple[tuple[Any, ...], ...]:
    """The rows of one reminder: its case, its root, the entry and the line."""
    case, root, part_round, due_on, before, root_before, head, person = row
    seq, on = root_before + 1, datetime.fromtimestamp(now, SHANGHAI).date().isoformat()
    due = [["weekly_5_3_1.weekly", 1, "officer", on]]
    fired = {"fired": '{"weekly_5_3_1.weekly":1}'}
    changes = _text({"said": {"due": due, "superseded": [], "told": [person]}, "set": fired})
    stored = (root, seq, case, part_round, now, SWEEPER, SWEEPER, None, "alert", 0, None, changes)
    mark = _mark(head, list(stored))
    params = _text(
        {
            "colour": None, "due_on": due_on, "final_on": None,
            "label": {"en": "Weekly reminder", "zh": "每周提醒"}, "level": 1, "nth": 1,
            "on": on, "role": "officer", "step": "weekly_5_3_1.weekly",
        }
    )  # fmt: skip
    line = (f"{root}:{seq}:{person}:reminder", person, now, case, seq, params)
    return (seq, case, before), (seq, mark, root, root_before), (*stored, mark), line


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _mark(head: str, stored: list[Any]) -> str:
    array = [head, *(None if one is None else str(one) for one in stored)]
    return hashlib.sha256(json.dumps(array, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _changed(cursor: Any) -> None:
    if cursor.rowcount != 1:
        raise RuntimeError("somebody else was faster")


def wake_after(due_on: str) -> int:
    """A submitted result waits for the head of the department, whose first reminder is three days overdue."""
    day = date.fromisoformat(due_on) + timedelta(days=3)
    return int(datetime.combine(day, time(8, 30), SHANGHAI).timestamp())
