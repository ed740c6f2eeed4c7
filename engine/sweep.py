"""One pass over what is due: finds the cases whose wake-up has come and sends them through the door."""

from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlmodel import col

from engine import statements as sql
from engine.commands import ALERT, SYSTEM, Command
from engine.database import Database, StaleError, Tx, is_busy
from engine.runtime import Runtime
from engine.tables import Quarantine

SWEEPER = f"{SYSTEM}sweep"
CHUNK = 100


class RefusedAlertError(Exception):
    """The door took no alert of a case, for a reason that lies in its definition or its data: mend that."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a pass did: how many cases it looked at, how many fired, which stepped aside."""

    looked_at: int = 0
    fired: int = 0
    quarantined: tuple[int, ...] = ()

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.looked_at + other.looked_at,
            self.fired + other.fired,
            self.quarantined + other.quarantined,
        )


def sweep(database: Database, runtime: Runtime, now: int) -> Swept:
    """Everything due at `now` (epoch seconds UTC), a chunk per transaction; safe in any number of processes."""
    done = Swept()
    while True:
        step = _sweep_chunk(database, runtime, now)
        if step is None:
            return done
        done += step


def _sweep_chunk(database: Database, runtime: Runtime, now: int) -> Swept | None:
    """The next chunk, or None when nothing is due."""
    try:
        with database.begin() as tx:
            ids = _due(tx, now)
            return _fire(tx, runtime, ids, now) if ids else None
    except Exception as error:
        if isinstance(error, StaleError) or is_busy(error):
            return Swept()
    # The chunk failed as a whole: one by one, so that only the culprit steps aside.
    with database.read() as tx:
        ids = _due(tx, now)
    return sum((_sweep_one(database, runtime, case_id, now) for case_id in ids), Swept())


def _sweep_one(database: Database, runtime: Runtime, case_id: int, now: int) -> Swept:
    try:
        with database.begin() as tx:
            return _fire(tx, runtime, [case_id], now)
    except Exception as error:
        if isinstance(error, StaleError) or is_busy(error):
            return Swept()
        with database.begin() as tx:
            set_aside(tx, case_id, now, repr(error))
        return Swept(1, 0, (case_id,))


def _fire(tx: Tx, runtime: Runtime, ids: list[int], now: int) -> Swept:
    commands = [Command(action=ALERT, actor=SWEEPER, case_id=one) for one in ids]
    outcomes = runtime.execute(tx, commands, now)
    for one in outcomes:
        # Its wake-up stays where it is: the sweep would meet it again and again without an end.
        if one.refusal is not None:
            raise RefusedAlertError(one.case_id, one.refusal)
    return Swept(len(outcomes), sum(one.seq is not None for one in outcomes))


def _due(tx: Tx, now: int) -> list[int]:
    """The ids whose wake-up has come; on PostgreSQL dossiers another worker is busy with are left to it."""
    return [row[0] for row in tx.run(sql.GET_DUE, {"now": now, "limit": CHUNK})]


def set_aside(tx: Tx, case_id: int, now: int, error: str) -> None:
    """Keep a case out of the sweep until a person has looked at its error."""
    tx.connection.execute(update(sql.cases).where(sql.cases.c.id == case_id).values(next_alert_at=None))
    tx.connection.execute(insert(Quarantine).values(case_id=case_id, at=now, error=error))


def release(tx: Tx, case_id: int, now: int) -> bool:
    """Let a case that was set aside be swept again, its cause removed; False when it was not set aside."""
    aside = update(Quarantine).where(col(Quarantine.case_id) == case_id, col(Quarantine.released_at).is_(None))
    if not tx.connection.execute(aside.values(released_at=now)).rowcount:
        return False
    tx.connection.execute(update(sql.cases).where(sql.cases.c.id == case_id).values(next_alert_at=now))
    return True
