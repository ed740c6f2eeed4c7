"""The hashes of one dossier, for an auditor: every entry of the chain, and what does not hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from engine import statements as sql
from engine.history import Break, verify_dossier
from engine.sign_off import dossier_hash
from engine.view import View
from engine.words import Words
from workflows.rectification.story import tell


@dataclass(frozen=True, slots=True)
class Link:
    """One entry: its place, when (epoch seconds), what was done in words, its hash and its paper's."""

    seq: int
    at: int
    what: str
    hash: str
    basis: str | None


@dataclass(frozen=True, slots=True)
class ChainSheet:
    """A chain as the auditor sees it; `content` is the hash that a signature would be bound to now."""

    links: Sequence[Link]
    head: str
    content: str
    breaks: Sequence[Break]


def chain_sheet(words: Words, view: View, root_id: int) -> ChainSheet:
    root, told = view.case(root_id), {one.seq: one.what for one in tell(view, root_id, words)}
    table = sql.history
    rows = view.tx.connection.execute(
        select(table.c.seq, table.c.at, table.c.hash, table.c.basis)
        .where(table.c.root_id == root_id)
        .order_by(table.c.seq)
    )
    links = [Link(row.seq, row.at, told[row.seq], row.hash, row.basis) for row in rows]
    return ChainSheet(links, root.head, dossier_hash(view, root), list(verify_dossier(view, root_id)))
