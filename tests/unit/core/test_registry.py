"""Families fit together at the start, or the start stops with the name of what does not."""

from dataclasses import replace

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from engine.faults import FaultsError
from engine.fields import FieldStore, decode, encode
from engine.kinds import Family, Role, parse_roles, parse_rules
from engine.registry import Registry
from workflows import families, rectification

LABEL = 'label = { zh = "甲", en = "A" }'
MEMO = f"""
kind = "memo"
{LABEL}
initial = "kept"
[open]
{LABEL}
roles = ["clerk"]
[[states]]
name = "kept"
{LABEL}
live = false
resting = true
"""


def clerk() -> Role:
    return Role("clerk", {"zh": "文书", "en": "Clerk"}, "organization")


@pytest.fixture
def memos() -> Family:
    return Family(
        name="memos",
        definitions={"memos/memo.toml": MEMO},
        roles={"clerk": clerk()},
        rules=(),
        guards={},
        operations={},
        messages={},
        describe=lambda _view, _lines: {},
    )


def test_two_families_live_side_by_side(memos):
    registry = Registry([*families(), memos])
    assert registry.family_of["memo"].name == "memos"
    assert registry.family_of["problem"].name == "rectification"
    assert "clerk" in registry.known.roles


def test_the_table_of_contents_can_be_read_twice():
    assert rectification.family() is rectification.family()
    assert set(rectification.KINDS) < set(Registry(families()).workflows)


def test_two_families_may_not_mean_different_things_by_one_name(memos):
    other = replace(memos, name="others", definitions={}, roles={"clerk": replace(clerk(), scope="above")})
    with pytest.raises(ValueError, match=r"family others names a role 'clerk' that another family already has"):
        Registry([memos, other])


def test_two_families_may_share_a_role_that_means_the_same(memos):
    other = replace(memos, name="others", definitions={}, roles={"clerk": clerk()})

    assert Registry([memos, other]).roles["clerk"] == clerk()


def test_one_message_is_not_quietly_replaced_by_another_of_its_name(memos):
    first, second = (replace(memos, definitions={}, messages={"kept": text}) for text in ("存", "留"))
    with pytest.raises(ValueError, match=r"names a message 'kept' that another family already has"):
        Registry([first, second])


def test_a_deadline_without_words_stops_the_start(memos):
    text = MEMO.replace("[open]", 'alert_roles = ["clerk"]\n[open]')
    with pytest.raises(ValueError, match=r"family memos has no message 'reminder'"):
        Registry([replace(memos, definitions={"memos/memo.toml": text})])


def test_every_broken_definition_is_named_at_once(memos):
    broken = MEMO.replace('"clerk"', '"king"')
    files = {"memos/a.toml": broken, "memos/b.toml": broken}
    with pytest.raises(FaultsError) as caught:
        Registry([replace(memos, definitions=files)])
    assert {fault.where for fault in caught.value.faults} == set(files)


def test_a_kind_is_defined_once(memos):
    other = replace(memos, name="others", definitions={"others/memo.toml": MEMO})
    with pytest.raises(ValueError, match=r"others/memo\.toml:2: kind: the kind 'memo' has a definition already"):
        Registry([memos, other])


def test_a_broken_definition_stops_the_start(memos):
    with pytest.raises(FaultsError, match=r"memos/memo\.toml.*unknown role 'king'"):
        Registry([replace(memos, definitions={"memos/memo.toml": MEMO.replace('"clerk"', '"king"')})])


def test_a_table_that_nobody_brings_is_named(memos):
    text = MEMO.replace("[open]", 'table = "memo"\n[open]')
    with pytest.raises(ValueError, match=r"memos/memo\.toml:5: table: no table 'memo'"):
        Registry([replace(memos, definitions={"memos/memo.toml": text})])


