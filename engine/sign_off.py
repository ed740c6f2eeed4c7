"""The sign-off: whose signature is next, who must step aside, and what exactly is being signed."""

from collections.abc import Mapping, Set
from typing import Any

from engine.canonical import dumps, sha256
from engine.cases import SIGNATURES, CaseState
from engine.commands import Refusal, Result, Signed
from engine.context import Context
from engine.definitions import SignStep
from engine.kinds import Guard, Operation
from engine.organizations import Holder
from engine.permissions import holders
from engine.view import View


def dossier_hash(view: View, root: CaseState) -> str:
    """SHA-256 of what a signature is bound to: the `signed` fields of every live part of the present round.

    Not the chain's head: a comment or a reminder does not void a signature; a changed result does, and so does
    a part that moves on, as evidence does when it is rejected.
    """
    content = []
    for case in sorted(view.dossier(root), key=lambda one: one.id):
        signed = view.definition(case).signed_fields
        if signed and (case.live or view.definition(case).states[case.state].resting):
            fields = view.fields(case)
            state = "" if case.is_root else case.state
            content.append([case.id, case.kind, state, {name: fields.get(name) for name in signed}])
    return sha256(dumps(content))


def submission(view: View, root: CaseState) -> int:
    """How often a root was submitted, from 1 on: of one whose kind had no sign-off before, nobody has counted."""
    return int(view.fields(root)["submission"] or 1)


def unsigned_steps(view: View, root: CaseState) -> list[SignStep]:
    """The steps of the sign-off that have no standing signature, in their order; the last one is the decision."""
    signed = {one.step for one in view.signatures(root)}
    return [step for step in view.sign_steps(root) if step.name not in signed]


def open_steps(view: View, root: CaseState) -> list[SignStep]:
    """The steps whose turn it is: the first unsigned one, with the others of its group."""
    unsigned = unsigned_steps(view, root)
    return [step for step in unsigned if step.group == unsigned[0].group]


def next_step(view: View, root: CaseState) -> SignStep | None:
    """The first step of the sign-off that has no standing signature."""
    return next(iter(open_steps(view, root)), None)


def own_step(context: Context) -> SignStep | None:
    """The step that the signer takes: of several whose turn it is the one they may sign."""
    view, root = context.view, context.root
    steps = open_steps(view, root)
    mine = (one for one in steps if context.signer in map(str, eligible(view, root, one, context.today)))
    return next(mine, next(iter(steps), None))


def eligible(view: View, root: CaseState, step: SignStep, today: str) -> list[int]:
    """Who may sign a step: of the role, or of the first alternate role, in which somebody is not recused.

    Recused is who did work on the dossier in this round, or has signed another step of it.
    """
    return [one.person_id for one in _able(view, root, step, today)]


def _able(view: View, root: CaseState, step: SignStep, today: str) -> list[Holder]:
    """Who stands in for somebody recused is recused with them: else that would be the way round the rule."""
    barred, worked = _barred(view, root), view.workers(root)
    for role in (step.role, *step.alternates):
        free = [
            one
            for one in holders(view, root, role, today)
            if str(one.person_id) not in barred and str(one.for_id) not in worked
        ]
        if free:
            return free
    return []


def signs_for(context: Context, step: SignStep) -> str | None:
    """Whom the signer of a step stands in for; None for somebody who may sign it in their own name."""
    mine = [
        one
        for one in _able(context.view, context.root, step, context.today)
        if str(one.person_id) == context.signer
    ]
    own = any(one.for_id is None for one in mine)
    return None if own or not mine else str(mine[0].for_id)


def _barred(view: View, root: CaseState) -> set[str]:
    return view.workers(root) | {one.signer for one in view.signatures(root)}


def _may_sign(context: Context, step: SignStep) -> Refusal | None:
    view, root = context.view, context.root
    able = eligible(view, root, step, context.today)
    if context.signer in {str(one) for one in able}:
        return None
    if not able:
        return Refusal("nobody_can_sign", {"step": step.group, "deciders": list(step.deciders)})
    offer = {"step": step.group, "offer": able}
    if context.signer in view.workers(root):
        return Refusal("handled_it", offer)
    if any(one.signer == context.signer for one in view.signatures(root)):
        return Refusal("signed_already", offer)
    return Refusal("not_your_step", offer)


def may_sign_next(context: Context) -> Refusal | None:
    """Guard: the signer may sign the next step, and it is not the last one, which is the decision."""
    step = own_step(context)
    if step is None or len(unsigned_steps(context.view, context.root)) == 1:
        return Refusal("awaits_decision")
    return _may_sign(context, step)


