"""Plans commands one by one inside a transaction: every check, change and entry, and how to take them back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.alerting import AlertOutcome, plan_alerts
from engine.canonical import dumps
from engine.cases import BEARERS, COLUMNS, LOGGED_COLUMNS, SIGNATURES, CaseState
from engine.chain import Entry, entry_hash
from engine.commands import ALERT, OPEN, SYSTEM, VOID, Command, Draw, Outcome, Refusal, Result
from engine.context import Context
from engine.definitions import SAME, Action
from engine.kinds import NEXT_SIGNER
from engine.params import check_params
from engine.permissions import hearers, holds_any
from engine.sign_off import dossier_hash, eligible, next_step, voided
from engine.view import View
from engine.working_days import local_day
from engine.writing import NumberKey, Plan, next_case_id, read_number

AUTO = f"{SYSTEM}auto"
# More moves than a dossier has states means that two automatic actions chase each other.
MOST_AUTO_MOVES = 20
OPENED_COLUMNS = ("kind", "parent_id", "organization_id", "definition_id")


class _RefusedError(Exception):
    """Leaves a half-planned command; the door takes back what it had planned."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.word)
        self.refusal = refusal


@dataclass
class _Mark:
    """Where a command began, to come back to."""

    entries: int
    lines: int
    numbers: dict[NumberKey, int]
    opened: list[CaseState] = field(default_factory=list)
    before: dict[int, tuple[CaseState, dict[str, Any]]] = field(default_factory=dict)


