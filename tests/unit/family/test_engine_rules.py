"""Anybody tries anything at any time with the real definitions: the engine's invariants hold after every step."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from engine.alerting import plan_alerts
from engine.cases import CaseState
from engine.commands import ALERT, OPEN, Command, Outcome
from engine.definitions import Definition, Param
from engine.history import verify
from engine.sign_off import dossier_hash
from engine.sweep import sweep
from engine.terms import lasting_pause
from engine.writing import wake

# Table → the columns that name a row. `assignment` and `signature` rows may be ended, nothing else of them moves.
KEYS: Mapping[str, tuple[str, ...]] = {
    "cases": ("id",),
    "history": ("root_id", "seq"),
    "problem": ("case_id",),
    "measure": ("case_id",),
    "evidence": ("case_id",),
    "assignment": ("id",),
    "signature": ("root_id", "round", "submission", "step"),
    "line": ("key",),
    "number": ("organization_id", "series", "year"),
    "quarantine": ("id",),
}
OWN_TABLES = ("problem", "measure", "evidence")
TRACKS = ("immediate", "time_limited", "institutional")
BOOKKEEPING = ("id", "root_id", "revision", "seq", "head", "next_alert_at", "data")
NEW_ROUND = ("find_relapse", "relapse")
DEEP = (
    "immediate_fix", "time_limited_fix", "institutionalization", "close_out", "closed", "look_back", "settled",
    "second round", "paper", "void", "alerted",
)  # fmt: skip

# Fields of the own tables that hold JSON.
LISTS = ("signals_cleared", "taken_in")

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[tuple[Any, ...], Row]]


def photograph(office: Any) -> Rows:
    return {
        table: {tuple(row[name] for name in key): dict(row) for row in office.rows(f"SELECT * FROM {table}")}
        for table, key in KEYS.items()
    }


@dataclass(frozen=True)
class Step:
    """The database before and after something was tried, and the history entries it left, oldest first."""

    before: Rows
    after: Rows

    @property
    def entries(self) -> list[Row]:
        new = self.after["history"].keys() - self.before["history"].keys()
        return [self.after["history"][key] for key in sorted(new)]

    def changed(self, table: str) -> set[tuple[Any, ...]]:
        before, after = self.before[table], self.after[table]
        return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}

    def of_entry(self, entry: Row) -> Mapping[str, Any]:
        return json.loads(entry["changes"])["set"]


def images_of(rows: Rows, case: Row) -> dict[str, Any]:
    """A case as its tables have it, in the words of the history."""
    images = {name: value for name, value in case.items() if name not in BOOKKEEPING}
    images |= json.loads(case["data"])
    if case["kind"] in OWN_TABLES:
        stored = rows[case["kind"]][case["id"],]
        images |= {name: _as_list(value) if name in LISTS else value for name, value in stored.items()}
        del images["case_id"]
    names = ("role", "person_id", "department_id", "from_on", "to_on")
    images["bearers"] = sorted(
        [[row[name] for name in names] for row in rows["assignment"].values() if row["case_id"] == case["id"]],
        key=repr,
    )
    columns = ("round", "submission", "step", "signer", "actor", "at", "dossier_hash", "basis", "voided_at")
    images["signatures"] = sorted(
        [[row[name] for name in columns] for row in rows["signature"].values() if row["root_id"] == case["id"]],
        key=repr,
    )
    return images


def _as_list(stored: str | None) -> Any:
    return None if stored is None else json.loads(stored)


class Ledger:
    """What must be so, checked against the tables themselves and never against the engine's own reading of them."""

    def __init__(self, rows: Rows) -> None:
        self.folded: dict[int, dict[str, Any]] = defaultdict(dict)
        self.numbers: dict[tuple[int, int], int] = {}
        self.fired: set[tuple[Any, ...]] = set()
        empty = {table: {} for table in KEYS}
        self.check(Step(empty, rows))

    def check(self, step: Step) -> None:
        self._replay_gives_the_rows(step)
        self._an_entry_for_every_change(step)
        self._revision_moves_with_content(step)
        self._lines_belong_to_new_entries(step)
        self._earlier_rounds_stay(step)
        self._rounds_begin_only_by_relapse(step)
        self._numbers_without_gaps(step)
        self._no_step_fires_twice(step)
        self._signatures_by_other_hands(step)

    def _replay_gives_the_rows(self, step: Step) -> None:
        for entry in step.entries:
            self.folded[entry["case_id"]].update(step.of_entry(entry))
        touched = {entry["case_id"] for entry in step.entries}
        touched |= {key[0] for table in ("cases", *OWN_TABLES) for key in step.changed(table)}
        touched |= {step.after["assignment"][key]["case_id"] for key in step.changed("assignment")}
        touched |= {key[0] for key in step.changed("signature")}
        for case_id in touched:
            actual = images_of(step.after, step.after["cases"][case_id,])
            replayed = dict(self.folded[case_id])
            for name in ("bearers", "signatures"):
                replayed[name] = sorted(replayed.get(name, []), key=repr)
            assert replayed == {
                name: actual[name] for name in actual if name in replayed or actual[name] is not None
            }

    def _an_entry_for_every_change(self, step: Step) -> None:
        seqs = defaultdict(list)
        for entry in step.entries:
            seqs[entry["root_id"]].append(entry["seq"])
        for root_id, found in seqs.items():
            last = step.before["cases"].get((root_id,), {"seq": 0})["seq"]
            assert found == list(range(last + 1, last + 1 + len(found)))
            assert step.after["cases"][root_id,]["seq"] == found[-1]
        owners = {entry["case_id"] for entry in step.entries} | seqs.keys()
        for (case_id,) in step.changed("cases"):
            before, after = step.before["cases"].get((case_id,)), step.after["cases"][case_id,]
            only_the_alarm = before is not None and before | {"next_alert_at": after["next_alert_at"]} == after
            assert only_the_alarm or case_id in owners
        assert not any(key in step.before["history"] for key in step.changed("history"))

    def _revision_moves_with_content(self, step: Step) -> None:
        content = Counter(entry["case_id"] for entry in step.entries if step.of_entry(entry).keys() - {"fired"})
        for (case_id,), row in step.after["cases"].items():
            before = step.before["cases"].get((case_id,), {"revision": 0})
            assert row["revision"] - before["revision"] == content[case_id]
        assert all(step.of_entry(one).keys() <= {"fired"} for one in step.entries if one["action"] == ALERT)

    def _lines_belong_to_new_entries(self, step: Step) -> None:
        new = {(entry["root_id"], entry["seq"]): entry for entry in step.entries}
        told = defaultdict(list)
        for key in step.changed("line"):
            assert key not in step.before["line"]
            line = step.after["line"][key]
            root_id = step.after["cases"][line["case_id"],]["root_id"]
            assert new[root_id, line["seq"]]["case_id"] == line["case_id"]
            told[root_id, line["seq"]].append(line["person_id"])
        for key, entry in new.items():
            if entry["action"] == ALERT:
                assert sorted(told[key]) == json.loads(entry["changes"])["said"]["told"]

    def _earlier_rounds_stay(self, step: Step) -> None:
        cases = step.before["cases"]
        old = {key[0] for key, row in cases.items() if row["round"] < cases[row["root_id"],]["round"]}
        for table in ("cases", *OWN_TABLES):
            assert not {key[0] for key in step.changed(table)} & old
        assert not {step.after["assignment"][key]["case_id"] for key in step.changed("assignment")} & old
        for root_id, number, *_ in step.changed("signature"):
            assert number == step.after["cases"][root_id,]["round"]
        for entry in step.entries:
            assert entry["case_id"] not in old
            parent = step.after["cases"][entry["case_id"],]["parent_id"]
            assert parent not in old

    def _rounds_begin_only_by_relapse(self, step: Step) -> None:
        begun = Counter(entry["root_id"] for entry in step.entries if entry["action"] in NEW_ROUND)
        for key in step.changed("cases"):
            before, after = step.before["cases"].get(key), step.after["cases"][key]
            if before is not None:
                assert after["round"] - before["round"] == begun[key[0]]

    def _numbers_without_gaps(self, step: Step) -> None:
        for entry in step.entries:
            number = step.of_entry(entry).get("close_out_number")
            if number is not None:
                dossier = (entry["root_id"], entry["round"])
                assert dossier not in self.numbers, "a second number in the same round"
                self.numbers[dossier] = number
        assert sorted(self.numbers.values()) == list(range(1, len(self.numbers) + 1))
        drawn = [row["value"] for row in step.after["number"].values() if row["series"] == "close_out"]
        assert sum(drawn) == len(self.numbers)

    def _no_step_fires_twice(self, step: Step) -> None:
        for entry in step.entries:
            case = step.after["cases"][entry["case_id"],]
            for key, nth, role, _ in json.loads(entry["changes"])["said"].get("due", ()):
                occurrence = (case["id"], case["deadline_no"], key, nth, role)
                assert occurrence not in self.fired
                self.fired.add(occurrence)

    def _signatures_by_other_hands(self, step: Step) -> None:
        for key in step.changed("signature"):
            if key not in step.before["signature"]:
                self._is_a_fresh_hand(step, key)
        for (root_id,), row in step.after["cases"].items():
            if row["state"] == "close_out":
                signers = [one["signer"] for one in _standing(step.after, root_id)]
                assert len(signers) == len(set(signers))
                assert not set(signers) & _workers(step.after, root_id)

    def _is_a_fresh_hand(self, step: Step, key: tuple[Any, ...]) -> None:
        signature = step.after["signature"][key]
        others = [one["signer"] for one in _standing(step.after, key[0]) if one is not signature]
        assert signature["signer"] not in others
        assert signature["signer"] not in _workers(step.after, key[0])
        assert signature["signer"] == signature["actor"] or signature["basis"]


