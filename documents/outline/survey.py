"""What can be learnt by looking at a whole document before its tree is grown."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from documents import phrases, titles
from documents.folding import fold
from documents.outline import tables
from documents.outline.entries import Entry
from documents.outline.order import Order, learn
from documents.outline.tables import Layout
from documents.sentences import ends_like_text, first

LONGEST_TITLE = 80
_ENDS_IN_FIGURES = re.compile(r"\d *[年月日号%]?$")
_NOTICE = re.compile("整改")
_FEEDBACK = re.compile("反馈")


class Survey:
    """The entries of a document with questions about what lies ahead of each."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._with_children: dict[int, bool] = {}

    @cached_property
    def markers(self) -> frozenset[str]:
        """The names of the markers that open an answer here; later ones in a pair (成效 after 措施) do not."""
        names = [name for entry in self.entries for name in self._names(entry)]
        proper = [label for label, is_field in names if not is_field]
        return _openers(proper) or frozenset(label for label, _ in names)

    @cached_property
    def is_notice(self) -> bool:
        """Whether answers are to be expected: there are markers, or the title speaks of rectification."""
        if self.markers or self.tables.rows:
            return True
        head = next((entry.text for entry in self.entries if not entry.mark), "")
        return bool(_NOTICE.search(fold(head))) or not _FEEDBACK.search(fold(head))

    @cached_property
    def area_kind(self) -> str | None:
        """The kind of number that areas carry, if any carries one."""
        kinds = Counter(entry.mark.kind for entry in self.entries if entry.mark and self.is_area(entry))
        return kinds.most_common(1)[0][0] if kinds else None

    @cached_property
    def order(self) -> Order:
        rows = [[tables.AREA, tables.HEADING, tables.PROBLEM]] if self.tables.rows else []
        top = next((entry.mark.kind for entry in self.entries if entry.mark), None)
        branches: list[list[str]] = [[]]
        in_answer = False
        for entry in self.entries:
            in_answer = in_answer or self.opens_answer(entry)
            if entry.mark and self._shows_depth(entry, in_answer):
                in_answer = False
                if entry.mark.kind == top:
                    branches.append([])
                branches[-1].append(entry.mark.kind)
        return learn([*branches, *rows])

    def _shows_depth(self, entry: Entry, in_answer: bool) -> bool:
        """Leave out numbers that may count the steps of an answer: they say nothing about titles."""
        if self.labels(entry) or entry.index in self.tables.taken:
            return False
        if not in_answer or self.own_marker(entry.index):
            return True
        following = self.next_number(entry.index)
        return bool(following and self.own_marker(following.index)) and not ends_like_text(entry.body)

    @cached_property
    def tables(self) -> Layout:
        return tables.survey(self.entries)

    def is_area(self, entry: Entry) -> bool:
        return len(entry.body) <= LONGEST_TITLE and phrases.is_area(entry.body) and not entry.label

    def labels(self, entry: Entry) -> bool:
        """Say whether an entry is a marker line and not a section title such as 二、整改落实情况."""
        if entry.label is None or entry.index in self.tables.taken:
            return False
        return entry.mark is None or bool(entry.label.rest) or entry.label.name in self._repeated_names

    @cached_property
    def _repeated_names(self) -> frozenset[str]:
        """Numbered lines of a bare marker: once it is a section (二、整改情况), more often it is a marker."""
        names = Counter(
            entry.label.name for entry in self.entries if entry.label and entry.mark and not entry.label.rest
        )
        return frozenset(name for name, count in names.items() if count > 1)

    @cached_property
    def _next_numbers(self) -> list[Entry | None]:
        following: Entry | None = None
        found: list[Entry | None] = []
        for entry in reversed(self.entries):
            found.append(following)
            if entry.mark and not self.labels(entry):
                following = entry
        return found[::-1]

    @cached_property
    def _answers_before(self) -> list[int]:
        """For each place in the document, how many entries before it open an answer."""
        return [0, *accumulate(int(self.opens_answer(entry)) for entry in self.entries)]

    def next_number(self, index: int) -> Entry | None:
        """Give the next entry with a number of its own."""
        return self._next_numbers[index]

    def _names(self, entry: Entry) -> Iterator[tuple[str, bool]]:
        if entry.label and self.labels(entry):
            yield entry.label.name, entry.label.is_field
        elif entry.inner_label:
            yield entry.inner_label, False

    def own_marker(self, index: int) -> bool:
        """Say whether an entry is answered under a marker, in it or before the next number comes."""
        return self.entries[index].inner_label is not None or self._answered_after(index)

    def _answered_after(self, index: int) -> bool:
        following = self.next_number(index)
        end = following.index if following else len(self.entries)
        return self._answers_before[end] > self._answers_before[index + 1]

    def opens_answer(self, entry: Entry) -> bool:
        return self.labels(entry) and entry.label is not None and entry.label.name in self.markers

    def markers_after(self, index: int) -> bool:
        return self._answers_before[-1] > self._answers_before[index + 1]

    def is_title_like(self, entry: Entry) -> bool:
        """Say whether a line without a number could be a title: short, and not ending as text does."""
        return (
            not entry.mark
            and not entry.label
            and len(entry.body) <= LONGEST_TITLE
            and not phrases.is_status(entry.body)
            and not _ENDS_IN_FIGURES.search(fold(entry.body))
            and (not ends_like_text(entry.body) or self.is_area(entry))
        )

    def has_children(self, index: int) -> bool:
        """Say whether the next number opens a title below this one rather than a step of its answer."""
        if index not in self._with_children:
            self._with_children[index] = self._looks_ahead_for_children(index)
        return self._with_children[index]

    def _looks_ahead_for_children(self, index: int) -> bool:
        following = self.next_number(index)
        kind = self.entries[index].mark
        if not following or not following.mark or not kind or self._answered_after(index):
            return False
        if not self.order.above(kind.kind, following.mark.kind):
            return False
        if self.markers:
            return self._marker_below(following.index, kind.kind)
        return not self.is_notice or self.names_a_problem(following)

    def names_a_problem(self, entry: Entry) -> bool:
        title, _ = first(entry.body)
        return titles.names_a_problem(entry.body) or (len(title) <= 40 and phrases.states_a_lack(title))

    def _marker_below(self, index: int, kind: str) -> bool:
        for place in range(index, len(self.entries)):
            entry = self.entries[place]
            if self.opens_answer(entry) or entry.inner_label:
                return True
            if entry.index > index and entry.mark and not self.order.above(kind, entry.mark.kind):
                return False
        return False


def _openers(names: Sequence[str]) -> frozenset[str]:
    """Leave out names that only ever follow another name, as 整改成效 follows 整改措施."""
    before: dict[str, set[str]] = {}
    for previous, name in zip(["", *names], names, strict=False):
        before.setdefault(name, set()).add(previous)
    counts = Counter(names)
    return frozenset(
        name
        for name, previous in before.items()
        if "" in previous or name in previous or counts[name] > max(counts[other] for other in previous)
    )
