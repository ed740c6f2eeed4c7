"""The database's editions: the models are the newest one, and what must not change cannot be changed in it."""

import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from office import Office
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from xiaohao.bootstrap import install

GUARDED = ("history", "cases", "definition", "signature", "problem", "measure", "evidence")
TRIGGERS = {
    "account_record_no_delete", "account_record_no_update", "cases_frozen", "cases_no_delete",
    "definition_no_delete", "definition_no_update", "envelope_frozen", "evidence_frozen", "evidence_no_delete",
    "history_no_delete", "history_no_update", "measure_frozen", "measure_no_delete", "problem_no_delete",
    "seal_no_delete", "seal_no_update", "signature_frozen", "signature_no_delete",
}  # fmt: skip
HOUSE = ("organization", "department", "person", "post", "stand_in", "definition")
OWN_TRIGGERS = {
    "sqlite": {f"{table}_no_replace" for table in GUARDED}
    | {f"{table}_marked_{event}" for table in HOUSE for event in ("insert", "update", "delete")},
    "postgresql": {f"{table}_no_truncate" for table in GUARDED} | {f"{table}_marked" for table in HOUSE},
}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
LIST_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}


def _refused(office: Office, statement: str, message: str) -> None:
    """The database itself says no, and nothing has changed."""
    before = office.everything()
    with pytest.raises(DatabaseError, match=message):
        office.write(statement)
    assert office.everything() == before


def test_the_models_are_the_newest_edition(office: Office) -> None:
    with office.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_trigger_is_there_after_the_upgrade(office: Office) -> None:
    with office.look() as tx:
        there = set(tx.connection.scalars(text(LIST_TRIGGERS[office.dialect])))
    assert TRIGGERS | OWN_TRIGGERS[office.dialect] <= there


def test_installing_again_changes_nothing(office: Office) -> None:
    office.problem_in_work()
    before = office.everything()

    install(office.house)

    assert office.everything() == before


@pytest.mark.row(32)
def test_history_is_neither_changed_nor_deleted(office: Office) -> None:
    office.problem_in_work()

    for statement in (
        "UPDATE history SET actor = '1'",
        "UPDATE history SET changes = changes WHERE seq = 1",
        "DELETE FROM history",
        "DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)",
    ):
        _refused(office, statement, "append-only")


@pytest.mark.row(32)
@ON_SQLITE
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "UPDATE OR REPLACE"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_sqlite_replaces_no_history_whatever_the_connection_says(office: Office, verb: str, recursive: str) -> None:
    """With recursive triggers off, SQLite's REPLACE deletes without asking the trigger against deleting."""
    office.problem_in_work()
    before = office.everything()
    statement = f"{verb} INTO history SELECT * FROM history WHERE seq = 1"
    if verb.startswith("UPDATE"):
        statement = f"{verb} history SET seq = 2 WHERE seq = 1"

    with closing(sqlite3.connect(str(office.database.engine.url.database))) as raw:
        raw.execute(f"PRAGMA recursive_triggers = {recursive}")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)

    assert office.everything() == before


@pytest.mark.row(32)
@ON_SQLITE
def test_sqlite_replaces_no_guarded_row_either(office: Office) -> None:
    office.signed_problem()
    before = office.everything()

    with closing(sqlite3.connect(str(office.database.engine.url.database))) as raw:
        for table in GUARDED:
            with pytest.raises(sqlite3.IntegrityError, match=r"replaced|immutable|append-only"):
                raw.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")

    assert office.everything() == before


@pytest.mark.row(32)
@ON_POSTGRESQL
def test_postgresql_empties_no_guarded_table(office: Office) -> None:
    for table in GUARDED:
        _refused(office, f"TRUNCATE {table} CASCADE", "emptied")


@pytest.mark.row(32)
def test_no_case_is_ever_deleted(office: Office) -> None:
    office.problem_at_close_out()

    for table in ("cases", "problem", "measure", "evidence"):
        _refused(office, f"DELETE FROM {table}", "never deleted")


@pytest.mark.row(28)
def test_an_edition_is_immutable(office: Office) -> None:
    for statement in ("UPDATE definition SET body = ''", "DELETE FROM definition"):
        _refused(office, statement, "immutable")


@pytest.mark.row(31)
def test_a_signature_stays_as_it_was_signed(office: Office) -> None:
    problem = office.problem_at_close_out()
    office.on_paper("sign", problem, "civil_head")

    for change in ("signer = '1'", "dossier_hash = 'x'", "at = at + 1", "step = 'other'", "basis = NULL"):
        _refused(office, f"UPDATE signature SET {change}", "voided")
    _refused(office, "DELETE FROM signature", "never deleted")


def test_a_signature_is_voided_once(office: Office) -> None:
    office.signed_problem()

    assert office.write("UPDATE signature SET voided_at = 7") == 3
    _refused(office, "UPDATE signature SET voided_at = NULL", "voided")
    _refused(office, "UPDATE signature SET voided_at = 8", "voided")


def test_an_envelope_is_frozen_when_it_is_packed(office: Office) -> None:
    office.assigned_problem()
    office.beat()
    assert office.inbox("lead")

    for column in ("id", "body", "subject", "address", "lines", "day"):
        _refused(office, f"UPDATE envelope SET {column} = {column} || 'x'", "frozen")


@pytest.mark.row(19)
def test_rows_of_an_earlier_round_refuse_writes(office: Office) -> None:
    office.relapsed_problem()

    for statement in (
        "UPDATE cases SET state = 'open' WHERE kind = 'measure'",
        "UPDATE cases SET due_on = '2027-01-01' WHERE kind = 'measure'",
        "UPDATE measure SET result = '改写'",
        "UPDATE evidence SET sha256 = 'f'",
    ):
        _refused(office, statement, "earlier round")
