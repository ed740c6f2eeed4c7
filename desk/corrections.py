"""A person puts right what was read wrongly: pure changes to a reading, in which every line stays accounted for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from documents.measures import propose
from documents.reading import Problem, Reading, SourceLine, Title
from engine.faults import Fault, FaultsError, Reader
from engine.words import Words

TITLE, JOIN, SPLIT, MOVE, DROP, SAME = "title", "join", "split", "move", "drop", "same"


@dataclass(frozen=True)
class Correction:
    """One correction of what stands on a line of the source.

    `title`: a new `text` (and `number`); `join`: with what stands on line `other`; `split`: from the words `text`
    on it is another problem; `move`: under the title on line `other`; `drop`: because of `text`; `same`: it is the
    matter that has the number `text` already.
    """

    what: str
    line: int
    text: str = ""
    other: int = 0
    number: str = ""

    def said(self, words: Words) -> str:
        return words.say(f"correction.{self.what}", **vars(self))


class CorrectionError(ValueError):
    """A correction does not fit what was read; `word` says why (words.toml, under correction)."""

    def __init__(self, correction: Correction, word: str) -> None:
        super().__init__(word)
        self.correction = correction
        self.word = word


def read_corrections(text: str, where: str) -> list[Correction]:
    """The corrections of a TOML text, in the order in which they are made. Raises FaultsError with all faults."""
    reader = Reader.of(text, where)
    found: list[Correction] = []
    for what, (key, is_line) in _SHAPES.items():
        for table in reader.tables(what):
            line = _line(table, "line")
            other = _line(table, key) if is_line else 0
            said = "" if is_line else table.text(key)
            number = table.maybe_text("number") or "" if what == TITLE else ""
            table.done()
            found.append(Correction(what, line, said, other, number))
    reader.done()
    if reader.faults:
        raise FaultsError(reader.faults)
    return found


# What each correction asks for beside its line, and whether that is another line. In the order they are made:
# lines are dropped and joined only after what stands on them was put right.
_SHAPES: Mapping[str, tuple[str, bool]] = {
    TITLE: ("title", False),
    SPLIT: ("at", False),
    MOVE: ("under", True),
    JOIN: ("with", True),
    DROP: ("reason", False),
    SAME: ("as", False),
}


def _line(table: Reader, key: str) -> int:
    if key not in table.data:
        table.faults.append(Fault(table.where, f"{table.path}.{key}", None, "missing", f"add `{key}`"))
    return table.number(key)


def corrected(reading: Reading, corrections: Sequence[Correction]) -> Reading:
    """The reading with the corrections made. Raises CorrectionError for one that does not fit."""
    for one in corrections:
        reading = _CHANGES[one.what](reading, one)
    return reading


def _problem_on(reading: Reading, line: int, one: Correction) -> Problem:
    found = [problem for problem in reading.problems if problem.line == line]
    if not found:
        raise CorrectionError(one, "no_problem")
    return found[0]


def _swapped(reading: Reading, old: Problem, *new: Problem) -> Reading:
    """The reading with one problem replaced by others, or by none, at its place."""
    problems = [each for problem in reading.problems for each in (new if problem is old else (problem,))]
    return replace(reading, problems=tuple(problems))


def _retitle(reading: Reading, one: Correction) -> Reading:
    if any(problem.line == one.line for problem in reading.problems):
        old = _problem_on(reading, one.line, one)
        return _swapped(reading, old, replace(old, title=one.text, number=one.number or old.number))
    if not any(title.line == one.line for title in (*reading.areas, *reading.headings)):
        raise CorrectionError(one, "no_title")

    def renamed(title: Title) -> Title:
        changed = replace(title, title=one.text, number=one.number or title.number)
        return changed if title.line == one.line else title

    problems = (
        replace(
            problem,
            area=one.text if problem.area_line == one.line else problem.area,
            heading=one.text if problem.heading_line == one.line else problem.heading,
        )
        for problem in reading.problems
    )
    return replace(
        reading,
        areas=tuple(map(renamed, reading.areas)),
        headings=tuple(map(renamed, reading.headings)),
        problems=tuple(problems),
    )


def _split(reading: Reading, one: Correction) -> Reading:
    """What stands before the words stays; the words and all behind them are a problem of their own."""
    old = _problem_on(reading, one.line, one)
    parts = (old.title, old.detail or "", old.answer or "")
    place = next((place for place, text in enumerate(parts) if one.text in text), None)
    if place is None or (place == 0 and old.title.startswith(one.text)):
        raise CorrectionError(one, "no_such_words")
    before, words, after = parts[place].partition(one.text)
    kept = [*parts[:place], before.rstrip("；;，, \n"), "", ""][:3]
    given = [words + after, *parts[place + 1 :], "", ""][:3]
    return _swapped(reading, old, _of(old, kept), _of(replace(old, number=None, glyphs=""), given))


def _of(problem: Problem, parts: Sequence[str]) -> Problem:
    """The problem with another title, detail and answer, and the measures that this answer has."""
    title, detail, answer = parts
    return replace(
        problem, title=title, detail=detail or None, answer=answer or None, measures=propose(answer.split("\n"))
    )


def _move(reading: Reading, one: Correction) -> Reading:
    old = _problem_on(reading, one.line, one)
    heading = next((title for title in reading.headings if title.line == one.other), None)
    area_line = one.other if heading is None else _line_above(reading.areas, one.other)
    area = next((title for title in reading.areas if title.line == area_line), None)
    if heading is None and area is None:
        raise CorrectionError(one, "not_a_heading")
    moved = replace(
        old,
        area=area.title if area else None,
        area_line=area.line if area else None,
        heading=heading.title if heading else None,
        heading_line=heading.line if heading else None,
    )
    return _swapped(reading, old, moved)


def _line_above(titles: Sequence[Title], line: int) -> int | None:
    return max((title.line for title in titles if title.line < line), default=None)


def _join(reading: Reading, one: Correction) -> Reading:
    """The second becomes part of the first; what is said of either stands below both."""
    first, second = _problem_on(reading, one.line, one), _problem_on(reading, one.other, one)
    if first is second:
        raise CorrectionError(one, "same_line")
    joined = replace(
        first,
        title=first.title + second.title,
        detail=_lines(first.detail, second.detail),
        answer=_lines(first.answer, second.answer),
        measures=(*first.measures, *second.measures),
    )
    return _swapped(_swapped(reading, second), first, joined)


def _lines(*texts: str | None) -> str | None:
    return "\n".join(text for text in texts if text) or None


def _drop(reading: Reading, one: Correction) -> Reading:
    """Its lines stay in the account, as left out by hand; what was wrong with them is no matter any more."""
    old = _problem_on(reading, one.line, one)
    own = _own_lines(reading, old)

    def left_out(line: SourceLine) -> SourceLine:
        return replace(line, part="ignored", reason="dropped") if line.number in own else line

    return replace(
        _swapped(reading, old),
        source_lines=tuple(map(left_out, reading.source_lines)),
        faults=tuple(fault for fault in reading.faults if fault.line not in own),
    )


def _own_lines(reading: Reading, problem: Problem) -> set[int]:
    """The lines of a problem: from its title up to whatever begins next."""
    titles = {title.line for title in (*reading.areas, *reading.headings)}
    others = (titles | {one.line for one in reading.problems}) - {problem.line}
    own: set[int] = set()
    for line in reading.source_lines:
        if line.number < problem.line:
            continue
        if line.number in others or line.part == "ignored":
            break
        own.add(line.number)
    return own


def _check_same(reading: Reading, one: Correction) -> Reading:
    _problem_on(reading, one.line, one)
    return reading


_CHANGES: Mapping[str, Callable[[Reading, Correction], Reading]] = {
    TITLE: _retitle,
    SPLIT: _split,
    MOVE: _move,
    JOIN: _join,
    DROP: _drop,
    SAME: _check_same,
}