def _standing(rows: Rows, root_id: int) -> list[Row]:
    number = rows["cases"][root_id,]["round"]
    of_root = [row for row in rows["signature"].values() if row["root_id"] == root_id]
    return [row for row in of_root if row["round"] == number and row["voided_at"] is None]


def _workers(rows: Rows, root_id: int) -> set[str]:
    number = rows["cases"][root_id,]["round"]
    of_root = (row for row in rows["history"].values() if row["root_id"] == root_id and row["work"])
    return {row["signer"] for row in of_root if row["round"] == number}


class Entitlement:
    """Who holds which role towards a case, worked out from posts and assignments alone."""

    def __init__(self, office: Any) -> None:
        self.roles = office.runtime.registry.roles
        self.above = {row["id"]: row["parent_id"] for row in office.rows("SELECT id, parent_id FROM organization")}
        self.posts = office.rows("SELECT * FROM post")
        self.office = office

    def roles_of(self, who: str, rows: Rows, case: Row) -> set[str]:
        if who.startswith("system:"):
            return {"system"}
        until = self.office.rows("SELECT active_until FROM person WHERE id = ?", int(who))[0]["active_until"]
        if until is not None and until < self.office.today:
            return set()
        lineage = self._lineage(rows, case)
        assigned = {row["role"] for row in self._bearers(rows, lineage) if row["person_id"] == int(who)}
        posts = [one for one in self.posts if one["person_id"] == int(who)]
        return assigned | {one["role"] for one in posts if self._counts(one, rows, case, lineage)}

    def _lineage(self, rows: Rows, case: Row) -> list[int]:
        line = [case["id"]]
        while (parent := case["parent_id"]) is not None:
            line.append(parent)
            case = rows["cases"][parent,]
        return line

    def _bearers(self, rows: Rows, lineage: Sequence[int]) -> Iterator[Row]:
        today = self.office.today
        for row in rows["assignment"].values():
            if row["case_id"] in lineage and row["from_on"] <= today <= (row["to_on"] or "9999"):
                yield row

    def _counts(self, post: Row, rows: Rows, case: Row, lineage: Sequence[int]) -> bool:
        scope = self.roles[post["role"]].scope
        if scope == "organization":
            return bool(post["organization_id"] == case["organization_id"])
        if scope == "above":
            return self._is_above(post["organization_id"], case["organization_id"])
        leading = [row for row in self._bearers(rows, lineage) if row["role"] == "lead_department"]
        return scope == "department" and post["department_id"] in {row["department_id"] for row in leading}

    def _is_above(self, upper: int, lower: int) -> bool:
        parent = self.above[lower]
        return parent is not None and (parent == upper or self._is_above(upper, parent))


