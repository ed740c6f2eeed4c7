"""The office on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from office import Office, house_at


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    opened = Office(house_at(database_url, tmp_path))
    yield opened
    opened.database.dispose()
