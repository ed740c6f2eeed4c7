"""Alembic's entry: runs the migrations on the engine that `xiaohao.migrations` hands over."""

from alembic import context
from sqlalchemy import Engine
from sqlmodel import SQLModel

import desk.tables  # noqa: F401  its tables belong to the same metadata
import workflows.rectification.tables  # noqa: F401  and so do these


def run() -> None:
    database: Engine = context.config.attributes["engine"]
    with database.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
