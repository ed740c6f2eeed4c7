"""The engine's tables: instants are epoch seconds in BIGINT, dates ISO text, JSON canonical text."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


def whole(*, default: Any = ..., key: bool = False, null: bool = False, to: str | None = None) -> Any:
    """A whole-number column of 64 bits (SQLModel's own `int` has 32 on PostgreSQL)."""
    references = [ForeignKey(to)] if to else []
    column: Column[int] = Column(BigInteger, *references, primary_key=key, nullable=null, autoincrement=False)
    return Field(default=None if null and default is ... else default, sa_column=column)


def identity() -> Any:
    """A primary key that the database counts up and never reuses (rows are never deleted)."""
    column: Column[int] = Column(
        # Only an INTEGER primary key is SQLite's own row counter.
        BigInteger().with_variant(Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    return Field(default=None, sa_column=column)


def text(*, default: Any = ..., key: bool = False, null: bool = False, to: str | None = None) -> Any:
    references = [ForeignKey(to)] if to else []
    column: Column[str] = Column(Text, *references, primary_key=key, nullable=null)
    return Field(default=None if null and default is ... else default, sa_column=column)


class Organization(SQLModel, table=True):
    """A public body; organisations form a tree. `settings` is JSON, read by engine.organizations."""

    __tablename__ = "organization"
    id: int | None = identity()
    key: str = text()
    name: str = text()
    parent_id: int | None = whole(null=True, to="organization.id")
    settings: str = text(default="{}")
    __table_args__ = (UniqueConstraint("key"),)


class Department(SQLModel, table=True):
    """A unit inside an organisation, in the office's own order; outside units too."""

    __tablename__ = "department"
    id: int | None = identity()
    organization_id: int = whole(to="organization.id")
    key: str = text()
    name: str = text()
    kind: str = text(default="department")
    rank_order: int = whole(default=0)
    __table_args__ = (UniqueConstraint("organization_id", "key"),)


class Person(SQLModel, table=True):
    """Somebody who holds posts. `active_until` is the last local day they are here, empty while they stay."""

    __tablename__ = "person"
    id: int | None = identity()
    organization_id: int = whole(to="organization.id")
    key: str = text()
    name: str = text()
    email: str | None = text(null=True)
    rank_order: int = whole(default=0)
    active_until: str | None = text(null=True)
    __table_args__ = (UniqueConstraint("key"),)


class Post(SQLModel, table=True):
    """Who holds which role where, from a local day to a local day, both included."""

    __tablename__ = "post"
    id: int | None = identity()
    organization_id: int = whole(to="organization.id")
    department_id: int | None = whole(null=True, to="department.id")
    role: str = text()
    person_id: int = whole(to="person.id")
    title: str = text(default="")
    from_on: str = text()
    to_on: str | None = text(null=True)
    __table_args__ = (
        Index("ix_post_person", "person_id"),
        Index("ix_post_organization_role", "organization_id", "role"),
    )


class StandIn(SQLModel, table=True):
    """Who acts for whom from a local day to a local day, both included, and why.

    `recorded_by` is a person's id as text or `system:…`; a row that ends early gets an earlier `to_on`.
    """

    __tablename__ = "stand_in"
    id: int | None = identity()
    person_id: int = whole(to="person.id")
    stand_in_id: int = whole(to="person.id")
    from_on: str = text()
    to_on: str = text()
    reason: str = text()
    recorded_by: str = text()
    recorded_at: int = whole()
    __table_args__ = (
        CheckConstraint("person_id <> stand_in_id", name="stand_in_another"),
        CheckConstraint("from_on <= to_on", name="stand_in_dates"),
        Index("ix_stand_in_to_on", "to_on"),
    )


class Definition(SQLModel, table=True):
    """One numbered, immutable edition of a workflow, a ladder, a calendar year or an office's names for columns.

    `kind` is workflow, ladder, calendar or columns; `body` is its TOML text, `hash` the SHA-256 of `body`.
    """

    __tablename__ = "definition"
    id: int | None = identity()
    kind: str = text()
    name: str = text()
    number: int = whole()
    hash: str = text()
    body: str = text()
    __table_args__ = (UniqueConstraint("kind", "name", "number"),)


class HouseMark(SQLModel, table=True):
    """One row: `mark` is another one after each change of the organisations, departments, people, posts, stand-ins
    or editions. Triggers see to it."""

    __tablename__ = "house_mark"
    id: int = whole(key=True)
    mark: str = text()


class Case(SQLModel, table=True):
    """Anything that lives: its place in its state machine, its deadline and its wake-up.

    `term` is JSON, read by engine.terms: how `due_on` came about; empty without a deadline. `live` is 0 or 1.
    `head` is the hash of the last history entry on a root row, empty elsewhere. `data` holds the declared fields of
    kinds that have no table of their own.
    """

    __tablename__ = "cases"
    id: int | None = identity()
    root_id: int = whole(to="cases.id")
    parent_id: int | None = whole(null=True, to="cases.id")
    organization_id: int = whole(to="organization.id")
    definition_id: int = whole(to="definition.id")
    kind: str = text()
    state: str = text()
    round: int = whole(default=1)
    revision: int = whole(default=0)
    seq: int = whole(default=0)
    head: str = text(default="")
    started_on: str | None = text(null=True)
    due_on: str | None = text(null=True)
    term: str | None = text(null=True)
    deadline_no: int = whole(default=0)
    fired: str = text(default="{}")
    next_alert_at: int | None = whole(null=True)
    live: int = whole(default=1)
    data: str = text(default="{}")
    __table_args__ = (
        Index(
            "ix_cases_next_alert",
            "next_alert_at",
            sqlite_where=Column("next_alert_at").is_not(None),
            postgresql_where=Column("next_alert_at").is_not(None),
        ),
        Index(
            "ix_cases_live_due",
            "organization_id",
            "kind",
            "due_on",
            "id",
            sqlite_where=Column("live") == 1,
            postgresql_where=Column("live") == 1,
        ),
        Index("ix_cases_dossier", "root_id", "parent_id"),
        # Written when a case is opened and never again.
        Index("ix_cases_kind", "kind", "organization_id", "id"),
    )


class History(SQLModel, table=True):
    """One entry of a dossier's chain. Appended, never changed: triggers see to it.

    `actor` did it, `signer` answers for it (text: a person's id or `system:…`), `basis` is the hash of the
    paper it rests on, `cause` the entry of another dossier as `root:seq`. `changes` is canonical JSON of
    the after-images; `hash` covers every other column and the entry before.
    """

    __tablename__ = "history"
    root_id: int = whole(key=True, to="cases.id")
    seq: int = whole(key=True)
    case_id: int = whole(to="cases.id")
    round: int = whole()
    at: int = whole()
    actor: str = text()
    signer: str = text()
    basis: str | None = text(null=True)
    action: str = text()
    work: int = whole(default=0)
    cause: str | None = text(null=True)
    changes: str = text()
    hash: str = text()
    __table_args__ = ({"sqlite_with_rowid": False},)


class Assignment(SQLModel, table=True):
    """Who is responsible for a case in which role, by local days, both included."""

    __tablename__ = "assignment"
    id: int | None = identity()
    case_id: int = whole(to="cases.id")
    role: str = text()
    person_id: int | None = whole(null=True, to="person.id")
    department_id: int | None = whole(null=True, to="department.id")
    from_on: str = text()
    to_on: str | None = text(null=True)
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (department_id IS NULL)", name="assignment_one_bearer"),
        Index("ix_assignment_case", "case_id"),
        Index(
            "ix_assignment_person",
            "person_id",
            "role",
            sqlite_where=Column("to_on").is_(None),
            postgresql_where=Column("to_on").is_(None),
        ),
        Index(
            "ix_assignment_ending",
            "person_id",
            "to_on",
            sqlite_where=Column("to_on").is_not(None),
            postgresql_where=Column("to_on").is_not(None),
        ),
    )


class Signature(SQLModel, table=True):
    """One step of the sign-off, bound to the hash of the content that was signed."""

    __tablename__ = "signature"
    root_id: int = whole(key=True, to="cases.id")
    round: int = whole(key=True)
    submission: int = whole(key=True)
    step: str = text(key=True)
    signer: str = text()
    actor: str = text()
    at: int = whole()
    dossier_hash: str = text()
    basis: str | None = text(null=True)
    voided_at: int | None = whole(null=True)


class Line(SQLModel, table=True):
    """Something a person is to be told, not yet packed: rows leave when their envelope is made."""

    __tablename__ = "line"
    key: str = text(key=True)
    person_id: int = whole(to="person.id")
    not_before: int = whole()
    lane: str = text()
    case_id: int = whole(to="cases.id")
    seq: int = whole()
    rule: str = text()
    params: str = text()
    __table_args__ = (Index("ix_line_not_before", "not_before"), Index("ix_line_person", "person_id"))


class Envelope(SQLModel, table=True):
    """What one person gets on one channel, lane and day; frozen when packed, its id is the Message-ID.

    `state`: queued, sent, dead. `lines` is the JSON list of the keys it carries.
    """

    __tablename__ = "envelope"
    id: str = text(key=True)
    person_id: int = whole(to="person.id")
    channel: str = text()
    lane: str = text()
    day: str = text()
    address: str = text()
    subject: str = text()
    body: str = text()
    lines: str = text()
    state: str = text(default="queued")
    attempts: int = whole(default=0)
    next_try: int = whole()
    lease_until: int = whole(default=0)
    fence: int = whole(default=0)
    error: str | None = text(null=True)
    packed_at: int = whole()
    sent_at: int | None = whole(null=True)
    __table_args__ = (
        UniqueConstraint("person_id", "channel", "lane", "day"),
        Index(
            "ix_envelope_queue",
            "next_try",
            sqlite_where=Column("state") == "queued",
            postgresql_where=Column("state") == "queued",
        ),
    )


class Number(SQLModel, table=True):
    """The last number given out in a series of an organisation and year; gap-free, drawn as it commits."""

    __tablename__ = "number"
    organization_id: int = whole(key=True, to="organization.id")
    series: str = text(key=True)
    year: int = whole(key=True)
    value: int = whole()


class Seal(SQLModel, table=True):
    """The code over all histories at the end of a local day; append-only. `sealed_at` is when it was made."""

    __tablename__ = "seal"
    day: str = text(key=True)
    at: int = whole()
    code: str = text()
    sealed_at: int = whole()


class Quarantine(SQLModel, table=True):
    """A case that could not be swept: it steps aside with its error until a person has looked."""

    __tablename__ = "quarantine"
    id: int | None = identity()
    case_id: int = whole(to="cases.id")
    at: int = whole()
    error: str = text()
    released_at: int | None = whole(null=True)
    __table_args__ = (Index("ix_quarantine_case", "case_id"),)


class Beat(SQLModel, table=True):
    """A stretch of beats with no long pause in it; between two stretches the office was without a beat.

    `editions` is the highest id of `definition` then: it names every edition that was in force.
    """

    __tablename__ = "beat"
    id: int | None = identity()
    first_at: int = whole()
    last_at: int = whole()
    editions: int = whole()
    __table_args__ = (Index("ix_beat_last", "last_at"),)


class Withheld(SQLModel, table=True):
    """The first time a line was kept back for a reason (a word of notifications/words.toml); append-only.

    `key` is the line's: it names the dossier, its entry and the person, and is kept after the line is gone.
    """

    __tablename__ = "withheld"
    key: str = text(key=True)
    reason: str = text(key=True)
    at: int = whole()
    detail: str = text(default="")


class File(SQLModel, table=True):
    """A stored file by content; the bytes lie in the file store under the same hash."""

    __tablename__ = "file"
    sha256: str = text(key=True)
    size: int = whole()
    name: str = text()
    stored_at: int = whole()
