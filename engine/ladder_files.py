"""Reads an alert ladder from TOML and names every fault: a ladder that falls silent must not be loaded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.faults import FaultsError, Reader, whole
from engine.ladders import (
    ALWAYS,
    AfterAlerts,
    Conditions,
    Days,
    Every,
    Ladder,
    Lane,
    Letter,
    ShareLeft,
    Step,
    Trigger,
)

TEN_YEARS = 3660
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Every month has this day.
LAST_COMMON_DAY = 28
ANSWER_WORKDAYS = 5


# Without it a message about an overdue step reads as a mistake, two months before the deadline.
RAISED = {"zh": "{label}（反弹从严，提前提醒）", "en": "{label} (early, after a relapse)"}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a ladder can reach: `roles` are all there are. The kinds that follow it alert those in `heard` and have
    the `states`; None where it does not matter which kinds those are."""

    roles: frozenset[str]
    kinds: tuple[str, ...] = ()
    heard: frozenset[str] | None = None
    states: frozenset[str] | None = None


def parse_ladder(data: dict[str, Any], where: str, audience: Audience, text: str = "") -> Ladder:
    """A ladder from TOML: `name`, `label`, `source`, perhaps `relapse_start`, and `steps`, lowest first.

    `where` names the file, `audience` whom and what its steps may name, `text` is its text, for line numbers in
    faults. Raises FaultsError with every fault.
    """
    reader = Reader(where, text, data)
    name = _name(reader)
    label, source = reader.label("label"), reader.text("source")
    steps: list[Step] = []
    for table in reader.tables("steps"):
        steps.append(_step(table, steps))
    relapsed = _relapsed(reader, steps)
    reader.done()
    _check_roles(reader, steps, audience)
    _check_states(reader, steps, audience)
    _check_never_silent(reader, steps)
    if reader.faults:
        raise FaultsError(reader.faults)
    return Ladder(name, label, tuple(steps), source, relapsed)


