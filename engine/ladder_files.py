"""Reads an alert ladder from TOML and names every fault: a ladder that falls silent must not be loaded."""

from collections.abc import Sequence
from typing import Any, Literal

from engine.faults import FaultsError, Reader
from engine.ladders import ALWAYS, AfterAlerts, Conditions, Days, Every, Ladder, Lane, ShareLeft, Step, Trigger

TEN_YEARS = 3660


def parse_ladder(data: dict[str, Any], where: str, known_roles: frozenset[str], text: str = "") -> Ladder:
    """A ladder from TOML: `name`, `label`, `source` and `steps`, lowest first.

    `where` names the file, `known_roles` what its steps may name, `text` is its text, for line numbers in
    faults. Raises FaultsError with every fault.
    """
    reader = Reader(where, text, data)
    name = _name(reader)
    label, source = reader.label("label"), reader.text("source")
    steps: list[Step] = []
    for table in reader.tables("steps"):
        steps.append(_step(table, [step.name for step in steps]))
    reader.done()
    _check_roles(reader, steps, known_roles)
    _check_never_silent(reader, steps)
    if reader.faults:
        raise FaultsError(reader.faults)
    return Ladder(name, label, tuple(steps), source)


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


def _step(reader: Reader, earlier: Sequence[str]) -> Step:
    name = _name(reader)
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
        _conditions(reader.table("when"), earlier) if "when" in reader.data else ALWAYS,
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


def _check_roles(reader: Reader, steps: Sequence[Step], known: frozenset[str]) -> None:
    """A role nobody knows would only be missed at night, when its step is due."""
    for number, step in enumerate(steps):
        for role in step.roles:
            if role not in known:
                reader.fault(
                    f"steps[{number}].roles", f"unknown role {role!r}", f"one of: {', '.join(sorted(known))}"
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
    workdays = reader.choice("unit", ("day", "workday"), default="day") == "workday"
    return Days(_offset(reader, "days") or 0, "workday" if workdays else "day")


def _every(reader: Reader) -> Trigger:
    units: dict[str, Literal["day", "week", "month"]] = {"day": "day", "week": "week", "month": "month"}
    unit = units.get(reader.choice("every", tuple(units), default="week"), "week")
    first, last = _offset(reader, "first"), _offset(reader, "last")
    if first is not None and last is not None and last < first:
        _fault(reader, "last", f"{last} is before {first}", "days after the due day; negative is before it")
    return Every(unit, first, last)


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


def _conditions(reader: Reader, earlier: Sequence[str]) -> Conditions:
    after = _after_alerts(reader.table("after_alerts"), earlier) if "after_alerts" in reader.data else None
    conditions = Conditions(
        frozenset(reader.words("states")),
        _maybe_count(reader, "no_progress_since_days"),
        after,
        _maybe_count(reader, "unanswered_days"),
    )
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
    if number < 1:
        _fault(reader, key, "not a number from 1 up", f"write {key} = 1 or more")
    return number


def _fault(reader: Reader, key: str, message: str, remedy: str) -> None:
    reader.fault(f"{reader.path}.{key}" if reader.path else key, message, remedy)
