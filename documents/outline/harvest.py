"""Says which titles of the tree are areas, headings and problems, and accounts for every line."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from documents import measures, phrases, titles
from documents.outline.entries import Entry
from documents.outline.growth import Growth
from documents.outline.order import TOP
from documents.outline.survey import LONGEST_TITLE, Survey
from documents.outline.tree import Node, Placement
from documents.reading import Part, Problem, Reason, SourceLine, Title

_KIND_OF_DOCUMENT = re.compile("(?:通报|通報|反馈意见|报告|公示|公告|通知)$")
_REASONS: dict[str, Reason] = {
    "container": "section_title",
    "preamble": "preamble",
    "next_steps": "next_steps",
    "advice": "advice",
    "contact": "contact",
    "closing": "closing",
}


@dataclass(frozen=True)
class Place:
    """The level of a title and, for a problem, the titles it stands under."""

    part: Part
    reason: Reason | None = None
    area: Node | None = None
    heading: Node | None = None


@dataclass(frozen=True)
class Harvest:
    """The titles by level in the order of the source, and what became of each line."""

    areas: tuple[Node, ...]
    headings: tuple[Node, ...]
    problems: tuple[Node, ...]
    places: dict[Node, Place]
    lines: tuple[SourceLine, ...]
    outside: tuple[Entry, ...]
    inside: tuple[Entry, ...]


def harvest(growth: Growth, survey: Survey) -> Harvest:
    """Judge the grown tree; nothing in it is lost, only named."""
    places = _Judge(growth.root, survey).places()
    by_part: dict[str, list[Node]] = defaultdict(list)
    for node in growth.root.walk():
        by_part[places[node].part].append(node)
    placed = list(zip(survey.entries, growth.placements, strict=True))
    problem_entries = {node.entry for node in by_part["problem"]}
    ignored = {entry.index for entry, placement in placed if places[placement.node].part == "ignored"}
    return Harvest(
        areas=tuple(by_part["area"]),
        headings=tuple(by_part["heading"]),
        problems=tuple(by_part["problem"]),
        places=places,
        lines=tuple(
            line
            for entry, placement in placed
            for line in _lines(entry, placement, places, entry in problem_entries)
        ),
        outside=tuple(entry for entry, _ in placed if entry.index in ignored),
        inside=tuple(entry for entry, _ in placed if entry.index not in ignored),
    )


class _Judge:
    def __init__(self, root: Node, survey: Survey) -> None:
        self._root = root
        self._survey = survey
        self._dropped = {node: reason for node in root.walk() if (reason := self._reason(node))}
        self._problems = [node for node in self._kept() if self._is_problem(node)]
        self._lacking = self._kinds_that_state_a_lack()

    def places(self) -> dict[Node, Place]:
        found = {node: self._dropped_place(node) for node in self._root.walk()}
        for node in self._problems:
            area, headings = self._above(node)
            heading = headings[0] if headings else None
            found.update({each: Place("heading") for each in headings})
            if area:
                found[area] = Place("area")
            found[node] = Place("problem", None, area, heading)
        return found

    def _dropped_place(self, node: Node) -> Place:
        if node.parent is None:
            return Place("ignored", "front_matter")
        reasons = [self._dropped[each] for each in (node, *node.ancestors()) if each in self._dropped]
        if not reasons and phrases.is_area(node.title):
            return Place("area")
        return Place("ignored", reasons[-1] if reasons else "section_title")

    def _reason(self, node: Node) -> Reason | None:
        """Say why a branch holds no problems, or None; an answer in it is stronger than its name."""
        if node.parent is None or any(each.labelled for each in node.walk()):
            return None
        if node.role in _REASONS and node.role != "container":
            return _REASONS[node.role]
        if node.role == "container" and not node.children:
            return "section_title"
        return self._outside_reason(node)

    def _outside_reason(self, node: Node) -> Reason | None:
        """Drop a top branch without any answer where the answers all stand in another."""
        at_top = node.parent is self._root or (node.parent and node.parent.kind == TOP)
        if not at_top or self._lists_problems(node) or phrases.states_a_lack(node.title):
            return None
        if self._first_list is None:
            return None
        return "preamble" if node.line < self._first_list.line else "closing"

    @cached_property
    def _first_list(self) -> Node | None:
        return next((each for each in self._root.children if self._lists_problems(each)), None)

    def _lists_problems(self, node: Node) -> bool:
        """Say whether a branch shows itself as part of the list: by answers, by names or by what it laments."""
        nodes = list(node.walk())
        if (node.role == "container" and not self._survey.markers) or any(
            each.labelled or phrases.is_area(each.title) for each in nodes
        ):
            return True
        leaves = [each for each in nodes if not each.children and each is not node]
        lacking = sum(phrases.states_a_lack(each.title) for each in leaves)
        return any(titles.names_a_problem(each.title) for each in nodes) or 0 < len(leaves) <= lacking * 2

    def _kept(self) -> Iterator[Node]:
        for node in self._root.walk():
            if node.parent and not any(each in self._dropped for each in (node, *node.ancestors())):
                yield node

    def _is_problem(self, node: Node) -> bool:
        if node.labelled:
            return True
        return not node.children and not phrases.is_area(node.title) and node.role != "container"

    def _kinds_that_state_a_lack(self) -> frozenset[str]:
        """Tell headings from areas where there is one level above the problems: headings say what is wrong."""
        counts: Counter[str] = Counter()
        parents = {node.parent for node in self._problems if node.parent and node.parent.parent}
        for parent in parents:
            counts[parent.kind] += 1 if phrases.states_a_lack(parent.title) else -1
        return frozenset(kind for kind, count in counts.items() if count > 0)

    def _above(self, node: Node) -> tuple[Node | None, Sequence[Node]]:
        """Give the area and the headings above a problem, nearest heading first."""
        above = [each for each in node.ancestors() if each.role != "container" and each.kind != TOP]
        for place, each in enumerate(above):
            if phrases.is_area(each.title):
                return each, above[:place]
        if len(above) == 1 and above[0].kind in self._lacking:
            return None, above
        return (above[-1], above[:-1]) if above else (None, [])


def _lines(entry: Entry, placement: Placement, places: dict[Node, Place], opens_problem: bool) -> list[SourceLine]:
    """Name the part of each line of an entry; one that holds both heading and problem counts as problem."""
    part = _part(placement, places[placement.node].part, opens_problem)
    reason = _ignored(entry, placement, places[placement.node].reason) if part == "ignored" else None
    return [SourceLine(line.number, line.text, part, reason) for line in entry.lines]


def _part(placement: Placement, part: Part, opens_problem: bool) -> Part:
    if opens_problem:
        return "problem"
    return "answer" if placement.use == "answer" and part == "problem" else part


def _ignored(entry: Entry, placement: Placement, reason: Reason | None) -> Reason:
    if placement.use == "table_header":
        return "table_header"
    if placement.node.parent is None:
        return "document_title" if entry.index == 0 or _is_document_title(entry.text) else "front_matter"
    if reason == "section_title" and placement.use != "title":
        return "introduction"
    return reason or "section_title"


def _is_document_title(text: str) -> bool:
    return len(text) <= LONGEST_TITLE and bool(_KIND_OF_DOCUMENT.search(text))


def title_of(node: Node) -> Title:
    mark = node.mark
    return Title(mark.number if mark else None, node.title, node.line, mark.glyphs if mark else "")


def problem_of(node: Node, place: Place) -> Problem:
    mark = node.mark
    answer = "\n".join(node.answer) or None
    return Problem(
        number=mark.number if mark else None,
        title=node.title,
        area=place.area.title if place.area else None,
        heading=place.heading.title if place.heading else None,
        answer=answer,
        line=node.line,
        measures=measures.propose(node.answer),
        confidence=titles.CONFIDENCE[node.basis],
        basis=node.basis,
        detail="\n".join(node.detail) or None,
        glyphs=mark.glyphs if mark else "",
        area_line=place.area.line if place.area else None,
        heading_line=place.heading.line if place.heading else None,
    )
