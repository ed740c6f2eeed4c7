"""Whom the names of a register mean: people and departments on record, the nearest ones offered where none fits."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import Table, or_, select

from engine.database import Tx
from engine.organizations import department, person, post

NEAREST = 3
LEAST_LIKENESS = 40  # of 100: two names of two characters with one in common have 50


@dataclass(frozen=True)
class NotKnown:
    """A name that means nobody, or more than one: `word` says which, `nearest` are the names to choose from."""

    word: str
    name: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """Ids by the names and keys of one table; a name in `aliases` stands for another."""

    what: str
    ids: Mapping[str, frozenset[int]]
    names: tuple[str, ...]
    aliases: Mapping[str, str]

    def find(self, name: str) -> int | NotKnown:
        found = self.ids.get(_folded(name)) or self.ids.get(_folded(self.aliases.get(name, name)), frozenset())
        if len(found) == 1:
            return next(iter(found))
        if found:
            return NotKnown(f"ambiguous_{self.what}", name)
        alike = process.extract(name, self.names, scorer=fuzz.WRatio, limit=NEAREST, score_cutoff=LEAST_LIKENESS)
        return NotKnown(f"unknown_{self.what}", name, tuple(one[0] for one in alike))


def people_of(tx: Tx, organization_id: int, day: str, aliases: Mapping[str, str]) -> Directory:
    """Everybody of an organisation, or with a post in it, who is here on a local day."""
    has_post = select(post.c.person_id).where(post.c.organization_id == organization_id)
    belongs = or_(person.c.organization_id == organization_id, person.c.id.in_(has_post))
    is_here = or_(person.c.active_until.is_(None), person.c.active_until >= day)
    return _directory("person", tx, person, [belongs, is_here], aliases)


def departments_of(tx: Tx, organization_id: int, aliases: Mapping[str, str]) -> Directory:
    return _directory("department", tx, department, [department.c.organization_id == organization_id], aliases)


def _directory(what: str, tx: Tx, table: Table, which: Iterable[object], aliases: Mapping[str, str]) -> Directory:
    rows = tx.connection.execute(
        select(table.c.id, table.c.key, table.c.name).where(*which).order_by(table.c.rank_order)  # type: ignore[arg-type]
    ).all()
    ids: dict[str, frozenset[int]] = {}
    for row_id, key, name in rows:
        for one in {_folded(key), _folded(name)}:
            ids[one] = ids.get(one, frozenset()) | {row_id}
    return Directory(what, ids, tuple(row[2] for row in rows), aliases)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