GARBAGE: tuple[Any, ...] = (
    None,
    "",
    "  ",
    0,
    -1,
    True,
    "2026-02-30",
    [],
    ["x"],
    [None],
    [999_999],
    {"a": 1},
    999_999,
)
TEXTS = ("甲", "乙", "丙")


class Inventor:
    """Makes up parameters: mostly such as the action asks for, sometimes rubbish."""

    def __init__(self, office: Any, chance: random.Random) -> None:
        self.office, self.chance = office, chance

    def params(self, asked: Sequence[Param]) -> dict[str, Any]:
        made = {one.name: self._value(one) for one in asked if one.required or self.chance.random() < 0.5}
        if made and self.chance.random() < 0.15:
            made[self.chance.choice(sorted(made))] = self.chance.choice(GARBAGE)
        if self.chance.random() < 0.03:
            made["nobody_asked"] = 1
        return made

    def _value(self, param: Param) -> Any:
        pick = self.chance.choice
        people, departments = list(self.office.people.values()), list(self.office.departments.values())
        return {
            "text": lambda: pick(param.choices or TEXTS),
            "date": lambda: self.office.in_days(self.chance.randint(-3, 90)),
            "int": lambda: self.chance.randint(0, 100),
            "bool": lambda: pick((True, False)),
            "person": lambda: pick(people),
            "department": lambda: pick(departments),
            "case": lambda: self.office.inspection,
            "people": lambda: self.chance.sample(people, 2),
            "departments": lambda: self.chance.sample(departments, 1),
            "cases": lambda: [self.chance.randint(1, 9)],
            "list": list,
        }[param.type]()


