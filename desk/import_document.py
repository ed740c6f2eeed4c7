"""A document comes in: read, shown, and after a person's yes opened as problems, once."""

from dataclasses import dataclass

from desk.desk import Desk
from desk.finding import Inspection
from documents.reader import read
from documents.reading import Problem, Reading
from engine.commands import OPEN, Command, Outcome


@dataclass(frozen=True)
class Preview:
    """What a document holds, before anything is written."""

    file_name: str
    content: bytes
    reading: Reading


def preview(file_name: str, content: bytes) -> Preview:
    """Read without a database. Raises documents.reading.ReadingError when the file cannot be read."""
    return Preview(file_name, content, read(file_name, content))


def import_document(desk: Desk, seen: Preview, inspection: Inspection, actor: str, now: int) -> list[Outcome]:
    """Open the problems of a document that a person has seen and confirmed: one batch, all or nothing.

    The first outcome is the inspection's, the others the problems'. Answers become drafts: nothing counts as
    done because a text says so. Raises RefusedError, `already_imported` for the same bytes again.
    """
    sha256 = desk.files.put(seen.content)
    note = Command(
        action="import_document",
        actor=actor,
        case_id=inspection.id,
        params={"sha256": sha256, "file_name": seen.file_name, "problems": len(seen.reading.problems)},
    )
    opened = [_open(seen.reading, problem, inspection, sha256, actor) for problem in seen.reading.problems]
    return desk.must([note, *opened], now)


def _open(reading: Reading, problem: Problem, inspection: Inspection, sha256: str, actor: str) -> Command:
    numbers = {title.line: title.number for title in (*reading.areas, *reading.headings)}
    params = {
        "inspection_id": inspection.id,
        "number": problem.number,
        "title": problem.title,
        "area_number": numbers.get(problem.area_line or 0),
        "area": problem.area,
        "heading_number": numbers.get(problem.heading_line or 0),
        "heading": problem.heading,
        "source": "feedback",
        "source_document": sha256,
        "source_line": problem.line,
        "draft_answer": problem.answer or None,
    }
    return Command(
        action=OPEN,
        kind="problem",
        organization_id=inspection.organization_id,
        actor=actor,
        params={name: value for name, value in params.items() if value is not None},
        cause=0,
    )
