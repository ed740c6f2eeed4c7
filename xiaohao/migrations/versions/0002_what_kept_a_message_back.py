"""What a question of next year needs: when the office beat, and why a line that was not packed was kept back.

Never break the edition of the program before this one: it may still be running beside you. It does not know
these two tables and leaves them alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What nobody may change, whoever holds the database open: (table, event, when, message).
GUARDED = (
    ("withheld", "UPDATE", "TRUE", "what was kept back is append-only"),
    ("withheld", "DELETE", "TRUE", "what was kept back is append-only"),
    (
        "beat",
        "UPDATE",
        "NEW.first_at <> OLD.first_at OR NEW.editions <> OLD.editions OR NEW.last_at < OLD.last_at",
        "a stretch of beats only grows at its end",
    ),
    ("beat", "DELETE", "TRUE", "a stretch of beats is never deleted"),
)
# INSERT OR REPLACE on a connection without recursive_triggers would slip past the DELETE triggers.
REPLACED = (("withheld", "NEW.key = key AND NEW.reason = reason"), ("beat", "NEW.id = id"))


def _sqlite() -> list[str]:
    refused = [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for table, event, when, message in GUARDED
    ]
    return refused + [
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, 'nothing here is replaced'); END"
        for table, same in REPLACED
    ]


def _postgresql() -> list[str]:
    made = []
    for table, event, when, message in GUARDED:
        made += _refusing(f"{table}_no_{event.lower()}", table, event, "FOR EACH ROW", when, message)
    for table in ("withheld", "beat"):
        made += _refusing(
            f"{table}_no_truncate", table, "TRUNCATE", "FOR EACH STATEMENT", "TRUE", "nothing here is emptied"
        )
    return made


def _refusing(name: str, table: str, event: str, each: str, when: str, message: str) -> list[str]:
    refuse = f"IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
    handed_on = "NEW" if event == "UPDATE" else "OLD"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse} RETURN {handed_on}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {each} EXECUTE FUNCTION {name}()",
    ]


SQLITE = _sqlite()
POSTGRESQL = _postgresql()


def upgrade() -> None:
    op.create_table(
        "beat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("editions", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_beat_last", "beat", ["last_at"], unique=False)
    op.create_table(
        "withheld",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "reason"),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
