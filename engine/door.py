"""Plans commands one by one inside a transaction: may they, can they, and what follows from them."""

from collections.abc import Mapping
from typing import Any

from engine.alerting import LetterAsked, plan_alerts
from engine.cases import SIGNATURES, CaseState
from engine.chain import Entry
from engine.commands import ALERT, MIGRATE, OPEN, SUCCEED, SYSTEM, VOID, Command, FollowUp, Outcome, Refusal, Result
from engine.context import Context
from engine.definitions import BACK, SAME, Action, SignStep
from engine.editions import Workflow
from engine.faults import LANGUAGES
from engine.kinds import FOLLOWER, LETTER_PARAMS, NEXT_SIGNER
from engine.migrating import MIGRATION, place, state_map
from engine.params import check_either, check_params, check_references
from engine.permissions import hearers, on_behalf, permitted, sealed
from engine.recording import Recorder
from engine.sign_off import dossier_hash, eligible, open_steps, voided
from engine.succession import followers, succeed, succession
from engine.term_steps import at_rest
from engine.view import View
from engine.working_days import local_day

AUTO = f"{SYSTEM}auto"
# More moves in a row than a monthly duty needs to make up for decades: then two automatic actions chase each other.
MOST_AUTO_MOVES = 500


class _RefusedError(Exception):
    """Leaves a half-planned command; the door takes back what it had planned."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.word)
        self.refusal = refusal


class Door:
    """Takes the commands of a batch in their order; `recorder.plan` is what is to be written in the end."""

    def __init__(self, view: View, now: int, recorder: Recorder | None = None) -> None:
        self.view = view
        self.now = now
        self.recorder = recorder or Recorder(view, now)
        # What an alert has planned, as (seq, wake-up): it stands unless something happened to the case since.
        self.wakes: dict[int, tuple[int, int | None]] = {}
        self._todays: dict[int, str] = {}
        self._outcomes: list[Outcome] = []

    def take(self, command: Command) -> Outcome:
        """Plan one command, its follow-ups and the automatic moves after it: all of it, or a refusal."""
        self.recorder.begin()
        try:
            outcome = self._attempt(command)
        except _RefusedError as refused:
            self.recorder.take_back()
            outcome = Outcome(command.case_id, refusal=refused.refusal)
        self._outcomes.append(outcome)
        return outcome

    def _attempt(self, command: Command) -> Outcome:
        if command.cause is not None:
            _refuse(self._cause_refused(command))
        if command.action == ALERT:
            return self._alert(command)
        if command.action == OPEN:
            case, entry = self._open(command)
        else:
            case = self._find(command.case_id)
            if command.revision is not None:
                _refuse(self._stale(case, command))
            entry = self._own_action(case, command) or self._act(case, command)
        for root in self.recorder.changed_roots():
            self._void_stale_signatures(root)
            self._move_by_itself(root)
        return Outcome(case.id, case.root_id, entry.seq, case.revision, case.state, None, self.recorder.opened)

    def _find(self, case_id: int | None) -> CaseState:
        """A case of the present round: what lies in an earlier one is closed to everybody."""
        try:
            case = self.view.case(case_id or 0)
        except LookupError:
            raise _RefusedError(Refusal("no_such_case", {"case_id": case_id})) from None
        _refuse(sealed(self.view, case))
        return case

    def _stale(self, case: CaseState, command: Command) -> Refusal | None:
        """With who changed it since, and by what: the sentence that lets two people talk to each other."""
        if command.revision == case.revision:
            return None
        last = self.view.last_change(case)
        return Refusal(
            "stale",
            {
                "yours": command.revision,
                "now": case.revision,
                "by": last.actor,
                "action": last.action,
                "at": last.at,
            },
        )

    def _cause_refused(self, command: Command) -> Refusal | None:
        """A decision must not stand when the meeting it names could not be recorded."""
        if isinstance(command.cause, int) and not self._outcomes[command.cause].done:
            return Refusal("cause_refused")
        return None

    def _act(self, case: CaseState, command: Command, *, trusted: bool = False) -> Entry:
        """One action. A trusted one follows from an action that was allowed: its guards still hold."""
        action = self.view.definition(case).actions.get(command.action)
        if action is None:
            raise _RefusedError(Refusal("unknown_action", {"action": command.action}))
        context = self._context(case, action, command)
        if not trusted:
            _refuse(permitted(context))
        context.params = _checked(context)
        target = self.view.workflow(case).planner.plan(case.state, action.name, context)
        if isinstance(target, Refusal):
            raise _RefusedError(target)
        return self._do(context, target)

    def _own_action(self, case: CaseState, command: Command) -> Entry | None:
        """An action that the engine itself has for every kind; None for one of the definition's."""
        if command.action == MIGRATE:
            return self._migrate(case, command)
        return self._succeed(case, command) if command.action == SUCCEED else None

    def _succeed(self, case: CaseState, command: Command) -> Entry:
        """What somebody who leaves bears in this case goes to whoever follows."""
        context = self._context(case, succession(self.view.definition(case)), command)
        _refuse(permitted(context))
        context.params = _checked(context)
        result = succeed(context)
        return self._recorded(context, result.values, result)

    def _migrate(self, case: CaseState, command: Command) -> Entry:
        """From the edition that a case is pinned to, to another of its kind: its state there, and nothing lost."""
        context = self._context(case, MIGRATION, command)
        _refuse(permitted(context))
        context.params = _checked(context)
        wanted = self._edition(case, context.params["edition"])
        states = state_map(context.params["states"] or ())
        placed = place(case.state, context.fields, context.definition, wanted.definition, states)
        if isinstance(placed, Refusal):
            raise _RefusedError(placed)
        self.recorder.keep(case)
        self.view.reshape(case, wanted.definition)
        values = {"definition_id": wanted.id, "state": placed.name, "live": int(placed.live)}
        rest = {} if placed.live else at_rest(context)
        return self._recorded(context, {**values, **rest}, Result(said=context.params))

    def _edition(self, case: CaseState, number: int) -> Workflow:
        """Another edition of the case's kind by its number."""
        numbered = self.view.editions.numbered(self.view.tx, case.kind)
        if number not in numbered:
            raise _RefusedError(Refusal("no_such_edition", {"number": number, "there": sorted(numbered)}))
        if numbered[number] == case.definition_id:
            raise _RefusedError(Refusal("same_edition", {"number": number}))
        return self.view.editions.workflow(self.view.tx, numbered[number])

    def _do(self, context: Context, target: str) -> Entry:
        if context.action.target == BACK:
            target = self._back(context)
        result = self._operate(context)
        values = {**result.values, **self._moved(context, target)}
        return self._recorded(context, values, result)

    def _back(self, context: Context) -> str:
        """The state before the present one; another edition of the definition may have lost it."""
        before = self.view.state_before(context.case)
        if before is None or before not in context.definition.states:
            raise _RefusedError(Refusal("wrong_state", {"state": context.case.state}))
        return before

    def openable(self, command: Command) -> Refusal | None:
        """Whether a case may be opened, before anybody has filled in its form; nothing is planned for writing."""
        self.recorder.begin()
        try:
            context = self._placed(command, trusted=False)
            context.params = dict.fromkeys(param.name for param in context.action.params)
            self._guard(context)
        except _RefusedError as refused:
            return refused.refusal
        finally:
            self.recorder.take_back()
        return None

    def _open(self, command: Command, *, trusted: bool = False) -> tuple[CaseState, Entry]:
        """A new case with its fields and its first entry. A trusted one follows from an action that was allowed."""
        context = self._placed(command, trusted=trusted)
        context.params = _checked(context)
        self._guard(context)
        case, definition = context.case, context.definition
        case.fields = dict.fromkeys(definition.fields)
        case.live = int(definition.states[case.state].live)
        result = self._operate(context)
        given = {name: value for name, value in context.params.items() if name in definition.fields}
        return case, self._recorded(context, {**given, **result.values}, result)

    def _placed(self, command: Command, *, trusted: bool) -> Context:
        """A new case at its place, if it may be there and the actor may open it."""
        workflow = self.view.editions.current(self.view.tx, command.kind or "")
        if workflow is None:
            raise _RefusedError(Refusal("unknown_kind", {"kind": command.kind}))
        definition = workflow.definition
        parent = None if command.parent_id is None else self._find(command.parent_id)
        if (parent.kind if parent else "") not in (definition.parents or ("",)):
            raise _RefusedError(Refusal("wrong_parent", {"kind": command.kind}))
        organization_id = parent.organization_id if parent else command.organization_id
        if organization_id is None or not self.view.is_organization(organization_id):
            raise _RefusedError(Refusal("no_organization"))
        case = self.recorder.new_case(command, workflow.id, definition.initial, organization_id)
        context = self._context(case, definition.opening, command)
        if not trusted:
            _refuse(permitted(context))
        return context

    def _guard(self, context: Context) -> None:
        for name in context.action.guards:
            _refuse(self.view.registry.guards[name](context))

    def _recorded(self, context: Context, values: Mapping[str, Any], result: Result) -> Entry:
        """The entry, and what hangs on it: messages and follow-ups."""
        context.behalf = result.behalf or on_behalf(context)
        entry = self.recorder.record(context, values, result.said, self._cause(context.command))
        self._tell(context, entry, result.said)
        if result.wakes:
            self.recorder.plan.woken.append(context.case.organization_id)
        for one in result.follow_ups:
            self._follow(context, entry, one)
        return entry

    def _follow(self, context: Context, entry: Entry, one: FollowUp) -> None:
        case = None if one.case_id is None else self.view.case(one.case_id)
        elsewhere = case is None or case.root_id != entry.root_id
        cause = f"{entry.root_id}:{entry.seq}" if elsewhere else None
        command = _following(context, one, cause)
        if one.action == OPEN:
            self._open(command, trusted=True)
        elif case is not None:
            self._act(case, command, trusted=True)

    def _cause(self, command: Command) -> str | None:
        if isinstance(command.cause, int):
            return self._outcomes[command.cause].entry
        return command.cause

    def _context(self, case: CaseState, action: Action, command: Command) -> Context:
        definition, today = self.view.definition(case), self._today(case.organization_id)
        signer = command.responsible
        return Context(self.view, definition, action, case, command, signer, command.params, self.now, today)

    def _today(self, organization_id: int) -> str:
        today = self._todays.get(organization_id)
        if today is None:
            zone = self.view.body(organization_id).settings.zone
            today = self._todays[organization_id] = local_day(self.now, zone).isoformat()
        return today

    def _operate(self, context: Context) -> Result:
        if context.action.operation is None:
            return Result(said=context.params)
        return self.view.registry.operations[context.action.operation](context)

    def _moved(self, context: Context, target: str) -> dict[str, Any]:
        """The values that follow from where an action leads: state, liveness, round."""
        case = context.case
        values: dict[str, Any] = {}
        if context.action.target != SAME:
            live = context.definition.states[target].live
            values = {"state": target, "live": int(live), **({} if live else at_rest(context))}
        if context.action.next_round:
            _refuse(self._parts_still_live(case))
            values |= {"round": case.round + 1, "fired": {}, "deadline_no": case.deadline_no + 1}
        return values

    def _parts_still_live(self, case: CaseState) -> Refusal | None:
        live = [one.id for one in self.view.dossier(case)[1:] if one.live]
        return Refusal("parts_still_live", {"cases": live}) if live else None

    def _void_stale_signatures(self, root: CaseState) -> None:
        """A changed result or evidence voids what was signed before, and so does later work of a signer; a comment
        does not."""
        definition = self.view.definition(root)
        standing = self.view.signatures(root) if definition.states[root.state].signing else ()
        if not standing:
            return
        content, workers = dossier_hash(self.view, root), self.view.workers(root)
        if all(one.dossier_hash == content and one.signer not in workers for one in standing):
            return
        submission = self.view.fields(root)["submission"] + 1
        values = {SIGNATURES: voided(self.view, root, self.now), "submission": submission}
        self._recorded(self._by_itself(root, VOIDING), values, Result())

    def _move_by_itself(self, root: CaseState) -> bool:
        """Take every automatic action whose time has come; whether there was any."""
        for moves in range(MOST_AUTO_MOVES):
            if not self._auto_move(root):
                return moves > 0
        raise RuntimeError(f"automatic actions of case {root.id} chase each other in state {root.state}")

    def _auto_move(self, root: CaseState) -> bool:
        """Take the first automatic action whose guards hold; whether there was one."""
        workflow = self.view.workflow(root)
        for action in workflow.definition.auto_actions:
            if root.state in action.sources:
                context = self._by_itself(root, action)
                target = workflow.planner.plan(root.state, action.name, context)
                if isinstance(target, str):
                    self._do(context, target)
                    return True
        return False

    def _by_itself(self, case: CaseState, action: Action) -> Context:
        return self._context(case, action, Command(action=action.name, actor=AUTO, case_id=case.id))

    def _alert(self, command: Command) -> Outcome:
        """Fire what is due. A wake-up for nothing only sets the next one and leaves no entry."""
        case = self._find(command.case_id)
        if not command.actor.startswith(SYSTEM):
            raise _RefusedError(Refusal("not_yours", {"roles": ["system"]}))
        alerts = plan_alerts(self.view, case, self.now)
        self.recorder.keep(case)
        case.touched.add("next_alert_at")  # also when nothing fires: it must not stay in the past
        if not alerts.said:
            moved = case.is_root and self._move_by_itself(case)
            return Outcome(case.id, case.root_id, case.seq if moved else None, case.revision, case.state)
        context = self._context(case, ALERTING, command)
        entry = self.recorder.record(context, {"fired": dict(alerts.fired)}, alerts.said, None)
        self.wakes[case.id] = (entry.seq, alerts.wake_at)
        for told in alerts.told:
            self.recorder.add_line(entry, told.person_id, told.lane, told.template, told.text)
        for asked in alerts.letters:
            self._open(self._letter(case, asked, command.actor), trusted=True)
        if case.is_root:
            self._move_by_itself(case)
        return Outcome(case.id, case.root_id, entry.seq, case.revision, case.state, None, self.recorder.opened)

    def _letter(self, case: CaseState, asked: LetterAsked, actor: str) -> Command:
        """The letter that a step asks for: about the whole matter, whichever part of it is late."""
        root = self.view.root(case)
        given = (asked.form, asked.step, asked.label[LANGUAGES[0]], asked.answer_by, asked.final_on)
        params = dict(zip(LETTER_PARAMS, given, strict=True))
        kind = self.view.definition(root).letter
        return Command(action=OPEN, kind=kind, parent_id=root.id, actor=actor, params=params)

    def _tell(self, context: Context, entry: Entry, said: Mapping[str, Any]) -> None:
        """Everybody whom a rule names, but not who did it: they know."""
        guards = self.view.registry.guards
        for rule in self.view.registry.told(context.case.kind, context.action.name):
            if rule.when and guards[rule.when](context):
                continue
            for role in rule.to:
                for person_id, hears_as in self._to_be_told(context, role, said):
                    if str(person_id) not in (context.command.actor, context.signer):
                        self.recorder.add_line(entry, person_id, rule.lane, rule.template, rule.said(hears_as))

    def _to_be_told(self, context: Context, role: str, said: Mapping[str, Any]) -> list[tuple[int, str]]:
        """The people, each with the role in which they hear of it."""
        if role == FOLLOWER:
            return followers(context, said)
        if role != NEXT_SIGNER:
            return [(one.person_id, role) for one in hearers(self.view, context.case, role, context.today)]
        steps = open_steps(self.view, context.root)
        return [told for step in steps for told in self._asked_to_sign(context, step)]

    def _asked_to_sign(self, context: Context, step: SignStep) -> list[tuple[int, str]]:
        """Those who can sign; where nobody can, those who must say who does: silence would leave it lying."""
        if able := eligible(self.view, context.root, step, context.today):
            return [(one, NEXT_SIGNER) for one in able]
        return [
            (one.person_id, role)
            for role in step.deciders
            for one in hearers(self.view, context.root, role, context.today)
        ]


def _plain_action(name: str) -> Action:
    return Action(name, {}, (), SAME, ("system",))


ALERTING, VOIDING = _plain_action(ALERT), _plain_action(VOID)


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise _RefusedError(refusal)


def _checked(context: Context) -> Mapping[str, Any]:
    checked = check_params(context.action.params, context.command.params)
    if isinstance(checked, Refusal):
        raise _RefusedError(checked)
    _refuse(check_either(context.action, checked))
    _refuse(check_references(context, checked))
    return checked


def _following(context: Context, one: FollowUp, cause: str | None) -> Command:
    """A follow-up is done by the same people on the same paper."""
    opens = one.action == OPEN
    command = context.command
    return Command(
        action=one.action,
        actor=command.actor,
        signer=command.signer,
        basis=command.basis,
        case_id=None if opens else one.case_id,
        kind=one.kind,
        parent_id=one.case_id if opens else None,
        organization_id=context.case.organization_id,
        params=one.params,
        cause=cause,
    )
