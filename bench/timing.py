"""Times things against each other in one run, so that a noisy machine slows all of them alike."""

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

Seconds = Mapping[str, list[float]]


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes. The collector runs before it, not in it."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def interleaved(rounds: int, works: Mapping[str, Callable[[], object]]) -> Seconds:
    """Seconds of each work in each round; each round begins with another one. One round before is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    names = list(works)
    for number in range(rounds + 1):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            spent = seconds(works[name])
            if number:
                taken[name].append(spent)
    return taken


def ratio(taken: Seconds, ours: str, other: str) -> float:
    """How many times as fast as `other` we are: the median over the rounds."""
    return median(theirs / mine for mine, theirs in zip(taken[ours], taken[other], strict=True))


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
