"""Signals of paper rectification: they tell a reviewer where to look, and are no verdicts. Pure, over facts."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.fuzz import ratio

# Two texts are nearly the same from this likeness on (0 to 100), if they are long enough to say anything.
ALIKE = 90.0
SHORTEST = 12
# So many measures accepted within one hour, or on the last day of a problem's measures, look like a rush.
MANY_IN_AN_HOUR = 5
MANY_ON_LAST_DAY = 3
HOUR = 3600
EMPTY_WORDS = re.compile("进一步|不断|持续|切实|高度重视|深入|着力|全面(加强|落实|推进)|举一反三")
# What shows that something happened: a figure, a document, a day, a place or a person counted.
SOLID = re.compile(r"[0-9０-９《》]|[一二三四五六七八九十百]+(个|次|人|户|处|项|份|件|名|元|场|日|月)")


@dataclass(frozen=True)
class FiledPaper:
    """One piece of evidence. Dates ISO; `round` as it was filed."""

    sha256: str
    title: str
    about_on: str | None
    round: int


@dataclass(frozen=True)
class DoneMeasure:
    """One measure of the present round: what it says and when its result was accepted (epoch seconds UTC)."""

    text: str
    accepted_at: int | None = None
    accepted_on: str | None = None
    due_on: str | None = None
    extensions: int = 0


@dataclass(frozen=True)
class Dossier:
    """A problem as far as signals look at it. `cleared` has a reviewer's word by signal."""

    number: str
    round: int
    started_on: str | None = None
    closed_on: str | None = None
    extensions: int = 0
    filed: tuple[FiledPaper, ...] = ()
    measures: tuple[DoneMeasure, ...] = ()
    cleared: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Signal:
    """One hint: its word, what was seen, and why a reviewer says it is none (None: nobody has said so)."""

    word: str
    seen: tuple[str, ...]
    explained: str | None = None


def signals(one: Dossier, others: Iterable[Dossier]) -> list[Signal]:
    """The hints about a problem beside all others of its inspection, in a fixed order."""
    rest = list(others)
    found = {
        "same_file": _same_files(one, rest),
        "date_out_of_range": _dates_out_of_range(one),
        "same_text": _same_texts(one, rest),
        "closed_in_a_rush": _rushes(one, rest),
        "empty_words": [text for text in _texts(one) if _is_empty(text)],
        "extended_twice": _extended_twice(one),
        "no_evidence": [one.number] if one.closed_on and not _present(one) else [],
    }
    return [Signal(word, tuple(seen), one.cleared.get(word)) for word, seen in found.items() if seen]


def _present(one: Dossier) -> list[FiledPaper]:
    return [paper for paper in one.filed if paper.round == one.round]


def _same_files(one: Dossier, others: Sequence[Dossier]) -> list[str]:
    """Each file with the numbers of the other problems that it serves, or that it is of an earlier round."""
    earlier = {paper.sha256 for paper in one.filed if paper.round < one.round}
    used: dict[str, list[str]] = {}
    for other in others:
        for paper in other.filed:
            used.setdefault(paper.sha256, []).append(other.number)
    seen = []
    for paper in _present(one):
        numbers = list(dict.fromkeys(used.get(paper.sha256, ())))
        if numbers:
            seen.append(f"{paper.title}：（{'）（'.join(numbers)}）")
        elif paper.sha256 in earlier:
            seen.append(f"{paper.title}：前一次整改")
    return list(dict.fromkeys(seen))


def _dates_out_of_range(one: Dossier) -> list[str]:
    return [
        f"{paper.title}（{paper.about_on}）"
        for paper in _present(one)
        if paper.about_on
        and (
            (one.started_on is not None and paper.about_on < one.started_on)
            or (one.closed_on is not None and paper.about_on > one.closed_on)
        )
    ]


def _texts(one: Dossier) -> list[str]:
    return [measure.text for measure in one.measures if len(measure.text) >= SHORTEST]


def _same_texts(one: Dossier, others: Sequence[Dossier]) -> list[str]:
    """A text that stands nearly word for word under another measure, with the number where it does."""
    own = _texts(one)
    elsewhere = [(other.number, text) for other in others for text in _texts(other)]
    seen = [
        f"（{number}）{_short(text)}"
        for text in own
        for number, other in elsewhere
        if ratio(text, other, score_cutoff=ALIKE)
    ]
    twice = [
        f"（{one.number}）{_short(text)}"
        for place, text in enumerate(own)
        if any(ratio(text, other, score_cutoff=ALIKE) for other in own[:place])
    ]
    return list(dict.fromkeys([*seen, *twice]))


def _rushes(one: Dossier, others: Sequence[Dossier]) -> list[str]:
    hours = Counter(
        measure.accepted_at // HOUR
        for dossier in (one, *others)
        for measure in dossier.measures
        if measure.accepted_at is not None
    )
    own = {measure.accepted_at // HOUR for measure in one.measures if measure.accepted_at is not None}
    crowded = [str(hours[hour]) for hour in sorted(own) if hours[hour] >= MANY_IN_AN_HOUR]
    last_day = [
        measure for measure in one.measures if measure.accepted_on and measure.accepted_on == measure.due_on
    ]
    return crowded or ([str(len(last_day))] if len(last_day) >= MANY_ON_LAST_DAY else [])


def _is_empty(text: str) -> bool:
    return bool(EMPTY_WORDS.search(text)) and not SOLID.search(text)


def _extended_twice(one: Dossier) -> list[str]:
    times = [one.extensions, *(measure.extensions for measure in one.measures)]
    return [str(max(times))] if max(times) > 1 else []


def _short(text: str, most: int = 20) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
