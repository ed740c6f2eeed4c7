"""How the installation is doing, for a monitor and the person it wakes: beats, backlog, channels, quarantine."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select

from desk.heard import matter_name
from desk.outbox import DEAD, QUEUED, SENT
from engine import statements as sql
from engine.beats import last_beat
from engine.database import Tx
from engine.organizations import SHANGHAI
from engine.permissions import last_resort
from engine.tables import Quarantine
from engine.view import View
from engine.words import Words
from engine.working_days import local_day
from notifications.waiting import ENVELOPE, LINE
from notifications.words import explain
from notifications.words import load_words as delivery_words

QUARANTINE: Table = Quarantine.__table__  # type: ignore[attr-defined]
WELL, WARNING, CRITICAL = 0, 1, 2
# Seconds. A backlog older than this is no longer the work of one slow beat.
LONGEST_BACKLOG = 15 * 60


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much should have been done by now, and for how many seconds the oldest of it has waited."""

    count: int = 0
    behind: int = 0

    @property
    def is_long(self) -> bool:
        return self.behind > LONGEST_BACKLOG


@dataclass(frozen=True, slots=True)
class Failing:
    """A channel that has delivered nothing since an instant, though it had to; `error` as delivery keeps it."""

    channel: str
    since: int
    waiting: int
    error: str


@dataclass(frozen=True, slots=True)
class Health:
    """What was found at `now`. Instants are epoch seconds UTC; the last beat may be `patience` seconds old."""

    now: int
    patience: int
    last_beat: int | None
    sweep: Backlog
    outbox: Backlog
    lines: int
    failing: tuple[Failing, ...]
    quarantined: tuple[int, ...]
    dead: int
    deaf: tuple[str, ...]

    @property
    def is_beating(self) -> bool:
        return self.last_beat is not None and self.now - self.last_beat <= self.patience

    @property
    def level(self) -> int:
        """0 well, 1 somebody should look, 2 nothing is sent: as monitors read exit codes."""
        if not self.is_beating:
            return CRITICAL
        worrying = (self.failing, self.quarantined, self.dead, self.deaf, self.sweep.is_long, self.outbox.is_long)
        return WARNING if any(worrying) else WELL


def health(view: View, now: int, patience: int) -> Health:
    """How things stand at `now`; writes nothing."""
    tx = view.tx
    stretch = last_beat(tx, now)
    return Health(
        now=now,
        patience=patience,
        last_beat=stretch.last_at if stretch else None,
        sweep=_backlog(tx, sql.cases.c.next_alert_at, sql.cases.c.next_alert_at <= now, now),
        outbox=_backlog(tx, ENVELOPE.c.packed_at, (ENVELOPE.c.state == QUEUED) & (ENVELOPE.c.next_try <= now), now),
        lines=_count(tx, LINE),
        failing=tuple(_failing(tx)),
        quarantined=_quarantined(tx),
        dead=_count(tx, ENVELOPE, ENVELOPE.c.state == DEAD),
        deaf=tuple(_deaf(view, now)),
    )


def sentences(words: Words, view: View, found: Health) -> Iterator[str]:
    """What was found, for a person to read; the last sentence is the verdict."""
    at = words.say("health.never") if found.last_beat is None else _moment(found.last_beat)
    yield words.say("health.beating" if found.is_beating else "health.not_beating", at=at)
    yield words.say("health.sweep", n=found.sweep.count, minutes=found.sweep.behind // 60)
    yield words.say("health.outbox", n=found.outbox.count, minutes=found.outbox.behind // 60, lines=found.lines)
    for one in found.failing:
        error = explain(delivery_words(), one.error)
        blanks = {"channel": words.say(f"channel.{one.channel}"), "since": _moment(one.since), "n": one.waiting}
        yield words.say("health.failing", error=error, **blanks)
    if found.quarantined:
        which = "、".join(matter_name(words, view, view.case(one)) for one in found.quarantined)
        yield words.say("health.quarantined", n=len(found.quarantined), which=which)
    if found.deaf:
        yield words.say("health.deaf", which="、".join(found.deaf))
    if found.dead:
        yield words.say("health.dead", n=found.dead)
    yield words.say(f"health.level_{found.level}")


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, SHANGHAI):%Y-%m-%d %H:%M}"


def as_json(found: Health) -> Mapping[str, Any]:
    """Everything that was found, with the verdict, as a monitor wants it."""
    return {**asdict(found), "level": found.level}


def _backlog(tx: Tx, since: Any, where: Any, now: int) -> Backlog:
    count, oldest = tx.connection.execute(select(func.count(), func.min(since)).where(where)).one()
    return Backlog(count, now - oldest if count else 0)


def _count(tx: Tx, table: Table, *where: Any) -> int:
    return int(tx.connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def _failing(tx: Tx) -> list[Failing]:
    """Channels with failed tries and not one success since the first envelope that failed.

    One bad address among good ones is no failing channel: the others went out.
    """
    failed = (ENVELOPE.c.state == QUEUED) & ENVELOPE.c.error.is_not(None)
    query = (
        select(ENVELOPE.c.channel, func.min(ENVELOPE.c.packed_at), func.count(), func.max(ENVELOPE.c.error))
        .where(failed)
        .group_by(ENVELOPE.c.channel)
        .order_by(ENVELOPE.c.channel)
    )
    found = [Failing(*row) for row in tx.connection.execute(query)]
    return [one for one in found if not _delivered_since(tx, one)]


def _delivered_since(tx: Tx, one: Failing) -> bool:
    sent = (ENVELOPE.c.channel == one.channel) & (ENVELOPE.c.state == SENT) & (ENVELOPE.c.sent_at >= one.since)
    return _count(tx, ENVELOPE, sent) > 0


def _deaf(view: View, now: int) -> Iterator[str]:
    """Organisations with live cases in which, as in those above, nobody is left to hear what all others miss."""
    query = select(sql.cases.c.organization_id).where(sql.cases.c.live == 1).distinct()
    for organization_id in view.tx.connection.execute(query.order_by(sql.cases.c.organization_id)).scalars():
        body = view.body(organization_id)
        if not last_resort(view, organization_id, local_day(now, body.settings.zone).isoformat()):
            yield body.name


def _quarantined(tx: Tx) -> tuple[int, ...]:
    query = select(QUARANTINE.c.case_id).where(QUARANTINE.c.released_at.is_(None)).order_by(QUARANTINE.c.id)
    return tuple(dict.fromkeys(tx.connection.execute(query).scalars()))
