"""The scheduler process: APScheduler is only the heartbeat, the truth is in the tables."""

import logging
import signal
from datetime import UTC, datetime
from typing import NoReturn

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
    scheduler.add_job(
        lambda: _beat(house),
        "interval",
        seconds=house.settings.beat_seconds,
        next_run_time=datetime.fromtimestamp(clock.now(), UTC),
        # The default grace of one second drops a beat that comes late.
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    log.info("beating every %d s", house.settings.beat_seconds)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown(wait=True)
        log.info("stopped")


def _beat(house: House) -> None:
    try:
        done = run_once(house, clock.now)
    except Exception:
        log.exception("beat failed")
        return
    log.info("looked at %d, fired %d, sent %d", done.swept.looked_at, done.swept.fired, done.sent)


def _stop(_signal: int, _frame: object) -> NoReturn:
    """A service manager says TERM: the beat under way is finished first."""
    raise SystemExit(0)
