"""安全隐患治理: a neighbour of the inspection's problems, from the report of a hazard to its re-inspection."""

from functools import cache
from pathlib import Path

from engine.kinds import Family
from workflows.folder import Code, read_family
from workflows.safety_hazard.describing import describe
from workflows.safety_hazard.guards import GUARDS
from workflows.safety_hazard.operations import OPERATIONS

KINDS = ("hazard", "hazard_letter")


@cache
def family() -> Family:
    """The family, read from this folder. Raises FaultsError when a file of it is not usable."""
    code = Code(GUARDS, OPERATIONS, describe)
    return read_family(Path(__file__).parent, KINDS, code, reminder="hazard_reminder")
