"""A problem may be merged into another, disputed, taken by the level above, or done for this stage.

Never break the edition of the program before this one: it may still be running beside you. Every new column may
stay empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXTS = (
    "merge_kind", "taken_in", "dispute_reason", "dispute_by", "raise_reason", "raise_by", "stage_until",
    "stage_reason", "stage_by",
)  # fmt: skip
NUMBERS = ("merged_into", "fixed_early", "relapse_of")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("problem", sa.Column(name, sa.Text(), nullable=True))
    for name in NUMBERS:
        op.add_column("problem", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