class Door:
    """Takes commands and collects a plan. The view it was given sees every change as soon as it is planned."""

    def __init__(self, view: View, now: int) -> None:
        self.view = view
        self.now = now
        self.plan = Plan()
        self.outcomes: list[Outcome] = []
        self._mark = self._new_mark()
        self._opened_in_all = 0

    def take(self, command: Command) -> Outcome:
        """Plan one command, its follow-ups and the automatic moves after it: all of it, or a refusal."""
        self._mark = self._new_mark()
        try:
            outcome = self._attempt(command)
        except _RefusedError as refused:
            self._take_back()
            outcome = Outcome(command.case_id, refusal=refused.refusal)
        self.outcomes.append(outcome)
        return outcome

    def _attempt(self, command: Command) -> Outcome:
        if command.action == ALERT:
            return self._alert(self._find(command), command)
        if command.action == OPEN:
            case, entry = self._open(command)
        else:
            case = self._find(command)
            self._check_revision(case, command)
            entry = self._act(case, command, trusted=False)
        root = self.view.root(case)
        self._void_stale_signatures(root)
        self._move_by_itself(root)
        opened = tuple(one.id for one in self._mark.opened)
        return Outcome(case.id, case.root_id, entry.seq, case.revision, case.state, None, opened)

    def _find(self, command: Command) -> CaseState:
        try:
            return self.view.case(command.case_id or 0)
        except LookupError:
            raise _RefusedError(Refusal("no_such_case", {"case_id": command.case_id})) from None

    def _check_revision(self, case: CaseState, command: Command) -> None:
        if command.revision is not None and command.revision != case.revision:
            raise _RefusedError(Refusal("stale", {"yours": command.revision, "now": case.revision}))

    def _act(self, case: CaseState, command: Command, *, trusted: bool) -> Entry:
        definition = self.view.definition(case)
        action = definition.actions.get(command.action)
        if action is None:
            raise _RefusedError(Refusal("unknown_action", {"action": command.action}))
        context = self._context(case, action, command)
        if not trusted:
            _refuse(permitted(context))
        self._with_params(context)
        target = self._planned(context)
        result = self._operate(context)
        entry = self._record(context, self._moved(context, target, result), result.said)
        self._finish(context, result, entry)
        return entry

    def _open(self, command: Command) -> tuple[CaseState, Entry]:
        workflow = self.view.editions.current(self.view.tx, command.kind or "")
        if workflow is None:
            raise _RefusedError(Refusal("unknown_kind", {"kind": command.kind}))
        parent = None if command.parent_id is None else self.view.case(command.parent_id)
        if (parent.kind if parent else "") not in (workflow.definition.parents or ("",)):
            raise _RefusedError(Refusal("wrong_parent", {"kind": command.kind}))
        case = self._new_case(command, workflow.id, workflow.definition.initial, parent)
        context = self._context(case, workflow.definition.opening, command)
        _refuse(permitted(context))
        return case, self._fill(context)

    def _fill(self, context: Context) -> Entry:
        """Give a new case its fields and its first entry."""
        self._with_params(context)
        for name in context.action.guards:
            _refuse(self.view.registry.guards[name](context))
        result = self._operate(context)
        case = context.case
        case.fields = {**dict.fromkeys(context.definition.fields), **(case.fields or {})}
        given = {name: value for name, value in context.params.items() if name in context.definition.fields}
        case.live = int(context.definition.states[case.state].live)
        entry = self._record(context, {**given, **result.values}, result.said)
        self._finish(context, result, entry)
        return entry

    def _finish(self, context: Context, result: Result, entry: Entry) -> None:
        """What hangs on a recorded action: the mark of work, messages, follow-ups."""
        if context.action.work:
            self.view.note_work(context.case, context.signer)
        self._tell(context, entry)
        for one in result.follow_ups:
            command = Command(
                action=one.action,
                actor=context.command.actor,
                signer=context.command.signer,
                basis=context.command.basis,
                case_id=one.case_id,
                params=one.params,
            )
            self._act(self.view.case(one.case_id), command, trusted=True)

    def _new_case(self, command: Command, edition: int, state: str, parent: CaseState | None) -> CaseState:
        case_id = next_case_id(self.view.tx, self._opened_in_all)
        self._opened_in_all += 1
        root = self.view.root(parent) if parent else None
        organization = parent.organization_id if parent else command.organization_id
        if organization is None:
            raise _RefusedError(Refusal("no_organization"))
        case = CaseState(
            (
                case_id, root.id if root else case_id, parent.id if parent else None, organization, edition,
                command.kind, state, root.round if root else 1, 0, 0, "", None, None, 0, "{}", None, 1, "{}",
            ),
            is_new=True,
        )  # fmt: skip
        self.view.add(case)
        self._mark.opened.append(case)
        return case

    def _context(self, case: CaseState, action: Action, command: Command) -> Context:
        zone = self.view.body(case.organization_id).settings.zone
        return Context(
            view=self.view,
            definition=self.view.definition(case),
            action=action,
            case=case,
            command=command,
            params=command.params,
            now=self.now,
            today=local_day(self.now, zone).isoformat(),
        )

    def _with_params(self, context: Context) -> None:
        checked = check_params(context.action.params, context.command.params)
        if isinstance(checked, Refusal):
            raise _RefusedError(checked)
        context.params = checked

    def _planned(self, context: Context) -> str:
        workflow = self.view.editions.workflow(self.view.tx, context.case.definition_id)
        planned = workflow.planner.plan(context.case.state, context.action.name, context)
        if isinstance(planned, Refusal):
            raise _RefusedError(planned)
        return planned

    def _operate(self, context: Context) -> Result:
        if context.action.operation is None:
            return Result(said=context.params)
        return self.view.registry.operations[context.action.operation](context)

    def _moved(self, context: Context, target: str, result: Result) -> dict[str, Any]:
        """The values an action sets, its state and its round among them."""
        values: dict[str, Any] = dict(result.values)
        if context.action.target != SAME:
            values["state"] = target
            values["live"] = int(context.definition.states[target].live)
        if context.action.next_round:
            _refuse(self._parts_still_live(context.case))
            values |= {"round": context.case.round + 1, "fired": {}, "deadline_no": context.case.deadline_no + 1}
        return values

    def _parts_still_live(self, case: CaseState) -> Refusal | None:
        live = [one.id for one in self.view.dossier(case)[1:] if one.live]
        return Refusal("parts_still_live", {"cases": live}) if live else None

    def _record(self, context: Context, values: Mapping[str, Any], said: Mapping[str, Any]) -> Entry:
        case = context.case
        self._keep(case)
        images = self._set(case, values)
        if case.is_new and case.seq == 0:
            images = {name: getattr(case, name) for name in OPENED_COLUMNS} | self._all_images(case)
        if images.keys() - {"fired"}:
            case.revision += 1
        return self._append(context, images, said)

    def _all_images(self, case: CaseState) -> dict[str, Any]:
        images = {name: case.column(name) for name in LOGGED_COLUMNS} | dict(case.fields or {})
        if case.bearers:
            images[BEARERS] = [one.row() for one in case.bearers]
        return images

    def _set(self, case: CaseState, values: Mapping[str, Any]) -> dict[str, Any]:
        """Put values in place; the after-images of what really changed."""
        images: dict[str, Any] = {}
        for name, wanted in values.items():
            value = self._drawn(case, wanted) if isinstance(wanted, Draw) else wanted
            if self._put(case, name, value):
                images[name] = self._image(case, name)
                case.touched.add(name)
        return images

    def _put(self, case: CaseState, name: str, value: Any) -> bool:
        if name in LOGGED_COLUMNS or name in (BEARERS, SIGNATURES):
            changed = bool(getattr(case, name) != value)
            setattr(case, name, value)
            return changed
        fields = self.view.fields(case)
        if name not in fields:
            raise ValueError(f"{case.kind} has no field {name!r}: declare it in its definition")
        changed = bool(fields[name] != value)
        fields[name] = value
        if self.view.definition(case).table is None:
            case.stored_data = dumps(fields)
        return changed

    def _image(self, case: CaseState, name: str) -> Any:
        if name in (BEARERS, SIGNATURES):
            return [one.row() for one in getattr(case, name)]
        return case.column(name) if name in COLUMNS else self.view.fields(case)[name]

    def _drawn(self, case: CaseState, draw: Draw) -> int:
        key = (case.organization_id, draw.series, draw.year)
        last = self.plan.numbers.get(key)
        self.plan.numbers[key] = (read_number(self.view.tx, key) if last is None else last) + 1
        return self.plan.numbers[key]

    def _append(self, context: Context, images: Mapping[str, Any], said: Mapping[str, Any]) -> Entry:
        case, root, command = context.case, context.root, context.command
        self._keep(root)
        stored = (
            root.id, root.seq + 1, case.id, case.round, self.now, command.actor, context.signer, command.basis,
            context.action.name, int(context.action.work), self._cause(command),
            dumps({"set": images, "said": said}),
        )  # fmt: skip
        entry = Entry(*stored, hash=entry_hash(root.head, stored))
        root.seq, root.head = entry.seq, entry.hash
        case.seq = entry.seq
        root.touched.add("seq")
        case.touched.add("seq")
        self.plan.entries.append(entry)
        return entry

    def _cause(self, command: Command) -> str | None:
        if isinstance(command.cause, int):
            return self.outcomes[command.cause].entry
        return command.cause

    def _void_stale_signatures(self, root: CaseState) -> None:
        """A changed result or evidence voids what was signed before; a comment does not."""
        definition = self.view.definition(root)
        if not definition.states[root.state].signing or not self.view.signatures(root):
            return
        content = dossier_hash(self.view, root)
        if all(one.dossier_hash == content for one in self.view.signatures(root)):
            return
        values = {
            SIGNATURES: voided(self.view, root, self.now),
            "submission": self.view.fields(root)["submission"] + 1,
        }
        self._by_itself(root, _plain_action(VOID), values, {})

    def _move_by_itself(self, root: CaseState) -> None:
        for _ in range(MOST_AUTO_MOVES):
            if not self._auto_move(root):
                return
        raise RuntimeError(f"automatic actions of case {root.id} chase each other in state {root.state}")

    def _auto_move(self, root: CaseState) -> bool:
        workflow = self.view.editions.workflow(self.view.tx, root.definition_id)
        for action in workflow.definition.auto_actions:
            if root.state not in action.sources:
                continue
            context = self._context(root, action, Command(action=action.name, actor=AUTO, case_id=root.id))
            target = workflow.planner.plan(root.state, action.name, context)
            if isinstance(target, str):
                result = self._operate(context)
                entry = self._record(context, self._moved(context, target, result), result.said)
                self._finish(context, result, entry)
                return True
        return False

    def _by_itself(
        self, case: CaseState, action: Action, values: Mapping[str, Any], said: Mapping[str, Any]
    ) -> Entry:
        context = self._context(case, action, Command(action=action.name, actor=AUTO, case_id=case.id))
        return self._record(context, values, said)

    def _alert(self, case: CaseState, command: Command) -> Outcome:
        """Fire what is due. A wake-up for nothing only sets the next one and leaves no entry."""
        alerts: AlertOutcome = plan_alerts(self.view, case, self.now)
        self._keep(case)
        case.touched.add("next_alert_at")
        if not alerts.said:
            return Outcome(case.id, case.root_id, None, case.revision, case.state)
        context = self._context(case, _plain_action(ALERT), command)
        entry = self._record(context, {"fired": dict(alerts.fired)}, alerts.said)
        for told in alerts.told:
            self._add_line(case, entry, told.person_id, told.lane, told.template, told.params)
        return Outcome(case.id, case.root_id, entry.seq, case.revision, case.state)

    def _tell(self, context: Context, entry: Entry) -> None:
        case = context.case
        for rule in self.view.registry.told(case.kind, context.action.name):
            params = {"label": dict(rule.label)}
            for role in rule.to:
                for person_id in self._to_be_told(context, role):
                    if str(person_id) not in (context.command.actor, context.signer):
                        self._add_line(case, entry, person_id, rule.lane, rule.template, params | {"role": role})

    def _to_be_told(self, context: Context, role: str) -> list[int]:
        if role != NEXT_SIGNER:
            return [one.person_id for one in hearers(self.view, context.case, role, context.today)]
        step = next_step(self.view, context.root)
        return eligible(self.view, context.root, step, context.today) if step else []

    def _add_line(
        self, case: CaseState, entry: Entry, person: int, lane: str, template: str, params: Mapping[str, Any]
    ) -> None:
        key = f"{entry.root_id}:{entry.seq}:{person}:{template}"
        if any(one["key"] == key for one in self.plan.lines[-50:]):
            return  # the same person in two roles is told once
        self.plan.lines.append(
            {
                "key": key, "person_id": person, "not_before": self.now, "lane": lane, "case_id": case.id,
                "seq": entry.seq, "rule": template, "params": dumps(params),
            }
        )  # fmt: skip

    def _new_mark(self) -> _Mark:
        return _Mark(len(self.plan.entries), len(self.plan.lines), dict(self.plan.numbers))

    def _keep(self, case: CaseState) -> None:
        if case.id not in self._mark.before:
            self._mark.before[case.id] = (case, case.snapshot())

    def _take_back(self) -> None:
        for case, kept in self._mark.before.values():
            case.restore(kept)
        for case in self._mark.opened:
            self.view.forget(case)
        del self.plan.entries[self._mark.entries :]
        del self.plan.lines[self._mark.lines :]
        self.plan.numbers = self._mark.numbers


def permitted(context: Context) -> Refusal | None:
    """Whether the actor may take the action, for themselves or on paper for the signer. Denied by default."""
    command, view, case, today = context.command, context.view, context.case, context.today
    if command.signer in (None, command.actor):
        may = holds_any(view, case, command.actor, context.action.roles, today)
        return None if may else Refusal("not_yours", {"roles": list(context.action.roles)})
    if not context.action.paper:
        return Refusal("not_on_paper", {"action": context.action.name})
    if command.basis is None:
        return Refusal("no_basis")
    if not holds_any(view, case, command.actor, context.definition.recorders, today):
        return Refusal("not_yours", {"roles": list(context.definition.recorders)})
    if not holds_any(view, case, context.signer, context.action.roles, today):
        return Refusal("signer_not_entitled", {"roles": list(context.action.roles)})
    return None


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise _RefusedError(refusal)


def _plain_action(name: str) -> Action:
    return Action(name, {}, (), SAME, ("system",))
