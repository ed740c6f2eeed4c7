"""An alert ladder in words: what goes out when and to whom, for the command line and the administrator's page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import update

from desk.desk import Desk, RefusedError
from engine.canonical import dumps, loads
from engine.commands import Refusal
from engine.database import Tx
from engine.editions import LADDER
from engine.kinds import Role
from engine.ladders import Conditions, Days, Every, Ladder, ShareLeft, Step, Trigger
from engine.organizations import organization
from engine.runtime import Runtime
from engine.view import View
from engine.words import Words
from engine.writing import wake


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step in words; `after_relapse` is what it is called from the second round on, where that differs."""

    label: str
    when: str
    roles: str
    colour: str
    lane: str
    asks: str
    after_relapse: str


def ladder_names(tx: Tx, there: Runtime | View) -> list[str]:
    """Those that can be chosen: not the ones that a kind brings along."""
    names = {name for kind, name in there.editions.in_force(tx) if kind == LADDER}
    return sorted(names - there.registry.own_ladders)


def step_rows(ladder: Ladder, roles: Mapping[str, Role], words: Words) -> list[StepRow]:
    raised = [step for _, step in ladder.steps_in(2)]
    return [_row(step, again, ladder, roles, words) for step, again in zip(ladder.steps, raised, strict=True)]


def _row(step: Step, again: Step, ladder: Ladder, roles: Mapping[str, Role], words: Words) -> StepRow:
    return StepRow(
        label=words.label(step.label),
        when=_joined(words, (_trigger(step.trigger, words), *_conditions(step.when, ladder, words))),
        roles=_roles(step, roles, words),
        colour=words.sentences.get(f"colour.{step.colour}", step.colour or ""),
        lane=words.say(f"ladder.{step.lane}"),
        asks=words.say("ladder.then").join(_asks(step, words)),
        after_relapse="" if again == step else f"{words.label(again.label)}：{_roles(again, roles, words)}",
    )


def _joined(words: Words, parts: Iterator[str] | tuple[str, ...]) -> str:
    return words.say("ladder.and").join(parts)


def _roles(step: Step, roles: Mapping[str, Role], words: Words) -> str:
    return words.say("ladder.or").join(words.label(roles[one].label) for one in step.roles)


def _trigger(trigger: Trigger, words: Words) -> str:
    match trigger:
        case Days():
            return _day(trigger.offset, words, trigger.unit)
        case ShareLeft():
            share = round(trigger.share * 100)
            return words.say("ladder.at_start") if share == 100 else words.say("ladder.share", share=share)
        case Every():
            return _every(trigger, words)


def _day(offset: int, words: Words, unit: str = "day") -> str:
    """A day as seen from the deadline."""
    if offset == 0:
        return words.say("ladder.on_the_day")
    key = "before" if offset < 0 else "overdue"
    return words.say(f"ladder.{key}", n=abs(offset), unit=words.say(f"ladder.unit_{unit}"))


def _every(trigger: Every, words: Words) -> str:
    on = (
        ""
        if trigger.on is None
        else words.say(f"weekday.{trigger.on}")
        if trigger.unit == "week"
        else str(trigger.on)
    )
    key = f"ladder.every_{trigger.unit}" + ("_on" if on else "")
    first = "" if trigger.first is None else words.say("ladder.since", day=_day(trigger.first, words))
    last = "" if trigger.last is None else words.say("ladder.until", day=_day(trigger.last, words))
    return words.say(key, on=on) + first + last


def _conditions(when: Conditions, ladder: Ladder, words: Words) -> Iterator[str]:
    labels = {step.name: words.label(step.label) for step in ladder.steps}
    if when.states:
        states = sorted(words.sentences.get(f"ladder.state_{one}", one) for one in when.states)
        yield words.say("ladder.in_states", states="、".join(states))
    if when.no_progress_since_days is not None:
        yield words.say("ladder.no_progress", n=when.no_progress_since_days)
    if when.after_alerts is not None:
        key = "in_a_row" if when.after_alerts.consecutive else "after"
        yield words.say(f"ladder.{key}", step=labels[when.after_alerts.step], n=when.after_alerts.times)
    if when.unanswered_days is not None:
        asks = {step.name for step in ladder.steps if step.letter}
        written = when.after_alerts is not None and when.after_alerts.step in asks
        yield words.say("ladder.unanswered" if written else "ladder.no_work", n=when.unanswered_days)
    if when.after_final is not None:
        yield words.say("ladder.after_final", step=labels[when.after_final])


def _asks(step: Step, words: Words) -> Iterator[str]:
    if step.letter is not None:
        yield words.say("ladder.letter", form=step.letter.form, n=step.letter.answer.offset)
    if step.final is not None:
        yield words.say("ladder.final", n=step.final.offset, unit=words.say(f"ladder.unit_{step.final.unit}"))


def choose_for_organization(desk: Desk, organization_id: int, name: str, now: int) -> None:
    """From now on an organisation follows this ladder. Raises RefusedError: `no_such_ladder`."""
    with desk.database.begin() as tx:
        there = ladder_names(tx, desk.runtime)
        if name not in there:
            refusal = Refusal("no_such_ladder", {"name": name, "there": there})
            raise RefusedError(refusal, desk.words.refusal(refusal))
        mine = organization.c.id == organization_id
        settings = loads(tx.connection.execute(organization.select().where(mine)).one().settings)
        changed = dumps({**settings, "ladder": name})
        tx.connection.execute(update(organization).where(mine).values(settings=changed))
        wake(tx, organization_id, now)
