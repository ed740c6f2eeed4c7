"""What an office calls its columns, colleagues and departments: said once, remembered as editions."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.database import Tx
from engine.editions import COLUMNS, newest, publish

_TABLES = ("columns", "names")


@dataclass(frozen=True)
class OwnNames:
    """`columns`: a column's name → our word for it (`-`: not read); `names`: a name as written → as on record."""

    columns: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def with_more(self, more: "OwnNames") -> "OwnNames":
        return OwnNames({**self.columns, **more.columns}, {**self.names, **more.names})


def own_names(tx: Tx, organization_key: str) -> OwnNames:
    """What the organisation has said so far."""
    body = newest(tx, COLUMNS, organization_key)
    return OwnNames(**tomllib.loads(body)) if body else OwnNames()


def remember(tx: Tx, organization_key: str, names: OwnNames) -> None:
    """Put these names in force; the very same ones again change nothing."""
    tables = (names.columns, names.names)
    texts = (_table(title, table) for title, table in zip(_TABLES, tables, strict=True))
    publish(tx, COLUMNS, organization_key, "\n".join(texts))


def _table(title: str, table: Mapping[str, str]) -> str:
    # A JSON string is a TOML string, whatever quotes and line ends a column's name has.
    lines = (f"{_quoted(name)} = {_quoted(table[name])}\n" for name in sorted(table))
    return f"[{title}]\n{''.join(lines)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
