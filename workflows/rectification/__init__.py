"""巡察整改: the first family, from the feedback of an inspection to the look-back."""

from functools import cache
from pathlib import Path

from engine.kinds import Family
from workflows.folder import Code, read_family
from workflows.rectification.describing import describe
from workflows.rectification.guards import GUARDS
from workflows.rectification.ladder import LADDER_ROWS, chosen_ladder
from workflows.rectification.operations import OPERATIONS
from workflows.rectification.tables import TABLES

KINDS = (
    "inspection", "milestone", "problem", "measure", "evidence", "extension", "letter", "instruction", "review",
    "commitment", "regulation", "lead", "meeting", "notice",
    "look_back_campaign",
)  # fmt: skip


@cache
def family() -> Family:
    """The family, read from this folder. Raises FaultsError when a file of it is not usable."""
    code = Code(GUARDS, OPERATIONS, describe, TABLES, chosen_ladder, LADDER_ROWS)
    return read_family(Path(__file__).parent, KINDS, code)
