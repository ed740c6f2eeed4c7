"""巡察整改: the first family, from the feedback of an inspection to the look-back."""

from functools import cache
from pathlib import Path

from engine.definitions import Known
from engine.kinds import Family, parse_roles, parse_rules
from workflows.rectification.describing import describe
from workflows.rectification.guards import GUARDS
from workflows.rectification.operations import OPERATIONS
from workflows.rectification.tables import TABLES

FOLDER = Path(__file__).parent
KINDS = ("inspection", "problem", "measure", "evidence", "meeting", "look_back_campaign")
TEMPLATE_SUFFIX = ".zh.j2"


@cache
def family() -> Family:
    """The family, read from this folder. Raises FaultsError when a file of it is not usable."""
    roles = parse_roles(_read("roles.toml"), "rectification/roles.toml")
    messages = {
        path.name.removesuffix(TEMPLATE_SUFFIX): path.read_text(encoding="utf-8")
        for path in sorted((FOLDER / "messages").glob(f"*{TEMPLATE_SUFFIX}"))
    }
    known = Known(frozenset(roles), frozenset(GUARDS), frozenset(OPERATIONS))
    rules = parse_rules(
        _read("messages/rules.toml"), "rectification/messages/rules.toml", known, frozenset(messages)
    )
    return Family(
        name="rectification",
        definitions={f"rectification/{kind}.toml": _read(f"{kind}.toml") for kind in KINDS},
        roles=roles,
        rules=rules,
        guards=GUARDS,
        operations=OPERATIONS,
        messages=messages,
        describe=describe,
        tables=TABLES,
    )


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
