"""Reads a family from its folder, so that each family's own code is only what is peculiar to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Table

from engine.database import PerCase
from engine.definitions import Known
from engine.faults import read_text
from engine.kinds import (
    REMINDER,
    Describe,
    Family,
    Guard,
    LadderOf,
    Operation,
    no_choice,
    parse_roles,
    parse_rules,
)

TEMPLATE_SUFFIX = ".zh.j2"


@dataclass(frozen=True)
class Code:
    """What a family has in Python: its guards and operations by name, its messages' facts, its tables by name, and
    which ladder was chosen for a case, with what is asked for it."""

    guards: Mapping[str, Guard]
    operations: Mapping[str, Operation]
    describe: Describe
    tables: Mapping[str, Table] = field(default_factory=dict)
    ladder_of: LadderOf = no_choice
    ladder_rows: Mapping[str, PerCase] = field(default_factory=dict)


def read_family(folder: Path, kinds: Sequence[str], code: Code, reminder: str = REMINDER) -> Family:
    """The family that lies in `folder`, named after it. Raises FaultsError when a file of it is not usable.

    Read are `roles.toml`, `words.toml`, `KIND.toml` for each kind, `messages/rules.toml` and
    `messages/NAME.zh.j2`; `reminder` names the message that the deadline ladders speak through.
    """
    name = folder.name
    roles = parse_roles(_read(folder, "roles.toml"), f"{name}/roles.toml")
    known = Known(frozenset(roles), frozenset(code.guards), frozenset(code.operations))
    messages = templates_in(folder / "messages")
    rules = parse_rules(
        _read(folder, "messages/rules.toml"), f"{name}/messages/rules.toml", known, frozenset(messages)
    )
    return Family(
        name=name,
        definitions={f"{name}/{kind}.toml": _read(folder, f"{kind}.toml") for kind in kinds},
        roles=roles,
        rules=rules,
        guards=code.guards,
        operations=code.operations,
        messages=messages,
        describe=code.describe,
        tables=code.tables,
        words=_read(folder, "words.toml"),
        reminder=reminder,
        ladder_of=code.ladder_of,
        ladder_rows=code.ladder_rows,
    )


def templates_in(folder: Path) -> dict[str, str]:
    """The message templates of a folder by name."""
    return {
        path.name.removesuffix(TEMPLATE_SUFFIX): read_text(path)
        for path in sorted(folder.glob(f"*{TEMPLATE_SUFFIX}"))
    }


def _read(folder: Path, name: str) -> str:
    return read_text(folder / name)
