"""Connections are kept between transactions: one leaves nothing to the next, and a dead one is replaced."""

from collections.abc import Callable, Iterator
from threading import Thread

import psycopg
import pytest
from sqlalchemy import text

from engine.database import Database, Tx

COUNT = text("SELECT count(*) FROM note")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, durable=False)
    with opened.begin() as tx:
        tx.connection.execute(text("CREATE TABLE note (content TEXT)"))
    yield opened
    opened.dispose()


def _write(tx: Tx, content: str) -> None:
    tx.connection.execute(text("INSERT INTO note VALUES (:content)"), {"content": content})


def _count(database: Database) -> int:
    with database.read() as tx:
        return int(tx.connection.execute(COUNT).scalar_one())


def test_what_failed_leaves_nothing_to_the_next_transaction(database: Database) -> None:
    def fail() -> None:
        with database.begin() as tx:
            _write(tx, "half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.begin() as tx:
        _write(tx, "whole")
    assert _count(database) == 1


def test_transactions_at_the_same_time_have_connections_of_their_own(database: Database) -> None:
    seen: list[int] = []
    with database.begin() as tx:
        _write(tx, "not yet committed")
        other = Thread(target=lambda: seen.append(_count(database)))
        other.start()
        other.join()
    assert (seen, _count(database)) == ([0], 1)


def test_a_connection_that_the_server_has_closed_is_replaced(new_postgres: Callable[[], str]) -> None:
    url = new_postgres()
    database = Database(url)
    asking = text("SELECT pg_backend_pid()")
    with database.read() as tx:
        first = tx.connection.execute(asking).scalar_one()
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    with database.read() as tx:
        assert tx.connection.execute(asking).scalar_one() != first
    database.dispose()
