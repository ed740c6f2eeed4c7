"""T2b: how much more two processes advance on PostgreSQL than one."""

from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter

from bench.advance import Size, engine
from bench.office import Office
from engine.database import Database
from engine.registry import Registry
from engine.runtime import Runtime
from workflows import families


def two_against_one(office: Office, size: Size) -> dict[str, float]:
    """Throughput of two processes over that of one, on dossiers of their own; processes start untimed."""
    shares = [_share(office, size) for _ in range(2)]
    context = get_context("spawn")
    pipes, processes = [], []
    for share in shares:
        ours, theirs = context.Pipe()
        process = context.Process(target=_worker, args=(theirs, *share, size.batch))
        process.start()
        pipes.append(ours)
        processes.append(process)
    _together(pipes)
    gains = []
    for _ in range(size.rounds):
        alone = median([_together([pipe]) for pipe in pipes])
        gains.append(2 * alone / _together(pipes))
    for pipe, process in zip(pipes, processes, strict=True):
        pipe.send(False)
        process.join()
    return {"T2b": median(gains)}


def _share(office: Office, size: Size) -> tuple[str, int, int]:
    first = office.next_measure()
    for _ in range(size.batch * (2 * size.rounds + 1) - 1):
        office.next_measure()
    return office.database.url, office.officer, first


def _together(pipes: list[Connection]) -> float:
    """Seconds until all of these workers have done one batch."""
    start = perf_counter()
    for pipe in pipes:
        pipe.send(True)
    for pipe in pipes:
        pipe.recv()
    return perf_counter() - start


def _worker(pipe: Connection, url: str, officer: int, first: int, batch: int) -> None:
    office = Office(Database(url), Runtime(Registry(families())), 10**9, officer, 0, first, -1)
    work = engine(office, batch)
    while pipe.recv():
        work()
        pipe.send(True)
