"""A kind that got its sign-off in a later edition: its cases have counted no submission yet."""

from types import SimpleNamespace

import pytest

from engine.sign_off import submission


@pytest.mark.parametrize(("counted", "is_the"), [(None, 1), (1, 1), (4, 4)])
def test_the_first_submission_is_the_first_whether_or_not_it_was_counted(counted, is_the):
    view = SimpleNamespace(fields=lambda _case: {"submission": counted})
    assert submission(view, SimpleNamespace()) == is_the
