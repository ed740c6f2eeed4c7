"""Finds the Chromium that tests of the pages drive, and starts it the way a machine without a screen needs."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

VARIABLE = "XIAOHAO_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=zh-CN",
)  # fmt: skip
MISSING = (
    "No Chromium was found: run `make browser`, or name one with XIAOHAO_CHROMIUM=/path/to/chromium. "
    "The journeys are never skipped."
)


class NoBrowserError(Exception):
    """There is no Chromium on this machine; the text says what to do."""


def start(playwright: Playwright) -> Browser:
    """A headless Chromium whose own words, as of dates, are Chinese where it has them. Raises NoBrowserError."""
    chinese = {**os.environ, "LANGUAGE": "zh_CN"}
    return playwright.chromium.launch(
        executable_path=_path(playwright), headless=True, args=list(FLAGS), env=chinese
    )


def _path(playwright: Playwright) -> str:
    named = os.environ.get(VARIABLE)
    own = playwright.chromium.executable_path
    found = (named, *map(shutil.which, NAMES), own)
    path = next((one for one in found if one and Path(one).exists()), None)
    if path is None:
        raise NoBrowserError(MISSING)
    return path
