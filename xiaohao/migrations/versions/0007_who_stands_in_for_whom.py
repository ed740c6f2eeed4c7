"""Somebody acts for somebody else from a day to a day, for a stated reason.

Never break the edition of the program before this one: it may still be running beside you. It does not know the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger()
    op.create_table(
        "stand_in",
        sa.Column("id", whole.with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("person_id", whole, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("stand_in_id", whole, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", whole, nullable=False),
        sa.CheckConstraint("person_id <> stand_in_id", name="stand_in_another"),
        sa.CheckConstraint("from_on <= to_on", name="stand_in_dates"),
    )
    op.create_index("ix_stand_in_to_on", "stand_in", ["to_on"])


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
