"""What is known of the house is kept between transactions: a mark changes with organisations, people and editions.

Never break the edition of the program before this one: it may still be running beside you. The triggers work for it
too, and it need not know why.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("organization", "department", "person", "post", "stand_in", "definition")
# Drawn, not counted: a count taken back with its transaction would come again for another state.
SQLITE = (
    "INSERT INTO house_mark (id, mark) VALUES (1, lower(hex(randomblob(16))))",
    *(
        f"CREATE TRIGGER {table}_marked_{event.lower()} AFTER {event} ON {table} "
        "BEGIN UPDATE house_mark SET mark = lower(hex(randomblob(16))); END"
        for table in TABLES
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
)
POSTGRESQL = (
    "INSERT INTO house_mark (id, mark) VALUES (1, gen_random_uuid()::text)",
    "CREATE FUNCTION house_marked() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN UPDATE house_mark SET mark = gen_random_uuid()::text; RETURN NULL; END $$",
    # Before, so that everybody who changes the house locks the mark first and its rows second: no deadlock.
    *(
        f"CREATE TRIGGER {table}_marked BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION house_marked()"
        for table in TABLES
    ),
)


def upgrade() -> None:
    op.create_table(
        "house_mark",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("mark", sa.Text(), nullable=False),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
