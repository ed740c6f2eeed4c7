"""A packed envelope stays as it was on a real installation; only a given-up one may get a new address."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError


@pytest.fixture
def dead(office: Any) -> Any:
    office.assigned_problem()
    office.beat()
    office.write("UPDATE envelope SET state = 'dead', attempts = 30")
    return office


def _change(office: Any, statement: str) -> None:
    with office.database.begin() as tx:
        tx.connection.execute(text(statement))


def test_a_given_up_envelope_is_queued_again_with_a_new_address(dead: Any) -> None:
    _change(dead, "UPDATE envelope SET state = 'queued', attempts = 0, address = 'new@street.test'")

    assert {row.address for row in dead.rows("envelope")} == {"new@street.test"}


@pytest.mark.row(32)
@pytest.mark.parametrize("state", ["queued", "sent", "dead"])
def test_no_other_address_is_changed(dead: Any, state: str) -> None:
    if state != "dead":
        _change(dead, f"UPDATE envelope SET state = '{state}'")
    with pytest.raises(IntegrityError, match="frozen"):
        _change(dead, "UPDATE envelope SET address = 'new@street.test'")


@pytest.mark.row(32)
@pytest.mark.parametrize("column", ["subject", "body", "lines", "day", "lane", "channel"])
def test_whoever_mends_the_address_changes_nothing_else(dead: Any, column: str) -> None:
    with pytest.raises(IntegrityError, match="frozen"):
        _change(dead, f"UPDATE envelope SET state = 'queued', address = 'x', {column} = {column} || 'x'")
