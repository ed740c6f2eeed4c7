"""The first edition: the engine's tables, the tables of 巡察整改, and the triggers that keep history as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# What nobody may change, whoever holds the database open: (table, event, message).
FROZEN = (
    ("history", "UPDATE", "history is append-only"),
    ("history", "DELETE", "history is append-only"),
    ("cases", "DELETE", "a case is never deleted"),
    ("definition", "UPDATE", "an edition is immutable: publish the next one"),
    ("definition", "DELETE", "an edition is immutable"),
    ("signature", "DELETE", "a signature is voided, never deleted"),
    ("problem", "DELETE", "a case is never deleted"),
    ("measure", "DELETE", "a case is never deleted"),
    ("evidence", "DELETE", "a case is never deleted"),
)
SAME_SIGNATURE = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
    for name in ("root_id", "round", "submission", "step", "signer", "actor", "at", "dossier_hash", "basis")
)
SAME_ENVELOPE = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
    for name in ("id", "person_id", "channel", "lane", "day", "address", "subject", "body", "lines")
)
# Rows that may change only in part.
PARTLY = (
    ("signature", f"NOT ({SAME_SIGNATURE}) OR OLD.voided_at IS NOT NULL", "a signature may only be voided, once"),
    ("envelope", f"NOT ({SAME_ENVELOPE})", "an envelope is frozen when it is packed"),
    (
        "cases",
        "OLD.id <> OLD.root_id AND OLD.round < (SELECT round FROM cases WHERE id = OLD.root_id)",
        "an earlier round stays as it was",
    ),
    ("measure", "{earlier}", "an earlier round stays as it was"),
    ("evidence", "{earlier}", "an earlier round stays as it was"),
)
EARLIER = (
    "EXISTS (SELECT 1 FROM cases part JOIN cases root ON root.id = part.root_id "
    "WHERE part.id = OLD.case_id AND part.round < root.round)"
)
# INSERT OR REPLACE on a connection without recursive_triggers would slip past the DELETE triggers.
REPLACED = (
    ("history", "NEW.root_id = root_id AND NEW.seq = seq", "history is append-only"),
    ("cases", "NEW.id = id", "a case is never replaced"),
    (
        "definition",
        "NEW.id = id OR (NEW.kind = kind AND NEW.name = name AND NEW.number = number)",
        "an edition is immutable",
    ),
    (
        "signature",
        "NEW.root_id = root_id AND NEW.round = round AND NEW.submission = submission AND NEW.step = step",
        "a signature is never replaced",
    ),
    ("problem", "NEW.case_id = case_id", "a case is never replaced"),
    ("measure", "NEW.case_id = case_id", "a case is never replaced"),
    ("evidence", "NEW.case_id = case_id", "a case is never replaced"),
)


def _sqlite() -> list[str]:
    made = [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for table, event, message in FROZEN
    ]
    made += [
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {when.format(earlier=EARLIER)} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END".replace("IS NOT DISTINCT FROM", "IS")
        for table, when, message in PARTLY
    ]
    made += [
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for table, same, message in REPLACED
    ]
    return made


def _postgresql() -> list[str]:
    made = []
    for table, event, message in FROZEN:
        made += _refusing(f"{table}_no_{event.lower()}", table, f"BEFORE {event}", "FOR EACH ROW", "TRUE", message)
    for table in dict.fromkeys(one[0] for one in FROZEN):
        message = "nothing here is emptied"
        made += _refusing(f"{table}_no_truncate", table, "BEFORE TRUNCATE", "FOR EACH STATEMENT", "TRUE", message)
    for table, when, message in PARTLY:
        condition = when.format(earlier=EARLIER)
        made += _refusing(f"{table}_frozen", table, "BEFORE UPDATE", "FOR EACH ROW", condition, message)
    return made


def _refusing(name: str, table: str, event: str, each: str, when: str, message: str) -> list[str]:
    body = f"BEGIN IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    body += "IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF; RETURN OLD; END"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} {event} ON {table} {each} EXECUTE FUNCTION {name}()",
    ]


SQLITE = _sqlite()
POSTGRESQL = _postgresql()


def upgrade() -> None:
    op.create_table(
        "definition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "name", "number"),
    )
    op.create_table(
        "file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("root_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("definition_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("deadline_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fired", sa.Text(), nullable=False),
        sa.Column("next_alert_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("live", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["definition.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cases_live_due",
            ["organization_id", "kind", "due_on", "id"],
            unique=False,
            sqlite_where=sa.text("live = 1"),
            postgresql_where=sa.text("live = 1"),
        )
        batch_op.create_index(
            "ix_cases_next_alert",
            ["next_alert_at"],
            unique=False,
            sqlite_where=sa.text("next_alert_at IS NOT NULL"),
            postgresql_where=sa.text("next_alert_at IS NOT NULL"),
        )
        batch_op.create_index("ix_cases_dossier", ["root_id", "parent_id"], unique=False)

    op.create_table(
        "department",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rank_order", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "key"),
    )
    op.create_table(
        "number",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "series", "year"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("rank_order", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("active_until", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("department_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.CheckConstraint("(person_id IS NULL) <> (department_id IS NULL)", name="assignment_one_bearer"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_case", ["case_id"], unique=False)
        batch_op.create_index(
            "ix_assignment_person",
            ["person_id", "role"],
            unique=False,
            sqlite_where=sa.text("to_on IS NULL"),
            postgresql_where=sa.text("to_on IS NULL"),
        )

    op.create_table(
        "envelope",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_try", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lease_until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("packed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "channel", "lane", "day"),
    )
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.create_index(
            "ix_envelope_queue",
            ["next_try"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "evidence",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about_on", sa.Text(), nullable=True),
        sa.Column("arrived_on", sa.Text(), nullable=True),
        sa.Column("catalogue_no", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("case_id"),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_sha256", ["sha256"], unique=False)

    op.create_table(
        "history",
        sa.Column("root_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("work", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("root_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "line",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("not_before", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.create_index("ix_line_not_before", ["not_before"], unique=False)
        batch_op.create_index("ix_line_person", ["person_id"], unique=False)

    op.create_table(
        "measure",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("progress_on", sa.Text(), nullable=True),
        sa.Column("accepted_on", sa.Text(), nullable=True),
        sa.Column("regulation_title", sa.Text(), nullable=True),
        sa.Column("regulation_number", sa.Text(), nullable=True),
        sa.Column("regulation_on", sa.Text(), nullable=True),
        sa.Column("no_regulation_reason", sa.Text(), nullable=True),
        sa.Column("original_due_on", sa.Text(), nullable=True),
        sa.Column("extension_to", sa.Text(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=True),
        sa.Column("extension_by", sa.Text(), nullable=True),
        sa.Column("extensions", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("department_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_organization_role", ["organization_id", "role"], unique=False)
        batch_op.create_index("ix_post_person", ["person_id"], unique=False)

    op.create_table(
        "problem",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("inspection_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("area_number", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("heading_number", sa.Text(), nullable=True),
        sa.Column("heading", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_document", sa.Text(), nullable=True),
        sa.Column("source_line", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("draft_answer", sa.Text(), nullable=True),
        sa.Column("key_problem", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("publicity", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("long_term", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("submission", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("close_out_number", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("close_out_year", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("closed_on", sa.Text(), nullable=True),
        sa.Column("recognition", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("original_due_on", sa.Text(), nullable=True),
        sa.Column("extension_to", sa.Text(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=True),
        sa.Column("extension_by", sa.Text(), nullable=True),
        sa.Column("extensions", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("case_id"),
    )
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.create_index("ix_problem_inspection", ["inspection_id", "case_id"], unique=False)

    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.create_index("ix_quarantine_case", ["case_id"], unique=False)

    op.create_table(
        "signature",
        sa.Column("root_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("submission", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dossier_hash", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("voided_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("root_id", "round", "submission", "step"),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("an audit history is not taken back: restore the backup instead")
