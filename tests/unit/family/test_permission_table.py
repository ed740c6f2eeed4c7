"""Who may do what in which state, as the running door answers, beside the table that people have reviewed."""

import difflib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from engine.commands import OPEN, Command
from engine.definitions import Definition, Param
from engine.door import Door
from workflows import rectification
from workflows.rectification.sampling import draw

REVIEWED = Path(__file__).parents[2] / "reviewed"
ACCEPT = "ACCEPT_PERMISSIONS"
COMMAND = f"{ACCEPT}=1 .venv/bin/pytest tests/unit/family/test_permission_table.py"

# Somebody who holds this role towards the case and no other.
HOLDERS: Mapping[str, str] = {
    "coordinator": "coordinator",
    "head": "secretary",
    "deputy_head": "deputy",
    "lead_official": "leader",
    "department_head": "chief",
    "deputy_department_head": "vice_chief",
    "officer": "officer",
    "auditor": "auditor",
    "discipline": "discipline",
    "supervisor": "supervisor",
    "administrator": "administrator",
}
OTHERS: Mapping[str, str] = {"外单位人员": "stranger", "已离任人员": "leaver", "系统": "system:sweep"}
# Held by departments, never by a person.
OF_DEPARTMENTS = {"lead_department", "supporting_department"}
# They hear of something and do nothing, or do what another role may, whose column is there.
HEARERS = {"unit_head", "delegate"}
# Somebody who is there only when nobody else can sign.
APPOINTED = {"appointed_signer"}
SHUT = {
    "not_yours",
    "no_such_case",
    "not_on_paper",
    "signer_not_entitled",
    "wrong_state",
    "wrong_parent",
    "unknown_action",
}
LEGEND = """\
由测试逐格向运行中的引擎询问后生成，改动须经人审阅；接受改动：`{command}`。

- ✓ 本人可以办理
- ○ 角色可以办理，但此刻条件不具备（例如前一环节尚未签字）
- 签 可由整改办凭签批件代录，（签）表示代录的条件此刻也不具备
- 空白 不能办理；没有任何人能办理的操作不列出
"""

Ask = Callable[[Command], str | None]


class _RollbackError(Exception):
    """Ends a transaction that was only asked."""


@contextmanager
def asking(office: Any) -> Iterator[Ask]:
    """The door, asked and never obeyed: gives the word of the refusal, None for what it would have done."""
    with suppress(_RollbackError), office.database.begin() as tx:
        door = Door(office.runtime.view(tx), office.now)

        def ask(command: Command) -> str | None:
            nonlocal door
            outcome = door.take(command)
            if outcome.refusal is not None:
                return outcome.refusal.word
            door = Door(office.runtime.view(tx), office.now)
            return None

        yield ask
        raise _RollbackError


def params_of(office: Any, asked: Sequence[Param]) -> dict[str, Any]:
    """Sound values for everything that must be given."""
    population = [{"id": 1, "number": "1", "key": True, "area": "", "lead_department": "", "lead_official": ""}]
    values: dict[str, Any] = {
        "text": "内容",
        "date": "2027-06-01",
        "int": 30,
        "bool": True,
        "person": office.people["second_officer"],
        "people": [office.people["second_officer"]],
        "department": office.departments["accounts"],
        "departments": [office.departments["repairs"]],
        "case": office.inspection,
        "cases": [office.inspection],
        "list": ["内容"],
    }
    by_period = any(one.name == "period" and one.required for one in asked)
    wanted = [one for one in asked if one.required or (one.name == "due_on" and not by_period)]
    made = {one.name: one.choices[0] if one.choices else values[one.type] for one in wanted}
    made |= {"period": "3个月"} if by_period else {}
    made |= {name: value for name, value in _by_name(office, population).items() if name in made}
    if "sample" in made:
        made["sample"] = draw(population, made["seed"], made["rate_percent"])
    return made


def _by_name(office: Any, population: list[dict[str, Any]]) -> dict[str, Any]:
    """What fits only a parameter of this name."""
    return {
        "into": _oldest(office, "problem", "feedback"),
        "earlier": _oldest(office, "problem", "closed"),
        "problem_id": _oldest(office, "problem", "immediate_fix"),
        "regulation": _oldest(office, "regulation", "issued"),
        "units": [office.departments["repairs"]],
        "per": "quarter",
        "times": 1,
        "counts": [2],
        "person": office.people["officer"],
        "done_on": office.today,
        "published_on": office.today,
        "issued_on": office.today,
        "population": population,
    }


