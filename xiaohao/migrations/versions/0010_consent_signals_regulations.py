"""The district's consent to withhold, the reviewer's words on signals, and the regulation a measure ended with.

Never break the edition of the program before this one: it may still be running beside you. Every new column may
stay empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXTS = ("withhold_ground", "withhold_reason", "withhold_by", "withhold_consented_on", "signals_cleared")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("problem", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("measure", sa.Column("regulation_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
