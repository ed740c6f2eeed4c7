"""Which kind of number stands above which, learnt from the document and never from the glyph."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

TOP = "section"
BOTTOM = "unnumbered"
OVER = "over "
ITEM = "item"


class Order:
    """The depth of the kinds of number in one document.

    `TOP` stands above all kinds, `BOTTOM` below all, and `OVER + kind` just above that kind (twice
    `OVER`: two steps above): these are the places of titles that the source left without a number.
    """

    def __init__(self, kinds: Sequence[str], votes: Mapping[tuple[str, str], int]) -> None:
        self._first = {kind: place for place, kind in enumerate(kinds)}
        self._votes = votes

    def above(self, one: str, other: str) -> bool:
        """Say whether `one` stands above `other`; kinds never seen together go by first appearance."""
        if one == other or TOP in (one, other):
            return one != other and one == TOP
        if BOTTOM in (one, other):
            return other == BOTTOM
        upper, lower = one.replace(OVER, ""), other.replace(OVER, "")
        return one.count(OVER) > other.count(OVER) if upper == lower else self._leads(upper, lower)

    def _leads(self, one: str, other: str) -> bool:
        lead = self._votes.get((one, other), 0) - self._votes.get((other, one), 0)
        if lead:
            return lead > 0
        last = len(self._first)
        return self._first.get(one, last) < self._first.get(other, last)


def learn(branches: Iterable[Sequence[str]]) -> Order:
    """Learn from the kinds of each branch of a document (the numbers under one top number, in order).

    Each branch votes by which kind came first in it, and again by which kind comes in runs between two
    of the other: a document whose first heading lost its number is still understood by its later ones.
    """
    votes: Counter[tuple[str, str]] = Counter()
    seen: dict[str, None] = {}
    for branch in branches:
        firsts = list(dict.fromkeys(branch))
        seen |= dict.fromkeys(firsts)
        votes.update(combinations(firsts, 2))
        votes.update(_runs(branch))
    return Order(list(seen), votes)


def _runs(branch: Sequence[str]) -> Counter[tuple[str, str]]:
    """Count, for each pair of kinds, how often the second came twice or more between two of the first."""
    found: Counter[tuple[str, str]] = Counter()
    since: dict[str, Counter[str]] = defaultdict(Counter)
    for kind in branch:
        for other, counts in since.items():
            counts[kind] += other != kind
            found[other, kind] += counts[kind] == 2
        since[kind].clear()
    return found
