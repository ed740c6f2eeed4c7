"""The database's editions: `upgrade` brings a database to the newest, keeping what is in it."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from engine.database import Database

FOLDER = Path(__file__).parent


def config(database: Database) -> Config:
    """Alembic's settings for a database, with its connection pool; no ini file is needed."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["engine"] = database.engine
    return made


def upgrade(database: Database) -> None:
    """To the newest edition; does nothing when it is there already."""
    command.upgrade(config(database), "head")
