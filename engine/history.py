"""Reads the chain back: is it whole, does it replay to the rows, what did a dossier look like then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, select

from engine import statements as sql
from engine.canonical import loads
from engine.cases import BEARERS, LOGGED_COLUMNS, SIGNATURES, CaseState
from engine.chain import ENTRY_COLUMNS, Entry, entry_hash
from engine.database import Tx
from engine.runtime import Runtime
from engine.view import View

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Break:
    """Something in a dossier that does not hold: which root, where, and a word for what is wrong."""

    root_id: int
    seq: int | None
    word: str
    detail: str = ""


def entries_of(tx: Tx, root_id: int) -> list[Entry]:
    """The chain of a dossier, oldest first."""
    rows = tx.connection.execute(
        select(*(sql.history.c[name] for name in (*ENTRY_COLUMNS, "hash")))
        .where(sql.history.c.root_id == root_id)
        .order_by(sql.history.c.seq)
    )
    return [Entry(*row) for row in rows]


def fold(entries: Iterable[Entry]) -> dict[int, dict[str, Any]]:
    """The state of every case of a dossier after these entries: after-images laid over each other."""
    folded: dict[int, dict[str, Any]] = {}
    for entry in entries:
        folded.setdefault(entry.case_id, {}).update(loads(entry.changes)["set"])
    return folded


def verify(tx: Tx, runtime: Runtime) -> Iterator[Break]:
    """Every break in every dossier: hashes, order, the head, and that replaying gives the rows as they are."""
    # Whatever is called a root by anything, not only what calls itself one: two could have been exchanged.
    roots = tx.connection.execute(select(sql.cases.c.root_id).distinct().order_by(sql.cases.c.root_id))
    for (root_id,) in roots.all():
        yield from _verify_one(runtime.view(tx), root_id)
    yield from _orphans(tx)
    yield from _lost_causes(tx)
    for table in runtime.registry.tables.values():
        yield from _elsewhere(tx, table)


def _verify_one(view: View, root_id: int) -> list[Break]:
    """A dossier that cannot even be read is named like any other break: the rest still wants checking."""
    try:
        return list(verify_dossier(view, root_id))
    except (LookupError, ValueError, TypeError) as error:
        return [Break(root_id, None, "unreadable", repr(error))]


def verify_dossier(view: View, root_id: int) -> Iterator[Break]:
    entries = entries_of(view.tx, root_id)
    broken = list(_chain_breaks(view.case(root_id), entries))
    yield from broken
    if not broken:
        yield from _replay_breaks(view, root_id, entries)


def _chain_breaks(root: CaseState, entries: list[Entry]) -> Iterator[Break]:
    head = ""
    for wanted, entry in enumerate(entries, 1):
        if entry.seq != wanted:
            yield Break(root.id, wanted, "entry_missing")
            return
        stored = tuple(getattr(entry, name) for name in ENTRY_COLUMNS)
        if entry_hash(head, stored) != entry.hash:
            yield Break(root.id, entry.seq, "entry_altered")
            return
        head = entry.hash
    if (len(entries), head) != (root.seq, root.head):
        yield Break(root.id, root.seq, "end_missing", f"the chain ends at {len(entries)}")


def _replay_breaks(view: View, root_id: int, entries: list[Entry]) -> Iterator[Break]:
    folded = fold(entries)
    rows = view.tx.connection.execute(select(*sql.CASE_COLUMNS).where(sql.cases.c.root_id == root_id))
    present = {row[0]: CaseState(row) for row in rows}
    for case_id in present.keys() ^ folded.keys():
        yield Break(root_id, None, "case_without_history" if case_id in present else "case_missing", str(case_id))
    for case_id in sorted(present.keys() & folded.keys()):
        actual = stored_images(view, present[case_id])
        wanted = _sorted_lists(folded[case_id])
        for name in sorted(actual.keys() | wanted.keys()):
            if actual.get(name) != wanted.get(name):
                yield Break(root_id, None, "row_differs", f"{present[case_id].kind} {case_id}: {name}")


def stored_images(view: View, case: CaseState) -> dict[str, Any]:
    """A case's row as the after-images that replaying its history must give."""
    images = {name: case.stored(name) for name in LOGGED_COLUMNS} | view.fields(case)
    images |= {
        "kind": case.kind,
        "parent_id": case.parent_id,
        "organization_id": case.organization_id,
    }
    if bearers := view.bearers(case):
        images[BEARERS] = [one.row() for one in bearers]
    if case.is_root:
        view.signatures(case)
        if case.signatures:
            images[SIGNATURES] = [one.row() for one in case.signatures]
    return _sorted_lists(images)


def _sorted_lists(images: dict[str, Any]) -> dict[str, Any]:
    """Bearers and signatures are sets to the database: their order says nothing, and none is as good as no list."""
    lists = (BEARERS, SIGNATURES)
    ordered = {name: sorted(images[name], key=repr) for name in lists if images.get(name)}
    return {name: value for name, value in images.items() if name not in lists} | ordered


def _orphans(tx: Tx) -> Iterator[Break]:
    """Chains whose root row is gone."""
    known = select(sql.cases.c.id)
    rows = tx.connection.execute(
        select(sql.history.c.root_id).where(sql.history.c.root_id.not_in(known)).distinct()
    )
    for (root_id,) in rows:
        yield Break(root_id, None, "root_missing")


def _lost_causes(tx: Tx) -> Iterator[Break]:
    """Entries that rest on an entry of another dossier which is not there: one that went with all its history."""
    history = sql.history
    last = select(history.c.root_id, func.max(history.c.seq)).group_by(history.c.root_id)
    ends = {row[0]: row[1] for row in tx.connection.execute(last)}
    named = select(history.c.root_id, history.c.seq, history.c.cause).where(history.c.cause.is_not(None))
    for root_id, seq, cause in tx.connection.execute(named.order_by(history.c.root_id, history.c.seq)):
        other, _, place = cause.partition(":")
        if not (other.isdigit() and place.isdigit() and int(place) <= ends.get(int(other), 0)):
            yield Break(root_id, seq, "cause_missing", cause)


def _elsewhere(tx: Tx, table: Table) -> Iterator[Break]:
    """Rows of a kind's own table that name another organisation than their case: lists would show them there."""
    cases = sql.cases
    query = (
        select(cases.c.root_id, cases.c.kind, cases.c.id)
        .join(table, table.c.case_id == cases.c.id)
        .where(table.c.organization_id != cases.c.organization_id)
        .order_by(cases.c.id)
    )
    for root_id, kind, case_id in tx.connection.execute(query):
        yield Break(root_id, None, "row_differs", f"{kind} {case_id}: organization_id")
