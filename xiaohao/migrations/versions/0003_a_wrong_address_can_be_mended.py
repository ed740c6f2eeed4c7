"""An envelope that was given up may be queued again with its person's present address; all else of it stays frozen.

Never break the edition of the program before this one: it may still be running beside you. It never changes an
address.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MESSAGE = "an envelope is frozen when it is packed"
FROZEN = " OR ".join(
    f"NEW.{name} IS DISTINCT FROM OLD.{name}"
    for name in ("id", "person_id", "channel", "lane", "day", "subject", "body", "lines")
)
MENDED = "OLD.state = 'dead' AND NEW.state = 'queued'"
CHANGED = f"{FROZEN} OR (NEW.address IS DISTINCT FROM OLD.address AND NOT ({MENDED}))"

SQLITE = (
    "DROP TRIGGER envelope_frozen",
    f"CREATE TRIGGER envelope_frozen BEFORE UPDATE ON envelope WHEN {CHANGED} "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END".replace("IS DISTINCT FROM", "IS NOT"),
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION envelope_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN IF {CHANGED} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    "RETURN NEW; END $$",
)


def upgrade() -> None:
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
