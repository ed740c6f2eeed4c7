"""The worker seals every day: a code over all histories as they stood at midnight, append-only.

Never break the edition of the program before this one: it may still be running beside you. It does not know the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MESSAGE = "a seal is append-only"
SQLITE = (
    *(
        f"CREATE TRIGGER seal_no_{event.lower()} BEFORE {event} ON seal BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for event in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE on a connection without recursive_triggers would slip past the DELETE trigger.
    "CREATE TRIGGER seal_no_replace BEFORE INSERT ON seal WHEN EXISTS (SELECT 1 FROM seal WHERE NEW.day = day) "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION seal_refused() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    *(
        f"CREATE TRIGGER seal_no_{event.lower()} BEFORE {event} ON seal {each} EXECUTE FUNCTION seal_refused()"
        for event, each in (
            ("UPDATE", "FOR EACH ROW"), ("DELETE", "FOR EACH ROW"), ("TRUNCATE", "FOR EACH STATEMENT"),
        )
    ),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("day", sa.Text(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
