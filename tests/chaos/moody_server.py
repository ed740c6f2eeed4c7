"""A mail server that misbehaves, in a process of its own; what it wrote down before it answered is the judge."""

import asyncio
import multiprocessing
import os
import random
import socket
import threading
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

FORK = multiprocessing.get_context("fork")
SLOW = 0.03


class _Moody:
    """Refuses for now, is slow, hangs up: but what it has taken it has written down first."""

    def __init__(self, log: Path, seed: int) -> None:
        self._file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._dice = random.Random(seed)  # noqa: S311 - dice, no secret

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self._dice.random() < 0.05:
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mood = self._dice.random()
        if mood < 0.1:
            return "451 try again later"
        if mood < 0.15:
            server.transport.close()  # before anything is taken
            return "421 gone"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        os.write(self._file, f"{mail['Message-ID']}\n".encode())
        if mood < 0.4:
            await asyncio.sleep(SLOW)  # taken, but the sender does not know it yet
        return "250 taken"


class MoodyServer:
    """The server and its log. `port` is on loopback."""

    def __init__(self, log: Path, seed: int) -> None:
        self._log = log
        self._log.touch()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        ready = FORK.Event()
        self._process = FORK.Process(target=_serve, args=(log, seed, self.port, ready), daemon=True)
        self._process.start()
        if not ready.wait(20):
            raise RuntimeError("the mail server did not start")

    def taken(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(self._log.read_text().split())

    def stop(self) -> None:
        self._process.kill()
        self._process.join()


def _serve(log: Path, seed: int, port: int, ready: Any) -> None:
    Controller(_Moody(log, seed), hostname="127.0.0.1", port=port).start()
    ready.set()
    threading.Event().wait()
