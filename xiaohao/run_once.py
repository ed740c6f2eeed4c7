"""One beat: sweep what is due, pack what waits, send what is packed. The worker and `xiaohao beat` run the same."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from desk.people import hand_over_leavers
from engine.beats import record_beat
from engine.daily_seals import seal_day
from engine.database import Database
from engine.sweep import Swept, sweep
from notifications.addressing import readdress
from notifications.dispatch import Delivered, dispatch
from notifications.packing import Packed, pack
from notifications.withheld import remember
from xiaohao.bootstrap import House, delivery


@dataclass(frozen=True)
class Beaten:
    """What one beat did."""

    swept: Swept
    packed: tuple[Packed, ...]
    delivered: tuple[Delivered, ...]

    @property
    def sent(self) -> int:
        return sum(one.state == "sent" for one in self.delivered)

    @property
    def failed(self) -> int:
        return sum(one.state != "sent" for one in self.delivered)


def run_once(house: House, now: Callable[[], int]) -> Beaten:
    """One beat. `now` is asked again for each step, so that a long beat does not send with an old time."""
    hand_over_leavers(house.desk, now())
    swept = sweep(house.database, house.runtime, now())
    with house.database.begin() as tx:
        at = now()
        moved = readdress(tx, house.runtime.view(tx), at)
        packed = pack(tx, at, delivery(house, tx))
        remember(tx, at, (*moved, *(kept for one in packed for kept in (*one.void, *one.left))))
    delivered = _send(house, now)
    # At the end: a beat that failed half-way must not look like one that worked.
    with house.database.begin() as tx:
        seal_day(tx, now())
        record_beat(tx, now())
    _checkpoint(house.database)
    return Beaten(swept, tuple(packed), tuple(delivered))


def _send(house: House, now: Callable[[], int]) -> list[Delivered]:
    with house.database.read() as tx:
        ways = delivery(house, tx)
    holder = f"{socket.gethostname()}:{os.getpid()}"
    sent: list[Delivered] = []
    while batch := dispatch(house.database, now(), ways, holder):
        sent += batch
    return sent


def _checkpoint(database: Database) -> None:
    """Move SQLite's write-ahead log into the database now, so that no advance has to wait for it later."""
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
