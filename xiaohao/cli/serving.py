"""The pages, served."""

from typing import Annotated

import typer
import uvicorn

from engine import clock
from xiaohao.bootstrap import House
from xiaohao.cli.common import Data, Database, instant_of, open_to_run, out
from xiaohao.serving import application, moved_clock


def serve(
    host: Annotated[str, typer.Option(help="在哪个地址上提供网页。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口。")] = 8000,
    at: Annotated[str | None, typer.Option(help="把时钟拨到这一时刻，如 2026-03-10T09:00，用于演示。")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """打开网页。"""
    serve_pages(open_to_run(database, data), host, port, None if at is None else instant_of(at))


def serve_pages(house: House, host: str, port: int, at: int | None) -> None:
    """Serve until told to stop; `at` (epoch seconds UTC) is where a moved clock begins, None for the real one."""
    app = application(house, clock.now if at is None else moved_clock(at), moved=at is not None)
    out.print(house.desk.words.say("cli.serving", host=host, port=port), markup=False)
    # No `Server` header, and no log of every click: who looked at what is nobody's business.
    uvicorn.run(app, host=host, port=port, server_header=False, access_log=False, log_level="warning")
