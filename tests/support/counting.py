"""Counts what is asked of a database, by compiled text and through Core alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from engine.database import Database, Tx


@contextmanager
def counted(database: Database) -> Iterator[Callable[[], int]]:
    """Gives how many statements have run so far within the block."""
    calls: list[object] = []
    run = Tx.run

    def noted(self: Tx, *given: Any, **more: Any) -> Any:
        calls.append(given)
        return run(self, *given, **more)

    def note(*given: Any) -> None:
        calls.append(given)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with patch.object(Tx, "run", noted):
            yield lambda: len(calls)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
