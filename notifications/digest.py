"""The shared layout of a digest: what a person reads first, in which order, and why they get it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Template

from engine.words import Words
from notifications.messages import text_environment
from notifications.words import day_text, load_words

SECTIONS = ("overdue", "due", "waiting", "other")
NUMERALS = "一二三四"


@dataclass(frozen=True)
class Reason:
    """Why a person is told: the rule and their role, both in words as on screen."""

    rule_label: str
    role_label: str


@dataclass(frozen=True)
class Item:
    """One matter in a digest.

    `due_on` is the deadline a reminder speaks of, None for other news: a closed problem's old deadline is not
    overdue. A `reminder` without one speaks of what waits: for others while it is paused, or for signatures.
    `late_since` is the local day it should have been told, None when on time. `number` is what people call the
    matter by without saying what it is about.
    """

    case_id: int
    text: str
    reasons: tuple[Reason, ...]
    due_on: date | None
    link: str
    late_since: date | None
    number: str = ""
    reminder: bool = False

    @property
    def why(self) -> str:
        return "；".join(f"{reason.rule_label}，您是{reason.role_label}" for reason in self.reasons) + "。"

    def section(self, today: date) -> str:
        """A deadline is a whole local day: overdue begins on the day after it."""
        if self.due_on is None:
            return "waiting" if self.reminder else "other"
        return "overdue" if self.due_on < today else "due"


@dataclass(frozen=True)
class Digest:
    """Everything a digest says; `items` in order, each matter once."""

    name: str
    office: str
    lane: str
    today: date
    items: tuple[Item, ...]

    def of(self, section: str) -> list[Item]:
        return [item for item in self.items if item.section(self.today) == section]


class Section(NamedTuple):
    """One block of the layout."""

    numeral: str
    title: str
    items: list[Item]


class Marked(NamedTuple):
    """One block of the brief layout: a number and a link for each matter, nothing of what it is about."""

    title: str
    marks: list[str]


class Late(NamedTuple):
    """How many items come late, and the earliest day one of them should have been told."""

    total: int
    since: date


def arrange(items: Iterable[Item], today: date) -> tuple[Item, ...]:
    """Each matter once; overdue first, then by deadline, what waits, other news. Input in order of time."""
    order = {name: place for place, name in enumerate(SECTIONS)}
    return tuple(sorted(_merged(items), key=lambda item: (order[item.section(today)], item.due_on or date.max)))


def subject(digest: Digest) -> str:
    """The counts in words, so that a person in a hurry need not open the message to know."""
    words = load_words()
    day = day_text(words, digest.today, digest.today)
    return words.say(f"subject_{digest.lane}", counts=_counts(digest, words), day=day)


def body(digest: Digest) -> str:
    """The whole text, in Chinese, ending with one line break."""
    text = _layout("digest").render(
        name=digest.name,
        office=digest.office,
        today=digest.today,
        counts=_counts(digest, load_words()),
        late=_late(digest.items),
        sections=list(_sections(digest, load_words())),
    )
    return text.rstrip("\n") + "\n"


def brief(digest: Digest) -> str:
    """The text for channels that leave the office's hands: numbers and links, never the text of a finding."""
    words = load_words()
    marked = (Marked(section.title, _marks(section.items, words)) for section in _sections(digest, words))
    blocks = [block for block in marked if block.marks]
    linked = any(item.link for item in digest.items)
    text = _layout("brief").render(name=digest.name, office=digest.office, blocks=blocks, linked=linked)
    return text.rstrip("\n") + "\n"


def _marks(items: Iterable[Item], words: Words) -> list[str]:
    numbered = ((words.say("brief_number", number=item.number) if item.number else "", item.link) for item in items)
    return list(dict.fromkeys(" ".join(filter(None, pair)) for pair in numbered if any(pair)))


@cache
def _layout(name: str) -> Template:
    source = files("notifications").joinpath("layout", f"{name}.j2").read_text(encoding="utf-8")
    return text_environment().from_string(source)


def _counts(digest: Digest, words: Words) -> str:
    counted = ((section, len(digest.of(section))) for section in SECTIONS)
    return words.say("count_separator").join(words.say(f"count_{section}", n=n) for section, n in counted if n)


def _sections(digest: Digest, words: Words) -> Iterator[Section]:
    filled = [section for section in SECTIONS if digest.of(section)]
    for numeral, section in zip(NUMERALS, filled, strict=False):
        yield Section(numeral, words.say(f"section_{section}"), digest.of(section))


def _late(items: Iterable[Item]) -> Late | None:
    days = [item.late_since for item in items if item.late_since]
    return Late(len(days), min(days)) if days else None


def _merged(items: Iterable[Item]) -> list[Item]:
    """Two steps of one ladder that waited together say the same thing: they are told once."""
    kept: dict[tuple[int, str], Item] = {}
    for item in items:
        place = (item.case_id, item.text)
        kept[place] = _joined(kept[place], item) if place in kept else item
    return list(kept.values())


def _joined(earlier: Item, later: Item) -> Item:
    """The later reason stands for its role; a second role of the same person keeps its own."""
    by_role = {reason.role_label: reason for reason in (*earlier.reasons, *later.reasons)}
    since = min((day for day in (earlier.late_since, later.late_since) if day), default=None)
    return replace(later, reasons=tuple(by_role.values()), late_since=since)
