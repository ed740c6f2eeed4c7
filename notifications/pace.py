"""Keeps to what the far side of a channel takes in a minute, also when two workers send at once."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import and_, func, or_, select

from engine.database import Tx
from notifications.channels.base import Channel
from notifications.waiting import ENVELOPE

MINUTE = 60
# Any number that no other lock of this database has.
LOCK = 7_240_020


def room(tx: Tx, now: int, channels: Mapping[str, Channel]) -> dict[str, int]:
    """How many envelopes each limited channel may still claim at `now`; unlimited ones are not in it.

    Counted from the envelopes themselves: those sent in the last minute and those on their way. Both count from
    the instant of their claim, so a far side that slows down may see a few more than its number in one minute;
    its answer is then `rate_limited`, and they are sent later. Until the end of the transaction no other worker
    counts.
    """
    limits = {name: channel.per_minute for name, channel in channels.items() if channel.per_minute is not None}
    if not limits:
        return {}
    _wait_for_the_others(tx)
    used = _used(tx, now, limits)
    return {name: max(limit - used[name], 0) for name, limit in limits.items()}


def within(room_left: Mapping[str, int], claims: Iterable[tuple[str, str]]) -> list[str]:
    """Of (id, channel) in their order, the ids for which there is room."""
    taken: Counter[str] = Counter()
    ids = []
    for envelope_id, channel in claims:
        taken[channel] += 1
        if taken[channel] <= room_left.get(channel, taken[channel]):
            ids.append(envelope_id)
    return ids


def _used(tx: Tx, now: int, names: Iterable[str]) -> Counter[str]:
    sent = and_(ENVELOPE.c.state == "sent", ENVELOPE.c.sent_at > now - MINUTE)
    on_its_way = and_(ENVELOPE.c.state == "queued", ENVELOPE.c.lease_until > now)
    query = (
        select(ENVELOPE.c.channel, func.count())
        .where(ENVELOPE.c.channel.in_(list(names)), or_(sent, on_its_way))
        .group_by(ENVELOPE.c.channel)
    )
    return Counter({row[0]: row[1] for row in tx.connection.execute(query)})


def _wait_for_the_others(tx: Tx) -> None:
    """SQLite has one writer anyway; on PostgreSQL two claims at once would count the same room."""
    if not tx.is_sqlite:
        tx.connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
