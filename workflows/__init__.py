"""The table of contents of all families: a folder and a line each."""

from engine.kinds import Family
from workflows import rectification


def families() -> tuple[Family, ...]:
    return (rectification.family(),)
