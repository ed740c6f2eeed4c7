"""${message}

Never break the edition of the program before this one: it may still be running beside you. Add first, fill,
switch over, and remove one edition later. A batch operation on SQLite rebuilds its table and silently drops
its triggers: create them again (see 0001) — a test counts them after `upgrade head`.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
