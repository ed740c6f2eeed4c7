"""Reads a period as an office writes it (反馈之日起3个月、10个工作日) into a policy, and says one back."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engine.cases import CaseState
from engine.commands import Refusal
from engine.context import Context
from engine.deadlines import Policy, Roll, Unit
from engine.kinds import Guard
from engine.terms import Term, fixed, parse_term
from engine.view import View

# The anchors by what an office calls them; the first of each name is the one that is said back.
ANCHORS = {
    "assigned": ("交办", "下达", "即日"),
    "feedback": ("反馈", "反馈意见"),
    "plan_issued": ("方案印发", "整改方案印发", "印发方案"),
    "period_end": ("整改期限届满", "集中整改期限届满"),
}
# Where an inspection keeps the day of each but the first.
HAPPENED = {"feedback": "feedback_on", "plan_issued": "plan_issued_on", "period_end": "period_ends_on"}
UNITS: Mapping[Unit, tuple[str, ...]] = {
    "workday": ("个工作日", "工作日"),
    "month": ("个月", "月"),
    "day": ("天", "日", "个自然日"),
}
ROLLS: Mapping[Roll, str] = {
    "none": "",
    "forward": "遇节假日顺延",
    "backward": "遇节假日提前",
    "second_workday": "遇节假日顺延至节后第二个工作日",
}
DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def _either(names: Mapping[Any, tuple[str, ...]]) -> str:
    return "|".join(sorted((one for of in names.values() for one in of), key=len, reverse=True))


_ROLLED = "|".join(sorted(filter(None, ROLLS.values()), key=len, reverse=True))
PERIOD = re.compile(
    rf"(?:自?(?P<anchor>{_either(ANCHORS)})(?:之日)?起)?"
    r"(?P<amount>[0-9]{1,4}|[一二两三四五六七八九十]{1,3})"
    rf"(?P<unit>{_either(UNITS)})内?"
    rf"(?:[，,（(]?(?P<roll>{_ROLLED})[)）]?)?"
)


def parse_period(text: str) -> Policy | None:
    """The policy of a period, counted from the assignment unless it says otherwise; None if unreadable."""
    found = PERIOD.fullmatch(re.sub(r"\s", "", text))
    if found is None:
        return None
    try:
        return Policy(
            _named(ANCHORS, found["anchor"]) or "assigned",
            _number(found["amount"]),
            _named(UNITS, found["unit"]),
            next(roll for roll, said in ROLLS.items() if said == (found["roll"] or "")),
        )
    except (KeyError, ValueError):
        return None


def period_text(policy: Policy) -> str:
    """A policy as an office writes it; `parse_period` reads it back where the anchor is one of ours."""
    roll = ROLLS[policy.roll]
    since = f"{ANCHORS[policy.anchor][0]}之日起" if policy.anchor in ANCHORS else ""
    return f"{since}{policy.amount}{UNITS[policy.unit][0]}{'，' if roll else ''}{roll}"


def _named(names: Mapping[Any, tuple[str, ...]], said: str | None) -> Any:
    return next((name for name, of in names.items() if said in of), None)


def _number(text: str) -> int:
    """A number up to 99 in Chinese, or any in digits. Raises KeyError or ValueError for what is neither."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    high = (DIGITS[tens] if tens else 1) * 10 if ten else 0
    low = DIGITS[ones] if ones else 0
    return high + low if ten else DIGITS[tens]


def anchor_day(context: Context, anchor: str) -> str | None:
    """The day (ISO) a period of a problem or an inspection begins; None while that has not happened or is not on
    record."""
    return context.today if anchor == "assigned" else _happened_on(context.view, context.root, anchor)


def _happened_on(view: View, root: CaseState, anchor: str) -> str | None:
    fields = view.fields(root)
    inspection = view.fields(view.case(fields["inspection_id"])) if "inspection_id" in fields else fields
    day: str | None = inspection.get(HAPPENED[anchor])
    return day


def anchor_of(view: View, case: CaseState, term: Term, anchor: str) -> date | None:
    """The day a case's period would begin under another anchor; the day it was assigned stays what it was."""
    if anchor == "assigned":
        return date.fromisoformat(case.started_on) if case.started_on else term.began_on
    day = _happened_on(view, view.root(case), anchor)
    return date.fromisoformat(day) if day else None


def period_is_clear(context: Context) -> Refusal | None:
    """Guard: a period that was given can be read, and the day it begins is known."""
    text = context.params.get("period")
    if text is None:
        return None
    policy = parse_period(text)
    if policy is None:
        return Refusal("bad_period", {"period": text})
    return None if anchor_day(context, policy.anchor) else Refusal("no_anchor_day", {"anchor": policy.anchor})


def term_given(context: Context) -> Term:
    """The term that an action's parameters give: a date as it is, or a period from its anchor."""
    if context.params.get("due_on") is not None:
        return fixed(context.params["due_on"], context.today)
    policy = parse_period(context.params["period"])
    day = anchor_day(context, policy.anchor) if policy else None
    if policy is None or day is None:
        raise ValueError(f"{context.params['period']!r}: the guard period_is_clear belongs to this action")
    return Term(date.fromisoformat(day), policy)


def changed_term(context: Context) -> Term:
    """The term of the case under the period that the action names. Raises ValueError without them."""
    term, policy = parse_term(context.case.term), parse_period(context.params["period"])
    begins = anchor_of(context.view, context.case, term, policy.anchor) if term and policy else None
    if term is None or policy is None or begins is None:
        raise ValueError(f"{context.params['period']!r}: the guard period_is_clear belongs to this action")
    return replace(term, rule=policy, began_on=begins)


def changed_as_shown(context: Context) -> Refusal | None:
    """Guard: the period gives the very date that was shown to whoever approves it."""
    shown = context.params["due_on"]
    if shown is None:
        return None
    now = changed_term(context).due(context.view.calendar()).on.isoformat()
    return None if now == shown else Refusal("recomputed_otherwise", {"due_on": now, "shown": shown})


GUARDS: dict[str, Guard] = {"changed_as_shown": changed_as_shown, "period_is_clear": period_is_clear}