class Planner:
    """The next thing people of good will would do about a problem, so that lives get far."""

    def __init__(self, office: Any, rows: Rows, chance: random.Random) -> None:
        self.office, self.rows, self.chance = office, rows, chance

    def step(self, problem: Row) -> Command:
        return getattr(self, f"_{problem['state']}")(problem)

    def _command(self, case_id: int, action: str, *people: str, **params: Any) -> Command:
        who = self.office.who(self.chance.choice(people))
        return Command(action=action, actor=who, case_id=case_id, params=params)

    def _signed(self, case_id: int, action: str, *people: str, **params: Any) -> Command:
        """By hand, or just as often on paper and recorded by the coordinator, who may forget the scan."""
        command = self._command(case_id, action, *people, **params)
        if self.chance.random() < 0.5:
            return command
        scan = "b" * 64 if self.chance.random() < 0.9 else None
        return command._replace(actor=self.office.who("second_coordinator"), signer=command.actor, basis=scan)

    def _parts(self, above: Row, kind: str) -> list[Row]:
        number = self.rows["cases"][above["root_id"],]["round"]
        of_kind = [row for row in self.rows["cases"].values() if row["kind"] == kind]
        return [row for row in of_kind if row["parent_id"] == above["id"] and row["round"] == number]

    def _feedback(self, problem: Row) -> Command:
        return self._command(problem["id"], "confirm", "coordinator", "second_coordinator")

    def _assignment(self, problem: Row) -> Command:
        office = self.office
        if problem["due_on"] is None:
            return self._command(
                problem["id"], "assign", "coordinator",
                lead_official=office.people["leader"], lead_department=office.departments["repairs"],
                officers=[office.people["officer"]], due_on=office.in_days(self.chance.randint(5, 60)),
            )  # fmt: skip
        if len(self._parts(problem, "measure")) < self.chance.randint(2, 3):
            return self._measure(problem)
        inspection = self.rows["cases"][office.inspection,]
        if inspection["state"] == "planning":
            if json.loads(inspection["data"])["plan_decided_on"] is None:
                return self._signed(office.inspection, "decide_plan", "secretary", decided_on=office.today)
            return self._command(office.inspection, "issue_plan", "coordinator", plan_number="示例1号")
        return self._command(problem["id"], "begin", "coordinator")

    def _measure(self, problem: Row) -> Command:
        office = self.office
        track = self.chance.choice(("immediate", "immediate", "time_limited", "institutional"))
        due_on = office.in_days(self.chance.randint(1, 40))
        params = {"text": "示例措施", "track": track, "officer": office.people["officer"], "due_on": due_on}
        return Command(
            action=OPEN, kind="measure", parent_id=problem["id"], actor=office.who("coordinator"), params=params
        )

    def _immediate_fix(self, problem: Row) -> Command:
        measures = [row for row in self._parts(problem, "measure") if row["live"]]
        if not measures:
            return self._measure(problem)
        tracks = [self.rows["measure"][row["id"],]["track"] for row in measures]
        measure = measures[tracks.index(min(tracks, key=TRACKS.index))]
        worked = self._parts(measure, "evidence") or self._parts(problem, "evidence")
        if not worked:
            return self._evidence(measure)
        return self._open_measure(measure) if measure["state"] == "open" else self._accept(problem, measure)

    _time_limited_fix = _institutionalization = _immediate_fix

    def _staged(self, problem: Row) -> Command:
        return self._command(problem["id"], "resume_work", "coordinator", "chief", reason="预算已到位")

    def _disputed(self, problem: Row) -> Command:
        if self.chance.random() < 0.2:
            return self._signed(problem["id"], "strike", "supervisor", reason="异议属实")
        return self._signed(problem["id"], "dismiss_dispute", "coordinator", "supervisor", reason="维持原认定")

    def _raised(self, problem: Row) -> Command:
        return self._signed(problem["id"], "give_back", "supervisor", decision="由街道办理")

    def _merged(self, problem: Row) -> Command:
        return self._command(problem["id"], "unmerge", "coordinator", reason="不是同一件事")

    def _struck(self, problem: Row) -> Command:
        return self._command(problem["id"], "comment", "coordinator", text="已存档")

    def _evidence(self, measure: Row) -> Command:
        params = {"sha256": f"{measure['id']:064}", "file_name": "照片.txt", "title": "照片"}
        who = self.office.who(self.chance.choice(("officer", "officer", "chief")))
        return Command(action=OPEN, kind="evidence", parent_id=measure["id"], actor=who, params=params)

    def _open_measure(self, measure: Row) -> Command:
        fields = self.rows["measure"][measure["id"],]
        officers = [
            row["person_id"] for row in self.rows["assignment"].values()
            if row["case_id"] == measure["id"] and row["role"] == "officer" and row["to_on"] is None
        ]  # fmt: skip
        who = str(officers[0]) if officers else "officer"
        settled = fields["regulation_number"] or fields["no_regulation_reason"]
        if fields["track"] == "institutional" and not settled:
            if self.chance.random() < 0.3:
                return self._signed(measure["id"], "waive_regulation", "leader", reason="已有同类制度")
            given = {"regulation_title": "办法", "regulation_number": "1号", "regulation_on": self.office.today}
            return self._command(measure["id"], "record_regulation", who, **given)
        return self._command(measure["id"], "submit", who, result="已办结")

    def _accept(self, problem: Row, measure: Row) -> Command:
        if self.chance.random() < 0.2:
            return self._signed(measure["id"], "return", "chief", reason="请补充")
        if self.chance.random() < 0.5:
            return self._command(problem["id"], "accept_results", "chief", "vice_chief", "leader")
        return self._signed(measure["id"], "accept", "chief", "vice_chief", "leader")

    def _close_out(self, problem: Row) -> Command:
        step = len(_standing(self.rows, problem["id"]))
        if self.chance.random() < 0.05:
            return self._signed(problem["id"], "return_to_work", "secretary", reason="不完整")
        if step >= 3:
            return self._signed(problem["id"], "decide", "secretary", "deputy")
        turns = (("chief", "vice_chief"), ("leader", "second_deputy"), ("coordinator", "second_coordinator"))
        return self._signed(problem["id"], "sign", *turns[step])

    def _closed(self, problem: Row) -> Command:
        way = self.chance.random()
        if way < 0.15:
            return self._signed(problem["id"], "not_recognize", "supervisor", reason="不到位")
        if way < 0.3:
            return self._command(problem["id"], "relapse", "auditor", finding="反弹")
        return self._command(problem["id"], "start_look_back", "auditor", "second_auditor")

    def _look_back(self, problem: Row) -> Command:
        if self.chance.random() < 0.5:
            return self._signed(problem["id"], "pass_look_back", "auditor", "second_auditor", finding="属实")
        params = {"verdict": "relapse", "finding": "又出现"}
        return self._signed(problem["id"], "find_relapse", "auditor", "second_auditor", **params)

    def _settled(self, problem: Row) -> Command:
        return self._command(problem["id"], "relapse", "supervisor", "auditor", finding="一年后反弹")


