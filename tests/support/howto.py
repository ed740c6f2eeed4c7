"""Reads the blocks of a page of docs/howto, so that a test can do what the page says."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "howto"


def blocks(page: str, heading: str = "") -> dict[str, str]:
    """The text of each block under a heading such as ### HEADING `path`, by that path."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    found = re.findall(rf"^### {heading}`(\S+)`\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return dict(found)


def commands(page: str) -> list[str]:
    """The lines that the page shows to be typed."""
    text = re.sub(r"^```.*?^```$", "", (FOLDER / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^    (\S.*)$", text, re.MULTILINE)


def patched(text: str, diff: str) -> str:
    """A text with the change that a block of kind diff shows. Raises ValueError where it does not fit."""
    before = "".join(line[1:] + "\n" for line in diff.splitlines() if not line.startswith("+"))
    after = "".join(line[1:] + "\n" for line in diff.splitlines() if not line.startswith("-"))
    if text.count(before) != 1:
        raise ValueError(f"fits {text.count(before)} times: {before}")
    return text.replace(before, after)
