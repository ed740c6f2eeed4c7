"""The bench runs in miniature: every figure is there, and all ways of advancing leave the same rows. No times."""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench import peer
from bench.__main__ import measure
from bench.advance import NOW, Size
from bench.office import OPENED_AT, Office, make_office
from bench.raw import RawSqlite
from bench.report import TARGETS, figures, verdict, write
from bench.sweeping import WEEK
from engine.sweep import sweep

TINY = Size(batch=10, bulk=5, rounds=1, small=40, large=400, tail=10)


def test_every_target_has_its_figure(new_postgres: Callable[[], str], tmp_path: Path) -> None:
    # In a thread of its own: a browser that this process has open for other tests keeps an event loop running here.
    with ThreadPoolExecutor(1) as alone:
        found = figures(alone.submit(measure, TINY, tmp_path, new_postgres()).result())
    write(tmp_path / "out", found, "Tiny.")
    written = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert written.keys() == TARGETS.keys()
    for one in written.values():
        assert one.keys() == {"ratio", "floor", "ambition", "note"}
        assert one["ratio"] > 0
        assert one["note"]
    readable = (tmp_path / "out" / "RESULTS.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in readable for name in TARGETS)


@pytest.mark.parametrize(
    ("name", "value", "reached"),
    [
        ("T1", 0.4, "below"),
        ("T1", 0.5, "floor"),
        ("T1", 0.9, "ambition"),
        ("T5", 3, "below"),
        ("T5", 2, "floor"),
        ("T5", 0.5, "ambition"),
    ],
)
def test_a_figure_is_held_against_its_target(name: str, value: float, reached: str) -> None:
    assert verdict(name, value) == reached


def test_raw_statements_and_the_peer_write_what_the_engine_writes(tmp_path: Path) -> None:
    """A limit that did less than the engine would not be one."""
    ours = make_office(f"sqlite:///{tmp_path / 'ours.db'}", tmp_path, 3, durable=False)
    raw = ours.copy(tmp_path / "raw.db", durable=False)
    obvious = ours.copy(tmp_path / "obvious.db", durable=False)
    [outcome] = ours.runtime.commit(ours.database, [ours.submission()], NOW)
    assert outcome.done
    RawSqlite(str(tmp_path / "raw.db"), "NORMAL").submit(raw.next_measure(), raw.officer, NOW)
    peer.submit(obvious.database, obvious.next_measure(), obvious.officer, NOW)
    assert _rows(ours) == _rows(raw) == _rows(obvious)
    for office in (ours, raw, obvious):
        office.database.dispose()


def test_a_raw_sweep_writes_what_the_engine_writes(tmp_path: Path) -> None:
    ours = make_office(f"sqlite:///{tmp_path / 'ours.db'}", tmp_path, 60, durable=False)
    raw = ours.copy(tmp_path / "raw.db", durable=False)
    now = OPENED_AT + WEEK
    assert sweep(ours.database, ours.runtime, now).fired == 1
    RawSqlite(str(tmp_path / "raw.db"), "NORMAL").sweep_with_history(now)
    assert _rows(ours) == _rows(raw)
    for office in (ours, raw):
        office.database.dispose()


def _rows(office: Office) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(office.database.url.removeprefix("sqlite:///"))
    tables = ("cases", "measure", "history", "line")
    rows = {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in tables}
    connection.close()
    return rows
