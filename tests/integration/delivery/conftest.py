"""A small invented street with a few people and one matter, on both databases, and a delivery to play with."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Row, insert, select, update
from sqlmodel import SQLModel

from engine.database import Database, Tx
from engine.tables import Case, Definition, Organization, Person
from engine.working_days import SendingWindow, WorkingCalendar
from notifications.channels.base import Outcome, Recipient, Sealed, Sent
from notifications.channels.inbox import InboxChannel
from notifications.delivery import Delivery, Patience, WaitingLine
from notifications.dispatch import Delivered, dispatch
from notifications.messages import Facts, Messages
from notifications.packing import Packed, pack

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLES = SQLModel.metadata.tables
TEMPLATES = {
    "reminder": (
        "问题（{{ number }}）“{{ title }}”"
        "{% if days_left is none %}请处理"
        "{% elif days_left < 0 %}已逾期 {{ -days_left }} 天，期限为{{ due_on | day }}"
        "{% else %}应在{{ due_on | day }}前完成{% endif %}，请填写进展并点“提交”。"
    ),
    "closed": "问题（{{ number }}）“{{ title }}”已审定销号。",
    "broken": "{{ there_is_no_such_fact }}",
}


@dataclass
class Recorder:
    """A remote channel in memory: `answers` are given in turn (an exception is raised), then all is sent."""

    answers: list[Outcome | BaseException] = field(default_factory=list)
    taken: list[Sealed] = field(default_factory=list)
    brief: bool = False
    per_minute: int | None = None

    def address_of(self, person: Recipient) -> str | None:
        return person.email

    def send(self, envelope: Sealed) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, BaseException | Sent):
            self.taken.append(envelope)
        if isinstance(answer, BaseException):
            raise answer
        return answer


class PowerCutError(BaseException):
    """The machine stops: no handler of ours may catch it."""


@dataclass
class World:
    """The database and what tests ask of it. Instants come from local times: `at("2026-06-12 08:30")`."""

    database: Database
    facts: dict[str, Facts | None] = field(default_factory=dict)
    keys: int = 0

    @staticmethod
    def at(local: str) -> int:
        return int(datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).timestamp())

    def add_line(
        self, person: int, not_before: str, *, rule: str = "reminder", lane: str = "digest", **facts: Any
    ) -> str:
        """A waiting line; its facts are what `describe` will say of it."""
        self.keys += 1
        key = f"line-{self.keys:04}"
        known = {"number": "1", "title": "台账更新不及时", "due_on": "2026-06-20", "path": "/problems/1"}
        known |= {"rule_label": "到期前5天提醒", "role_label": "经办人"}
        self.facts[key] = {**known, **facts}
        row = {"key": key, "person_id": person, "not_before": self.at(not_before), "lane": lane}
        row |= {"case_id": 1, "seq": self.keys, "rule": rule, "params": json.dumps(facts)}
        self.write(insert(TABLES["line"]).values(row))
        return key

    def describe(self, _tx: Tx, lines: Sequence[WaitingLine]) -> Mapping[str, Facts | None]:
        return {line.key: self.facts[line.key] for line in lines}

    def write(self, statement: Any) -> None:
        with self.database.begin() as tx:
            tx.connection.execute(statement)

    def rows(self, name: str) -> list[Row[Any]]:
        table = TABLES[name]
        with self.database.read() as tx:
            return list(tx.connection.execute(select(table).order_by(*table.primary_key.columns)))

    def waiting(self) -> list[str]:
        return [row.key for row in self.rows("line")]

    def told(self) -> list[str]:
        """The keys in the inbox envelopes: what people have been told, with repetitions if there were any."""
        packed = (json.loads(row.lines) for row in self.rows("envelope") if row.channel == "inbox")
        return sorted(key for keys in packed for key in keys)

    def change_person(self, person: int, **values: Any) -> None:
        table = TABLES["person"]
        self.write(update(table).where(table.c.id == person).values(values))

    def pack(self, local: str, delivery: Delivery) -> list[Packed]:
        with self.database.begin() as tx:
            return pack(tx, self.at(local), delivery)

    def dispatch(self, local: str, delivery: Delivery, **options: Any) -> list[Delivered]:
        return dispatch(self.database, self.at(local), delivery, "test", **options)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'delivery.db'}", durable=False)
    else:
        opened = Database(request.getfixturevalue("new_postgres")())
    SQLModel.metadata.create_all(opened.engine)
    yield opened
    opened.dispose()


@pytest.fixture
def world(database: Database) -> World:
    """Person 1 and 2 have e-mail, person 3 has none."""
    people = [("zhang", "张伟", "zhang@street.test"), ("li", "李娜", "li@street.test"), ("wang", "王强", None)]
    rows = [
        Organization(id=1, key="street", name="清溪街道党工委"),
        *(
            Person(id=place, organization_id=1, key=key, name=name, email=email)
            for place, (key, name, email) in enumerate(people, 1)
        ),
        Definition(id=1, kind="workflow", name="problem", number=1, hash="h", body=""),
        Case(id=1, root_id=1, organization_id=1, definition_id=1, kind="problem", state="assignment"),
    ]
    with database.begin() as tx:
        for row in rows:
            tx.connection.execute(insert(TABLES[str(row.__tablename__)]).values(row.model_dump()))
    return World(database)


@pytest.fixture
def remote() -> Recorder:
    return Recorder()


@pytest.fixture
def delivery(world: World, remote: Recorder) -> Delivery:
    window = SendingWindow(time(8, 30), time(17, 30), SHANGHAI)
    return Delivery(
        channels={"inbox": InboxChannel(), "remote": remote},
        messages=Messages.parse(TEMPLATES),
        describe=world.describe,
        window_of=lambda _organization: window,
        calendar=WorkingCalendar({}, frozenset({2026})),
        remotes_of=lambda _person, _day: ["remote"],
        domain="xiaohao.street.test",
        link_base="http://xiaohao.street.test",
        patience=Patience(attempts=4, first_wait=60, longest_wait=3600, lease=900),
    )


@pytest.fixture
def serve() -> Iterator[Callable[..., int]]:
    """Starts an SMTP server round a handler of aiosmtpd and gives its port."""
    with ExitStack() as stack:

        def start(handler: Any, **options: Any) -> int:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port: int = free.getsockname()[1]
            controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
            controller.start()
            stack.callback(controller.stop)
            return port

        yield start


@dataclass
class Web:
    """An HTTP server on loopback that keeps what is posted to it and answers what `answer` makes of it."""

    answer: Callable[["Posted"], tuple[int, bytes]]
    url: str = ""
    posted: list["Posted"] = field(default_factory=list)


@dataclass(frozen=True)
class Posted:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@pytest.fixture
def web() -> Iterator[Callable[..., Web]]:
    """Starts such a server round an answering function, in clear or with a certificate of its own."""
    with ExitStack() as stack:

        def start(answer: Callable[[Posted], tuple[int, bytes]], tls: ssl.SSLContext | None = None) -> Web:
            made = Web(answer)
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
            if tls is not None:
                server.socket = tls.wrap_socket(server.socket, server_side=True)
            made.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            return made

        yield start


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            one = Posted(self.path, dict(self.headers), body)
            web.posted.append(one)
            status, content = web.answer(one)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: Any) -> None:
            """Tests print nothing."""

    return Handler


@pytest.fixture
def power_cut() -> BaseException:
    return PowerCutError()
