"""Sends queued envelopes outside any transaction, leased and fenced, so that no crash loses or doubles one."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal_column, select, update

from engine.database import Database, Tx
from notifications.channels.base import Outcome, Refused, Retry, Sealed, Sent
from notifications.delivery import Delivery, Patience
from notifications.pace import room, within
from notifications.waiting import ENVELOPE

log = logging.getLogger(__name__)

# Spelled out, not bound: only so does the database take the partial index on queued envelopes.
QUEUED = ENVELOPE.c.state == literal_column("'queued'")


@dataclass(frozen=True)
class Put:
    """Not tried in this pass, because its channel had just failed for this reason."""

    reason: str


@dataclass(frozen=True)
class Delivered:
    """What became of one envelope: `sent`, `queued` for a later try, `dead`, or `late` (another has taken over)."""

    envelope_id: str
    person_id: int
    channel: str
    state: str
    error: str | None = None


def dispatch(database: Database, now: int, delivery: Delivery, holder: str, limit: int = 20) -> list[Delivered]:
    """Claim up to `limit` envelopes that are due at `now`, send them, mark them. `holder` names us in the log.

    Call it again with a fresh `now` until nothing comes back: what failed is due later, so it ends.
    `limit` times a slow send must stay below the lease: what outlasts it is taken over and sent again, with
    the same id.
    """
    with database.begin() as tx:
        claimed = _claim(tx, now, delivery, limit)
    done: list[Delivered] = []
    down: dict[str, str] = {}
    for envelope in claimed:
        outcome = Put(down[envelope.channel]) if envelope.channel in down else _send(delivery, envelope)
        if isinstance(outcome, Retry) and outcome.channel_down:
            down[envelope.channel] = outcome.reason
        done.append(_mark(database, envelope, _columns(envelope, outcome, now, delivery.patience)))
    _log(done, holder)
    return done


def _claim(tx: Tx, now: int, delivery: Delivery, limit: int) -> list[Sealed]:
    free = room(tx, now, delivery.channels)
    full = [channel for channel, left in free.items() if not left]
    due = tx.connection.execute(_due(now, full, limit))
    ids = within(free, ((row.id, row.channel) for row in due))
    lease = {"lease_until": now + delivery.patience.lease, "fence": ENVELOPE.c.fence + 1}
    tx.connection.execute(update(ENVELOPE).where(ENVELOPE.c.id.in_(ids)).values(lease))
    columns = [ENVELOPE.c[name] for name in Sealed.__dataclass_fields__]
    mine = select(*columns).where(ENVELOPE.c.id.in_(ids)).order_by(ENVELOPE.c.next_try, ENVELOPE.c.id)
    return [Sealed(*row) for row in tx.connection.execute(mine)]


def _due(now: int, full: Sequence[str], limit: int) -> Select[tuple[str, str]]:
    """Those of a full channel are passed over: a thousand of them must not keep the mail from going out."""
    return (
        select(ENVELOPE.c.id, ENVELOPE.c.channel)
        .where(QUEUED, ENVELOPE.c.next_try <= now, ENVELOPE.c.lease_until <= now, ENVELOPE.c.channel.not_in(full))
        .order_by(ENVELOPE.c.next_try, ENVELOPE.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _send(delivery: Delivery, envelope: Sealed) -> Outcome:
    channel = delivery.channels.get(envelope.channel)
    if channel is None:
        return Retry("channel_missing", envelope.channel)
    try:
        return channel.send(envelope)
    except Exception as error:  # a faulty channel steps aside, the others go on
        return Retry("channel_failed", repr(error))


def _columns(envelope: Sealed, outcome: Outcome | Put, now: int, patience: Patience) -> dict[str, Any]:
    """What the outcome writes into the row; pure."""
    attempts = envelope.attempts + 1
    match outcome:
        case Sent():
            return {"state": "sent", "attempts": attempts, "sent_at": now, "error": None}
        case Refused():
            return {"state": "dead", "attempts": attempts, "error": _error(outcome)}
        case Retry() if attempts >= patience.attempts:
            return {"state": "dead", "attempts": attempts, "error": f"too_many_attempts: {_error(outcome)}"}
        case Retry():
            wait = patience.wait(attempts)
            return _again(now + wait) | {"attempts": attempts, "error": _error(outcome)}
        case Put():
            return _again(now + patience.first_wait) | {"error": outcome.reason}


def _again(next_try: int) -> dict[str, Any]:
    return {"state": "queued", "next_try": next_try, "lease_until": 0}


def _error(outcome: Refused | Retry) -> str:
    return f"{outcome.reason}: {outcome.detail}" if outcome.detail else outcome.reason


def _mark(database: Database, envelope: Sealed, columns: Mapping[str, Any]) -> Delivered:
    """Write the outcome if the envelope is still ours; a worker that was paused beyond its lease writes nothing."""
    ours = (ENVELOPE.c.id == envelope.id) & (ENVELOPE.c.fence == envelope.fence)
    with database.begin() as tx:
        marked = tx.connection.execute(update(ENVELOPE).where(ours).values(columns)).rowcount
    if not marked:
        return Delivered(envelope.id, envelope.person_id, envelope.channel, "late", "lease_lost")
    return Delivered(envelope.id, envelope.person_id, envelope.channel, columns["state"], columns["error"])


def _log(done: Iterable[Delivered], holder: str) -> None:
    for one in done:
        if one.error:
            log.warning("%s: %s over %s is %s: %s", holder, one.envelope_id, one.channel, one.state, one.error)
