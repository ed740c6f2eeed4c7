"""A document comes in: read, corrected, shown, and after a person's yes opened as problems, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.compare_document import Difference, compare
from desk.corrections import SAME, Correction, corrected
from desk.desk import Desk, Send
from desk.finding import Inspection, NotFoundError, find_problem
from desk.same_matter import Matters, Standing, standing
from documents.reader import read
from documents.reading import Problem, Reading
from engine.commands import OPEN, Command, Outcome


@dataclass(frozen=True)
class Preview:
    """What a document holds, as it was read and corrected, before anything is written."""

    file_name: str
    content: bytes
    reading: Reading
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Revision:
    """A changed document beside the imported one that it changes (`against`, its SHA-256)."""

    seen: Preview
    against: str
    rows: tuple[Difference, ...]


def preview(file_name: str, content: bytes, corrections: Sequence[Correction] = ()) -> Preview:
    """Read without a database and make the corrections.

    Raises documents.reading.ReadingError when the file cannot be read, CorrectionError for one that does not fit.
    """
    return Preview(file_name, content, corrected(read(file_name, content), corrections), tuple(corrections))


def alike(desk: Desk, seen: Preview, inspection: Inspection) -> list[tuple[Problem, Standing]]:
    """Problems of a document that sound like one on record, for a person to say whether they are the same."""
    with desk.database.read() as tx:
        matters = Matters(standing(tx, inspection.id))
    return [(problem, found[0]) for problem in seen.reading.problems if (found := matters.alike(problem.title))]


def import_document(desk: Desk, seen: Preview, inspection: Inspection, actor: str, now: int) -> list[Outcome]:
    """Open the problems of a document that a person has seen and confirmed: one batch, all or nothing.

    The first outcome is the inspection's, the others the problems'. Answers become drafts: nothing counts as
    done because a text says so. Raises RefusedError, `already_imported` for the same bytes again.
    """
    sha256 = desk.files.put(seen.content)
    maker = _Maker(desk, seen, inspection, actor, sha256)
    joined = maker.joined()

    def work(send: Send) -> list[Outcome]:
        outcomes = send([maker.note(), *map(maker.open, seen.reading.problems)])
        opened = {problem.line: one for problem, one in zip(seen.reading.problems, outcomes[1:], strict=True)}
        send([maker.merge(early, opened[line].case_id) for line, early in joined.items()])
        return outcomes

    return desk.together(work, now)


def imported_documents(desk: Desk, inspection: Inspection) -> list[Mapping[str, Any]]:
    """What was imported, the newest first: sha256, file_name, on, problems."""
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        documents: list[Mapping[str, Any]] = view.fields(view.case(inspection.id))["documents"] or []
    return documents[::-1]


def compare_document(desk: Desk, seen: Preview, inspection: Inspection, before: str) -> Revision:
    """The document beside one imported before, by file name or the beginning of its SHA-256.

    Raises NotFoundError with the names there are.
    """
    documents = {one["sha256"]: one for one in reversed(imported_documents(desk, inspection))}
    with desk.database.read() as tx:
        known = standing(tx, inspection.id)
    found = [sha256 for sha256, one in documents.items() if one["file_name"] == before or sha256.startswith(before)]
    if not found:
        there = "、".join(one["file_name"] for one in documents.values()) or "（还没有）"
        raise NotFoundError(desk.words.say("revision.not_imported", name=before, there=there))
    chain = _chain(documents, found[-1])
    rows = compare(known, [one for one in known if one.document in chain], seen.reading)
    return Revision(seen, found[-1], tuple(rows))


def import_revision(
    desk: Desk, revision: Revision, taken: Sequence[Difference], inspection: Inspection, actor: str, now: int
) -> list[Outcome]:
    """Take over the rows that a person has decided to take, in one batch: new opened, changed corrected.

    A missing one stays, with a note that the new text lacks it. Raises RefusedError.
    """
    sha256 = desk.files.put(revision.seen.content)
    maker = _Maker(desk, revision.seen, inspection, actor, sha256)
    return desk.must([maker.note(revision.against), *map(maker.take_over, taken)], now)


def _chain(documents: Mapping[str, Mapping[str, Any]], sha256: str) -> set[str]:
    """A document and those that it changed one after the other."""
    chain: set[str] = set()
    while sha256 in documents and sha256 not in chain:
        chain.add(sha256)
        sha256 = documents[sha256].get("against", "")
    return chain


@dataclass(frozen=True)
class _Maker:
    """Makes the commands of one import."""

    desk: Desk
    seen: Preview
    inspection: Inspection
    actor: str
    sha256: str

    def note(self, against: str | None = None) -> Command:
        """The inspection's own entry, with every correction that a person made."""
        seen = self.seen
        said = [one.said(self.desk.words) for one in seen.corrections]
        params = {"sha256": self.sha256, "file_name": seen.file_name, "problems": len(seen.reading.problems)}
        more = {"corrections": said or None, "against": against}
        return self._step("import_document", self.inspection.id, params | more, cause=None)

    def joined(self) -> dict[int, int]:
        """What a problem of the document is on record, by the document's line. Raises NotFoundError."""
        with self.desk.database.read() as tx:
            return {
                one.line: find_problem(tx, one.text, self.inspection)
                for one in self.seen.corrections
                if one.what == SAME
            }

    def merge(self, early: int, into: int | None) -> Command:
        params = {"into": into, "kind": "same_matter", "reason": self.desk.words.say("revision.same")}
        return self._step("merge", early, params, cause=None)

    def take_over(self, row: Difference) -> Command:
        if row.known is None and row.problem is not None:
            return self.open(row.problem)
        if row.known is None:
            raise ValueError("a row is of a problem on record or of one in the document")
        said = {"file": self.seen.file_name}
        if row.word == "missing":
            text = self.desk.words.say("revision.kept", **said)
            return self._step("comment", row.known.case_id, {"text": text}, cause=0)
        new = {name: texts[1] for name, texts in row.changes.items()}
        reason = self.desk.words.say("revision.changed", **said)
        return self._step("correct", row.known.case_id, {**new, "reason": reason}, cause=0)

    def open(self, problem: Problem) -> Command:
        reading = self.seen.reading
        numbers = {title.line: title.number for title in (*reading.areas, *reading.headings)}
        params = {
            "inspection_id": self.inspection.id,
            "number": problem.number,
            "title": problem.title,
            "area_number": numbers.get(problem.area_line or 0),
            "area": problem.area,
            "heading_number": numbers.get(problem.heading_line or 0),
            "heading": problem.heading,
            "source": "feedback",
            "source_document": self.sha256,
            "source_line": problem.line,
            "draft_answer": problem.answer or None,
        }
        return Command(
            action=OPEN,
            kind="problem",
            organization_id=self.inspection.organization_id,
            actor=self.actor,
            params={name: value for name, value in params.items() if value is not None},
            cause=0,
        )

    def _step(self, action: str, case_id: int, params: Mapping[str, Any], cause: int | None) -> Command:
        given = {name: value for name, value in params.items() if value is not None}
        return Command(action=action, actor=self.actor, case_id=case_id, params=given, cause=cause)