def _oldest(office: Any, kind: str, state: str) -> int:
    """The first case in a state: the lives played here leave one there."""
    rows = office.rows("SELECT id FROM cases WHERE kind = ? AND state = ? ORDER BY id LIMIT 1", kind, state)
    return int(rows[0]["id"]) if rows else int(office.inspection)


def commands_at(office: Any, case: int | None, definitions: Mapping[str, Definition]) -> dict[str, Command]:
    """Everything that could be asked about a case, or with none: a line's name → a command without its people."""
    kind = office.case(case).kind if case else ""
    made = {}
    for action in definitions[kind].actions.values() if case else ():
        given = params_of(office, action.params)
        made[f"{action.label['zh']} `{action.name}`"] = Command(
            action=action.name, actor="", case_id=case, params=given
        )
    for part in definitions.values():
        if kind in (part.parents or ("",)):
            given = params_of(office, part.opening.params)
            made[f"{part.opening.label['zh']} `{part.kind}.open`"] = Command(
                action=OPEN, actor="", kind=part.kind, parent_id=case, organization_id=office.street, params=given
            )
    return made


def cell(ask: Ask, command: Command, office: Any, who: str) -> str:
    recorder = office.who("second_coordinator")
    own = ask(command._replace(actor=who))
    paper = ask(command._replace(actor=recorder, signer=who, basis="b" * 64))
    mark = "✓" if own is None else "" if own in SHUT else "○"
    return mark + ("签" if paper is None else "" if paper in SHUT else "（签）")


def table(office: Any, case: int | None, definitions: Mapping[str, Definition]) -> str:
    roles = office.runtime.registry.roles
    columns = {roles[role].label["zh"]: key for role, key in HOLDERS.items()} | OTHERS
    lines = [f"| 操作 | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    commands = commands_at(office, case, definitions)
    with asking(office) as ask:
        for name, command in commands.items():
            cells = [cell(ask, command, office, office.who(key)) for key in columns.values()]
            if any(cells):
                lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) if len(lines) > 2 else "（无人可办）"


# --- how a case of each kind comes into each of its states ---


def inspections(office: Any) -> Iterator[int | None]:
    yield None
    yield office.inspection
    office.issue_plan()
    yield office.inspection
    office.do(office.inspection, "archive", "coordinator")
    yield office.inspection


def problems(office: Any) -> Iterator[int]:
    office.open_problem()
    office.closed_problem()
    problem = office.open_problem()
    yield problem
    office.issue_plan()
    office.do(problem, "confirm", "coordinator")
    office.assign(problem)
    measures = [office.add_measure(problem, track) for track in ("immediate", "time_limited", "institutional")]
    yield problem
    office.do(problem, "begin", "coordinator")
    office.open("extension", "chief", problem, until=office.in_days(99), reason="招标流标")
    office.file_evidence(problem)
    regulation = {"regulation_title": "办法", "regulation_number": "1号", "regulation_on": office.today}
    office.do(measures[2], "record_regulation", "officer", **regulation)
    for measure in measures:
        office.do(measure, "submit", "officer", result="已办结")
        yield problem
        office.do(measure, "accept", "leader")
    yield problem
    office.sign_all(problem)
    office.do(problem, "decide", "secretary")
    yield problem
    office.do(problem, "start_look_back", "auditor")
    yield problem
    office.do(problem, "pass_look_back", "auditor", finding="属实")
    yield problem
    yield from problems_on_other_ways_out(office)


def problems_on_other_ways_out(office: Any) -> Iterator[int]:
    staged, measures = office.problem_in_work("immediate", "time_limited")
    office.file_evidence(staged)
    office.finish(measures[0])
    office.do(staged, "request_stage", "chief", until=office.in_days(200), reason="等待下年度预算")
    office.do(staged, "approve_stage", "leader")
    yield staged
    problem, _ = office.problem_in_work()
    office.do(problem, "dispute", "chief", reason="与事实不符")
    yield problem
    raised, _ = office.problem_in_work()
    office.do(raised, "request_raise", "coordinator", reason="涉及区级部门")
    office.do(raised, "take_over", "supervisor")
    yield raised
    merged, _ = office.problem_in_work()
    office.do(merged, "merge", "coordinator", into=staged, kind="same_work", reason="同一件事")
    yield merged
    office.do(problem, "strike", "supervisor", reason="异议成立")
    yield problem


