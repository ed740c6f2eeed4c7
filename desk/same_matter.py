"""Is this matter on record already? Problems that a paper means again, and problems that only sound alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import exists, select

from documents.sheets.columns import folded
from engine import statements as sql
from engine.database import Tx
from workflows.rectification.tables import TABLES

SAME_NUMBER = 85  # of 100: how alike two titles with the same number must be to be one
ALIKE = 70  # of 100: titles that a person should look at
ALIKE_SHOWN = 3


@dataclass(frozen=True)
class Standing:
    """A problem on record; `is_assigned` once somebody leads it, `document` and `line` where it came from."""

    case_id: int
    number: str
    title: str
    state: str
    is_assigned: bool
    document: str | None
    line: int | None
    area: str | None
    heading: str | None

    @property
    def named(self) -> str:
        return f"（{self.number or self.case_id}）{self.title}"


def standing(tx: Tx, inspection_id: int) -> list[Standing]:
    """The problems of an inspection, in the order they were opened."""
    problem, cases, bearer = TABLES["problem"], sql.cases, sql.assignment
    led = exists().where(bearer.c.case_id == cases.c.id, bearer.c.role == "lead_official", bearer.c.to_on.is_(None))
    rows = tx.connection.execute(
        select(
            cases.c.id,
            problem.c.number,
            problem.c.title,
            cases.c.state,
            led,
            problem.c.source_document,
            problem.c.source_line,
            problem.c.area,
            problem.c.heading,
        )
        .join(problem, problem.c.case_id == cases.c.id)
        .where(problem.c.inspection_id == inspection_id)
        .order_by(cases.c.id)
    )
    return [Standing(row[0], row[1], row[2], row[3], bool(row[4]), *row[5:]) for row in rows]


class Matters:
    """The problems on record, to be asked about one title after the other."""

    def __init__(self, there: Sequence[Standing]) -> None:
        self._there = there
        self._folded = [folded(one.title) for one in there]

    def same(self, number: str, title: str) -> Standing | None:
        """The one problem that this is: the same title, or the same number and nearly the same title."""
        wanted = folded(title)
        exact = [one for one, text in zip(self._there, self._folded, strict=True) if text == wanted]
        if len(exact) > 1 and number:
            exact = [one for one in exact if one.number == number]
        near = exact or [
            one
            for one, text in zip(self._there, self._folded, strict=True)
            if number and one.number == number and _is_near(text, wanted)
        ]
        return near[0] if len(near) == 1 else None

    def alike(self, title: str) -> list[Standing]:
        """Those that sound like it, the likest first."""
        wanted = folded(title)
        scored = [(fuzz.ratio(text, wanted), one) for one, text in zip(self._there, self._folded, strict=True)]
        found = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: -one[0])
        return [one for _, one in found[:ALIKE_SHOWN]]


def _is_near(text: str, wanted: str) -> bool:
    """Nearly the same, or the title with the details behind it."""
    return fuzz.ratio(text, wanted) >= SAME_NUMBER or (bool(text) and wanted.startswith(text))
