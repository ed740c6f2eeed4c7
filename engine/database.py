"""Opens the database, SQLite or PostgreSQL, and hands out transactions; all dialects are known here."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ClauseElement

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=20000",
    # INSERT OR REPLACE deletes without firing delete triggers unless this is on.
    "PRAGMA recursive_triggers=ON",
    # The beat checkpoints; this is only the brake for when no beat runs.
    "PRAGMA wal_autocheckpoint=16000",
)

Params = Mapping[str, Any]
Row = Sequence[Any]


class StaleError(Exception):
    """Somebody else changed the same row first: nothing was written; read again and retry."""


class Statement:
    """A Core statement compiled once per dialect to text with named parameters.

    Only for columns whose stored form is the driver's own (integers, text): no type is converted on the way.
    """

    def __init__(self, core: ClauseElement) -> None:
        self._core = core
        self._compiled: dict[str, tuple[str, Params]] = {}

    def compiled(self, dialect: str) -> tuple[str, Params]:
        """The text and the parameters that Core made of literals."""
        if dialect not in self._compiled:
            self._compiled[dialect] = self._compile(dialect)
        return self._compiled[dialect]

    def _compile(self, dialect: str) -> tuple[str, Params]:
        chosen = (
            sqlite.dialect(paramstyle="named") if dialect == "sqlite" else postgresql.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]
        )
        done = self._core.compile(dialect=chosen)
        return str(done), {name: value for name, value in done.params.items() if value is not None}


class Tx:
    """One open transaction: `connection` for ordinary Core work, `run` and `run_many` for the hot paths."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self._driver: Any = connection.connection.driver_connection

    @property
    def is_sqlite(self) -> bool:
        return self.dialect == "sqlite"

    def run(self, statement: Statement, params: Params) -> list[Row]:
        """Rows of a statement; an empty list for one that returns none."""
        text, literals = statement.compiled(self.dialect)
        cursor = self._driver.execute(text, {**literals, **params})
        return cursor.fetchall() if cursor.description else []

    def run_many(self, statement: Statement, params: Iterable[Params]) -> int:
        """Run once per set of parameters; how many rows were touched in all."""
        text, literals = statement.compiled(self.dialect)
        cursor = self._driver.cursor()
        cursor.executemany(text, [{**literals, **one} for one in params])
        touched: int = cursor.rowcount
        cursor.close()
        return touched


class Database:
    """A database address and its pool. `begin` for writing, `read` for looking."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = url
        self.engine = _make_engine(url, durable=durable)
        self._looking = self.engine.execution_options(xiaohao_write=False)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A writing transaction; commits at the end, rolls back on any exception.

        SQLite: BEGIN IMMEDIATE, so that two writers wait in line instead of failing at the commit.
        """
        with self.engine.connect() as connection, connection.begin():
            yield Tx(connection)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction for reading one consistent state."""
        with self._looking.connect() as connection, connection.begin():
            yield Tx(connection)

    def dispose(self) -> None:
        self.engine.dispose()


def is_busy(error: Exception) -> bool:
    """Whether the same transaction may well succeed when tried again (lock, deadlock, serialization)."""
    text = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    return any(word in text for word in ("database is locked", "deadlock", "could not serialize"))


def _make_engine(url: str, *, durable: bool) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)
    engine = create_engine(url)
    level = "FULL" if durable else "NORMAL"
    event.listen(engine, "connect", lambda raw, _record: _prepare_sqlite(raw, level))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: sqlite3.Connection, synchronous: str) -> None:
    # The driver's own BEGIN is deferred: a reader that turns writer then fails at once instead of waiting.
    raw.isolation_level = None
    for pragma in (*SQLITE_PRAGMAS, f"PRAGMA synchronous={synchronous}"):
        raw.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("xiaohao_write", True)
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")
