"""The pages of an office on a loopback port, for a real browser: a server in a thread."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from browser import PASSWORD
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page

LONGEST_START = 30  # seconds


@dataclass(frozen=True)
class Live:
    """Where the pages are, and the browser that looks at them."""

    url: str
    browser: Browser

    def page_as(self, who: str, *, password: str = PASSWORD, script: bool = True, width: int = 1366) -> Page:
        """A page of somebody who has logged in by the form; `script` off is a browser without JavaScript."""
        context = self.browser.new_context(
            base_url=self.url,
            locale="zh-CN",
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        _log_in(page, who, password)
        return page

    def close(self) -> None:
        contexts: list[BrowserContext] = list(self.browser.contexts)
        for one in contexts:
            one.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of an application that a thread serves until the block is left."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{_port(server)}"
    finally:
        server.should_exit = True
        thread.join(10)


def _port(server: uvicorn.Server) -> int:
    until = time.monotonic() + LONGEST_START
    while not server.started:
        if time.monotonic() > until:
            raise TimeoutError("the server did not start")
        time.sleep(0.02)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


def _log_in(page: Page, who: str, password: str) -> None:
    page.goto("/log-in")
    page.fill("#name", who)
    page.fill("#password", password)
    page.click("main button")
    page.wait_for_url(lambda url: "/log-in" not in url)
