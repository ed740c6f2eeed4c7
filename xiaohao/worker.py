"""The scheduler process: APScheduler is only the heartbeat, the truth is in the tables."""

import logging
from datetime import UTC, datetime

from apscheduler.schedulers.blocking import BlockingScheduler

from engine import clock
from xiaohao.bootstrap import House
from xiaohao.run_once import run_once

log = logging.getLogger(__name__)


def work(house: House) -> None:
    """Beat until the process is told to stop. A beat that fails is logged; the next one tries again."""
    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        lambda: _beat(house),
        "interval",
        seconds=house.settings.beat_seconds,
        next_run_time=_at_once(),
        # The default grace of one second drops a beat that comes late.
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        log.info("stopped")


def _beat(house: House) -> None:
    try:
        done = run_once(house, clock.now)
    except Exception:
        log.exception("beat failed")
        return
    log.info("looked at %d, fired %d, sent %d", done.swept.looked_at, done.swept.fired, done.sent)


def _at_once() -> datetime:
    return datetime.fromtimestamp(clock.now(), UTC)
