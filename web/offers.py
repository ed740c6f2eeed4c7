"""What a list of a page offers, and which of it is chosen."""

from typing import NamedTuple

from desk.choosing import Group


class Offer(NamedTuple):
    """Options in groups; `wanted` is the id of the chosen one as text, empty where none is."""

    groups: tuple[Group, ...]
    wanted: str


def offer(groups: tuple[Group, ...], wanted: str) -> Offer:
    """An address may name anything: what is not offered is not chosen, and makes no other list."""
    known = wanted and any(str(option.id) == wanted for group in groups for option in group.options)
    return Offer(groups, wanted if known else "")
