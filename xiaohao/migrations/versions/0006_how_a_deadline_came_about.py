"""A case keeps how its deadline came about: policy or date, pauses, extensions. Requests are cases of their own.

The edition of the program before this one leaves `term` alone; it must not run any more once the columns of the
requests are gone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GONE = ("extension_to", "extension_reason", "extension_by", "extensions")


def upgrade() -> None:
    op.add_column("cases", sa.Column("term", sa.Text(), nullable=True))
    # Not in batch mode, which would drop the triggers with the table.
    for table in ("problem", "measure"):
        for name in GONE:
            op.drop_column(table, name)


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
