"""Opens the database, SQLite or PostgreSQL, and hands out transactions; all dialects are known here."""

import select
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, and_, bindparam, create_engine, event, make_url, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ClauseElement, ColumnElement

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=20000",
    # INSERT OR REPLACE deletes without firing delete triggers unless this is on.
    "PRAGMA recursive_triggers=ON",
    # The beat checkpoints; this is only the brake for when no beat runs.
    "PRAGMA wal_autocheckpoint=16000",
)

DIALECTS = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": postgresql.dialect(paramstyle="format"),  # type: ignore[no-untyped-call]
}
Params = Mapping[str, Any] | tuple[Any, ...]
Row = Sequence[Any]
# Puts parameters into the order of a statement's text.
Bind = Callable[[Any], tuple[Any, ...]]


class StaleError(Exception):
    """Somebody else changed the same row first: nothing was written; read again and retry."""


class Among(ColumnElement[bool]):
    """Whether a column is one of the numbers in a parameter: one text for any number of them."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], ids: str) -> None:
        self.column = column
        self.ids: ColumnElement[Any] = bindparam(ids)


def among(column: ColumnElement[Any], ids: str = "ids") -> ColumnElement[bool]:
    """With the numbers in the parameter of this name, as `Tx.many` writes them."""
    return Among(column, ids)


def one_of(column: ColumnElement[Any], words: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column is one of these words: an `in_` whose text is known before it runs."""
    return or_(*(column == one for one in words))


def none_of(column: ColumnElement[Any], words: Iterable[str]) -> ColumnElement[bool]:
    return and_(*(column != one for one in words))


@compiles(Among, "sqlite")
def _among_json(element: Among, compiler: Any, **_: Any) -> str:
    column, ids = compiler.process(element.column), compiler.process(element.ids)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608  of compiled parts


@compiles(Among, "postgresql")
def _among_array(element: Among, compiler: Any, **_: Any) -> str:
    return f"{compiler.process(element.column)} = ANY({compiler.process(element.ids)})"


class Statement:
    """A Core statement compiled once per dialect to text with positional parameters.

    Only for columns whose stored form is the driver's own (integers, text): no type is converted on the way.
    Parameters are given by name, or, where their `order` is said, as a tuple of them.
    """

    def __init__(self, core: ClauseElement, order: tuple[str, ...] = ()) -> None:
        # By dialect the text, and what puts parameters into its order.
        self.compiled = _Compiled(core, order)


class _Compiled(dict[str, tuple[str, Bind]]):
    def __init__(self, core: ClauseElement, order: tuple[str, ...]) -> None:
        super().__init__()
        self._core, self._order = core, order

    def __missing__(self, dialect: str) -> tuple[str, Bind]:
        done: Any = self._core.compile(dialect=DIALECTS[dialect])
        # Core makes parameters of literals too: they have their value already.
        literals = {name: value for name, value in done.params.items() if value is not None}
        names = tuple(done.positiontup)
        self[dialect] = str(done), _reordering(names, self._order) if self._order else _binding(names, literals)
        return self[dialect]


def _reordering(names: tuple[str, ...], order: tuple[str, ...]) -> Bind:
    return tuple if names == order else itemgetter(*(order.index(name) for name in names))


def _binding(names: tuple[str, ...], literals: Mapping[str, Any]) -> Bind:
    if literals:
        return lambda params: tuple(map({**literals, **params}.__getitem__, names))
    if len(set(names)) == 1:
        # Of one name an itemgetter gives no tuple.
        name, times = names[0], len(names)
        return lambda params: (params[name],) * times
    return itemgetter(*names) if names else lambda _params: ()


class PerCase(NamedTuple):
    """The same question about one case (`case_id`), two and many (`ids`); each row begins with the case's id."""

    one: Statement
    two: Statement
    many: Statement

    def about(self, tx: "Tx", ids: Sequence[int]) -> tuple[Statement, Params]:
        # A list costs more to take apart: of a part and its root one asks in every step.
        if len(ids) == 1:
            return self.one, {"case_id": ids[0]}
        if len(ids) == 2:
            return self.two, tuple(ids)
        return self.many, {"ids": tx.many(ids)}