def test_a_field_without_a_column_is_named(memos):
    text = MEMO.replace("[open]", 'table = "memo"\n[open]') + f'[[fields]]\nname = "subject"\n{LABEL}\n'
    table = Table("memo", MetaData(), Column("case_id", Text), Column("organization_id", Text))
    with pytest.raises(ValueError, match=r"memo\.toml declares subject, which table memo lacks"):
        Registry([replace(memos, definitions={"memos/memo.toml": text}, tables={"memo": table})])


# --- roles and rules ---


def test_roles_fall_to_roles_that_are_there():
    text = f'[[roles]]\nname = "clerk"\n{LABEL}\nfalls_to = "king"\n'
    with pytest.raises(FaultsError, match=r"roles\[0\]\.falls_to: unknown role 'king'"):
        parse_roles(text, "roles.toml")


def test_a_role_counts_as_one_that_is_assigned_and_not_itself_on_loan():
    clerk = f'[[roles]]\nname = "clerk"\n{LABEL}\n'
    helper = f'[[roles]]\nname = "helper"\n{LABEL}\nscope = "assignment"\ncounts_as = '
    for other in ('"clerk"', '"king"', '"helper"'):
        with pytest.raises(FaultsError, match=r"roles\[1\]\.counts_as: .* is no role that is assigned"):
            parse_roles(clerk + helper + other, "roles.toml")


def test_a_scope_nobody_knows():
    with pytest.raises(FaultsError, match=r"roles\[0\]\.scope: unknown word 'galaxy'"):
        parse_roles(f'[[roles]]\nname = "clerk"\n{LABEL}\nscope = "galaxy"\n', "roles.toml")


RULE = f'[[rules]]\non = "memo.open"\n{LABEL}\nto = ["clerk"]\ntemplate = "kept"\n'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"kept"', '"lost"', r"rules\[0\]\.template: no template 'lost'"),
        ('["clerk"]', '["king"]', r"rules\[0\]\.to\[0\]: unknown role 'king'"),
        ('["clerk"]', '["clerk"]\nlane = "fast"', r"rules\[0\]\.lane: unknown word 'fast'"),
        ('["clerk"]', '["clerk"]\nstate = ["kept"]', r"rules\[0\]\.state: unknown key"),
    ],
)
def test_a_rule_that_would_be_silently_without_effect(memos, old, new, message):
    with pytest.raises(FaultsError, match=message):
        parse_rules(RULE.replace(old, new), "rules.toml", memos.known, frozenset({"kept"}))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("memo.open", "memo.burn", r"family memos has a rule on 'memo\.burn', which nobody can do"),
        ("memo.open", "letter.open", r"family memos has a rule on 'letter\.open', which nobody can do"),
        (
            '["clerk"]',
            '["clerk"]\nstates = ["lost"]',
            r"family memos has a rule on 'memo\.open' for the state 'lost'",
        ),
    ],
)
def test_a_rule_for_what_never_happens_stops_the_start(memos, old, new, message):
    rules = parse_rules(RULE.replace(old, new), "rules.toml", memos.known, frozenset({"kept"}))
    with pytest.raises(ValueError, match=message):
        Registry([replace(memos, rules=rules)])


# --- fields ---


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("bool", True, 1),
        ("bool", False, 0),
        ("bool", None, None),
        ("list", [{"b": 1, "a": "甲"}], '[{"a":"甲","b":1}]'),
        ("people", [3, 4], "[3,4]"),
        ("text", "甲", "甲"),
        ("int", 0, 0),
        ("date", "2026-03-02", "2026-03-02"),
    ],
)
def test_a_value_is_stored_and_read_back(kind, value, stored):
    assert encode(kind, value) == stored
    assert decode(kind, stored) == value
    assert type(decode(kind, stored)) is type(value)


def test_every_kind_with_a_table_has_its_store():
    registry = Registry(families())
    stores = {kind: registry.store(registry.parse(text, kind)) for kind, text in registry.workflows.items()}
    assert {kind for kind, store in stores.items() if isinstance(store, FieldStore)} == {
        "problem",
        "measure",
        "evidence",
    }
