"""Draws the sample of a look-back so that anybody can draw the same one from the population and the seed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Item = Mapping[str, Any]
STRATA = ("area", "lead_department", "lead_official")
NEEDED = frozenset({"id", "number", "key", *STRATA})


def draw(population: Iterable[Item], seed: str, rate_percent: int) -> list[int]:
    """The ids drawn: every key problem, and of each stratum of the others at least the rate, rounded up.

    An item has `id`, `number`, `key` (bool) and the strata `area`, `lead_department`, `lead_official`.
    Within a stratum those with the smallest SHA-256 of `seed:number` are taken. A stratum per value of each
    of the three: one draw order, taken until every stratum has its share.
    """
    items = sorted(population, key=lambda one: one["id"])
    drawn = {one["id"] for one in items if one["key"]}
    rest = sorted((one for one in items if not one["key"]), key=lambda one: _rank(seed, one))
    for members in _strata(rest):
        wanted = -(-len(members) * rate_percent // 100)
        have = sum(one["id"] in drawn for one in members)
        missing = [one["id"] for one in members if one["id"] not in drawn]
        drawn.update(missing[: max(0, wanted - have)])
    return sorted(drawn)


def is_population(found: Iterable[Any]) -> bool:
    """Whether these are items that a sample can be drawn from."""
    return all(isinstance(one, Mapping) and one.keys() >= NEEDED and isinstance(one["id"], int) for one in found)


def _rank(seed: str, item: Item) -> str:
    return hashlib.sha256(f"{seed}:{item['number']}".encode()).hexdigest()


def _strata(items: list[Item]) -> list[list[Item]]:
    """The members of each stratum in draw order; strata by name and value, so that their order is fixed too."""
    strata: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        for name in STRATA:
            strata[name, str(item[name])].append(item)
    return [strata[key] for key in sorted(strata)]
