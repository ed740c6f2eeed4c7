"""Arranges a forecast to be read: by day, then by person, in sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from desk.forecast import Expected, Forecast, Matter
from desk.heard import matter_name
from engine.organizations import names
from engine.view import View
from engine.words import Words


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A sentence about a case."""

    case_id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Coming:
    """One message that will be sent: to whom, and what it will speak of."""

    person_id: int
    person: str
    matters: tuple[Foreseen, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one local day brings; `provisional` where its year's holidays are not known yet."""

    day: date
    provisional: bool
    messages: tuple[Coming, ...]
    lapses: tuple[Foreseen, ...]


def outlook(words: Words, view: View, found: Forecast) -> Iterator[Outlook]:
    """The days on which anything is sent or lapses."""
    calendar = view.editions.calendar(view.tx)
    called = names(view.tx, {one.person_id for one in found.messages})
    for day in sorted({one.day for one in found.messages} | {one.day for one in found.lapses}):
        yield Outlook(
            day,
            calendar.is_provisional(day),
            tuple(_coming(words, one, called[one.person_id]) for one in found.messages if one.day == day),
            tuple(_lapses(words, view, found, day)),
        )


def _coming(words: Words, message: Expected, person: str) -> Coming:
    """What became due on the days of a weekend is one thing to the reader on Monday."""
    matters = dict.fromkeys(_foreseen(words, one) for one in message.matters)
    return Coming(message.person_id, person, tuple(matters))


def _foreseen(words: Words, one: Matter) -> Foreseen:
    number, matter, due_on = one.facts["number"], one.facts["matter"], one.facts.get("due_on")
    facts = {"rule": one.facts["rule_label"], "role": one.facts["role_label"]}
    facts["matter"] = words.say("why.problem", number=number, title=matter) if number else matter
    return Foreseen(
        one.case_id, words.say("forecast.matter" if due_on else "forecast.news", due_on=due_on, **facts)
    )


def _lapses(words: Words, view: View, found: Forecast, day: date) -> Iterable[Foreseen]:
    for lapse in (one for one in found.lapses if one.day == day):
        matter = matter_name(words, view, view.case(lapse.case_id))
        yield Foreseen(lapse.case_id, words.say("forecast.lapse", matter=matter))


def dated(words: Words, day: date) -> str:
    return words.say("forecast.day", day=day.isoformat(), weekday=words.say(f"weekday.{day.weekday()}"))
