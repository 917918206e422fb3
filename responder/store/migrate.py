"""Bring a database to the shape that this version needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from responder.store.database import driver_url

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x7265_7370_6F6E_6465
"""Key of the advisory lock that lets only one process migrate: `responde` in ASCII."""


def upgrade(url: str) -> None:
    """Run the migrations that the database has not had yet; several processes may do so at once."""
    engine = create_engine(driver_url(url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            command.upgrade(config(connection), "head")
    finally:
        engine.dispose()


def config(connection: Connection) -> Config:
    """Return the settings of Alembic for one connection."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings
