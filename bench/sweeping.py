"""T4 and T5: the sweep when one case in a hundred is due, and when none is."""

from functools import partial
from statistics import median

from sqlalchemy import text

from bench.advance import Size
from bench.office import LATER, OPENED_AT, OPENED_ON, Office
from bench.raw import RawSqlite
from bench.timing import seconds
from engine.sweep import sweep

WEEK = 7 * 24 * 3600
# Of the measures; of all cases, of which every second one is a measure, one in a hundred.
ONE_IN = 50
IDLE = 50


def due_and_idle(office: Office, size: Size) -> dict[str, float]:
    """T4 as a multiple of two statements that write no history, T4b of raw statements that write the same rows;
    T5 in milliseconds."""
    now = OPENED_AT + WEEK
    idle = median(seconds(lambda: sweep(office.database, office.runtime, OPENED_AT)) for _ in range(IDLE))
    by_hand = RawSqlite(office.database.url.removeprefix("sqlite:///"), "NORMAL")
    # The first dossier, which the others are copies of, is due by then and is nobody's share.
    sweep(office.database, office.runtime, now)
    bare, whole = [], []
    for number in range(min(size.rounds, 5)):
        _make_due(office, 3 * number)
        limit = seconds(lambda: by_hand.sweep(now))
        _make_due(office, 3 * number + 1)
        by_rows = seconds(lambda: by_hand.sweep_with_history(now))
        due = _make_due(office, 3 * number + 2)
        ours = seconds(partial(_sweep_all, office, now, due))
        bare.append(ours / limit)
        whole.append(ours / by_rows)
    by_hand.connection.close()
    return {"T4": median(bare), "T4b": median(whole), "T5": idle * 1000}


def _sweep_all(office: Office, now: int, wanted: int) -> None:
    swept = sweep(office.database, office.runtime, now)
    if swept.fired != wanted:
        raise RuntimeError(f"{wanted} cases were due, and the sweep did {swept}")


def _make_due(office: Office, remainder: int) -> int:
    """One in fifty of the open measures becomes due, another one each time: its work began three days earlier."""
    with office.database.begin() as tx:
        changed = tx.connection.execute(
            text(
                "UPDATE cases SET started_on = :on, next_alert_at = next_alert_at - :later "
                "WHERE kind = 'measure' AND state = 'open' AND id > :first AND id / 2 % :one_in = :remainder"
            ),
            {"on": OPENED_ON, "later": LATER, "first": office.measure, "one_in": ONE_IN, "remainder": remainder},
        )
        return changed.rowcount
