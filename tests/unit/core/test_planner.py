"""The state machine only plans: no way round a guard, nothing shared is changed, and a no has its word."""

import pytest
from shipped import REGISTRY
from transitions import MachineError

from engine.commands import Refusal
from engine.machine import Carrier, Planner
from engine.registry import Registry
from workflows import families


class Asked:
    """Stands for a context: the guard below looks at nothing but this."""

    def __init__(self, refusal=None):
        self.refusal = refusal
        self.times = 0


def may_decide(asked):
    asked.times += 1
    return asked.refusal


@pytest.fixture
def planner(letter):
    return Planner(letter, {"may_decide": may_decide})


def test_an_action_leads_to_its_state(planner):
    assert planner.plan("sent", "answer", Asked()) == "answered"


def test_an_action_that_keeps_the_state_keeps_it(planner):
    assert planner.plan("sent", "remind", Asked()) == "sent"


def test_a_guard_refuses_with_its_own_word(planner):
    refusal = Refusal("no_text", {"why": "empty"})
    asked = Asked(refusal)
    assert planner.plan("sent", "answer", asked) is refusal
    assert asked.times == 1


@pytest.mark.parametrize("action", ["answer", "remind"])
def test_the_wrong_state_is_refused_before_any_guard(planner, action):
    asked = Asked()
    refused = planner.plan("answered", action, asked)
    assert (refused.word, refused.params["state"], asked.times) == ("wrong_state", "answered", 0)


@pytest.mark.row(27)
def test_there_is_no_automatic_way_into_a_state(planner):
    """`to_answered()` would walk round the guard."""
    machine = planner.machine
    assert set(machine.events) == {"answer", "remind"}
    assert not machine.models


def triggered(planner, state, action, context):
    """What `transitions` itself makes of it."""
    carrier = Carrier(state, context)
    try:
        moved = planner.machine.events[action].trigger(carrier)
    except MachineError:
        return "wrong_state"
    return carrier.state if moved else carrier.refusal.word


@pytest.mark.parametrize("kind", [kind for family in families() for kind in Registry([family]).workflows])
@pytest.mark.parametrize("refusal", [None, Refusal("not_now")])
def test_the_table_says_of_every_state_and_action_what_the_triggered_machine_says(kind, refusal):
    definition = REGISTRY.parse(REGISTRY.workflows[kind], kind)
    planner = Planner(definition, dict.fromkeys(REGISTRY.guards, lambda _context: refusal))
    for state in definition.states:
        for action in definition.actions:
            found = planner.plan(state, action, Asked())
            assert getattr(found, "word", found) == triggered(planner, state, action, Asked()), (state, action)


def test_planning_changes_nothing_that_the_next_case_would_see(planner):
    assert planner.plan("sent", "answer", Asked(Refusal("no_text"))).word == "no_text"
    assert planner.plan("sent", "answer", Asked()) == "answered"
    assert planner.plan("sent", "answer", Asked()) == "answered"


def test_a_guard_that_raises_is_heard(letter):
    def broken(_asked):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Planner(letter, {"may_decide": broken}).plan("sent", "answer", Asked())


def test_a_definition_with_a_guard_nobody_wrote_cannot_be_planned_with(letter):
    with pytest.raises(KeyError, match="may_decide"):
        Planner(letter, {})
