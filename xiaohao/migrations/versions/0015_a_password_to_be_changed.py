"""A password that an administrator handed out is to be changed at the next log-in.

Never break the edition of the program before this one: it may still be running beside you. It writes accounts without
the new column, which then says nothing, and lets people in as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("handed_out", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
