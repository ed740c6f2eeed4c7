"""What every page is handed: the desk, the clock, and how this site is set up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from jinja2 import Environment

from desk.desk import Desk
from engine.database import Tx
from notifications.delivery import Delivery
from web.rendering import environment

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class SiteSettings:
    """`secure_cookies` only behind https: a browser on plain http would never send them back.

    `moved` tells that the clock is moved, so that no page is taken for the present.
    """

    secure_cookies: bool = False
    upload_megabytes: int = 50
    moved: bool = False

    @property
    def largest_file(self) -> int:
        """Bytes."""
        return self.upload_megabytes * MEGABYTE

    @property
    def largest_body(self) -> int:
        """Bytes of a whole request: the largest file, and the form round it."""
        return (self.upload_megabytes + 1) * MEGABYTE


@dataclass(frozen=True)
class Site:
    """An installation with its pages. `now` answers epoch seconds UTC.

    `delivery` tells how messages leave, `patience` how many seconds old the last beat may be, `wordings` is
    the folder with the fixed words of each body's notices, `KEY.toml`.
    """

    desk: Desk
    now: Callable[[], int]
    delivery: Callable[[Tx], Delivery]
    patience: int
    wordings: Path
    settings: SiteSettings = field(default_factory=SiteSettings)

    @cached_property
    def templates(self) -> Environment:
        return environment(self.desk.words)
