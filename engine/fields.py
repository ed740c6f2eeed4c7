"""Where the declared fields of a kind lie: in a table of their own, or in the case's `data`."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update

from engine.canonical import dumps, loads
from engine.database import Params, Statement, Tx, per_case
from engine.definitions import Definition

KEY = "case_id"
LISTS = ("people", "departments", "cases", "list")
# Stored otherwise than they are.
CODED = ("bool", *LISTS)


class FieldStore:
    """Reads and writes one kind's table. Bools are stored as 0 and 1, lists as canonical JSON."""

    def __init__(self, table: Table, definition: Definition) -> None:
        missing = definition.fields.keys() - set(table.c.keys())
        if missing:
            raise ValueError(
                f"{definition.kind}.toml declares {', '.join(sorted(missing))}, which table {table.name} lacks"
            )
        self._table = table
        self._types = {name: field.type for name, field in definition.fields.items()}
        self._names = tuple(self._types)
        self._coded = tuple((name, kind) for name, kind in self._types.items() if kind in CODED)
        columns = select(table.c[KEY], *(table.c[name] for name in self._names))
        self.asking = per_case(columns, table.c[KEY])
        self._insert = Statement(
            insert(table).values({name: bindparam(name) for name in (KEY, "organization_id", *self._names)})
        )
        self._updates: dict[tuple[str, ...], Statement] = {}

    def read_many(self, tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The fields of those of these cases that have a row, by the case's id."""
        return {row[0]: self._decode(row) for row in tx.run(*self.asking.about(tx, ids))}

    def inserting(self, case_id: int, organization_id: int, fields: Mapping[str, Any]) -> tuple[Statement, Params]:
        """The statement that adds the row of a new case."""
        row = {name: encode(kind, fields.get(name)) for name, kind in self._types.items()}
        return self._insert, {KEY: case_id, "organization_id": organization_id, **row}

    def updating(self, case_id: int, fields: Mapping[str, Any]) -> tuple[Statement, Params]:
        """The statement that sets these fields of a case."""
        names = tuple(fields)
        if names not in self._updates:
            changed = update(self._table).where(self._table.c[KEY] == bindparam("for_case"))
            self._updates[names] = Statement(changed.values({name: bindparam(name) for name in names}))
        row = {"for_case": case_id, **fields}
        for name, kind in self._coded:
            if name in row:
                row[name] = encode(kind, row[name])
        return self._updates[names], row

    def _decode(self, row: Any) -> dict[str, Any]:
        fields = dict(zip(self._names, row[1:], strict=True))
        for name, kind in self._coded:
            fields[name] = decode(kind, fields[name])
        return fields


def encode(kind: str, value: Any) -> Any:
    """The stored form of a field's value."""
    if value is None:
        return None
    if kind == "bool":
        return int(value)
    return dumps(value) if kind in LISTS else value


def decode(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "bool":
        return bool(value)
    return loads(value) if kind in LISTS else value
