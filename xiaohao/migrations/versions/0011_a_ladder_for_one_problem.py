"""A problem may follow a ladder of its own, chosen by the coordinator; empty: that of its inspection or organisation.

Never break the edition of the program before this one: it may still be running beside you. It leaves the column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("problem", sa.Column("ladder", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