def measures(office: Any) -> Iterator[int]:
    office.issue_plan()
    regulation = office.open("regulation", "coordinator", title="已有制度")
    office.do(regulation, "submit", "coordinator")
    office.do(regulation, "issue", "secretary", number="9号", issued_on=office.today)
    problem, (measure, second) = office.problem_in_work("institutional", "institutional")
    office.file_evidence(problem)
    office.open("extension", "chief", measure, until=office.in_days(99), reason="招标流标")
    yield measure
    office.do(measure, "waive_regulation", "leader", reason="已有同类制度")
    office.do(measure, "submit", "officer", result="已办结")
    yield measure
    office.do(measure, "accept", "leader")
    yield measure
    office.do(second, "drop", "coordinator", reason="并入上一项")
    yield second


def evidence(office: Any) -> Iterator[int]:
    office.issue_plan()
    problem, _ = office.problem_in_work()
    filed = office.file_evidence(problem)
    yield filed
    office.do(filed, "reject", "leader", reason="不实")
    yield filed


def extensions(office: Any) -> Iterator[int]:
    office.issue_plan()
    _, (measure, second) = office.problem_in_work("immediate", "immediate")
    asked = office.open("extension", "officer", measure, until="2027-01-10", reason="招标流标")
    yield asked
    office.do(asked, "grant_beyond_period", "secretary")
    yield asked
    office.do(asked, "report_upward", "coordinator")
    yield asked
    refused = office.open("extension", "officer", second, until=office.in_days(40), reason="招标流标")
    office.do(refused, "refuse", "leader", answer="不急")
    yield refused
    withdrawn = office.open("extension", "officer", second, until=office.in_days(50), reason="招标流标")
    office.do(withdrawn, "withdraw", "officer")
    yield withdrawn


def milestones(office: Any) -> Iterator[int]:
    given = {"due_on": office.in_days(30), "officer": office.people["officer"]}
    milestone = office.open("milestone", "coordinator", office.inspection, name="evaluation", **given)
    yield milestone
    office.do(milestone, "complete", "coordinator", done_on=office.today)
    yield milestone
    office.do(milestone, "reopen", "coordinator", reason="日期有误")
    office.do(milestone, "skip", "coordinator", reason="本轮不评估")
    yield milestone


def reviews(office: Any) -> Iterator[int]:
    problem = office.closed_problem()
    review = office.open("review", "auditor", problem)
    yield review
    office.do(review, "begin", "auditor")
    office.do(review, "note", "auditor", means="visit", text="走访3户，均已退款")
    yield review
    office.do(review, "conclude", "auditor", verdict="in_place", finding="属实")
    yield review


def commitments(office: Any) -> Iterator[int | None]:
    office.issue_plan()
    problem, _ = office.problem_in_work()
    yield None
    commitment = office.open_commitment(problem)
    yield commitment
    office.do(commitment, "end", "coordinator", reason="已形成常态")
    yield commitment


def regulations(office: Any) -> Iterator[int | None]:
    yield None
    who = {"lead_department": office.departments["repairs"], "officer": office.people["officer"]}
    regulation = office.open("regulation", "coordinator", title="台账管理办法", **who)
    yield regulation
    office.do(regulation, "submit", "officer")
    yield regulation
    office.do(regulation, "issue", "secretary", number="1号", issued_on=office.today)
    yield regulation
    office.do(regulation, "repeal", "secretary", reason="已有上位规定")
    yield regulation


def leads(office: Any) -> Iterator[int | None]:
    yield None
    given = {"number": "2026-3", "handling_body": "区纪委", "transferred_on": office.today}
    lead = office.open("lead", "discipline", **given)
    yield lead
    office.do(lead, "complete", "discipline", done_on=office.today)
    yield lead


def letters(office: Any) -> Iterator[int]:
    """A letter in all its states; the last one was sent by mistake."""
    office.issue_plan()
    problem, _ = office.problem_in_work()
    given = {"form": "督办单", "due_on": office.in_days(5)}
    letter = office.open("letter", "coordinator", problem, **given)
    yield letter
    office.do(letter, "receive", "officer")
    yield letter
    office.do(letter, "answer", "chief", answer="正在招标")
    yield letter
    office.do(letter, "close", "coordinator")
    yield letter
    mistaken = office.open("letter", "coordinator", problem, **given)
    office.do(mistaken, "withdraw", "coordinator", reason="发错了")
    yield mistaken


