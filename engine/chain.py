"""The history chain: what an entry covers and how its hash is made."""

import hashlib
from typing import NamedTuple

from engine.canonical import compact

ENTRY_COLUMNS = (
    "root_id", "seq", "case_id", "round", "at", "actor", "signer", "basis", "action", "work", "cause", "changes",
)  # fmt: skip


class Entry(NamedTuple):
    """One history row. `changes` is canonical JSON: `{"set": after-images, "said": what the story tells}`.

    Where the signer stood in for somebody, `"for"` beside them is that person's id.
    """

    root_id: int
    seq: int
    case_id: int
    round: int
    at: int
    actor: str
    signer: str
    basis: str | None
    action: str
    work: int
    cause: str | None
    changes: str
    hash: str


def entry_hash(before: str, stored: tuple[object, ...]) -> str:
    """SHA-256 over the hash of the entry before and the twelve stored columns, as a JSON array of texts.

    `stored` in the order of ENTRY_COLUMNS; nothing is stored as null, numbers in decimal.
    A script with nothing but a JSON library and SHA-256 can check a chain.
    """
    array = [before, *[None if value is None else str(value) for value in stored]]
    return hashlib.sha256(compact(array).encode()).hexdigest()
