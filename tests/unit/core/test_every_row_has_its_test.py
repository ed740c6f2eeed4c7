"""Each known accident of other systems (rows 1 to 37 of the list) has a test that says so."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
ROWS = range(1, 38)
# Rows whose tests are still to come; a row that has one must leave this list.
STILL_TO_COME: set[int] = set()


def rows_with_tests() -> set[int]:
    marks = re.compile(r"^ *@pytest\.mark\.row\((\d+)\)$", re.MULTILINE)
    return {
        int(row) for path in TESTS.rglob("test_*.py") for row in marks.findall(path.read_text(encoding="utf-8"))
    }


def test_every_row_has_a_test_or_waits_for_it_openly() -> None:
    assert set(ROWS) - rows_with_tests() == STILL_TO_COME
    assert rows_with_tests() <= set(ROWS)
