"""A rehearsal to be read in some minutes: week by week what began, which letters went out, who got how much."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from desk.heard import role_label, short_name, step_of
from desk.rehearse import Message, Spoken
from engine.cases import CaseState
from engine.commands import OPEN
from engine.view import View
from engine.words import Words
from workflows.rectification.wording import matter_text, number_text

PROBLEM = "problem"
WEEK = timedelta(days=7)
# Characters of a matter's name: enough to know it.
SHORT = 24

Row = tuple[str, ...]
# A case and the rule that spoke of it: a step of a ladder, or the label of an event's rule.
Beginning = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What speaks, as it is shown: its label, its colour in words or empty, whether it goes out as urgent.

    `level` is that on its ladder, 0 for news; `issues`: it tells of a letter that was issued.
    """

    label: str
    colour: str
    urgent: bool
    level: int = 0
    issues: bool = False


def summary(words: Words, view: View, messages: Sequence[Message], title: str) -> str:
    """As Markdown: the figures, the rules, the weeks, the people, and what the numbers stand for."""
    told = Telling(words, view)
    blocks = [
        f"# {title}",
        told.figures(messages),
        words.say("rehearsal.where"),
        *told.rules(messages),
        words.say("rehearsal.weeks"),
        *told.weeks(messages),
        *told.people(messages),
        *told.legend(messages),
    ]
    return "\n\n".join(blocks) + "\n"


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts a rehearsal into words."""

    words: Words
    view: View

    def figures(self, messages: Sequence[Message]) -> str:
        letters = {one.case_id for one in _spoken(messages) if self._is_letter(one)}
        return self.words.say(
            "rehearsal.counts",
            n=len(messages),
            urgent=sum(one.urgent for one in messages),
            people=len({one.person for one in messages}),
            letters=len(letters),
        )

    def rules(self, messages: Iterable[Message]) -> list[str]:
        """Who hears by which rule, of how many matters in all, and from when to when."""
        found: dict[tuple[Rule, str], list[date]] = {}
        for message in messages:
            for one in message.spoken:
                key = (self._rule(message, one), role_label(self.words, self.view, one.heard.role))
                found.setdefault(key, []).append(message.day)
        rows = [
            (self._named(rule), rule.colour, role, str(len(days)), min(days).isoformat(), max(days).isoformat())
            for (rule, role), days in found.items()
        ]
        return self._section("rules", rows)

    def weeks(self, messages: Iterable[Message]) -> Iterator[str]:
        """A block for each week in which anything is sent."""
        begun: set[Beginning] = set()
        for monday, group in groupby(messages, lambda one: one.day - timedelta(days=one.day.weekday())):
            of_week = list(group)
            sunday = monday + WEEK - timedelta(days=1)
            lines = [self.words.say("rehearsal.week", since=monday.isoformat(), until=sunday.isoformat()), ""]
            lines += [f"- {one}" for one in self._week(of_week, begun)]
            yield "\n".join(lines)

    def _week(self, messages: Sequence[Message], begun: set[Beginning]) -> Iterator[str]:
        counts = {"n": len(messages), "urgent": sum(one.urgent for one in messages)}
        yield self.words.say("rehearsal.sent", people=self._listed(self._received(messages)), **counts)
        fresh: dict[Rule, dict[int, CaseState]] = {}
        for message in messages:
            for one in message.spoken:
                if _beginning(one) not in begun:
                    fresh.setdefault(self._rule(message, one), {})[one.case_id] = self._case(one)
        again = sum(_beginning(one) in begun for one in _spoken(messages))
        begun.update(_beginning(one) for one in _spoken(messages))
        yield from self._begun(fresh)
        if again:
            yield self.words.say("rehearsal.again", n=again)

    def _begun(self, fresh: Mapping[Rule, Mapping[int, CaseState]]) -> Iterator[str]:
        """What speaks of a matter for the first time, colours and the highest first; letters with their numbers."""
        for rule in sorted(fresh, key=lambda one: (not one.colour, -one.level)):
            cases = list(fresh[rule].values())
            if rule.issues:
                yield self._issued(cases)
                continue
            colour = self.words.say("rehearsal.colour", colour=rule.colour) if rule.colour else ""
            blanks = {"rule": self._named(rule), "colour": colour, "n": len(cases)}
            yield self.words.say("rehearsal.begun", matters=self._matters(cases), **blanks)

    def _issued(self, letters: Sequence[CaseState]) -> str:
        numbers = self._listed(_ranges(self.view.fields(one) for one in letters))
        matters = self._matters(letters)
        return self.words.say("rehearsal.issued", n=len(letters), numbers=numbers, matters=matters)

    def _matters(self, cases: Iterable[CaseState]) -> str:
        """The problems by their numbers, then what has none by its name."""
        roots = [self.view.case(one) for one in sorted({one.root_id for one in cases})]
        numbered = "".join(self._name(one) for one in roots if one.kind == PROBLEM)
        return self._listed(filter(None, (numbered, *(self._name(one) for one in roots if one.kind != PROBLEM))))

    def _name(self, root: CaseState) -> str:
        fields = self.view.fields(root)
        if root.kind == PROBLEM:
            return self.words.say("rehearsal.number", number=number_text(fields))
        return matter_text(self.view.definition(root), fields)

    def people(self, messages: Iterable[Message]) -> list[str]:
        by_person: dict[str, list[Message]] = {}
        for one in messages:
            by_person.setdefault(one.person, []).append(one)
        rows = [
            (person, str(len(mine)), str(sum(one.urgent for one in mine)), str(_fullest_week(mine)))
            for person, mine in by_person.items()
        ]
        return self._section("people", rows)

    def legend(self, messages: Iterable[Message]) -> list[str]:
        """What the numbers stand for, with each problem's deadline."""
        roots = {self._case(one).root_id for one in _spoken(messages)}
        problems = [one for one in map(self.view.case, sorted(roots)) if one.kind == PROBLEM]
        rows = [(short_name(self.words, self.view, one, SHORT), one.due_on or "") for one in problems]
        return self._section("matters", rows)

    def _received(self, messages: Iterable[Message]) -> list[str]:
        """Each person with the number of their messages, the urgent ones apart, in the order they are listed."""
        counts: dict[str, list[bool]] = {}
        for one in messages:
            counts.setdefault(one.person, []).append(one.urgent)
        return [
            self.words.say(f"rehearsal.got{'_urgent' * any(mine)}", who=who, n=len(mine), urgent=sum(mine))
            for who, mine in counts.items()
        ]

    def _rule(self, message: Message, one: Spoken) -> Rule:
        case, label = self._case(one), self.words.label(one.heard.label)
        if one.heard.step is None:
            return Rule(label, "", message.urgent, issues=self._is_letter(one) and one.heard.action == OPEN)
        step = step_of(self.view, case, one.heard.step)
        colour = self.words.sentences.get(f"colour.{step.colour}", step.colour or "")
        return Rule(label, colour, message.urgent, step.level)

    def _named(self, rule: Rule) -> str:
        return (self.words.say("rehearsal.urgent") if rule.urgent else "") + rule.label

    def _listed(self, texts: Iterable[str]) -> str:
        return self.words.say("rehearsal.separator").join(texts)

    def _section(self, name: str, rows: Sequence[Row]) -> list[str]:
        """A heading and a Markdown table, if there is anything to show."""
        if not rows:
            return []
        head = self.words.say(f"rehearsal.{name}_head")
        rule = "|---" * (head.count("|") - 1) + "|"
        lines = [head, rule, *("| " + " | ".join(row) + " |" for row in rows)]
        return [self.words.say(f"rehearsal.{name}"), "\n".join(lines)]

    def _case(self, one: Spoken) -> CaseState:
        return self.view.case(one.case_id)

    def _is_letter(self, one: Spoken) -> bool:
        return self._case(one).kind in self.view.registry.letters


def _spoken(messages: Iterable[Message]) -> Iterator[Spoken]:
    return (one for message in messages for one in message.spoken)


def _beginning(one: Spoken) -> Beginning:
    return one.case_id, one.heard.step or one.heard.label["zh"]


def _fullest_week(messages: Iterable[Message]) -> int:
    """The most messages that fell into one week."""
    weeks = [one.day.isocalendar()[:2] for one in messages]
    return max(weeks.count(one) for one in set(weeks))


def _ranges(letters: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Their numbers, those that follow each other as one: 橙色督办〔2025〕3—10号."""
    keys = sorted((one["prefix"], one["year"], one["number"]) for one in letters)
    for (prefix, year, _), run in groupby(enumerate(keys), lambda pair: (*pair[1][:2], pair[1][2] - pair[0])):
        numbers = [key[2] for _, key in run]
        yield f"{prefix}〔{year}〕{'—'.join(str(one) for one in dict.fromkeys((numbers[0], numbers[-1])))}号"
