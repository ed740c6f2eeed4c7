"""Plays the coming months on a copy with the clock moved: the original is only read, nothing leaves the house."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from sqlalchemy import insert, make_url, select
from sqlmodel import SQLModel

from desk.desk import Desk
from desk.forecast import moments
from desk.heard import Heard, heard_in, role_label, short_name
from desk.ladders import choose_for_organization
from desk.letters import addressee
from engine.canonical import loads
from engine.cases import CaseState
from engine.database import Database, Tx
from engine.organizations import organization
from engine.view import View
from engine.words import Words
from notifications.delivery import INBOX
from notifications.waiting import ENVELOPE, PERSON
from workflows.rectification.letters import LETTER, letter_name

# Characters of a matter's name in the summary: enough to know it, short enough for ten in a paragraph.
SHORT = 16

# A rule and a role, as on screen; what was last told to a person by it; the cells of a table.
Why = tuple[str, str]
Told = dict[tuple[str, Why], tuple[date, list[str]]]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One matter in a message: its case, the rule that spoke, and its deadline (ISO), if it has one."""

    case_id: int
    heard: Heard
    due_on: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the rehearsal, as its person got it."""

    day: date
    person: str
    spoken: tuple[Spoken, ...]


def copy_sqlite(source: str, target: Path) -> None:
    """The database at an address, byte by byte into a new file, while others may be writing to it.

    The source is opened for reading only: its last reader must not fold its log into it.
    Raises FileNotFoundError when there is none.
    """
    path = Path(make_url(source).database or "")
    if not path.exists():
        raise FileNotFoundError(str(path))
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def copy_rows(source: Database, target: Database) -> None:
    """Every row of one moment into a database that is migrated and empty, of whichever make."""
    one_moment = source.engine.connect().execution_options(isolation_level="REPEATABLE READ")
    with one_moment as there, target.begin() as here:
        for table in SQLModel.metadata.sorted_tables:
            query = select(table).order_by(*table.primary_key.columns)
            for rows in there.execute(query).mappings().partitions(500):
                here.connection.execute(insert(table), [dict(row) for row in rows])


def choose_ladder(desk: Desk, name: str, now: int) -> None:
    """Put every organisation of the copy on one ladder. Raises RefusedError: `no_such_ladder`."""
    with desk.database.read() as tx:
        everybody = list(tx.connection.execute(select(organization.c.id)).scalars())
    for one in everybody:
        choose_for_organization(desk, one, name, now)


def play(desk: Desk, beat: Callable[[int], None], now: int, until: int) -> list[Message]:
    """Beat through the time from `now` to `until` (epoch seconds UTC); the messages that arose, in order."""
    with desk.database.read() as tx:
        before = set(tx.connection.execute(select(ENVELOPE.c.id)).scalars())
        instants = moments(tx, now, until)
    for at in instants:
        beat(at)
    with desk.database.read() as tx:
        return _messages(tx, desk, before)


def _messages(tx: Tx, desk: Desk, before: set[str]) -> list[Message]:
    """Everybody has an inbox: what lies there is what each person was told."""
    columns = [ENVELOPE.c[name] for name in ("id", "person_id", "day", "lines")]
    query = (
        select(*columns, PERSON.c.name)
        .join(PERSON, PERSON.c.id == ENVELOPE.c.person_id)
        .where(ENVELOPE.c.channel == INBOX)
        .order_by(ENVELOPE.c.day, PERSON.c.rank_order, PERSON.c.id, ENVELOPE.c.lane)
    )
    rows = [row for row in tx.connection.execute(query) if row.id not in before]
    return [
        Message(
            date.fromisoformat(row.day),
            row.name,
            tuple(_spoken(tx, desk, loads(row.lines))),
        )
        for row in rows
    ]


def _spoken(tx: Tx, desk: Desk, keys: Sequence[str]) -> Iterable[Spoken]:
    view = desk.runtime.view(tx)
    for key in keys:
        heard = heard_in(view, key)
        yield Spoken(heard.case_id, heard, view.case(heard.case_id).due_on)


def summary(desk: Desk, messages: Sequence[Message], title: str) -> str:
    """The rehearsal to be read, as Markdown: what the rules do, the letters, the days."""
    words = desk.words
    people = len({one.person for one in messages})
    with desk.database.read() as tx:
        view = desk.runtime.view(tx)
        blocks = [
            f"# {title}",
            words.say("rehearsal.counts", n=len(messages), people=people),
            *_rules_text(words, view, messages),
            *_letters_text(words, view, messages),
            *_days_text(words, view, messages),
        ]
    return "\n\n".join(blocks) + "\n"


def _rules_text(words: Words, view: View, messages: Iterable[Message]) -> list[str]:
    """Who hears by which rule, how many matters in all, and from when to when."""
    found: dict[Why, list[date]] = {}
    for message in messages:
        for one in message.spoken:
            found.setdefault(_why(words, view, one), []).append(message.day)
    rows = [(*why, str(len(days)), min(days).isoformat(), max(days).isoformat()) for why, days in found.items()]
    return [words.say("rehearsal.rules"), _table(words.say("rehearsal.rules_head"), rows)] if rows else []


def _letters_text(words: Words, view: View, messages: Iterable[Message]) -> list[str]:
    """Every letter with its number, oldest first."""
    ids = {one.case_id for message in messages for one in message.spoken}
    found = [view.case(one) for one in sorted(ids) if view.case(one).kind == LETTER]
    rows = [_letter_cells(words, view, one) for one in found]
    return [words.say("rehearsal.letters"), _table(words.say("rehearsal.letters_head"), rows)] if rows else []


def _letter_cells(words: Words, view: View, letter: CaseState) -> Row:
    fields = view.fields(letter)
    about = short_name(words, view, view.root(letter), SHORT)
    return fields["issued_on"], letter_name(fields), about, addressee(view, letter), letter.due_on or ""


def _table(head: str, rows: Iterable[Row]) -> str:
    """Markdown; `head` has its cells between vertical bars already."""
    rule = "|---" * (head.count("|") - 1) + "|"
    return "\n".join([head, rule, *("| " + " | ".join(row) + " |" for row in rows)])


def _days_text(words: Words, view: View, messages: Iterable[Message]) -> Iterable[str]:
    """A day a block. What a person is told again, word for word, is counted and not told again here."""
    told: Told = {}
    for day, of_day in groupby(messages, lambda one: one.day):
        lines = [f"## {dated(words, day)}", ""]
        for message in of_day:
            groups = _groups(words, view, message.spoken)
            said = [_said(words, told, message, why, matters) for why, matters in groups.items()]
            lines.append(f"- **{message.person}** {words.say('rehearsal.group_separator').join(said)}")
        yield "\n".join(lines)


def _groups(words: Words, view: View, spoken: Iterable[Spoken]) -> Mapping[Why, list[str]]:
    """By rule and role, everything it speaks of: a leader reads ten overdue matters at a glance."""
    groups: dict[Why, list[str]] = {}
    for one in spoken:
        due = words.say("rehearsal.due", due_on=one.due_on) if one.due_on else ""
        matter = short_name(words, view, view.case(one.case_id), SHORT) + due
        matters = groups.setdefault(_why(words, view, one), [])
        if matter not in matters:
            matters.append(matter)
    return groups


def _said(words: Words, told: Told, message: Message, why: Why, matters: list[str]) -> str:
    rule, role = why
    before, known = told.get((message.person, why), (message.day, []))
    told[message.person, why] = (message.day, matters)
    n = len(matters)
    if matters == known:
        return words.say("rehearsal.group_again", rule=rule, role=role, n=n, day=before.isoformat())
    return words.say("rehearsal.group", rule=rule, role=role, n=n, matters="；".join(matters))


def _why(words: Words, view: View, spoken: Spoken) -> Why:
    return words.label(spoken.heard.label), role_label(words, view, spoken.heard.role)


def dated(words: Words, day: date) -> str:
    return words.say("rehearsal.day", day=day.isoformat(), weekday=words.say(f"weekday.{day.weekday()}"))
