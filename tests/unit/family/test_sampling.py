"""The sample of a look-back: anybody can draw it again, and nothing but the seed decides who is in it."""

import hashlib
import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.rectification.sampling import STRATA, draw

words = st.sampled_from(("", "甲", "乙", "丙"))
problems = st.fixed_dictionaries(
    {"key": st.sampled_from((False, False, False, True)), **dict.fromkeys(STRATA, words)}
)
populations = st.lists(problems, max_size=40).map(
    lambda found: [{"id": 10 + n, "number": str(n), **one} for n, one in enumerate(found, 1)]
)
seeds = st.text(min_size=1, max_size=8)
rates = st.integers(0, 100)


@settings(max_examples=60, deadline=None)
@given(populations, seeds, rates, st.randoms(use_true_random=False))
def test_the_order_in_which_problems_are_listed_says_nothing(population, seed, rate, chance):
    shuffled = list(population)
    chance.shuffle(shuffled)
    assert draw(shuffled, seed, rate) == draw(population, seed, rate)


@settings(max_examples=60, deadline=None)
@given(populations, seeds, rates)
def test_key_problems_are_all_in_and_every_stratum_has_its_share(population, seed, rate):
    drawn = draw(population, seed, rate)
    assert drawn == sorted(set(drawn))
    assert set(drawn) <= {one["id"] for one in population}
    assert {one["id"] for one in population if one["key"]} <= set(drawn)
    ordinary = [one for one in population if not one["key"]]
    for name in STRATA:
        all_of = Counter(one[name] for one in ordinary)
        taken = Counter(one[name] for one in ordinary if one["id"] in drawn)
        assert all(taken[value] >= math.ceil(count * rate / 100) for value, count in all_of.items())


@settings(max_examples=40, deadline=None)
@given(populations, seeds)
def test_the_ends_of_the_scale(population, seed):
    assert draw(population, seed, 0) == [one["id"] for one in population if one["key"]]
    assert draw(population, seed, 100) == [one["id"] for one in population]


def thirty(**more):
    plain = {"key": False, "area": "甲", "lead_department": "乙", "lead_official": "丙"}
    return [{"id": n, "number": str(n), **plain, **more} for n in range(1, 31)]


def test_with_one_stratum_no_more_than_the_share_is_drawn():
    assert len(draw(thirty(), "2026", 30)) == 9


def test_another_seed_gives_another_sample():
    samples = {tuple(draw(thirty(), f"seed {n}", 30)) for n in range(20)}
    assert len(samples) > 15


def test_every_problem_has_its_chance():
    drawn = Counter(one for n in range(200) for one in draw(thirty(), f"seed {n}", 30))
    assert set(drawn) == set(range(1, 31))
    assert max(drawn.values()) < 2 * min(drawn.values())


def test_the_ids_of_a_database_decide_nothing():
    """On another machine the problems have other ids, and the same numbers in the document."""
    moved = [{**one, "id": one["id"] + 500} for one in thirty()]
    assert [one - 500 for one in draw(moved, "2026", 30)] == draw(thirty(), "2026", 30)


def test_a_sample_drawn_by_hand():
    """Reckoned with nothing but sha256sum: the three smallest hashes of `2026:number` out of ten."""
    hashes = {hashlib.sha256(f"2026:{n}".encode()).hexdigest(): n for n in range(1, 11)}
    by_hand = sorted(hashes[one] for one in sorted(hashes)[:3])
    assert draw(thirty()[:10], "2026", 30) == by_hand


def test_a_sample_that_the_seed_does_not_give_is_refused(office):
    population = thirty()
    given_up = {"name": "回头看", "seed": "2026", "rate_percent": 30, "population": population}
    drawn = draw(population, "2026", 30)
    refused = office.try_open("look_back_campaign", "auditor", **given_up, sample=drawn[1:])
    assert refused.refusal.word == "sample_differs"
    assert refused.refusal.params["drawn"] == drawn
    office.open("look_back_campaign", "auditor", **given_up, sample=drawn)


@pytest.mark.parametrize("population", [[1, 2], ["一"], [{"id": 1}], [{**thirty()[0], "id": "1"}]])
def test_what_no_sample_can_be_drawn_from_is_refused_in_words(office, population):
    """The command line hands on whatever somebody has typed."""
    given_up = {"name": "回头看", "seed": "2026", "rate_percent": 30, "population": population, "sample": [1]}
    assert office.try_open("look_back_campaign", "auditor", **given_up).refusal.word == "no_population"
