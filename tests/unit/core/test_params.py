"""Operations meet only sound values: what an action was given is checked against what it asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.commands import Refusal
from engine.definitions import FIELD_TYPES, Param
from engine.params import check_params

LABEL = {"zh": "项", "en": "Item"}
SOUND = {
    "text": ["x", " x "],
    "date": ["2026-02-28", "2024-02-29"],
    "int": [0, -5, 2**63 - 1],
    "bool": [True, False],
    "person": [1],
    "department": [1],
    "case": [1],
    "people": [[1], [1, 2]],
    "departments": [[1]],
    "cases": [[7]],
    "list": [["x"], [{"id": 1}]],
}
UNSOUND = {
    "text": [" \n", 1, True, ["x"]],
    "date": ["2026-02-30", "20260228", "2026-2-8", "2026-W09-1", 20260228, "2026-02-28T00:00:00"],
    "int": ["1", 1.0, True, 2**63],
    "bool": [0, 1, "true"],
    "person": ["1", True, 1.0],
    "department": ["1"],
    "case": ["1"],
    "people": [1, ["1"], [True], [[1]]],
    "departments": [1, ["x"]],
    "cases": ["7", [None]],
    "list": ["x", {"id": 1}, 1],
}


def one(kind, **more):
    return (Param("item", kind, LABEL, **more),)


def test_the_tables_speak_of_every_type():
    assert SOUND.keys() == UNSOUND.keys() == set(FIELD_TYPES)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in SOUND.items() for value in values])
def test_sound_values_pass_as_they_are(kind, value):
    assert check_params(one(kind), {"item": value}) == {"item": value}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in UNSOUND.items() for value in values])
def test_unsound_values_are_refused_with_the_label(kind, value):
    refused = check_params(one(kind), {"item": value})
    assert refused == Refusal("bad_param", {"name": "item", "label": LABEL, "type": kind})


@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_is_refused_only_where_something_is_required(nothing):
    assert check_params(one("text"), {"item": nothing}) == Refusal(
        "missing_param", {"name": "item", "label": LABEL}
    )
    assert check_params(one("text", required=False), {"item": nothing}) == {"item": None}


@pytest.mark.parametrize(("kind", "value"), [("int", 0), ("bool", False)])
def test_zero_and_no_are_answers(kind, value):
    assert check_params(one(kind), {"item": value}) == {"item": value}


def test_what_was_left_out_is_there_as_none():
    assert check_params(one("text", required=False), {}) == {"item": None}
    assert check_params(one("text"), {}).word == "missing_param"


def test_choices_bind():
    asked = one("text", choices=("yes", "no"))
    assert check_params(asked, {"item": "no"}) == {"item": "no"}
    assert check_params(asked, {"item": "maybe"}).word == "bad_param"


def test_what_nobody_asked_for_is_refused_by_name():
    assert check_params((), {"b": 1, "a": 1}) == Refusal("unknown_param", {"name": "a"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(), lambda inner: st.lists(inner, max_size=3)
)


@given(kind=st.sampled_from(FIELD_TYPES), value=json_values, required=st.booleans())
def test_whatever_comes_there_is_an_answer(kind, value, required):
    checked = check_params(one(kind, required=required), {"item": value})
    assert isinstance(checked, Refusal) or list(checked) == ["item"]
