"""A register comes in: every row read and matched, all faults said at once, and after a yes opened and assigned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from desk.desk import Desk, Send
from desk.directory import departments_of, people_of
from desk.finding import Inspection, NotFoundError
from desk.match_register import Matching, Task, notes_on, sentence
from desk.own_names import OwnNames, own_names, remember
from desk.same_matter import Matters, standing
from documents.reading import ReadingError
from documents.sheets.columns import IGNORED, Names
from documents.sheets.register import RegisterReading, read_register
from documents.sheets.workbook import read_workbook
from engine import statements as sql
from engine.canonical import loads
from engine.commands import OPEN, Command, Outcome
from engine.database import Tx
from engine.words import Words
from engine.working_days import local_day
from workflows.rectification.tables import TABLES

CHUNK = (
    50  # problems of one transaction: what was written stays, so that an import that broke off goes on from there
)
READ_BACK = (
    "number", "area", "heading", "title", "source", "measures", "lead_official", "lead_department",
    "supporting_department", "officer", "due_on", "long_term", "key_problem",
)  # fmt: skip
Said = Callable[[int, int], None]


@dataclass(frozen=True)
class RegisterPreview:
    """What a register would become. Faults must be mended first; notes say what is done in silence elsewhere."""

    file_name: str
    content: bytes
    reading: RegisterReading
    tasks: tuple[Task, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def measures(self) -> int:
        return sum(len(task.measures) for task in self.left)

    @property
    def assigned(self) -> int:
        return sum(task.assignment is not None for task in self.left)

    @property
    def left(self) -> tuple[Task, ...]:
        """What is still to be done: problems on record that are assigned already stay as they are."""
        return tuple(task for task in self.tasks if not task.is_settled)

    @property
    def new(self) -> int:
        return sum(task.known is None for task in self.tasks)


def preview_register(
    desk: Desk, inspection: Inspection, file: tuple[str, bytes], now: int, said: OwnNames | None = None
) -> RegisterPreview:
    """Read a register (its name and its bytes) and match its names with those on record. Writes nothing.

    `said` are the office's own names given this time, beside those it remembers. Raises ReadingError.
    """
    book = read_workbook(*file)
    with desk.database.read() as tx:
        body = desk.runtime.view(tx).body(inspection.organization_id)
        names = own_names(tx, body.key).with_more(said or OwnNames())
        today = local_day(now, body.settings.zone).isoformat()
        people = people_of(tx, inspection.organization_id, today, names.names)
        departments = departments_of(tx, inspection.organization_id, names.names)
        matters = Matters(standing(tx, inspection.id))
    reading = read_register(book, {**_labels(desk.words), **names.columns})
    if reading is None:
        raise ReadingError("no_sheet", desk.words.say("sheet.no_header"))
    matching = Matching(desk.words, reading, people, departments, inspection, matters)
    tasks = tuple(map(matching.task, reading.problems))
    faults = sorted([*reading.faults, *matching.faults], key=lambda one: one.row)
    sentences = dict.fromkeys(sentence(desk.words, one) for one in faults)
    notes = (*notes_on(desk.words, reading), *matching.notes())
    return RegisterPreview(*file, reading, tasks, tuple(sentences), notes)


def _labels(words: Words) -> dict[str, str]:
    """What our own register calls its columns, in the language it is printed in."""
    return {words.say(f"column.{one}"): one for one in READ_BACK} | {words.say("column.results"): "draft"}


def words_for_columns(words: Words) -> list[tuple[str, str]]:
    """What a column can be said to be: our word and its name on screen, in the order of our register."""
    return [
        (one, words.say(f"column.{one}")) for one in Names("register").columns if f"column.{one}" in words.sentences
    ]


def column_of(words: Words, name: str) -> str:
    """Our word for a column from any name it goes by, or `-`. Raises NotFoundError with what there is."""
    names = Names("register", own=_labels(words))
    key = name if name in (*names.columns, IGNORED) else names.key(name)
    if key is None:
        raise NotFoundError(words.say("sheet.no_such_column", name=name, there="、".join(_labels(words))))
    return key


def remember_names(desk: Desk, inspection: Inspection, said: OwnNames) -> None:
    """Keep what was said of this office's columns and names, for its next register."""
    with desk.database.begin() as tx:
        key = desk.runtime.view(tx).body(inspection.organization_id).key
        remember(tx, key, own_names(tx, key).with_more(said))


