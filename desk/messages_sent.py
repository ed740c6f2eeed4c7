"""What was sent about one problem: to whom, over which channel, when, and by which rule."""

from dataclasses import dataclass

from sqlalchemy import select

from desk.heard import heard_in, rule_sentence
from engine.canonical import loads
from engine.view import View
from engine.words import Words
from notifications.waiting import ENVELOPE, PERSON

MOST = 300  # envelopes on one page


@dataclass(frozen=True, slots=True)
class Sent:
    """One message about the problem. `at` epoch seconds when it was packed; `channels` each with its state: queued,
    sent or dead."""

    person: str
    at: int
    why: str
    channels: tuple[tuple[str, str], ...]


def messages_sent(words: Words, view: View, root_id: int) -> list[Sent]:
    """Newest first, a row for each rule that somebody was told of, over whatever channels."""
    found = select(
        ENVELOPE.c.lines, ENVELOPE.c.channel, ENVELOPE.c.packed_at, ENVELOPE.c.state, PERSON.c.name
    ).join(PERSON, PERSON.c.id == ENVELOPE.c.person_id)
    # A line's key begins with the dossier it is about; keys stand in quotes in the list.
    about = found.where(ENVELOPE.c.lines.contains(f'"{root_id}:', autoescape=True))
    rows = view.tx.connection.execute(about.order_by(ENVELOPE.c.packed_at.desc(), ENVELOPE.c.id).limit(MOST))
    told: dict[tuple[str, int, str], list[tuple[str, str]]] = {}
    for lines, channel, at, state, person in rows:
        for key in (one for one in loads(lines) if one.startswith(f"{root_id}:")):
            told.setdefault((person, at, key), []).append((channel, state))
    return [
        Sent(person, at, rule_sentence(words, view, heard_in(view, key)), tuple(sorted(channels)))
        for (person, at, key), channels in told.items()
    ]
