"""Lists of inspections, meetings or letters find theirs among a million cases.

Never break the edition of the program before this one: it may still be running beside you. An index breaks nothing;
it is written when a case is opened and never again.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_kind", "cases", ["kind", "organization_id", "id"])


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
