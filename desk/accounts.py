"""Who may log in and who is logged in: passwords, guesses counted in the database, sessions kept on the server."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import bindparam, delete, insert, select, update

from desk.account_record import note
from desk.desk import Desk, RefusedError
from desk.finding import NotFoundError, find_person
from desk.tables import account, failed_log_in, session
from engine.commands import Refusal
from engine.database import Statement, Tx
from engine.organizations import person
from engine.view import FOR_GOOD, View
from engine.working_days import local_day

MINUTE = 60
HOUR = 60 * MINUTE
# Wrong guesses within the window before the door stays shut; a shared address serves a whole office.
WINDOW = 15 * MINUTE
MOST_FOR_ACCOUNT = 5
MOST_FROM_ADDRESS = 30
# A session ends after a working day, and earlier where nobody touches it.
LONGEST = 12 * HOUR
LONGEST_IDLE = 2 * HOUR
# Not every click is worth a write.
SEEN_EVERY = 5 * MINUTE
SHORTEST_PASSWORD = 10
# Read out over a telephone and typed once: nothing that looks like something else.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
# Compiled once: every page asks this.
GET_SESSION = Statement(
    select(session.c.person_id, session.c.posts, session.c.started_at, session.c.seen_at, session.c.flash)
    .add_columns(account.c.handed_out)
    .outerjoin(account, account.c.person_id == session.c.person_id)
    .where(session.c.token_hash == bindparam("token_hash"))
)


@dataclass(frozen=True, slots=True)
class Session:
    """Who stands behind a cookie, and the sentence that is to be shown to them once.

    `must_change`: they came in with a password that was handed out, and choose their own before anything else.
    """

    token_hash: str
    person_id: int
    flash: str | None
    must_change: bool


def set_password(desk: Desk, person_id: int, password: str, now: int, keep: str = "", by: str = "") -> None:
    """Give a person a password, and end every session of theirs but the one whose token is `keep`.

    `by` is who sets it for them; empty: they themselves. Raises RefusedError `password_short`.
    """
    if len(password) < SHORTEST_PASSWORD:
        refusal = Refusal("password_short", {"n": SHORTEST_PASSWORD})
        raise RefusedError(refusal, desk.explain(refusal))
    hashed = _hasher().hash(password)
    with desk.database.begin() as tx:
        _put(tx, person_id, hashed, now, keep)
        note(tx, person_id, "set" if by else "changed", by or str(person_id), now)


def hand_out_password(desk: Desk, person_id: int, by: str, now: int) -> str:
    """A new password for somebody who has none or forgot theirs, in clear: it is kept nowhere else.

    It must be changed at the next log-in. Their sessions end, and so does the wait after too many wrong guesses.
    """
    password = "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
    hashed = _hasher().hash(password)
    with desk.database.begin() as tx:
        note(tx, person_id, "reset" if accounts(tx, [person_id]) else "opened", by, now)
        _put(tx, person_id, hashed, now, handed_out=True)
        if _unlocked(tx, person_id, now):
            note(tx, person_id, "unlocked", by, now)
    return password


def _put(tx: Tx, person_id: int, hashed: str, now: int, keep: str = "", *, handed_out: bool = False) -> None:
    """The account with this hash; every session ends but the one whose token is `keep`."""
    tx.connection.execute(delete(account).where(account.c.person_id == person_id))
    row = {"person_id": person_id, "password_hash": hashed, "changed_at": now, "handed_out": int(handed_out)}
    tx.connection.execute(insert(account).values(row))
    others = delete(session).where(session.c.person_id == person_id, session.c.token_hash != _digest(keep))
    tx.connection.execute(others)


def _unlocked(tx: Tx, person_id: int, now: int) -> bool:
    """Forget the wrong guesses at a person; whether they kept the door shut."""
    called = tx.connection.execute(select(person.c.key, person.c.name).where(person.c.id == person_id)).one()
    subjects = [_account_subject(one) for one in called]
    was_locked = any(_opens_at(tx, one, MOST_FOR_ACCOUNT, now) > now for one in subjects)
    tx.connection.execute(delete(failed_log_in).where(failed_log_in.c.subject.in_(subjects)))
    return was_locked


def check_password(desk: Desk, person_id: int, password: str) -> bool:
    with desk.database.read() as tx:
        found = _hash_of(tx, person_id)
    return _hasher().verify(password, found or _nobodys_hash()) and found is not None


def log_in(desk: Desk, name: str, password: str, address: str, now: int) -> str:
    """The token of a new session, for a person by key or full name.

    Raises RefusedError: `locked` with the minutes to wait, or `wrong_password`, which does not tell whether there
    is such a person.
    """
    subjects = {_account_subject(name): MOST_FOR_ACCOUNT, _digest(f"address:{address}"): MOST_FROM_ADDRESS}
    _refuse_locked(desk, subjects, now)
    person_id = _person(desk, name, now)
    if not check_password(desk, person_id, password):
        _note_failure(desk, subjects, now)
        _refuse(desk, Refusal("wrong_password"))
    return _begin(desk, person_id, next(iter(subjects)), now)


def log_out(desk: Desk, token: str) -> None:
    with desk.database.begin() as tx:
        tx.connection.execute(delete(session).where(session.c.token_hash == _digest(token)))


def end_sessions(desk: Desk, person_id: int) -> None:
    """Log a person out everywhere."""
    with desk.database.begin() as tx:
        tx.connection.execute(delete(session).where(session.c.person_id == person_id))


def session_of(desk: Desk, token: str, now: int) -> Session | None:
    """Who stands behind a token; None when it is over: logged out, too old, idle, or the posts have changed."""
    token_hash = _digest(token)
    with desk.database.read() as tx:
        rows = tx.run(GET_SESSION, {"token_hash": token_hash})
        if not rows:
            return None
        [(person_id, posts, started_at, seen_at, flash, handed_out)] = rows
        if now - started_at > LONGEST or now - seen_at > LONGEST_IDLE:
            return None
        if posts != posts_print(desk.runtime.view(tx), person_id, now):
            return None
    if now - seen_at > SEEN_EVERY:
        _touch(desk, token_hash, seen_at=now)
    return Session(token_hash, person_id, flash, bool(handed_out))


def say_once(desk: Desk, of: Session, sentence: str | None) -> None:
    """Keep a sentence for the next page of a session, or take it away."""
    _touch(desk, of.token_hash, flash=sentence)


def posts_print(view: View, person_id: int, now: int) -> str:
    """A fingerprint of the posts in force and of whether the person is still here."""
    day = local_day(now, zone_of(view, person_id)).isoformat()
    return view.of_house(("posts_print", person_id, day), lambda _: _posts_print(view, person_id, day))


def _posts_print(view: View, person_id: int, day: str) -> str:
    rows = [row[:3] for row in view.posts(person_id) if row[3] <= day <= (row[4] or FOR_GOOD)]
    held = sorted(rows, key=lambda row: (row[0], row[1] or 0, row[2]))
    return _digest(f"{view.is_here(person_id, day)}{held}")


def accounts(tx: Tx, ids: Iterable[int]) -> set[int]:
    """Those of these people who have a password."""
    wanted = select(account.c.person_id).where(account.c.person_id.in_(list(ids)))
    return set(tx.connection.scalars(wanted))


def zone_of(view: View, person_id: int) -> ZoneInfo:
    """Of the organisation that a person belongs to."""
    return view.body(view.person(person_id).organization_id).settings.zone


def _touch(desk: Desk, token_hash: str, **values: int | str | None) -> None:
    with desk.database.begin() as tx:
        tx.connection.execute(update(session).where(session.c.token_hash == token_hash).values(**values))


def _begin(desk: Desk, person_id: int, subject: str, now: int) -> str:
    token = secrets.token_urlsafe(32)
    row = {"token_hash": _digest(token), "person_id": person_id, "started_at": now, "seen_at": now}
    with desk.database.begin() as tx:
        tx.connection.execute(delete(failed_log_in).where(failed_log_in.c.subject == subject))
        tx.connection.execute(delete(failed_log_in).where(failed_log_in.c.at < now - WINDOW))
        tx.connection.execute(delete(session).where(session.c.started_at < now - LONGEST))
        posts = posts_print(desk.runtime.view(tx), person_id, now)
        tx.connection.execute(insert(session).values(posts=posts, **row))
    return token


def _person(desk: Desk, name: str, now: int) -> int:
    """Whose name it is, 0 for nobody's: what follows takes as long as for somebody's."""
    with desk.database.read() as tx:
        try:
            found = find_person(tx, name)
        except NotFoundError:
            return 0
        view = desk.runtime.view(tx)
        return found if view.is_here(found, local_day(now, zone_of(view, found)).isoformat()) else 0


def _refuse_locked(desk: Desk, subjects: dict[str, int], now: int) -> None:
    with desk.database.read() as tx:
        opens = max(_opens_at(tx, subject, most, now) for subject, most in subjects.items())
    if opens > now:
        _refuse(desk, Refusal("locked", {"minutes": -(-(opens - now) // MINUTE)}))


def _opens_at(tx: Tx, subject: str, most: int, now: int) -> int:
    """When the next guess is allowed: once the oldest of the last `most` has left the window."""
    recent = (
        select(failed_log_in.c.at)
        .where(failed_log_in.c.subject == subject, failed_log_in.c.at > now - WINDOW)
        .order_by(failed_log_in.c.at.desc())
        .offset(most - 1)
        .limit(1)
    )
    return (tx.connection.scalar(recent) or now - WINDOW) + WINDOW


def _note_failure(desk: Desk, subjects: Iterable[str], now: int) -> None:
    with desk.database.begin() as tx:
        tx.connection.execute(insert(failed_log_in), [{"subject": one, "at": now} for one in subjects])


def _refuse(desk: Desk, refusal: Refusal) -> None:
    raise RefusedError(refusal, desk.explain(refusal))


def _hash_of(tx: Tx, person_id: int) -> str | None:
    return tx.connection.scalar(select(account.c.password_hash).where(account.c.person_id == person_id))


def _account_subject(name: str) -> str:
    """Under what wrong guesses at a name, or a key, are counted."""
    return _digest(f"account:{name}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _hasher() -> PasswordHash:
    """What OWASP asks of argon2id at the least: a small machine must still answer while forty people log in."""
    return PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))


@cache
def _nobodys_hash() -> str:
    """Verified where there is no account, so that the time taken tells nothing."""
    return _hasher().hash(secrets.token_urlsafe(32))
