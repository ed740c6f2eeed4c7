"""What was done to an account, by whom and when: written as it happens, never changed, shown beside the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import insert, select

from desk.tables import account_record
from engine.commands import SYSTEM
from engine.database import Tx
from engine.organizations import names

# `opened` and `reset` by handing out a password, `set` by whoever runs the machine, `changed` by the person.
Act = Literal["opened", "reset", "set", "changed", "unlocked"]
# Whoever may use the command line of the machine.
CONSOLE = f"{SYSTEM}console"


@dataclass(frozen=True, slots=True)
class Noted:
    """One act: `by` is a person's name, empty for the machine's own command line; `at` epoch seconds."""

    act: Act
    by: str
    at: int


def note(tx: Tx, person_id: int, act: Act, actor: str, now: int) -> None:
    """In the transaction of the act itself: neither is there without the other."""
    values = {"person_id": person_id, "act": act, "actor": actor, "at": now}
    tx.connection.execute(insert(account_record).values(values))


def record_of(tx: Tx, person_id: int) -> Sequence[Noted]:
    """All that was done to somebody's account, the newest first."""
    mine = select(account_record).where(account_record.c.person_id == person_id)
    rows = tx.connection.execute(mine.order_by(account_record.c.id.desc())).all()
    called = names(tx, [int(row.actor) for row in rows if not row.actor.startswith(SYSTEM)])
    return [Noted(row.act, "" if row.actor.startswith(SYSTEM) else called[int(row.actor)], row.at) for row in rows]