def _relapsed(reader: Reader, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps after a relapse: those below `relapse_start` keep their time and speak as that one does.

    Everybody who hears a step up to it hears them from the beginning.
    """
    wanted = reader.maybe_text("relapse_start")
    if wanted is None:
        return ()
    start = next((step for step in steps if step.name == wanted), None)
    if reader.faults:
        return ()  # the steps could not all be read
    if start is None:
        there = ", ".join(step.name for step in steps)
        reader.fault("relapse_start", f"no step {wanted!r}", f"name one of: {there}")
        return ()
    roles = tuple(dict.fromkeys(role for step in steps if step.level <= start.level for role in step.roles))
    return tuple(_raised(step, start, roles) if step.level < start.level else step for step in steps)


def _raised(step: Step, start: Step, roles: tuple[str, ...]) -> Step:
    return replace(
        step,
        roles=roles,
        colour=start.colour,
        lane=start.lane,
        label={language: RAISED[language].format(label=text) for language, text in start.label.items()},
        letter=start.letter or step.letter,
    )


def _check_never_silent(reader: Reader, steps: Sequence[Step]) -> None:
    """Peers fell silent some days after the due day, and the oldest problems were heard of least."""
    if not steps:
        reader.fault("steps", "no step", "add [[steps]]")
    endless = {role for step in steps if _is_endless(step.trigger) for role in step.roles}
    for role in dict.fromkeys(role for step in steps for role in step.roles if role not in endless):
        remedy = f'add a step with trigger = {{ every = "week", first = … }} for {role}'
        reader.fault("steps", f"{role} hears nothing more after the last step", remedy)


def _is_endless(trigger: Trigger) -> bool:
    return isinstance(trigger, Every) and trigger.last is None


def _step(reader: Reader, above: Sequence[Step]) -> Step:
    name, earlier = _name(reader), [step.name for step in above]
    if name in earlier:
        _fault(reader, "name", f"{name!r} is there twice", "give each step its own name")
    step = Step(
        name,
        _trigger(reader.table("trigger")),
        _roles(reader),
        reader.maybe_text("colour"),
        _lane(reader),
        _at_least_one(reader, "level"),
        reader.label("label"),
        _conditions(reader.table("when"), above) if "when" in reader.data else ALWAYS,
        _letter(reader),
        _final(reader.table("final")) if "final" in reader.data else None,
    )
    reader.done()
    return step


def _name(reader: Reader) -> str:
    """Names are joined with a dot to keys that are stored for ever."""
    name = reader.text("name")
    if name and not (name.isascii() and name.isidentifier() and name.islower()):
        _fault(reader, "name", f"{name!r} is not a name", "small letters, digits and _ only")
    return name


def _lane(reader: Reader) -> Lane:
    return "urgent" if reader.choice("lane", ("digest", "urgent"), default="digest") == "urgent" else "digest"


def _roles(reader: Reader) -> tuple[str, ...]:
    roles = reader.words("roles")
    if not roles:
        _fault(reader, "roles", "nobody hears this step", "name one or more roles")
    return roles


def _letter(reader: Reader) -> Letter | None:
    form = reader.maybe_text("letter")
    workdays = _at_least_one(reader, "answer_workdays") if "answer_workdays" in reader.data else ANSWER_WORKDAYS
    if form is None and "answer_workdays" in reader.data:
        _fault(reader, "answer_workdays", "there is no letter to answer", 'add letter = "督办单"')
    return Letter(form, Days(workdays, "workday")) if form else None


@whole
def _final(reader: Reader) -> Days:
    """How long after the step has fired the final date is."""
    return Days(_at_least_one(reader, "days"), _unit(reader))


def _check_roles(reader: Reader, steps: Sequence[Step], audience: Audience) -> None:
    """A role nobody knows would only be missed at night, when its step is due; one that no kind alerts, never."""
    for number, step in enumerate(steps):
        for place, role in enumerate(step.roles):
            path = f"steps[{number}].roles[{place}]"
            if role not in audience.roles:
                reader.fault(path, f"unknown role {role!r}", f"one of: {', '.join(sorted(audience.roles))}")
            elif audience.heard is not None and role not in audience.heard:
                what = f"{role!r} hears no deadline of what follows this ladder"
                reader.fault(path, what, f"add it to `alert_roles` of one of: {', '.join(audience.kinds)}")


def _check_states(reader: Reader, steps: Sequence[Step], audience: Audience) -> None:
    """A step that waits for a state which no case can be in would never come."""
    if audience.states is None:
        return
    for number, step in enumerate(steps):
        for state in sorted(step.when.states - audience.states):
            what = f"no state {state!r} in what follows this ladder"
            reader.fault(
                f"steps[{number}].when.states", what, f"name a state of one of: {', '.join(audience.kinds)}"
            )


def _trigger(reader: Reader) -> Trigger:
    kinds = {"days": _days, "every": _every, "percent_left": _share_left}
    named = [kind for kind in kinds if kind in reader.data]
    if len(named) == 1:
        trigger = kinds[named[0]](reader)
        reader.done()
        return trigger
    reader.fault(reader.path, f"names {len(named)} kinds of trigger", f"write one of: {', '.join(kinds)}")
    return Days(0)


def _days(reader: Reader) -> Trigger:
    return Days(_offset(reader, "days") or 0, _unit(reader))


def _unit(reader: Reader) -> Literal["day", "workday"]:
    return "workday" if reader.choice("unit", ("day", "workday"), default="day") == "workday" else "day"


def _every(reader: Reader) -> Trigger:
    units: dict[str, Literal["day", "week", "month"]] = {"day": "day", "week": "week", "month": "month"}
    unit = units.get(reader.choice("every", tuple(units), default="week"), "week")
    first, last = _offset(reader, "first"), _offset(reader, "last")
    if first is not None and last is not None and last < first:
        _fault(reader, "last", f"{last} is before {first}", "days after the due day; negative is before it")
    return Every(unit, first, last, _beat_on(reader, unit) if "on" in reader.data else None)


def _beat_on(reader: Reader, unit: str) -> int | None:
    """The day of the week or of the month on which all cases have their beat."""
    if unit == "week":
        day_name = reader.choice("on", WEEKDAYS, default=WEEKDAYS[0])
        return WEEKDAYS.index(day_name) if day_name in WEEKDAYS else 0
    day = reader.number("on")
    if unit == "day" or not 1 <= day <= LAST_COMMON_DAY:
        _fault(
            reader, "on", f"{day} is no day of every {unit}", 'a weekday for every = "week", 1 to 28 for "month"'
        )
    return day


def _share_left(reader: Reader) -> Trigger:
    percent = reader.number("percent_left")
    if not 0 <= percent <= 100:
        _fault(reader, "percent_left", f"{percent} is no percentage", "write a whole number from 0 to 100")
    return ShareLeft(percent / 100)


def _offset(reader: Reader, key: str) -> int | None:
    offset = reader.number(key)
    if abs(offset) > TEN_YEARS:
        _fault(
            reader, key, f"{offset} days is more than ten years", "write the days before (-) or after the due day"
        )
        return 0
    return offset if key in reader.data else None


def _conditions(reader: Reader, above: Sequence[Step]) -> Conditions:
    earlier = [step.name for step in above]
    after = _after_alerts(reader.table("after_alerts"), earlier) if "after_alerts" in reader.data else None
    conditions = Conditions(
        frozenset(reader.words("states")),
        _maybe_count(reader, "no_progress_since_days"),
        after,
        _maybe_count(reader, "unanswered_days"),
        reader.maybe_text("after_final"),
    )
    finals = [step.name for step in above if step.final]
    if conditions.after_final and conditions.after_final not in finals:
        known = ", ".join(finals) or "none"
        what = f"no step {conditions.after_final!r} above that sets a final date"
        _fault(reader, "after_final", what, f"name a step above this one: {known}")
    if conditions.unanswered_days and after is None:
        _fault(reader, "unanswered_days", "does not say which alert", "add after_alerts with the step that asks")
    reader.done()
    return conditions


def _after_alerts(reader: Reader, earlier: Sequence[str]) -> AfterAlerts:
    after = AfterAlerts(reader.text("step"), _maybe_count(reader, "times") or 1, reader.flag("consecutive"))
    if after.step not in earlier:
        known = ", ".join(earlier) or "none"
        _fault(reader, "step", f"no step {after.step!r} above", f"name a step above this one: {known}")
    reader.done()
    return after


def _maybe_count(reader: Reader, key: str) -> int | None:
    return _at_least_one(reader, key) if key in reader.data else None


def _at_least_one(reader: Reader, key: str) -> int:
    number = reader.number(key)
    if not 1 <= number <= TEN_YEARS:
        _fault(reader, key, f"not a number from 1 to {TEN_YEARS}", f"write {key} = 1 or more")
        return 1
    return number


def _fault(reader: Reader, key: str, message: str, remedy: str) -> None:
    reader.fault(f"{reader.path}.{key}" if reader.path else key, message, remedy)
