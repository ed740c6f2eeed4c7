"""The desk's own tables: who may log in, who is logged in, what each has read and looks for. Instants are epoch
seconds.
"""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from engine import tables


class Account(SQLModel, table=True):
    """The password of a person, as an argon2 hash. Without a row nobody logs in as them.

    `handed_out` is 1 while the password is one that an administrator gave: whoever logs in changes it first.
    """

    __tablename__ = "account"
    person_id: int = tables.whole(key=True, to="person.id")
    password_hash: str = tables.text()
    changed_at: int = tables.whole()
    handed_out: int | None = tables.whole(null=True)


class AccountRecord(SQLModel, table=True):
    """What was done to a person's account: a word of `desk.account_record.Act`. Appended, never changed.

    `actor` is a person's id as text or `system:…`.
    """

    __tablename__ = "account_record"
    id: int | None = tables.identity()
    person_id: int = tables.whole(to="person.id")
    act: str = tables.text()
    actor: str = tables.text()
    at: int = tables.whole()
    __table_args__ = (Index("ix_account_record_person", "person_id"),)


class Session(SQLModel, table=True):
    """One browser that is logged in. `token_hash` is the SHA-256 of what its cookie holds.

    `posts` is the fingerprint of the posts held at the log-in: when they change the session is over.
    `flash` is the sentence that the next page shows once.
    """

    __tablename__ = "session"
    token_hash: str = tables.text(key=True)
    person_id: int = tables.whole(to="person.id")
    posts: str = tables.text()
    started_at: int = tables.whole()
    seen_at: int = tables.whole()
    flash: str | None = tables.text(null=True)
    __table_args__ = (Index("ix_session_person", "person_id"),)


class FailedLogIn(SQLModel, table=True):
    """One wrong guess. `subject` is a hash: what was typed for a name may be a password."""

    __tablename__ = "failed_log_in"
    id: int | None = tables.identity()
    subject: str = tables.text()
    at: int = tables.whole()
    __table_args__ = (Index("ix_failed_log_in", "subject", "at"),)


class ReadMark(SQLModel, table=True):
    """When somebody opened a message of their inbox. The envelope itself is frozen."""

    __tablename__ = "read_mark"
    envelope_id: str = tables.text(key=True, to="envelope.id")
    at: int = tables.whole()


class SavedFilter(SQLModel, table=True):
    """A search of the register that a person keeps under a name; the last search has the empty name.

    `query` is as an address carries it, read leniently: a filter outlives what it names.
    """

    __tablename__ = "saved_filter"
    id: int | None = tables.identity()
    person_id: int = tables.whole(to="person.id")
    name: str = tables.text()
    query: str = tables.text()
    __table_args__ = (UniqueConstraint("person_id", "name"),)


account = Account.__table__  # type: ignore[attr-defined]
account_record = AccountRecord.__table__  # type: ignore[attr-defined]
session = Session.__table__  # type: ignore[attr-defined]
failed_log_in = FailedLogIn.__table__  # type: ignore[attr-defined]
read_mark = ReadMark.__table__  # type: ignore[attr-defined]
saved_filter = SavedFilter.__table__  # type: ignore[attr-defined]
