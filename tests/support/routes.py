"""Every route of an application, those of included routers too."""

from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute


def every_route(router: Any) -> Iterator[APIRoute]:
    for one in router.routes:
        if isinstance(one, APIRoute):
            yield one
        if hasattr(one, "original_router"):
            yield from every_route(one.original_router)