chances = st.integers(0, 2**32 - 1).map(random.Random)


class Life(RuleBasedStateMachine):
    """An office at work; `been` names the places of a life that it has come to."""

    template: Any
    definitions: Mapping[str, Definition]

    def __init__(self) -> None:
        super().__init__()
        self.office = self.template.fresh()
        self.rows = photograph(self.office)
        self.ledger = Ledger(self.rows)
        self.entitled = Entitlement(self.office)
        self.been: set[str] = set()

    # --- rules ---

    @initialize(chance=chances, problems=st.integers(1, 2), steps=st.sampled_from((0, 10, 20, 30, 45)))
    def begin(self, chance: random.Random, problems: int, steps: int) -> None:
        for number in range(problems):
            params = {
                "inspection_id": self.office.inspection,
                "number": str(number),
                "title": "示例",
                "source": "feedback",
            }
            self._through(
                Command(
                    action=OPEN, kind="problem", actor=self.office.who("coordinator"),
                    organization_id=self.office.street, params=params,
                )
            )  # fmt: skip
        for _ in range(steps):
            self._sensible(chance)

    @rule(chance=chances, times=st.integers(1, 4))
    def somebody_does_the_next_thing(self, chance: random.Random, times: int) -> None:
        for _ in range(times):
            self._sensible(chance)

    @rule(chance=chances)
    def anybody_tries_anything(self, chance: random.Random) -> None:
        self._through(self._anything(chance))

    @rule(chance=chances)
    def somebody_entitled_does_anything(self, chance: random.Random) -> None:
        self._through(self._entitled_command(chance))

    @rule(chance=chances, size=st.integers(2, 6))
    def a_batch_comes(self, chance: random.Random, size: int) -> None:
        self._through(*(self._entitled_command(chance) for _ in range(size)))

    @rule(days=st.integers(0, 40), minutes=st.integers(0, 1439))
    def time_passes(self, days: int, minutes: int) -> None:
        self.office.now += days * 86400 + minutes * 60

    @rule(days=st.integers(0, 20))
    def the_beat_comes(self, days: int) -> None:
        self.office.later(days)
        swept = sweep(self.office.database, self.office.runtime, self.office.now)
        step = self._look()
        assert swept.quarantined == ()
        alerts = [entry for entry in step.entries if entry["action"] == ALERT]
        letters = [entry for entry in step.entries if entry["action"] == OPEN]
        assert len(alerts) == swept.fired
        assert len(alerts) + len(letters) == len(step.entries)
        assert {self.office.case(entry["case_id"]).kind for entry in letters} <= {"letter"}
        assert not any(step.changed(table) for table in (*OWN_TABLES, "assignment", "signature"))
        again = sweep(self.office.database, self.office.runtime, self.office.now)
        assert (again.looked_at, self._look().entries) == (0, [])
        if swept.fired:
            self.been.add("alerted")

    @rule(key=st.sampled_from(("second_coordinator", "second_auditor", "second_officer", "second_deputy")))
    def somebody_leaves(self, key: str) -> None:
        yesterday = self.office.in_days(-1)
        with self.office.database.begin() as tx:
            tx.connection.exec_driver_sql(
                "UPDATE person SET active_until = ? WHERE key = ? AND active_until IS NULL", (yesterday, key)
            )
            wake(tx, self.office.street, self.office.now)
        step = self._look()
        assert not step.entries

    # --- the door, watched ---

    def _sensible(self, chance: random.Random) -> None:
        problems = [row for row in self.rows["cases"].values() if row["kind"] == "problem"]
        command = Planner(self.office, self.rows, chance).step(chance.choice(problems))
        if chance.random() < 0.15:
            # The right thing, tried by somebody who may well have no part in it.
            command = command._replace(actor=str(chance.choice(list(self.office.people.values()))))
        self._through(command)

    def _through(self, *commands: Command) -> None:
        outcomes = self.office.execute(*commands)
        step = self._look()
        assert len(outcomes) == len(commands)
        if not any(one.done for one in outcomes):
            assert step.before == step.after, "a refusal left a trace"
        for command, outcome in zip(commands, outcomes, strict=True):
            if outcome.done and command.action != ALERT:
                self._was_entitled(step, command, outcome)

    def _look(self) -> Step:
        step = Step(self.rows, photograph(self.office))
        self.rows = step.after
        self.ledger.check(step)
        self._wakes_in_time()
        self._signed_what_is_there()
        self._note()
        return step

    def _was_entitled(self, step: Step, command: Command, outcome: Outcome) -> None:
        """By the roles before the batch or after it: an earlier command of the same batch may have given one."""
        case = step.after["cases"][outcome.case_id,]
        definition = self.definitions[case["kind"]]
        action = definition.action(command.action)
        assert action is not None

        def may(who: str, roles: Sequence[str]) -> bool:
            return any(self.entitled.roles_of(who, rows, case) & set(roles) for rows in (step.before, step.after))

        assert may(command.responsible, action.roles)
        if command.responsible != command.actor:
            assert action.paper
            assert command.basis
            assert may(command.actor, definition.recorders)
            self.been.add("paper")

    def _wakes_in_time(self) -> None:
        """Nothing is due an instant before a case's wake-up, so the true next step is not before it."""
        with self.office.database.read() as tx:
            view = self.office.runtime.view(tx)
            for row in self.rows["cases"].values():
                case = view.case(row["id"])
                at = row["next_alert_at"]
                if not self._is_clocked(case):
                    assert at is None or case.live
                    continue
                assert at is not None
                if at > self.office.now:
                    assert not plan_alerts(view, case, at - 1).said

    def _is_clocked(self, case: CaseState) -> bool:
        definition = self.definitions[case.kind]
        hears = set(definition.alert_roles) - set(definition.states[case.state].quiet_for)
        return bool(case.live and case.due_on and hears and not lasting_pause(case))

    def _signed_what_is_there(self) -> None:
        open_now = [key[0] for key, row in self.rows["cases"].items() if row["state"] == "close_out"]
        with self.office.database.read() as tx:
            view = self.office.runtime.view(tx)
            for root_id in open_now:
                hashes = {one["dossier_hash"] for one in _standing(self.rows, root_id)}
                assert hashes <= {dossier_hash(view, view.case(root_id))}

    def _note(self) -> None:
        problems = [row for row in self.rows["cases"].values() if row["kind"] == "problem"]
        self.been |= {row["state"] for row in problems}
        if any(row["round"] > 1 for row in problems):
            self.been.add("second round")
        if any(row["voided_at"] for row in self.rows["signature"].values()):
            self.been.add("void")

    # --- what anybody may think of ---

    def _anything(self, chance: random.Random) -> Command:
        who = chance.choice([*self.office.people.values(), "system:sweep"])
        return self._made_up(chance, str(who))

    def _made_up(self, chance: random.Random, who: str) -> Command:
        invent = Inventor(self.office, chance)
        cases = list(self.rows["cases"].values())
        case = chance.choice(cases)
        if chance.random() < 0.2:
            kind = chance.choice(sorted(self.definitions))
            parent = chance.choice([None, case["id"], case["id"], 999_999])
            given = invent.params(self.definitions[kind].opening.params)
            place = chance.choice([self.office.street, self.office.street, None, 999_999])
            return Command(action=OPEN, kind=kind, parent_id=parent, organization_id=place, actor=who, params=given)
        actions = self.definitions[case["kind"]].actions
        name = chance.choice([*actions, "no_such_action", ALERT] if chance.random() < 0.1 else list(actions))
        given = invent.params(actions[name].params) if name in actions else {}
        signer, basis = None, None
        if chance.random() < 0.3:
            signer = str(chance.choice(list(self.office.people.values())))
            basis = chance.choice((None, "b" * 64))
        revision = chance.choice((None, None, case["revision"], case["revision"] - 1))
        case_id = case["id"] if chance.random() < 0.98 else 999_999
        return Command(
            action=name, case_id=case_id, actor=who, params=given, signer=signer, basis=basis, revision=revision
        )

    def _entitled_command(self, chance: random.Random) -> Command:
        """Something made up, by one who holds a role for it where there is such a person."""
        command = self._made_up(chance, self.office.who("coordinator"))
        case = self.rows["cases"].get((command.case_id or command.parent_id or self.office.inspection,))
        definition = self.definitions.get(command.kind or (case["kind"] if case else ""))
        action = definition.action(command.action) if definition else None
        if case is None or action is None:
            return command
        wanted = set(action.roles)
        able = [
            str(one) for one in self.office.people.values()
            if self.entitled.roles_of(str(one), self.rows, case) & wanted
        ]  # fmt: skip
        who = chance.choice(able) if able else command.actor
        signer = command.signer and who
        actor = command.actor if signer else who
        return command._replace(actor=actor, signer=signer)

    def teardown(self) -> None:
        with self.office.database.read() as tx:
            assert list(verify(tx, self.office.runtime)) == []


@pytest.fixture
def life(template: Any) -> type[Life]:
    registry = template.office.runtime.registry
    Life.template = template
    Life.definitions = {kind: registry.parse(text, kind) for kind, text in registry.workflows.items()}
    return Life


def test_the_invariants_hold_whatever_people_try(life: type[Life]) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            deadline=None,
            database=None,
            # A failure is a short list of seeds already; making it shorter takes minutes.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_lives_that_are_tried_get_everywhere(life: type[Life]) -> None:
    """Or the invariants would hold because nothing happens."""
    been: set[str] = set()
    for seed in range(3):
        one = life()
        chance = random.Random(seed)  # noqa: S311  play, not secrets
        one.begin(chance=chance, problems=1, steps=30)
        for _ in range(10):
            one.somebody_does_the_next_thing(chance=chance, times=4)
            one.somebody_entitled_does_anything(chance=chance)
            one.the_beat_comes(days=2)
        one.teardown()
        been |= one.been
    assert set(DEEP) - been == set()
