"""One problem in a look-back: who may look, what they saw, and how their verdict drives the problem."""

from engine.cases import CaseState
from engine.commands import FollowUp, Refusal, Result
from engine.context import Context
from engine.kinds import Guard, Operation
from engine.view import View

IN_PLACE = "in_place"


def is_independent(context: Context) -> Refusal | None:
    """Who handled or signed a problem does not check it, unless the head of the group said why they may."""
    view, root = context.view, context.root
    if context.signer in _overridden(view, root) or context.signer not in _involved(view, root):
        return None
    return Refusal("not_independent")


def _involved(view: View, root: CaseState) -> set[str]:
    """With those of every problem that was merged into this one."""
    matters = (root, *view.absorbed(root))
    return view.workers(root) | {one.signer for matter in matters for one in view.signatures(matter)}


def _overridden(view: View, root: CaseState) -> set[str]:
    reviews = view.children(root, "review")
    return {one["person"] for review in reviews for one in view.fields(review)["overrides"] or []}


def needs_override(context: Context) -> Refusal | None:
    person = context.params["person"]
    barred = person is None or str(person) in _involved(context.view, context.root)
    return None if barred else Refusal("already_independent")


def override_independence(context: Context) -> Result:
    params = context.params
    one = {"person": str(params["person"]), "by": context.signer, "on": context.today, "reason": params["reason"]}
    return Result({"overrides": [*(context.fields["overrides"] or []), one]}, said=params)


def problem_is_closed(context: Context) -> Refusal | None:
    """A review is of a closed problem, and one at a time."""
    root = context.root
    if root.state not in ("closed", "look_back"):
        return Refusal("not_closed")
    others = [one for one in open_reviews(context.view, root) if one.id != context.case.id]
    return Refusal("review_open") if others else None


def open_reviews(view: View, root: CaseState) -> list[CaseState]:
    return [one for one in view.children(root, "review") if one.state != "concluded"]


def open_review(context: Context) -> Result:
    root = context.root
    return Result(follow_ups=(FollowUp(root.id, "start_look_back"),) if root.state == "closed" else ())


def begin_review(context: Context) -> Result:
    return Result({"checker": context.signer})


def note_review(context: Context) -> Result:
    """Each look is a line of the check sheet: by which means, what was seen, when and by whom."""
    params, fields = context.params, context.fields
    line = {"means": params["means"], "text": params["text"], "on": context.today, "by": context.signer}
    means = [
        one for one in ("listen", "look", "check", "visit") if one in {*(fields["means"] or []), params["means"]}
    ]
    return Result({"sheet": [*(fields["sheet"] or []), line], "means": means})


def something_seen(context: Context) -> Refusal | None:
    """A verdict without a single look would be one on paper."""
    return None if context.fields["sheet"] else Refusal("nothing_seen")


def conclude_review(context: Context) -> Result:
    params = context.params
    if params["verdict"] == IN_PLACE:
        drives = FollowUp(context.root.id, "pass_look_back", {"finding": params["finding"]})
    else:
        drives = FollowUp(context.root.id, "find_relapse", dict(params))
    return Result({name: params[name] for name in ("verdict", "finding")}, (drives,))


def conclude_with_problem(context: Context) -> Result:
    return Result({name: context.params[name] for name in ("verdict", "finding")})


def concluded_with(context: Context, verdict: str) -> tuple[FollowUp, ...]:
    """A verdict given on the problem itself ends its open reviews with it."""
    params = {"verdict": verdict, "finding": context.params["finding"]}
    return tuple(
        FollowUp(one.id, "conclude_with_problem", params) for one in open_reviews(context.view, context.root)
    )


GUARDS: dict[str, Guard] = {
    one.__name__: one for one in (is_independent, needs_override, problem_is_closed, something_seen)
}
OPERATIONS: dict[str, Operation] = {
    one.__name__: one
    for one in (
        begin_review, conclude_review, conclude_with_problem, note_review, open_review, override_independence,
    )
}  # fmt: skip