def import_register(
    desk: Desk,
    seen: RegisterPreview,
    inspection: Inspection,
    actor: str,
    now: int,
    said: Said = lambda _done, _all: None,
) -> int:
    """Open, confirm and assign what was previewed, in batches; how many problems were worked on now.

    An import that broke off goes on where it stopped. `said` hears how many of all are done after each batch.
    Raises RefusedError, `already_imported` when nothing is left to do; ValueError when there are faults.
    """
    if seen.faults:
        raise ValueError("a register with faults is not imported: mend them first")
    sha256 = desk.files.put(seen.content)
    with desk.database.read() as tx:
        entry = _noted(tx, inspection, sha256)
        done = _opened_lines(tx, inspection, sha256)
    left = [task for task in seen.left if task.row + 1 not in done]
    if entry is None or not left:
        note = {"sha256": sha256, "file_name": seen.file_name, "problems": len(seen.tasks)}
        noted = Command(action="import_document", actor=actor, case_id=inspection.id, params=note)
        entry = desk.must([noted], now)[0].entry
    batch = _Batch(desk, inspection, actor, sha256, entry)
    for start in range(0, len(left), CHUNK):
        batch.write(left[start : start + CHUNK], now)
        said(len(seen.tasks) - len(left) + min(start + CHUNK, len(left)), len(seen.tasks))
    return len(left)


def _noted(tx: Tx, inspection: Inspection, sha256: str) -> str | None:
    """The history entry, as `root:seq`, with which this file was noted before."""
    rows = tx.connection.execute(
        select(sql.history.c.seq, sql.history.c.changes).where(
            sql.history.c.root_id == inspection.id, sql.history.c.action == "import_document"
        )
    )
    found = [row.seq for row in rows if loads(row.changes)["said"].get("sha256") == sha256]
    return f"{inspection.id}:{found[0]}" if found else None


def _opened_lines(tx: Tx, inspection: Inspection, sha256: str) -> set[int]:
    problem = TABLES["problem"]
    rows = tx.connection.execute(
        select(problem.c.source_line).where(
            problem.c.inspection_id == inspection.id, problem.c.source_document == sha256
        )
    )
    return set(rows.scalars())


@dataclass(frozen=True)
class _Batch:
    """Writes problems whole: each is opened, confirmed, assigned and has its measures in one transaction."""

    desk: Desk
    inspection: Inspection
    actor: str
    sha256: str
    entry: str

    def write(self, tasks: Sequence[Task], now: int) -> None:
        def work(send: Send) -> list[Outcome]:
            opened = iter(send([self._opening(task) for task in tasks if task.known is None]))
            ids = [task.known.case_id if task.known else next(opened).case_id for task in tasks]
            return send([step for task, one in zip(tasks, ids, strict=True) for step in self._steps(task, one)])

        self.desk.together(work, now)

    def _opening(self, task: Task) -> Command:
        return Command(
            action=OPEN,
            kind="problem",
            organization_id=self.inspection.organization_id,
            actor=self.actor,
            params={**task.opening, "source_document": self.sha256, "source_line": task.row + 1},
            cause=self.entry,
        )

    def _steps(self, task: Task, problem: int | None) -> Iterator[Command]:
        if task.known is None or task.known.state == "feedback":
            yield self._step("confirm", problem)
        if task.known is not None and "draft_answer" in task.opening:
            yield self._step("comment", problem, {"text": task.opening["draft_answer"]})
        if task.assignment is None:
            return
        yield self._step("assign", problem, task.assignment)
        if task.long_term:
            yield self._step("mark_long_term", problem, {"long_term": True})
        for measure in task.measures:
            yield Command(
                action=OPEN, kind="measure", parent_id=problem, actor=self.actor, params=measure, cause=self.entry
            )

    def _step(self, action: str, problem: int | None, params: Mapping[str, Any] | None = None) -> Command:
        return Command(action=action, case_id=problem, actor=self.actor, params=params or {}, cause=self.entry)
