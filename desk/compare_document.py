"""A changed document beside what was imported from the one before: new, changed, missing, row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from desk.same_matter import Standing
from documents.reading import Problem, Reading
from documents.sheets.columns import folded

SAME_NUMBER = 50  # of 100: how alike titles with the same number must be to be one problem, changed
LIKE = 75  # of 100: without a number to go by
TOLD = ("title", "area", "heading")


@dataclass(frozen=True)
class Difference:
    """One row: `word` is same, changed, new or missing; `changes` are the old and the new text by field."""

    word: str
    known: Standing | None
    problem: Problem | None
    changes: Mapping[str, tuple[str, str]]


def compare(known: Sequence[Standing], missing_from: Sequence[Standing], reading: Reading) -> list[Difference]:
    """The problems of a reading beside those on record, in the order of the document, the missing ones last.

    `missing_from` are those that the document before had: only they can be missing.
    """
    pairs = _paired(known, reading.problems)
    rows = [_difference(pairs.get(place), problem) for place, problem in enumerate(reading.problems)]
    found = {one.case_id for one in pairs.values()}
    gone = [Difference("missing", one, None, {}) for one in missing_from if one.case_id not in found]
    return rows + gone


def _difference(known: Standing | None, problem: Problem) -> Difference:
    if known is None:
        return Difference("new", None, problem, {})
    changes = dict(_changes(known, problem))
    return Difference("changed" if changes else "same", known, problem, changes)


def _changes(known: Standing, problem: Problem) -> Iterator[tuple[str, tuple[str, str]]]:
    """What the document says differently; what it does not say at all is no change."""
    for name in TOLD:
        old, new = getattr(known, name) or "", getattr(problem, name) or ""
        if new and old != new:
            yield name, (old, new)


def _paired(known: Sequence[Standing], problems: Sequence[Problem]) -> dict[int, Standing]:
    """Each problem's one on record by its place: the surest pairs first, nobody twice."""
    scored = [
        (score, place, one)
        for place, problem in enumerate(problems)
        for one in known
        if (score := _likeness(one, problem)) > 0
    ]
    pairs: dict[int, Standing] = {}
    taken: set[int] = set()
    for _, place, one in sorted(scored, key=lambda each: (-each[0], each[1], each[2].case_id)):
        if place not in pairs and one.case_id not in taken:
            pairs[place] = one
            taken.add(one.case_id)
    return pairs


def _likeness(known: Standing, problem: Problem) -> float:
    """From 0 (another matter) to 200 (the same title under the same number)."""
    ratio = fuzz.ratio(folded(known.title), folded(problem.title))
    if known.number and known.number == problem.number and ratio >= SAME_NUMBER:
        return ratio + 100
    return ratio if ratio >= LIKE else 0
