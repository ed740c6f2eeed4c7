"""The table of contents of all families: a folder and a line each."""

from engine.kinds import Family
from workflows import rectification, safety_hazard

FAMILIES = (
    rectification,
    safety_hazard,
)


def families() -> tuple[Family, ...]:
    return tuple(one.family() for one in FAMILIES)
