"""Finds what a person bears until a day, as a home asks for it: what was lent to them, and their last days.

Never break the edition of the program before this one: it may still be running beside you. An index breaks nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ENDING = sa.text("to_on IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_assignment_ending",
        "assignment",
        ["person_id", "to_on"],
        sqlite_where=ENDING,
        postgresql_where=ENDING,
    )


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
