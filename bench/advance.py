"""T1 to T3, T6 and T7: an officer submits a result, by the public API and by every other way."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

from bench import peer
from bench.office import OPENED_AT, Office
from bench.raw import RawPostgres, RawSqlite
from bench.timing import interleaved, percentile, ratio
from engine.database import Database

NOW = OPENED_AT + 3600


@dataclass(frozen=True)
class Size:
    """How much: advances a round, of them in one transaction for the bulk, rounds, dossiers of the small and the
    large office, advances for the tail."""

    batch: int
    bulk: int
    rounds: int
    small: int
    large: int
    tail: int

    @property
    def most(self) -> int:
        """Dossiers that one way of advancing may use up."""
        return self.batch * (self.rounds + 1)


def engine(office: Office, batch: int) -> Callable[[], None]:
    """One advance after the other by `Runtime.commit`, each in its own transaction."""

    def work() -> None:
        for _ in range(batch):
            _done(office, 1)

    return work


def bulk(office: Office, size: Size) -> Callable[[], None]:
    def work() -> None:
        for _ in range(size.batch // size.bulk):
            _done(office, size.bulk)

    return work


def _done(office: Office, how_many: int) -> None:
    commands = [office.submission() for _ in range(how_many)]
    outcomes = office.runtime.commit(office.database, commands, NOW)
    if not all(one.done for one in outcomes):
        raise RuntimeError(f"refused: {outcomes}")


def raw(office: Office, connection: RawSqlite | RawPostgres, batch: int) -> Callable[[], None]:
    def work() -> None:
        for _ in range(batch):
            connection.submit(office.next_measure(), office.officer, NOW)

    return work


def obvious(office: Office, batch: int) -> Callable[[], None]:
    def work() -> None:
        for _ in range(batch):
            peer.submit(office.database, office.next_measure(), office.officer, NOW)

    return work


def on_sqlite(small: Office, folder: Path, size: Size) -> dict[str, float]:
    """T1, T1b, T1c, T3: each way in a file of its own, all of the same content."""
    names = (folder / f"advance-{number}.db" for number in count())
    ours, theirs, plain = (small.copy(next(names), durable=False) for _ in range(3))
    by_hand = RawSqlite(_path(plain), "NORMAL")
    normal = interleaved(
        size.rounds,
        {
            "engine": engine(ours, size.batch),
            "raw": raw(plain, by_hand, size.batch),
            "peer": obvious(theirs, size.batch),
        },
    )
    safe, whole, bare = (small.copy(next(names), durable=True) for _ in range(3))
    durable = interleaved(
        size.rounds,
        {
            "engine": engine(safe, size.batch),
            "raw": raw(bare, RawSqlite(_path(bare), "FULL"), size.batch),
            "bulk": bulk(whole, size),
        },
    )
    return {
        "T1": ratio(normal, "engine", "raw"),
        "T1b": ratio(durable, "engine", "raw"),
        "T1c": ratio(normal, "engine", "peer"),
        "T3": ratio(durable, "bulk", "engine"),
    }


def on_postgres(office: Office, size: Size) -> dict[str, float]:
    """T2: both in the same database, on dossiers of their own."""
    by_hand = RawPostgres(office.database.url)
    works = {"engine": engine(office, size.batch), "raw": raw(office, by_hand, size.batch)}
    taken = interleaved(size.rounds, works)
    by_hand.connection.close()
    return {"T2": ratio(taken, "engine", "raw")}


def at_size(small: Office, large: Office, folder: Path, size: Size) -> dict[str, float]:
    """T6 and T7: the same advance among many more dossiers, and how long the slowest ones take."""
    few = small.copy(folder / "few.db", durable=False)
    taken = interleaved(size.rounds, {"large": engine(large, size.batch), "small": engine(few, size.batch)})
    each = _tail(large, size.tail)
    return {"T6": ratio(taken, "large", "small"), "T7": percentile(each, 0.99) / median(each)}


def _tail(office: Office, how_many: int) -> list[float]:
    """Seconds of each advance, while a beat moves the log into the database after every 500."""
    each: list[float] = []
    for number in range(how_many):
        if number % 500 == 0:
            _checkpoint(office.database)
        start = perf_counter()
        _done(office, 1)
        each.append(perf_counter() - start)
    return each


def _checkpoint(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _path(office: Office) -> str:
    return office.database.url.removeprefix("sqlite:///")