def may_appoint(context: Context) -> Refusal | None:
    """Guard: a signer is appointed only where nobody can sign, and only somebody who need not step aside."""
    view, root, person = context.view, context.root, context.params["person"]
    steps = open_steps(view, root)
    if all(eligible(view, root, one, context.today) for one in steps):
        return Refusal("somebody_can_sign")
    return Refusal("must_step_aside") if person is not None and str(person) in _barred(view, root) else None


def may_decide(context: Context) -> Refusal | None:
    """Guard: every step before the last is signed for the present content, and the signer may take the last."""
    view, root = context.view, context.root
    unsigned = unsigned_steps(view, root)
    if len(unsigned) > 1:
        return Refusal("signature_missing", {"step": unsigned[0].group})
    step = next(iter(unsigned), None)
    now = dossier_hash(view, root)
    if any(one.dossier_hash != now for one in view.signatures(root)):
        return Refusal("content_changed")
    if step is not None:
        return _may_sign(context, step)
    # Every step switched off, or signed before the last was: who worked on it must not decide it even so.
    return Refusal("handled_it") if context.signer in view.workers(root) else None


def may_withdraw(context: Context) -> Refusal | None:
    """Guard: the newest standing signature is the signer's own; once the next one has signed it is too late."""
    last = _last_signature(context)
    return None if last and last.signer == context.signer else Refusal("nothing_to_withdraw")


def may_return_to(context: Context) -> Refusal | None:
    """Guard: whose turn it is may send it back to a step that is signed."""
    view, root = context.view, context.root
    step = own_step(context)
    standing = {one.step for one in view.signatures(root)}
    signed = {one.group for one in view.sign_steps(root) if one.name in standing}
    if step is None or not signed:
        return Refusal("nothing_to_return")
    if context.params["step"] is not None and context.params["step"] not in signed:
        return Refusal("step_not_signed", {"step": context.params["step"]})
    return _may_sign(context, step)


def sign(context: Context) -> Result:
    """Operation: add the signer's signature for the next step, bound to the present content."""
    step = own_step(context)
    if step is None:
        return Result()
    values = {SIGNATURES: signatures_with(context, step), "submission": submission(context.view, context.root)}
    return Result(values, behalf=signs_for(context, step))


def signatures_with(context: Context, step: SignStep) -> tuple[Signed, ...]:
    root = context.root
    context.view.signatures(root)
    made = Signed(
        round=root.round,
        submission=submission(context.view, root),
        step=step.name,
        signer=context.signer,
        actor=context.command.actor,
        at=context.now,
        dossier_hash=dossier_hash(context.view, root),
        basis=context.command.basis,
    )
    return (*(root.signatures or ()), made)


def withdraw(context: Context) -> Result:
    """Operation: the signer's own signature, the newest, no longer stands; the ones before it do."""
    last = _last_signature(context)
    return _without(context, {last.step} if last else set(), {"step": last.step if last else None})


def return_to_step(context: Context) -> Result:
    """Operation: a step and every one after it is to be signed anew; the ones before it stand."""
    steps = context.view.sign_steps(context.root)
    first = [step.group for step in steps].index(context.params["step"])
    return _without(context, {step.name for step in steps[first:]}, context.params)


def _without(context: Context, steps: Set[str], said: Mapping[str, Any]) -> Result:
    view, root = context.view, context.root
    values = {
        SIGNATURES: voided(view, root, context.now, steps),
        # A step is signed once in a submission: what is signed again belongs to the next.
        "submission": submission(view, root) + 1,
    }
    return Result(values, said=said)


def _last_signature(context: Context) -> Signed | None:
    """The newest of the last group that is signed: within a group the order is the signers' own."""
    order = {step.name: step.group for step in context.view.sign_steps(context.root)}
    groups = list(dict.fromkeys(order.values()))
    standing = [one for one in context.view.signatures(context.root) if one.step in order]
    return max(standing, key=lambda one: (groups.index(order[one.step]), one.at), default=None)


def voided(view: View, root: CaseState, now: int, steps: Set[str] | None = None) -> tuple[Signed, ...]:
    """All signatures of a root, the standing ones of the present round marked void at `now`; of some steps only."""
    standing = {one for one in view.signatures(root) if steps is None or one.step in steps}
    return tuple(Signed(*[*one.row()[:-1], now]) if one in standing else one for one in root.signatures or ())


GUARDS: dict[str, Guard] = {
    one.__name__: one for one in (may_appoint, may_decide, may_return_to, may_sign_next, may_withdraw)
}
OPERATIONS: dict[str, Operation] = {
    "sign": sign,
    "withdraw_signature": withdraw,
    "return_to_step": return_to_step,
}