def per_case(query: Select[Any], case_id: ColumnElement[Any]) -> PerCase:
    """A question by its query and the column that has the case's id."""
    pair = ("first", "second")
    return PerCase(
        Statement(query.where(case_id == bindparam("case_id"))),
        Statement(query.where(case_id.in_([bindparam(one) for one in pair])), order=pair),
        Statement(query.where(among(case_id))),
    )


class Held(NamedTuple):
    """A connection kept open between transactions: as SQLAlchemy has it, and the driver's own."""

    connection: Connection
    driver: Any
    dialect: str
    # For one statement after the other, each read to its end: a new one costs as much as a small statement.
    cursor: Any


class Tx:
    """One open transaction: `connection` for ordinary Core work, `run` and `run_many` for the hot paths."""

    __slots__ = ("_ahead", "_cursor", "_driver", "connection", "dialect", "is_sqlite", "kept")

    def __init__(self, held: Held, kept: dict[Any, Any]) -> None:
        self.connection, self._driver, self.dialect, self._cursor = held
        self.is_sqlite = self.dialect == "sqlite"
        # What stays from one transaction to the next; whoever puts something there knows when it ends to be true.
        self.kept = kept
        self._ahead: dict[tuple[Statement, tuple[Any, ...]], list[Row]] = {}

    def many(self, ids: Iterable[int]) -> str:
        """Numbers as the parameter `ids` of `among`: the text of a JSON list or of an array."""
        listed = ",".join(map(str, ids))
        return f"[{listed}]" if self.is_sqlite else f"{{{listed}}}"

    def run(self, statement: Statement, params: Params) -> list[Row]:
        """The rows that a statement returns."""
        text, bind = statement.compiled[self.dialect]
        bound = bind(params)
        if self._ahead and (answer := self._ahead.pop((statement, bound), None)) is not None:
            return answer
        rows: list[Row] = self._cursor.execute(text, bound).fetchall()
        return rows

    def ask_ahead(self, questions: Iterable[tuple[Statement, Params]]) -> None:
        """Have the answers ready for whoever `run`s these statements before the next writing of this transaction.

        On PostgreSQL one round trip instead of one for each; on SQLite there is no way to save: nothing is done.
        """
        if self.is_sqlite:
            return
        asked = []
        with self._driver.pipeline():
            for statement, params in questions:
                text, bind = statement.compiled[self.dialect]
                bound = bind(params)
                asked.append(((statement, bound), self._driver.execute(text, bound)))
        self._ahead = {key: cursor.fetchall() for key, cursor in asked}

    def run_many(self, statement: Statement, params: Sequence[Params]) -> int:
        """Run once per set of parameters; how many rows were touched in all."""
        text, bind = statement.compiled[self.dialect]
        if len(params) == 1:
            alone: int = self._cursor.execute(text, bind(params[0])).rowcount
            return alone
        self._cursor.executemany(text, [bind(one) for one in params])
        touched: int = self._cursor.rowcount
        return touched

    def run_batches(
        self, batches: Sequence[tuple[Statement, Sequence[Params]]], *, in_order: bool = True
    ) -> list[int]:
        """`run_many` for each, on PostgreSQL in one round trip; how many rows each of them touched.

        Not `in_order` are those of which none minds whether another one has been done: constraints are checked when
        all are.
        """
        self._ahead = {}
        if self.is_sqlite or len(batches) < 2:
            return [self.run_many(*one) for one in batches]
        if not in_order and all(len(rows) == 1 for _, rows in batches):
            return self._run_together([(one, rows[0]) for one, rows in batches])
        sent = []
        with self._driver.pipeline():
            for statement, rows in batches:
                text, bind = statement.compiled[self.dialect]
                sent.append([self._driver.execute(text, bind(one)) for one in rows])
        return [sum(cursor.rowcount for cursor in cursors) for cursors in sent]

    def _run_together(self, writes: Sequence[tuple[Statement, Params]]) -> list[int]:
        """As one statement: the client and the server have less to do than for one each."""
        compiled = [(*statement.compiled[self.dialect], params) for statement, params in writes]
        bound = list(chain(*(bind(params) for _, bind, params in compiled)))
        return list(self._cursor.execute(_together(tuple(text for text, _, _ in compiled)), bound).fetchone())


