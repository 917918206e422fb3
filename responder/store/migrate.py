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
    engine = create_engine(driver_url(url), poolclass=NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            # Row-level security binds the owner too, and migrations are for all circles.
            connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
            command.upgrade(config(connection), "head")
    finally:
        engine.dispose()


def spatial_indexes_serve(url: str) -> bool:
    """
    Tell whether spatial indexes are used behind row-level security.

    They are where an administrator of the server has marked the comparison of two boxes as LEAKPROOF, which
    the owner of a database may not.
    """
    box_comparison = "to_regprocedure('geometry_overlaps(geometry, geometry)')"
    marked = f"SELECT proleakproof FROM pg_proc WHERE oid = {box_comparison}"  # noqa: S608 - said above
    engine = create_engine(driver_url(url), poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return connection.scalar(text(marked)) is True
    finally:
        engine.dispose()


def config(connection: Connection) -> Config:
    """Return the settings of Alembic for one connection."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings
