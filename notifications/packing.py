"""Packs a person's waiting lines into one frozen envelope per channel, lane and day: no dozen mails a morning."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from engine.canonical import dumps
from engine.database import Tx
from engine.working_days import local_day
from notifications import digest
from notifications.delivery import Delivery, Describe, WaitingLine
from notifications.messages import Facts
from notifications.waiting import ENVELOPE, LINE, Batch, already_packed, batches

DAY = 24 * 3600

Answer = Facts | Exception | None


@dataclass(frozen=True)
class Kept:
    """A line that nobody was told: a reason word of words.toml, and the error behind it if there was one."""

    key: str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Packed:
    """What became of one person's lines on one lane.

    `lines` went into `envelopes` (Message-IDs); `void` were dropped because their matter is done; `left` wait.
    """

    person_id: int
    lane: str
    day: date
    envelopes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    void: tuple[Kept, ...] = ()
    left: tuple[Kept, ...] = ()


@dataclass
class _Sorted:
    """The lines of a batch, told apart."""

    items: list[digest.Item] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    void: list[Kept] = field(default_factory=list)
    left: list[Kept] = field(default_factory=list)

    def beaten(self) -> "_Sorted":
        """The same when another packer has made today's envelope meanwhile: nothing told, all that was waits."""
        return _Sorted(void=self.void, left=[*self.left, *(Kept(key, "already_today") for key in self.told)])


def pack(tx: Tx, now: int, delivery: Delivery) -> list[Packed]:
    """Pack everybody who may be told at `now`, in the caller's transaction.

    Lines wait, with their reason, when today's envelope exists (`already_today`), when the person has left
    (`person_left`, until the door addresses them anew) and when facts or text fail (`no_facts`, `no_text`).
    Organisations outside their sending window are not looked at and not reported.
    """
    found = batches(tx, now, delivery)
    if not found:
        return []
    reasons = _reasons_to_wait(tx, found)
    ready = [batch for batch, reason in zip(found, reasons, strict=True) if not reason]
    facts = _described(tx, [line for batch in ready for line in batch.lines], delivery.describe)
    return [
        _all_left(batch, reason) if reason else _settle(tx, now, delivery, batch, facts)
        for batch, reason in zip(found, reasons, strict=True)
    ]


def message_id(person_id: int, channel: str, lane: str, day: date, domain: str) -> str:
    """The id of the one envelope there can be; a folder whose files are named by it sorts by day."""
    mark = hashlib.sha256(f"{person_id}|{channel}|{lane}|{day.isoformat()}".encode()).hexdigest()[:32]
    return f"<{day.isoformat()}.{lane}.{mark}@{domain}>"


def _reasons_to_wait(tx: Tx, found: Sequence[Batch]) -> list[str]:
    packed = already_packed(tx, found)
    return [_reason_to_wait(batch, packed) for batch in found]


def _reason_to_wait(batch: Batch, packed: set[tuple[int, str, str]]) -> str:
    today, last_day = batch.office.day.isoformat(), batch.person.active_until
    if last_day and last_day < today:
        return "person_left"
    return "already_today" if (batch.person.id, batch.lane, today) in packed else ""


def _all_left(batch: Batch, reason: str) -> Packed:
    left = tuple(Kept(line.key, reason) for line in batch.lines)
    return Packed(batch.person.id, batch.lane, batch.office.day, left=left)


def _described(tx: Tx, lines: Sequence[WaitingLine], describe: Describe) -> Mapping[str, Answer]:
    """All at once; only if that fails one by one, so that one unreadable matter silences nobody else."""
    whole = _asked(tx, lines, describe)
    if not isinstance(whole, Exception):
        return whole
    alone = ((line.key, _asked(tx, [line], describe)) for line in lines)
    return {key: answer if isinstance(answer, Exception) else answer[key] for key, answer in alone}


def _asked(tx: Tx, lines: Sequence[WaitingLine], describe: Describe) -> Mapping[str, Facts | None] | Exception:
    try:
        with tx.connection.begin_nested():  # PostgreSQL refuses all further work after an error otherwise
            answers = describe(tx, lines)
            return {line.key: answers[line.key] for line in lines}
    except Exception as error:
        return error


def _settle(tx: Tx, now: int, delivery: Delivery, batch: Batch, facts: Mapping[str, Answer]) -> Packed:
    """Write what one batch comes to; a packer that was faster (PostgreSQL) leaves our lines waiting."""
    apart = _sort(batch, facts, delivery)
    _drop(tx, [kept.key for kept in apart.void])
    rows = _envelopes(batch, apart, now, delivery) if apart.items else []
    if rows and not _sealed(tx, rows, apart.told):
        rows, apart = [], apart.beaten()
    return Packed(
        batch.person.id,
        batch.lane,
        batch.office.day,
        envelopes=tuple(row["id"] for row in rows),
        lines=tuple(apart.told),
        void=tuple(apart.void),
        left=tuple(apart.left),
    )


def _sort(batch: Batch, facts: Mapping[str, Answer], delivery: Delivery) -> _Sorted:
    apart = _Sorted()
    for line in batch.lines:
        match facts[line.key]:
            case None:
                apart.void.append(Kept(line.key, "matter_done"))
            case Exception() as error:
                apart.left.append(Kept(line.key, "no_facts", repr(error)))
            case known:
                _put(apart, batch, line, known, delivery)
    return apart


def _put(apart: _Sorted, batch: Batch, line: WaitingLine, facts: Facts, delivery: Delivery) -> None:
    try:
        apart.items.append(_item(batch, line, facts, delivery))
        apart.told.append(line.key)
    except Exception as error:  # one broken template must not silence the others
        apart.left.append(Kept(line.key, "no_text", repr(error)))


def _item(batch: Batch, line: WaitingLine, facts: Facts, delivery: Delivery) -> digest.Item:
    today = batch.office.day
    due_on = date.fromisoformat(facts["due_on"]) if facts.get("due_on") else None
    reminder = line.rule in delivery.reminders
    counted = {"today": today.isoformat(), "days_left": (due_on - today).days if due_on else None}
    return digest.Item(
        case_id=line.case_id,
        text=delivery.messages.line_text(line.rule, {**facts, **counted}),
        reasons=(digest.Reason(facts["rule_label"], facts["role_label"]),),
        due_on=due_on if reminder else None,
        link=delivery.link(facts.get("path", "")),
        late_since=_late_since(line, batch, delivery),
        number=facts.get("number", ""),
        reminder=reminder,
    )


def _late_since(line: WaitingLine, batch: Batch, delivery: Delivery) -> date | None:
    """The day the line should have been told, once the sending day after that one is past, too.

    The second day is no delay: a line that arises after the day's digest goes into the next one.
    """
    window = delivery.window_of(batch.office.id)
    first = window.next_open(line.not_before, delivery.calendar)
    second = window.next_open(first + DAY, delivery.calendar)
    return local_day(first, window.zone) if local_day(second, window.zone) < batch.office.day else None


def _envelopes(batch: Batch, apart: _Sorted, now: int, delivery: Delivery) -> list[dict[str, Any]]:
    today = batch.office.day
    content = digest.Digest(
        batch.person.name, batch.office.name, batch.lane, today, digest.arrange(apart.items, today)
    )
    shared = {
        "person_id": batch.person.id,
        "lane": batch.lane,
        "day": today.isoformat(),
        "subject": digest.subject(content),
        "lines": dumps(apart.told),
        "state": "queued",
        "attempts": 0,
        "next_try": now,
        "lease_until": 0,
        "fence": 0,
        "packed_at": now,
    }
    return [
        {
            **shared,
            "id": message_id(batch.person.id, channel, batch.lane, today, delivery.domain),
            "channel": channel,
            "address": address,
            # Sealed in already: what must not leave the house is not in the envelope that does.
            "body": digest.brief(content) if delivery.channels[channel].brief else digest.body(content),
        }
        for channel, address in delivery.addresses(batch.person, today).items()
    ]


def _sealed(tx: Tx, rows: list[dict[str, Any]], told: Iterable[str]) -> bool:
    """Envelopes in and lines out together; False when another packer has made today's envelope meanwhile."""
    try:
        with tx.connection.begin_nested():
            tx.connection.execute(insert(ENVELOPE), rows)
            _drop(tx, told)
    except IntegrityError:
        return False
    return True


def _drop(tx: Tx, keys: Iterable[str]) -> None:
    tx.connection.execute(delete(LINE).where(LINE.c.key.in_(list(keys))))