@lru_cache(maxsize=1024)
def _together(texts: tuple[str, ...]) -> str:
    """One statement that does what these do and says how many rows each of them touched."""
    parts = ", ".join(f"w{number} AS ({text} RETURNING 1)" for number, text in enumerate(texts))
    counts = ", ".join(f"(SELECT count(*) FROM w{number})" for number in range(len(texts)))  # noqa: S608  of numbers
    return f"WITH {parts} SELECT {counts}"


class Transaction:
    """A `with` block on a held connection: commits at its end, rolls back on any exception.

    It begins and ends by the driver's own calls. SQLAlchemy's checkout, its events and its reset would cost more
    than what most steps do; its connection is there for Core statements all the same.
    """

    __slots__ = ("_database", "_held", "_opening")

    def __init__(self, database: "Database", opening: str) -> None:
        self._database, self._opening = database, opening

    def __enter__(self) -> Tx:
        held = self._held = self._database.take()
        try:
            if held.dialect == "sqlite":
                held.cursor.execute(self._opening)
        except BaseException:
            self._database.give_back(held)
            raise
        return Tx(held, self._database.kept)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        held = self._held
        connection, driver = held.connection, held.driver
        try:
            # Who used Core has opened a transaction of SQLAlchemy's on the way, which must hear of the end.
            one = connection if connection.in_transaction() else driver
            if kind is not None:
                one.rollback()
            elif one is driver and held.dialect == "sqlite":
                # The driver's own commit() prepares the statement anew each time.
                held.cursor.execute("COMMIT")
            else:
                one.commit()
        except BaseException:
            self._database.throw_away(held)
            raise
        self._database.give_back(held)


class Database:
    """A database address and its connections. `begin` for writing, `read` for looking."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = url
        self.engine = _make_engine(url, durable=durable)
        # The one used last is the next: as many as are in use at the same time, from whatever threads.
        self._idle: deque[Held] = deque()
        self.kept: dict[Any, Any] = {}

    def begin(self) -> Transaction:
        """A writing transaction; commits at the end, rolls back on any exception.

        SQLite: BEGIN IMMEDIATE, so that two writers wait in line instead of failing at the commit.
        """
        return Transaction(self, "BEGIN IMMEDIATE")

    def read(self) -> Transaction:
        """A transaction for reading one consistent state."""
        return Transaction(self, "BEGIN")

    def take(self) -> Held:
        """A connection that nobody else uses."""
        while self._idle:
            try:
                held = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if held.dialect == "sqlite" or not _has_ended(held):
                return held
            self.throw_away(held)
        connection = self.engine.connect()
        driver: Any = connection.connection.driver_connection
        return Held(connection, driver, connection.dialect.name, driver.cursor())

    def give_back(self, held: Held) -> None:
        self._idle.append(held)

    def throw_away(self, held: Held) -> None:
        """Close a connection that may be broken or half-way through something."""
        held.connection.invalidate()
        held.connection.close()

    def dispose(self) -> None:
        while self._idle:
            self._idle.pop().connection.close()
        self.engine.dispose()


def _has_ended(held: Held) -> bool:
    """Whether the server has hung up meanwhile: of an idle connection there is nothing to read but its end.

    Asked of the socket and not of the server, whom it would cost a round trip before every transaction.
    """
    if held.driver.closed:
        return True
    socket = select.poll()
    socket.register(held.driver.fileno(), select.POLLIN)
    return bool(socket.poll(0))


def is_busy(error: Exception) -> bool:
    """Whether the same transaction may well succeed when tried again (lock, deadlock, serialization)."""
    text = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    return any(word in text for word in ("database is locked", "deadlock", "could not serialize"))


def _make_engine(url: str, *, durable: bool) -> Engine:
    # Held connections are not handed back to the pool, so it must not run out of them.
    if not url.startswith("sqlite"):
        address = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(address, pool_pre_ping=True, max_overflow=-1)
    in_memory = make_url(url).database in (None, "", ":memory:")
    engine = create_engine(url) if in_memory else create_engine(url, max_overflow=-1)
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
    """For whoever takes a connection of the engine itself, as migrations do; ours have begun already."""
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
        driver.execute("BEGIN IMMEDIATE")
