"""The only place that reads the machine's clock; everything else is handed its time."""

import time


def now() -> int:
    """The present instant in whole seconds since the epoch, UTC."""
    return int(time.time())
