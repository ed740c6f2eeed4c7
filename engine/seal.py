"""A short code over the heads of all dossiers at an instant, to be printed and compared years later."""

import base64
import hashlib
from collections.abc import Iterable, Iterator

from sqlalchemy import and_, func, select

from engine import statements as sql
from engine.chain import ENTRY_COLUMNS, Entry
from engine.database import Tx

# 100 bits: nobody makes a second history with the same code, and it is still read aloud in five groups.
CODE_CHARS = 20
GROUP = 4
Head = tuple[int, int, str]


def seal(tx: Tx, at: int) -> str:
    """The code of everything entered up to an instant (epoch seconds UTC, included).

    It is computed from the chains, not stored: an entry changed, removed or slipped in later with an earlier
    instant gives another code. Only the paper it was printed on proves when it was known.
    """
    return seal_of(_heads(tx, at))


def seal_of(heads: Iterable[Head]) -> str:
    """From (root id, seq, hash) in the order of the roots: a line each, SHA-256, base32, groups of four."""
    text = "".join(f"{root_id}:{seq}:{head}\n" for root_id, seq, head in heads)
    code = base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:CODE_CHARS]
    return "-".join(code[start : start + GROUP] for start in range(0, CODE_CHARS, GROUP))


def export(tx: Tx) -> Iterator[tuple[str | None, ...]]:
    """Every entry as the array of texts that its hash covers, and the hash last; dossier by dossier."""
    columns = [sql.history.c[name] for name in (*ENTRY_COLUMNS, "hash")]
    rows = tx.connection.execute(select(*columns).order_by(sql.history.c.root_id, sql.history.c.seq))
    for row in rows:
        yield _texts(row)


def array_of(entry: Entry) -> tuple[str | None, ...]:
    """One entry as `export` gives it."""
    return _texts(entry)


def _texts(values: Iterable[object]) -> tuple[str | None, ...]:
    return tuple(None if value is None else str(value) for value in values)


def _heads(tx: Tx, at: int) -> list[Head]:
    last = (
        select(sql.history.c.root_id, func.max(sql.history.c.seq).label("seq"))
        .where(sql.history.c.at <= at)
        .group_by(sql.history.c.root_id)
        .subquery()
    )
    rows = tx.connection.execute(
        select(sql.history.c.root_id, sql.history.c.seq, sql.history.c.hash)
        .join(last, and_(last.c.root_id == sql.history.c.root_id, last.c.seq == sql.history.c.seq))
        .order_by(sql.history.c.root_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
