"""The pages of a house: the application, with the real clock or one that was moved."""

from collections.abc import Callable

from fastapi import FastAPI

from engine import clock
from web.app import create_app
from web.installation import Site, SiteSettings
from xiaohao.bootstrap import House, delivery


def application(house: House, now: Callable[[], int] = clock.now, *, moved: bool = False) -> FastAPI:
    """The pages; `now` answers epoch seconds UTC, `moved` makes every page say that it is not the present."""
    web = house.settings.web
    settings = SiteSettings(web.secure_cookies, web.upload_megabytes, moved)
    return create_app(
        Site(
            desk=house.desk,
            now=now,
            delivery=lambda tx: delivery(house, tx),
            patience=house.patience,
            wordings=house.settings.wordings,
            settings=settings,
        )
    )


def moved_clock(instant: int) -> Callable[[], int]:
    """A clock that stands at an instant now, and goes on from there."""
    shift = instant - clock.now()
    return lambda: clock.now() + shift
