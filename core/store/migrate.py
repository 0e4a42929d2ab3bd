"""Runs the Alembic migrations inside one transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from core.errors import InvalidInput

_LOCK = 7_402_118
"""Any number: PostgreSQL's advisory lock that lets one process migrate at a time."""


def migrate(engine: Engine, version: str = "head") -> None:
    """Upgrade the schema to ``version``, by default the newest; all of it or nothing."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, version)
        except (CommandError, DBAPIError):
            raise InvalidInput(
                "The database is of a newer version or of another program."
                " Point COPILOT_DATABASE_URL to a new one."
            ) from None
        connection.commit()
