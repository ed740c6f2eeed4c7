"""The scheduler process: APScheduler is only the heartbeat, the truth is in the tables."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from engine import clock
from xiaohao.bootstrap import House
from xiaohao.run_once import run_once

log = logging.getLogger(__name__)


def work(house: House) -> None:
    """Beat until the process is told to stop. A beat that fails is logged; the next one tries again."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _stop)
    scheduler = BlockingScheduler(timezone="UTC")
    _beat_on(scheduler, house, clock.now)
    log.info("beating every %d s", house.settings.beat_seconds)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown(wait=True)
        log.info("stopped")


@contextmanager
def beating(house: House, now: Callable[[], int]) -> Iterator[None]:
    """Beat beside what else the process does, by a clock that may have been moved; the first beat comes at once."""
    _beat(house, now)
    scheduler = BackgroundScheduler(timezone="UTC")
    _beat_on(scheduler, house, now, first=clock.now() + house.settings.beat_seconds)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _beat_on(scheduler: BaseScheduler, house: House, now: Callable[[], int], first: int | None = None) -> None:
    """Let the scheduler beat from an instant on (epoch seconds of the real clock), at once unless told."""
    scheduler.add_job(
        lambda: _beat(house, now),
        "interval",
        seconds=house.settings.beat_seconds,
        next_run_time=datetime.fromtimestamp(first or clock.now(), UTC),
        # The default grace of one second drops a beat that comes late.
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )


def _beat(house: House, now: Callable[[], int]) -> None:
    try:
        done = run_once(house, now)
    except Exception:
        log.exception("beat failed")
        return
    log.info("looked at %d, fired %d, sent %d", done.swept.looked_at, done.swept.fired, done.sent)


def _stop(_signal: int, _frame: object) -> NoReturn:
    """A service manager says TERM: the beat under way is finished first."""
    raise SystemExit(0)
