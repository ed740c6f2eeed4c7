"""The demo's clock: a local day and an hour, moved by hand."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


class MovedClock:
    """Answers like the real clock; `at` moves it."""

    def __init__(self) -> None:
        self._now = 0

    def now(self) -> int:
        return self._now

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        self._now = int(datetime.combine(day, time(hour, minute), ZONE).timestamp())

    @property
    def day(self) -> date:
        return datetime.fromtimestamp(self._now, ZONE).date()


def days(first: date, last: date) -> list[date]:
    """Every local day from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
