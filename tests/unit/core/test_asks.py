"""What a guard or an operation cannot do without is read from its own text."""

from types import SimpleNamespace

from engine.asks import Asks, asks, fills_fields


def plain(context):
    return context.params["reason"], context.fields["result"]


def through_local_names(context):
    params, fields = context.params, context.fields
    return params["reason"], fields["result"]


def handed_on(context):
    return plain(context)


def round_in_a_ring(context):
    return context.params["until"] or back_again(context)


def back_again(context):
    return round_in_a_ring(context)


def of_something_else(context):
    fields = context.view.fields(context.case)
    return fields["result"], {"reason": 1}["reason"]


def if_it_is_there(context):
    return context.params["reason"] if "reason" in context.params else context.params.get("until")


@fills_fields("reason")
def into_fields(context):
    return dict(context.params)


def test_what_is_read_is_found_directly_and_through_local_names_and_helpers():
    wanted = Asks(frozenset({"reason"}), frozenset({"result"}))
    assert [asks(one) for one in (plain, through_local_names, handed_on)] == [wanted] * 3


def test_helpers_that_call_each_other_are_read_once():
    assert asks(round_in_a_ring).params == {"until"}


def test_what_can_be_left_out_or_belongs_to_something_else_is_not_asked_for():
    assert asks(if_it_is_there) == asks(of_something_else) == Asks()


def test_an_operation_may_say_that_it_fills_the_fields_of_its_parameters():
    assert asks(into_fields) == Asks(fills_fields=True, spares=frozenset({"reason"}))
    assert into_fields(SimpleNamespace(params={"text": "x"})) == {"text": "x"}


def test_a_step_without_a_text_of_its_own_asks_for_nothing():
    made: dict[str, object] = {}
    exec("def made_up(context):\n    return context.params['x']", made)  # noqa: S102  a text of ours
    assert asks(made["made_up"]) == asks(lambda context: context.params["x"]) == Asks()