def instructions(office: Any) -> Iterator[int]:
    office.issue_plan()
    problem, _ = office.problem_in_work()
    letter = office.open("letter", "coordinator", problem, form="督办单", due_on=office.in_days(5))
    given = {"text": "请抓紧办理", "officer": office.people["officer"], "due_on": office.in_days(9)}
    [instruction] = office.do(letter, "instruct", "leader", **given).opened
    yield instruction
    office.do(instruction, "answer", "officer", answer="已办理")
    yield instruction
    office.do(instruction, "close", "leader")
    yield instruction


def notices(office: Any) -> Iterator[int]:
    """One that went out, and one that was thrown away."""
    given = {"form": "to_public", "sha256": "a" * 64, "total": 1, "done": 0}
    inspection = office.inspection
    notice = office.open("notice", "coordinator", inspection, **given)
    yield notice
    office.do(notice, "publish", "coordinator", published_on=office.today)
    yield notice
    wrong = office.open("notice", "coordinator", inspection, **given)
    office.do(wrong, "discard", "coordinator", reason="数字核对后重做")
    yield wrong


LIVES: Mapping[str, Callable[[Any], Iterator[int | None]]] = {
    "inspection": inspections,
    "problem": problems,
    "measure": measures,
    "evidence": evidence,
    "extension": extensions,
    "milestone": milestones,
    "review": reviews,
    "commitment": commitments,
    "regulation": regulations,
    "lead": leads,
    "notice": notices,
    "letter": letters,
    "instruction": instructions,
}


@pytest.fixture(scope="session")
def definitions(template: Any) -> Mapping[str, Definition]:
    registry = template.office.runtime.registry
    return {kind: registry.parse(registry.workflows[kind], kind) for kind in rectification.KINDS}


def page(office: Any, kind: str, definitions: Mapping[str, Definition]) -> str:
    definition = definitions[kind]
    parts = [f"# 谁在什么状态下可以办理什么：{definition.label['zh']}", LEGEND.format(command=COMMAND).rstrip()]
    seen = []
    for case in LIVES[kind](office):
        title = "## 新建事项"
        if case is not None:
            state = definition.states[office.case(case).state]
            seen.append(state.name)
            title = f"## {state.label['zh']} `{state.name}`"
        parts += [title, table(office, case, definitions)]
    assert seen == list(definition.states), "the life played here does not pass every state once, in their order"
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("kind", LIVES)
def test_the_door_lets_through_what_was_reviewed(office, definitions, kind):
    now = page(office, kind, definitions)
    path = REVIEWED / f"permissions-{kind}.md"
    if os.environ.get(ACCEPT):
        path.write_text(now, encoding="utf-8")
    reviewed = path.read_text(encoding="utf-8") if path.exists() else ""
    diff = difflib.unified_diff(reviewed.splitlines(), now.splitlines(), path.name, "the door today", lineterm="")
    assert now == reviewed, "\n".join([*diff, f"review it, then accept: {COMMAND}"])


def test_every_role_of_a_person_has_its_column():
    assert set(rectification.family().roles) == HOLDERS.keys() | OF_DEPARTMENTS | HEARERS | APPOINTED


@pytest.mark.parametrize("kind", LIVES)
def test_a_button_is_there_exactly_when_the_role_and_the_state_allow_it(office, definitions, kind):
    """`possible` and `execute` never disagree about role and state; guards may want what only the form says."""
    people = [*HOLDERS.values(), "stranger", "leaver"]
    for case in LIVES[kind](office):
        if case is None:
            continue
        commands = commands_at(office, case, definitions).values()
        by_name = {one.action: one for one in commands if one.action != OPEN}
        buttons = {key: office.words(case, key) for key in people}
        with asking(office) as ask:
            for key, words in buttons.items():
                for name, word in words.items():
                    done = ask(by_name[name]._replace(actor=office.who(key)))
                    assert (word in SHUT) == (done in SHUT), (key, name, word, done)
                    assert word is not None or done is None, (key, name, done)
