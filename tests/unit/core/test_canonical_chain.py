"""Equal facts have one spelling and one hash, and an outsider with a JSON library can check a chain."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.canonical import dumps, loads, sha256
from engine.chain import ENTRY_COLUMNS, Entry, entry_hash
from engine.statements import HISTORY_COLUMNS

STORED = (4, 2, 5, 1, 1772413200, "7", "9", "b" * 64, "sign", 0, None, '{"said":{},"set":{"state":"甲"}}')

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def test_one_spelling():
    assert dumps({"b": [1, None, True], "a": "甲"}) == '{"a":"甲","b":[1,null,true]}'


@settings(max_examples=30)
@given(plain)
def test_what_is_written_is_read_back(value):
    assert loads(dumps(value)) == value


@settings(max_examples=30)
@given(st.dictionaries(st.text(), plain, min_size=2, max_size=5))
def test_the_order_of_keys_says_nothing(facts):
    assert dumps(dict(reversed(facts.items()))) == dumps(facts)


@pytest.mark.parametrize("value", [0.5, [1, 2.0], {"a": {"b": [0.1]}}, (1.5,)])
def test_floats_have_no_single_spelling(value):
    with pytest.raises(ValueError, match="a float has no single spelling"):
        dumps(value)


@settings(max_examples=50)
@given(st.floats(), st.text())
def test_however_large_or_small_a_float_is_found(value, text):
    with pytest.raises(ValueError, match="float"):
        dumps({"a": [text, {"b": value}]})


def test_a_point_in_a_text_is_no_float():
    assert dumps({"step": "weekly.1e+5", "nth": 1}) == '{"nth":1,"step":"weekly.1e+5"}'


def test_what_json_cannot_say_is_an_error():
    with pytest.raises(TypeError):
        dumps({1, 2})


def test_the_hash_is_of_the_utf8_text():
    assert sha256("甲") == hashlib.sha256("甲".encode()).hexdigest()


def test_a_chain_can_be_checked_with_nothing_but_json_and_sha256():
    texts = ["h" * 64] + [None if value is None else str(value) for value in STORED]
    line = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    assert entry_hash("h" * 64, STORED) == hashlib.sha256(line.encode("utf-8")).hexdigest()


@pytest.mark.parametrize("place", range(len(STORED)), ids=ENTRY_COLUMNS)
def test_every_column_is_covered(place):
    changed = [*STORED]
    changed[place] = "other"
    assert entry_hash("", tuple(changed)) != entry_hash("", STORED)


def test_the_entry_before_is_covered():
    assert entry_hash("a", STORED) != entry_hash("b", STORED)


def test_nothing_is_not_the_empty_text():
    without, empty = list(STORED), list(STORED)
    without[7], empty[7] = None, ""
    assert entry_hash("", tuple(without)) != entry_hash("", tuple(empty))


def test_an_entry_is_stored_column_by_column():
    assert Entry._fields == HISTORY_COLUMNS
