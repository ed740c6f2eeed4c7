"""A small storm of kills: `make chaos` makes a large one on both databases."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CHAOS = Path(__file__).parents[1] / "chaos" / "chaos.py"


@pytest.mark.row(2)
@pytest.mark.row(5)
@pytest.mark.row(6)
def test_whoever_is_killed_everything_due_is_told_under_one_key() -> None:
    words = (sys.executable, str(CHAOS), "--only", "sqlite", "--kills", "8", "--days", "2", "--seed", "4")
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240)

    verdict = done.stdout.splitlines()[-1]
    due, keys = (int(re.search(rf"{word} (\d+)", verdict)[1]) for word in ("due", "keys"))  # type: ignore[index]
    assert done.returncode == 0, done.stdout + done.stderr
    assert due == keys > 20
    assert "8 kills" in verdict
    assert "lost 0, second key 0" in verdict
