"""What was sent about one problem: to whom, over which channel, when, and by which rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from desk.heard import heard_in, rule_sentence
from engine.canonical import loads
from engine.view import View
from engine.words import Words
from notifications.waiting import ENVELOPE, PERSON

MOST = 300  # envelopes on one page


@dataclass(frozen=True, slots=True)
class Sent:
    """One message about the problem. `at` epoch seconds when it was packed; `state` queued, sent or dead."""

    person: str
    channel: str
    at: int
    state: str
    why: str


def messages_sent(words: Words, view: View, root_id: int) -> list[Sent]:
    """Newest first, a row for each rule that an envelope speaks of."""
    found = select(
        ENVELOPE.c.lines, ENVELOPE.c.channel, ENVELOPE.c.packed_at, ENVELOPE.c.state, PERSON.c.name
    ).join(PERSON, PERSON.c.id == ENVELOPE.c.person_id)
    # A line's key begins with the dossier it is about; keys stand in quotes in the list.
    about = found.where(ENVELOPE.c.lines.contains(f'"{root_id}:', autoescape=True))
    rows = view.tx.connection.execute(about.order_by(ENVELOPE.c.packed_at.desc(), ENVELOPE.c.id).limit(MOST))
    return [one for row in rows for one in _told(words, view, root_id, row)]


def _told(words: Words, view: View, root_id: int, row: Sequence[Any]) -> Iterator[Sent]:
    lines, channel, at, state, person = row
    for key in loads(lines):
        if key.startswith(f"{root_id}:"):
            yield Sent(person, channel, at, state, rule_sentence(words, view, heard_in(view, key)))
